"""What a stored post becomes when a page shows it again: nothing is overwritten away. Pure.

A fuller layout or a newer capture adds; a poorer layout, an older capture, a guest's view
of hidden words never take away. Words that differ are kept as a version, whichever of the
two stays on top. Which rule each column follows is said in `post_columns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from archive.store.edits import is_edited_between
from archive.store.identity import StoredPost
from archive.store.post_columns import merged_by
from archive.store.stamps import finer, iso, same_minute
from archive.store.upsert import changed_columns, is_change
from archive.store.wording import alike, squeezed
from scraper.core.records import Post

Words: TypeAlias = Literal[
    "keep", "similar", "unlike", "take", "replace", "stray", "absent", "reread"
]
"""What a page's words are to the stored ones.

keep: the same, or a view of them with hidden parts; similar: another layout's print of what
may be these words, or older ones; take: the same fuller, or the first ever; replace: other
words, the old ones become a version; stray: other words that become a version themselves;
absent: the page shows none; reread: the stored ones come from this very capture, which a
better parser reads again.
"""

_BY_MODERATORS: Final = frozenset({"blocked", "banned", "deleted"})
_HIDDEN_PART_MARKS: Final = ("locked", 'class="notice"')
_LABELS: Final = merged_by("first", "newer", "named", "fuller")
_ONCE: Final = merged_by("once")
_WITH_WORDS: Final = merged_by("words")


@dataclass(frozen=True, slots=True)
class Observation:
    """The circumstances of a page: when it was captured (stored form), how full its layout
    is, which capture it is.

    `filtered`: one author's posts, or another order, so its floors are its own; `part`: its
    opening post is in parts (`cp=`).
    """

    at: str
    rank: int
    capture_id: int | None = None
    filtered: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """What to write: column values, versions to keep, whether quotes, attachments and so on
    are taken."""

    words: Words
    extras: bool = False
    values: Mapping[str, object] = field(default_factory=dict)


def merge(
    stored: StoredPost,
    post: Post,
    user_id: int | None,
    fingerprint: str,
    seen: Observation,
) -> Merge:
    """Decide what a printed post does to the stored one."""
    words = _judge_words(stored, post, seen)
    values = _labels(stored, post, user_id, seen)
    values |= _withholding(stored, post, seen)
    if words == "reread":
        values |= _corrected_time(stored, post)
    if words in ("take", "replace"):
        values |= _words_of(post)
        values["rank"] = seen.rank
        values["capture_id"] = seen.capture_id
    takes_extras = (
        fingerprint != stored.fingerprint
        and words not in ("stray", "unlike", "absent")
        and _is_newer_or_fuller(stored, seen)
    )
    if takes_extras:
        values["fingerprint"] = fingerprint
    return Merge(words, takes_extras, values)


def _judge_words(stored: StoredPost, post: Post, seen: Observation) -> Words:
    """What the page's words are to the stored ones."""
    if stored.capture_id is not None and stored.capture_id == seen.capture_id:
        return "reread"
    if _shows_no_words(post):
        return "absent"
    if _has_no_words_yet(stored, seen):
        return "take"
    is_fuller = seen.rank > stored.rank
    if _has_same_words(stored, post):
        return "take" if is_fuller else "keep"
    if _is_other_print(stored, post, seen):
        return "take" if is_fuller and not _is_part(stored, seen) else "similar"
    is_one_layout = seen.rank == stored.rank
    if is_one_layout or is_edited_between(stored, post, seen.at):
        return _judge_other_words(stored, post, seen)
    return _judge_other_print(stored, post, seen)


def _judge_other_print(stored: StoredPost, post: Post, seen: Observation) -> Words:
    """Words of another layout that are not alike: layouts lose and put in so much (players'
    addresses, nested quotes, tags that one of them does not know) that this is no edit."""
    if seen.rank < stored.rank or _is_part(stored, seen):
        return "unlike"
    return "unlike" if _is_view_with_less(stored, post) else "take"


def _judge_other_words(stored: StoredPost, post: Post, seen: Observation) -> Words:
    if not _may_replace(stored, seen):
        return "stray"
    if not _is_view_with_less(stored, post):
        return "replace"
    return "keep" if _marks_hidden_part(post) else "stray"


def _shows_no_words(post: Post) -> bool:
    return not post.text and (bool(post.withheld) or not post.html)


def _has_no_words_yet(stored: StoredPost, seen: Observation) -> bool:
    """Whether nothing was to be seen of the post so far: an empty text that a fuller layout
    saw, with pictures or quotes, is all that it says."""
    if stored.text:
        return False
    return bool(stored.withheld) or stored.rank < seen.rank or not stored.fingerprint


def _is_other_print(stored: StoredPost, post: Post, seen: Observation) -> bool:
    """Whether two layouts print one text in two ways."""
    if seen.rank == stored.rank:
        return False
    return not post.text or alike(stored.text, post.text)


def _has_same_words(stored: StoredPost, post: Post) -> bool:
    if squeezed(post.text) != squeezed(stored.text):
        return False
    if not post.subject or not stored.subject:
        return True
    return squeezed(post.subject) == squeezed(stored.subject)


def _may_replace(stored: StoredPost, seen: Observation) -> bool:
    """Whether other words of this page may stand on top: not those of a poorer layout, of
    an older capture, or of one part of a split opening post."""
    if seen.rank < stored.rank or seen.at < stored.words_seen_at:
        return False
    return not _is_part(stored, seen)


def _is_part(stored: StoredPost, seen: Observation) -> bool:
    return seen.part and bool(stored.opening)


def _is_view_with_less(stored: StoredPost, post: Post) -> bool:
    """Only lines that are known, and no other edit mark: rather a view with hidden parts
    than an edit."""
    if len(post.text) >= len(stored.text):
        return False
    edited_at = iso(post.edited_at)
    if edited_at and edited_at != stored.edited_at:
        return False
    stored_words = squeezed(stored.text)
    lines = map(squeezed, post.text.splitlines())
    return all(line in stored_words for line in lines)


def _marks_hidden_part(post: Post) -> bool:
    return any(mark in post.html for mark in _HIDDEN_PART_MARKS)


def _is_newer_or_fuller(stored: StoredPost, seen: Observation) -> bool:
    if seen.rank != stored.rank:
        return seen.rank > stored.rank
    return seen.at >= stored.words_seen_at


def _words_of(post: Post) -> dict[str, object]:
    values: dict[str, object] = {}
    for column in _WITH_WORDS:
        if column.read:
            values[column.column] = column.read(post)
    return values


def _corrected_time(stored: StoredPost, post: Post) -> dict[str, object]:
    """What today's parser reads as the time, where it contradicts what an older one read
    in the same capture."""
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
    is_newer = seen.at >= stored.last_seen_at and seen.rank >= stored.rank
    replaces = {
        "first": False,
        "newer": is_newer,
        "named": is_newer,
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
    is_newer = seen.at >= stored.last_seen_at
    if post.withheld:
        is_for_all = post.withheld_reason in _BY_MODERATORS
        if is_newer and (is_for_all or not stored.text):
            return _withheld_now(stored, post)
        return {}
    if not stored.withheld or _shows_nothing(post):
        return {}
    if is_newer or not stored.text:
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
