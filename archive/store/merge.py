"""What a stored post becomes when a page shows it again: nothing is overwritten away. Pure.

A fuller layout or a newer capture adds; a poorer layout, an older capture, a guest's view
of hidden words never take away. Words that differ are kept as a version, whichever of the
two stays on top. Which rule each column follows is said in `post_columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from archive.store.identity import StoredPost
from archive.store.judge_words import Case, Words, case_of, has_newer_words, judge_words
from archive.store.observation import Observation
from archive.store.pictures import judge_pictures, pictures_in
from archive.store.post_columns import merged_by
from archive.store.stamps import finer, iso, same_minute
from archive.store.upsert import changed_columns, is_change, is_newer
from archive.store.views import of_both
from scraper.core.records import Post

ExtrasStep: TypeAlias = Literal["", "remarks", "files", "add", "replace"]
"""What a page does to what hangs on a post. remarks: brings ratings and comments; files:
and attachments and pictures, which all layouts name alike; add: brings whatever is not
here, and takes nothing away; replace: is now what hangs on it."""

_BY_MODERATORS: Final = frozenset({"blocked", "banned", "deleted"})
_LABELS: Final = merged_by("first", "newer", "named", "fuller")
_ONCE: Final = merged_by("once")
_WITH_WORDS: Final = merged_by("words")


@dataclass(frozen=True, slots=True)
class Merge:
    """What to write: column values, versions to keep, what becomes of quotes, attachments
    and so on. `removed`: pictures that were taken out of the message, by the numbers of
    attachments and the names of files.

    `is_same_post`: whatever is written, nobody has changed the post, as where a page comes
    from the server after a browser's saved copy of it.
    """

    words: Words
    extras: ExtrasStep = ""
    values: Mapping[str, object] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    is_same_post: bool = False


def merge(
    stored: StoredPost,
    post: Post,
    user_id: int | None,
    fingerprint: str,
    seen: Observation,
    stored_html: Callable[[], str] = str,
) -> Merge:
    """Decide what a printed post does to the stored one. `stored_html` is asked for the
    stored message as served, where words or pictures may differ."""
    case = case_of(
        stored,
        post,
        fingerprint,
        seen,
        stored_html,
    )
    words = judge_words(case)
    extras = _extras_step(case, words)
    is_same_post = words == "take" and _is_of_saved_copy(case)
    removed: frozenset[str] = frozenset()
    if words in ("keep", "replace") and extras == "replace":
        before = stored_html()
        if words == "keep" and seen.rank == stored.rank:
            words = judge_pictures(before, post.html)
        if words == "replace":
            removed = pictures_in(before) - pictures_in(post.html)

    values = _labels(stored, post, user_id, seen)
    values |= _withholding(stored, post, seen)
    if words in ("reread", "take", "replace"):  # all three make them this page's
        values |= _corrected_time(stored, post)
    if words in ("take", "replace"):
        values |= _words_of(post)
        values["rank"] = seen.rank
        values["capture_id"] = seen.capture_id
    if extras == "replace":
        values["fingerprint"] = fingerprint
    values |= _view(case, words, extras)
    return Merge(
        words,
        extras,
        values,
        removed=removed,
        is_same_post=is_same_post,
    )


def _is_of_saved_copy(case: Case) -> bool:
    return case.views.is_served_for_saved and case.has_same_text


def _extras_step(case: Case, words: Words) -> ExtrasStep:
    """What the page does to quotes, attachments and so on: what it shows is of the stored
    words, or of others that replace them."""
    if not case.extras_differ or words in ("stray", "unlike", "absent"):
        return ""
    has_more = case.views.has_more or _is_first_member(case)
    has_less = case.views.has_less
    if words == "keep" and case.shows_fewer_words:
        has_less = True
    if has_less and not has_more and _is_saved_after_served(case):
        return "remarks"
    if _is_newer_or_fuller(case.stored, case.seen):
        return "add" if has_less else "replace"
    if not has_more:
        return ""
    is_poorer = case.seen.rank < case.stored.rank
    return "files" if is_poorer and words != "take" else "add"


def _is_saved_after_served(case: Case) -> bool:
    views = case.views
    return views.now.saved and not views.before.saved


def _is_first_member(case: Case) -> bool:
    """Whether a member looks at what nobody knows who saw: an archive of long ago let a
    guest's page take away what hangs on a post."""
    views = case.views
    return views.now.reader == "member" and views.before.reader == ""


def _view(case: Case, words: Words, extras: ExtrasStep) -> dict[str, object]:
    """Whose view the post is now: that of its words; a member's where one has a part in
    what hangs on it."""
    before, now = case.views.before, case.views.now
    after = before
    if words in ("take", "replace", "reread"):
        after = of_both(case.views)
    elif extras and now.reader == "member":
        after = replace(before, reader="member")
    view = str(after)
    return {} if view == case.stored.view else {"view": view}


def _is_newer_or_fuller(stored: StoredPost, seen: Observation) -> bool:
    if seen.rank != stored.rank:
        return seen.rank > stored.rank
    return has_newer_words(stored, seen)


def is_newest_page(stored: StoredPost, seen: Observation) -> bool:
    """Whether no newer page has shown the post."""
    return is_newer(
        seen.at,
        seen.capture_id,
        stored.last_seen_at,
        stored.last_capture_id,
    )


def _words_of(post: Post) -> dict[str, object]:
    values: dict[str, object] = {}
    for column in _WITH_WORDS:
        if column.read:
            values[column.column] = column.read(post)
    return values


def _corrected_time(stored: StoredPost, post: Post) -> dict[str, object]:
    """The time that the page of the words prints, where it contradicts what is stored: what
    an older parser read in it, or another page's."""
    posted_at = iso(post.posted_at)
    if posted_at is None or same_minute(stored.posted_at, posted_at):
        return {}
    return {"posted_at": posted_at}


def _labels(
    stored: StoredPost,
    post: Post,
    user_id: int | None,
    seen: Observation,
) -> dict[str, object]:
    """The columns beside the words, each by its rule."""
    special: dict[str, object] = {
        "floor": None if seen.filtered else post.floor,
        "user_id": user_id,
    }
    if post.anonymous or stored.anonymous:
        special |= {"author": "", "user_id": None}
    is_newest = is_newest_page(stored, seen) and seen.rank >= stored.rank
    replaces = {
        "first": False,
        "newer": is_newest,
        "named": is_newest,
        "fuller": _is_newer_or_fuller(stored, seen),
    }
    values: dict[str, object] = {}
    for column in _LABELS:
        value = special.get(column.column)
        if column.read and column.column not in special:
            value = column.read(post)
        before = getattr(stored, column.column)
        if value == before:  # as nearly all of them are
            continue
        if is_change(before, value, newer=replaces[column.merge]):
            values[column.column] = value
    return values | _finer_time(stored, post) | _marks(stored, post, seen)


def _finer_time(stored: StoredPost, post: Post) -> dict[str, object]:
    posted_at = finer(stored.posted_at, iso(post.posted_at))
    return {} if posted_at == stored.posted_at else {"posted_at": posted_at}


def _marks(stored: StoredPost, post: Post, seen: Observation) -> dict[str, object]:
    """What is true once a page has said it, and that a post is there again."""
    values: dict[str, object] = {}
    for column in _ONCE:
        if getattr(post, column.field) and not getattr(stored, column.column):
            values[column.column] = 1
    if stored.gone_at and seen.at > stored.gone_at:
        values["gone_at"] = None
    return values


def _withholding(
    stored: StoredPost, post: Post, seen: Observation
) -> dict[str, object]:
    """Hidden by a moderator: said beside the words we have. Hidden from this reader: said
    only where we have none."""
    is_newest = is_newest_page(stored, seen)
    if post.withheld:
        is_for_all = post.withheld_reason in _BY_MODERATORS
        if is_newest and (is_for_all or not stored.text):
            return _withheld_now(stored, post)
        return {}
    if not stored.withheld or _shows_nothing(post):
        return {}
    has_the_first_words = bool(post.text) and not stored.text
    if is_newest or has_the_first_words:
        return {"withheld": "", "withheld_reason": None}
    return {}


def _withheld_now(stored: StoredPost, post: Post) -> dict[str, object]:
    observed = {
        "withheld": post.withheld,
        "withheld_reason": post.withheld_reason,
    }
    before = {name: getattr(stored, name) for name in observed}
    return changed_columns(before, observed, newer=True)


def _shows_nothing(post: Post) -> bool:
    return not post.text and not post.html
