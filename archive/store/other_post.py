"""Whether what a page prints under a number is what is stored under it: a number alone is no
identity. Pure.

A forum that is set up anew counts from 1 again; one that is put back from a backup gives the
numbers of what was lost to others. Where author and printed time both contradict, it is
another post. A member who is renamed keeps the time, another zone or a date that is read the
wrong way round keeps the author, and an anonymous view says nothing of the author.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from archive.store.identity import StoredPost, name_key
from archive.store.stamps import iso
from scraper.core.records import Post

_ZONES_DAYS: Final = 2
"""Clocks of two zones are 26 hours apart at most."""
_DAY_CHARS: Final = len("2013-01-12")

Pair: TypeAlias = tuple[StoredPost, Post]
"""A stored post, and what a page prints under its number."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What a page shows to be other posts. `what`: some posts of one forum, or all that could
    be compared, and then it is another forum; `is_older`: the page was captured before the
    stored posts were written. `began_at`: the oldest time of the later ones."""

    what: Literal["posts", "forum"]
    pairs: Sequence[Pair]
    is_older: bool
    began_at: str


class AnotherForum(Exception):
    """A page is of another forum than that at whose address it was captured, which came
    before it or after it."""

    def __init__(self, *, is_older: bool, began_at: str) -> None:
        super().__init__("another forum at the same address")
        self.site_id = 0
        """The one that it was taken for, once that is known."""
        self.is_older = is_older
        self.began_at = began_at


def find_contradiction(pairs: Sequence[Pair], at: str) -> Contradiction | None:
    """What of a page captured at a time (stored form) is not what is stored; None where
    nothing is, or where it may be read wrongly."""
    other = [pair for pair in pairs if _is_other(*pair)]
    if not other:
        return None
    is_older = all(at < (row.posted_at or "") for row, _ in other)
    is_newer = all(_was_over(row.last_seen_at, post) for row, post in other)
    if not is_older and not is_newer:  # both were seen to be there at one time
        return None

    same = [pair for pair in pairs if _is_same(*pair)]
    if same and not any(map(_has_same_time, same)):  # times are read otherwise now
        return None
    later = _times(row.posted_at for row, _ in other)
    if not is_older:
        later = _times(iso(post.posted_at) for _, post in other)
    return Contradiction(
        what="posts" if same else "forum",
        pairs=other,
        is_older=is_older,
        began_at=min(later),
    )


def names_differ(before: str, now: str) -> bool:
    """Whether two authors, as far as both are named, are two people."""
    return bool(before) and bool(now) and before != now


def days_differ(before: str | None, now: str | None) -> bool:
    """Whether two times in stored form, as far as both are known, are further apart than
    the clocks of two zones."""
    if not before or not now:
        return False
    distance = _day(before) - _day(now)
    return abs(distance.days) > _ZONES_DAYS


def _is_other(row: StoredPost, post: Post) -> bool:
    if row.author == post.author:
        return False
    before = name_key(row.author, row.anonymous) or ""
    now = name_key(post.author, post.anonymous) or ""
    return names_differ(before, now) and days_differ(row.posted_at, iso(post.posted_at))


def _is_same(row: StoredPost, post: Post) -> bool:
    """Whether the author or the time says that it is the same post."""
    if row.author and row.author == post.author:
        return True
    return _has_same_time((row, post))


def _has_same_time(pair: Pair) -> bool:
    row, post = pair
    posted_at = iso(post.posted_at)
    if not row.posted_at or not posted_at:
        return False
    return not days_differ(row.posted_at, posted_at)


def _was_over(last_seen_at: str, post: Post) -> bool:
    """Whether a stored post was seen for the last time before another was written."""
    return last_seen_at < (iso(post.posted_at) or "")


def _times(times: Iterable[str | None]) -> list[str]:
    return [time for time in times if time]


def _day(time: str) -> date:
    return date.fromisoformat(time[:_DAY_CHARS])
