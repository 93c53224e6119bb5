"""What a stored post becomes when a page shows it again: nothing is overwritten away. Pure.

A fuller layout or a newer capture adds; a poorer layout, an older capture, a guest's view
of hidden words never take away. Words that differ are kept as a version, whichever of the
two stays on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from archive.store.identity import StoredPost
from archive.store.markdown import to_markdown
from archive.store.stamps import alike, finer, iso, same_minute, squeezed, update
from scraper.core.records import Post

_BY_MODERATORS: Final = frozenset({"blocked", "banned", "deleted"})
Words: TypeAlias = Literal["keep", "take", "replace", "stray", "absent", "reread"]
"""What a page's words are to the stored ones. keep: the same, or a poorer view of them;
take: the same fuller, or the first ever; replace: other words, the old ones become a
version; stray: other words that become a version themselves; absent: the page shows none;
reread: the stored ones come from this very capture, which a better parser reads again."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The circumstances of a page: when it was captured (stored form), how full its layout
    is, which capture it is;
    `filtered`: one author's posts, or another order, so its floors are its own; `part`: its opening post is in parts
    (`cp=`).
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
    known: StoredPost,
    post: Post,
    user_id: int | None,
    fingerprint: str,
    seen: Observation,
) -> Merge:
    """Decide what a printed post does to the stored one."""
    words = _words(known, post, seen)
    values = _labels(known, post, user_id, seen)
    values |= _withholding(known, post, seen)
    if (
        words == "reread"
        and (when := iso(post.posted_at))
        and not same_minute(known.posted_at, when)
    ):
        values["posted_at"] = when
    if words in ("take", "replace"):
        values |= {
            "text": post.text,
            "html": post.html,
            "markdown": to_markdown(post.html),
            "signature": post.signature,
            "rank": seen.rank,
            "capture_id": seen.capture_id,
        }
    newer_or_fuller = seen.rank > known.rank or (
        seen.rank == known.rank and seen.at >= known.words_seen_at
    )
    extras = (
        words != "stray"
        and fingerprint != known.fingerprint
        and newer_or_fuller
        and words != "absent"
    )
    if extras:
        values["fingerprint"] = fingerprint
    return Merge(words, extras, values)


def _words(known: StoredPost, post: Post, seen: Observation) -> Words:
    newer = seen.at >= known.words_seen_at
    if known.capture_id is not None and known.capture_id == seen.capture_id:
        return "reread"
    if not post.text and (post.withheld or not post.html):
        return "absent"
    if not known.text and (
        known.withheld or known.rank < seen.rank or not known.fingerprint
    ):
        return "take"
    if _same_words(known, post) or (
        seen.rank != known.rank and (not post.text or alike(known.text, post.text))
    ):
        return "take" if seen.rank > known.rank else "keep"
    if seen.rank < known.rank or not newer or (seen.part and known.opening):
        return "stray"
    if _is_less(known, post):
        return (
            "keep"
            if "locked" in post.html or 'class="notice"' in post.html
            else "stray"
        )
    return "replace"


def _same_words(known: StoredPost, post: Post) -> bool:
    same_subject = (
        not post.subject
        or not known.subject
        or squeezed(post.subject) == squeezed(known.subject)
    )
    return same_subject and squeezed(post.text) == squeezed(known.text)


def _is_less(known: StoredPost, post: Post) -> bool:
    """Only lines that are known, and no other edit mark: rather a view with hidden parts
    than an edit."""
    if len(post.text) >= len(known.text) or (
        post.edited_at and iso(post.edited_at) != known.edited_at
    ):
        return False
    stored = squeezed(known.text)
    return all(squeezed(line) in stored for line in post.text.splitlines())


def _labels(
    known: StoredPost, post: Post, user_id: int | None, seen: Observation
) -> dict[str, object]:
    newer = seen.at >= known.last_seen_at and seen.rank >= known.rank
    named = not post.anonymous and not known.anonymous
    told: dict[str, object] = {
        "pid": None if known.pid else post.pid,
        "floor": None if seen.filtered else post.floor,
        "author": post.author if named else "",
        "user_id": user_id if named else None,
        "posted_at": finer(known.posted_at, iso(post.posted_at)),
        "subject": post.subject,
        "edited_by": post.edited_by,
        "edited_at": iso(post.edited_at),
        "side": post.side,
    }
    values = update({name: getattr(known, name) for name in told}, told, newer)
    if (finest := told["posted_at"]) != known.posted_at:
        values["posted_at"] = finest
    if post.best_answer and not known.best_answer:
        values["best_answer"] = 1
    if known.gone_at and seen.at > known.gone_at:
        values["gone_at"] = None
    return values


def _withholding(known: StoredPost, post: Post, seen: Observation) -> dict[str, object]:
    """Hidden by a moderator: said beside the words we have. Hidden from this reader: said
    only where we have none."""
    newer = seen.at >= known.last_seen_at
    if post.withheld:
        says = newer and (not known.text or post.withheld_reason in _BY_MODERATORS)
        told = {"withheld": post.withheld, "withheld_reason": post.withheld_reason}
        return (
            update({name: getattr(known, name) for name in told}, told, True)
            if says
            else {}
        )
    shown = bool(post.text or post.html)
    if known.withheld and shown and (newer or not known.text):
        return {"withheld": "", "withheld_reason": None}
    return {}
