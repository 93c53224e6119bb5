"""What a page's words are to the stored ones: the same, more, fewer, others. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from archive.store.edits import is_edited_between
from archive.store.layouts import TOUCH
from archive.store.observation import Observation
from archive.store.smilies import comparable
from archive.store.stamps import iso
from archive.store.stored_post import StoredPost
from archive.store.views import Views, compare
from archive.store.wording import alike, has_lines_of, squeezed
from scraper.core.records import Post

Words: TypeAlias = Literal[
    "keep",
    "similar",
    "unlike",
    "take",
    "replace",
    "retitled",
    "stray",
    "absent",
    "reread",
]
"""What a page's words are to the stored ones.

keep: the same, or a view of them with less; similar: another layout's print of what may be
these words, or older ones; take: the same fuller, or the first ever; replace: other words,
the old ones become a version; retitled: a view with less under another title, the old
title becomes a version and the words stay; stray: other words that become a version
themselves; absent: the page shows none; reread: the stored ones come from this very
capture, which a better parser reads again.
"""

_HIDDEN_PART_MARKS: Final = ("locked", 'class="notice"')


@dataclass(frozen=True, slots=True)
class Case:
    """A stored post and a page that shows it again. `stored_text`, `text`: the words of
    both, smilies by their numbers where they tell more than their codes. `extras_differ`:
    other quotes, pictures and so on hang on it."""

    stored: StoredPost
    post: Post
    seen: Observation
    views: Views
    stored_text: str
    text: str
    extras_differ: bool

    @property
    def is_part(self) -> bool:
        """Whether the page shows one part of the post."""
        return self.seen.part and bool(self.stored.opening)

    @property
    def has_same_text(self) -> bool:
        """Whether the words are the same, the title aside."""
        return squeezed(self.text) == squeezed(self.stored_text)

    @property
    def has_same_title(self) -> bool:
        """Whether the title is the same, where both have one."""
        if not self.post.subject or not self.stored.subject:
            return True
        return squeezed(self.post.subject) == squeezed(self.stored.subject)

    @property
    def shows_fewer_words(self) -> bool:
        """Whether the page has nothing but lines of the stored words, and not all of them."""
        if len(squeezed(self.text)) >= len(squeezed(self.stored_text)):
            return False
        return has_lines_of(self.stored_text, self.text)


def case_of(
    stored: StoredPost,
    post: Post,
    fingerprint: str,
    seen: Observation,
    stored_html: Callable[[], str],
) -> Case:
    """A case to be judged. `fingerprint` is the page's, of what hangs on the post;
    `stored_html` is asked for the stored message as served where words differ by smilies."""
    stored_text, text = comparable(stored.text, stored_html, post)
    return Case(
        stored=stored,
        post=post,
        seen=seen,
        views=compare(stored, post, seen),
        stored_text=stored_text,
        text=text,
        extras_differ=fingerprint != stored.fingerprint,
    )


def judge_words(case: Case) -> Words:
    """What the page's words are to the stored ones."""
    stored, post, seen = case.stored, case.post, case.seen
    if stored.capture_id is not None and stored.capture_id == seen.capture_id:
        return "reread"
    if _shows_no_words(post):
        return "absent"
    if _has_no_words_yet(stored, seen):
        return "take"
    return _judge_by_view(case) or _judge_by_layout(case)


def _judge_by_view(case: Case) -> Words | None:
    """Where one of the two views has less than the other, and no mark says that the post
    was edited between; None where views do not tell."""
    before, now = case.views.before, case.views.now
    if before == now and not case.seen.all_parts:
        return None
    if is_edited_between(case.stored, case.post, case.seen.at):
        return None
    if case.has_same_text:
        return _judge_same_text(case)
    if now.lacks_words(before) and case.shows_fewer_words:
        return "keep" if case.has_same_title else _retitled(case)
    has_more = before.lacks_words(now) or _completes(case)
    if has_more and case.has_same_title:
        return _judge_more_words(case)
    return None


def _judge_same_text(case: Case) -> Words | None:
    """The same words in a view with less around them, such as pictures in place, or more."""
    if case.views.has_less:
        return "keep" if case.has_same_title else _retitled(case)
    if not case.views.has_more or not case.has_same_title:
        return None
    has_more_around = case.extras_differ or case.views.is_served_for_saved
    is_as_full = case.seen.rank >= case.stored.rank
    return "take" if has_more_around and is_as_full else "keep"


def _retitled(case: Case) -> Words:
    stored, seen = case.stored, case.seen
    is_newer = seen.at >= stored.last_seen_at and seen.rank >= stored.rank
    return "retitled" if is_newer else "keep"


def _judge_more_words(case: Case) -> Words | None:
    """A page that has all the stored words, and others. Layouts poorer than these put in
    words of their own."""
    if case.seen.rank < min(case.stored.rank, TOUCH):
        return None
    return "take" if has_lines_of(case.text, case.stored_text) else None


def _completes(case: Case) -> bool:
    """Whether a page of all parts of a split post goes on where the stored words end, of
    which nothing tells whether they are a part."""
    stored = case.stored
    if not case.seen.all_parts or not stored.opening or stored.view:
        return False
    return squeezed(case.text).startswith(squeezed(case.stored_text))


def _judge_by_layout(case: Case) -> Words:
    stored, seen = case.stored, case.seen
    is_fuller = seen.rank > stored.rank and not case.views.has_less
    if case.has_same_text and case.has_same_title:
        return "take" if is_fuller else "keep"
    if _is_other_print(case):
        return "take" if is_fuller and not case.is_part else "similar"
    is_one_layout = seen.rank == stored.rank
    if is_one_layout or is_edited_between(stored, case.post, seen.at):
        return _judge_other_words(case)
    return _judge_other_print(case)


def _judge_other_print(case: Case) -> Words:
    """Words of another layout that are not alike: layouts lose and put in so much (players'
    addresses, nested quotes, tags that one of them does not know) that this is no edit."""
    is_poorer = case.seen.rank < case.stored.rank
    if is_poorer or case.is_part or case.views.has_less:
        return "unlike"
    return "unlike" if _is_view_with_less(case) else "take"


def _judge_other_words(case: Case) -> Words:
    if not _may_replace(case):
        return "stray"
    if not _is_view_with_less(case):
        return "replace"
    return "keep" if _marks_hidden_part(case.post) else "stray"


def _shows_no_words(post: Post) -> bool:
    return not post.text and (bool(post.withheld) or not post.html)


def _has_no_words_yet(stored: StoredPost, seen: Observation) -> bool:
    """Whether nothing was to be seen of the post so far: an empty text that a fuller layout
    saw, with pictures or quotes, is all that it says."""
    if stored.text:
        return False
    return bool(stored.withheld) or stored.rank < seen.rank or not stored.fingerprint


def _is_other_print(case: Case) -> bool:
    """Whether two layouts print one text in two ways."""
    if case.seen.rank == case.stored.rank:
        return False
    return not case.post.text or alike(case.stored.text, case.post.text)


def _may_replace(case: Case) -> bool:
    """Whether other words of this page may stand on top: not those of a poorer layout, of
    an older capture, or of one part of a split opening post in place of another."""
    stored, seen = case.stored, case.seen
    if seen.rank < stored.rank or seen.at < stored.words_seen_at:
        return False
    if not case.is_part:
        return True
    return case.views.before.part and alike(stored.text, case.post.text)


def _is_view_with_less(case: Case) -> bool:
    """Only lines that are known, and no other edit mark: rather a view with hidden parts
    than an edit."""
    edited_at = iso(case.post.edited_at)
    if edited_at and edited_at != case.stored.edited_at:
        return False
    return case.shows_fewer_words


def _marks_hidden_part(post: Post) -> bool:
    if post.hidden:
        return True
    return any(mark in post.html for mark in _HIDDEN_PART_MARKS)
