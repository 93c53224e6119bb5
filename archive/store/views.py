"""How much of a post its readers could see: the fuller view stays, part by part. Pure.

A guest sees no pictures where the forum says so, no paid or hidden words; a page may show
one part of a split post; a browser's saved copy lacks what its page hid. None of them takes
away what another view had, and a view that has more fills in. What an edit mark says to be
an edit is one, whoever looked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from archive.store.observation import Observation
from archive.store.stored_post import StoredPost
from scraper.core.records import Post
from scraper.markup.withheld import is_price

_FLAGS: Final = ("hiding", "fileless", "part", "saved")


@dataclass(frozen=True, slots=True)
class View:
    """How much of a post its reader could see. `reader`: guest, member or empty; `hiding`:
    the page says that it hides a part of the words; `fileless`, `part`, `saved`: as of
    `Observation`."""

    reader: str = ""
    hiding: bool = False
    fileless: bool = False
    part: bool = False
    saved: bool = False

    def __str__(self) -> str:
        """As the column `posts.view` has it: `guest hiding`."""
        flags = [flag for flag in _FLAGS if getattr(self, flag)]
        return " ".join([self.reader, *flags]).strip()

    def lacks(self, other: View) -> bool:
        """Whether this view may leave out something that the other does not."""
        if self.fileless and not other.fileless:
            return True
        return self.lacks_words(other)

    def lacks_words(self, other: View) -> bool:
        """Whether this view may leave out words that the other does not."""
        if self.reader == "guest" and other.reader == "member":
            return True
        if self.hiding and not other.hiding:
            return True
        if self.part and not other.part:
            return True
        return self.saved and not other.saved


@dataclass(frozen=True, slots=True)
class Views:
    """The view that the stored words come from, and that of a page."""

    before: View
    now: View

    @property
    def has_less(self) -> bool:
        """Whether the page may leave out something that was seen before."""
        return self.now.lacks(self.before)

    @property
    def has_more(self) -> bool:
        """Whether the page may have something that was left out before."""
        return self.before.lacks(self.now)

    @property
    def is_served_for_saved(self) -> bool:
        """Whether the page came from the server, and the stored words from a browser's
        saved copy."""
        return self.before.saved and not self.now.saved


def view_of(post: Post, seen: Observation, *, opening: bool) -> View:
    """The view that a page gives of a post."""
    return View(
        reader=seen.reader,
        hiding=not all(map(is_price, post.hidden)),
        fileless=seen.fileless,
        part=seen.part and opening,
        saved=seen.saved,
    )


def compare(stored: StoredPost, post: Post, seen: Observation) -> Views:
    """The stored view of a post beside a page's."""
    before = _stored_view(stored.view)
    now = view_of(post, seen, opening=bool(stored.opening))
    return Views(before, now)


def of_both(views: Views) -> View:
    """The view of a post whose words are now the page's: what a member once saw hanging on
    it is still here."""
    if views.before.reader == "member":
        return replace(views.now, reader="member")
    return views.now


def _stored_view(column: str) -> View:
    if not column:
        return View()
    words = column.split()
    reader = words[0] if words[0] not in _FLAGS else ""
    return View(
        reader=reader,
        hiding="hiding" in words,
        fileless="fileless" in words,
        part="part" in words,
        saved="saved" in words,
    )
