"""Which stored post a printed one is: by its number, else by author, time and order. Pure.

Print, archiver and text pages print no pid (DESIGN.md, Identity). Author and time to the
minute settle nearly every post; where someone posted twice within a minute, the words, then
the neighbours on the page, then the order decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.store.stamps import iso, same_minute
from archive.store.wording import squeezed
from scraper.core.records import Post

_NAMELESS = frozenset({"匿名", "匿名者", "Anonymous", "anonymous"})


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A stored post, as far as matching and merging need it; columns in the order of `COLUMNS`."""

    id: int
    thread_id: int
    pid: int | None
    floor: int | None
    opening: int
    author: str
    user_id: int | None
    anonymous: int
    posted_at: str | None
    subject: str
    text: str
    withheld: str
    withheld_reason: str | None
    edited_by: str
    edited_at: str | None
    best_answer: int
    side: str
    location: str
    rank: int
    fingerprint: str
    capture_id: int | None
    words_since: str
    words_seen_at: str
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None


COLUMNS = ", ".join(StoredPost.__slots__)


def match(
    known: Sequence[StoredPost], posts: Sequence[Post]
) -> list[StoredPost | None]:
    """For each post of a page the stored one that it is, or None."""
    by_pid = {row.pid: row for row in known if row.pid is not None}
    found: list[StoredPost | None] = [
        by_pid.get(post.pid) if post.pid is not None else None for post in posts
    ]
    for has_pid in (True, False):
        taken = {row.id for row in found if row}
        free = [
            row
            for row in known
            if row.id not in taken and not (has_pid and row.pid is not None)
        ]
        open_ = [
            at
            for at, post in enumerate(posts)
            if found[at] is None and (post.pid is not None) == has_pid
        ]
        if free and open_:
            for at, row in _Matching(free, posts, open_).result().items():
                found[at] = row
    return found


def name_key(author: str, anonymous: object) -> str | None:
    """The author's name for comparing; empty for every way of saying anonymous; None where
    none is printed."""
    if anonymous or author in _NAMELESS:
        return ""
    return author or None


def _order(row: StoredPost) -> tuple[bool, int, str, int]:
    return row.pid is None, row.pid or 0, row.posted_at or "", row.id


class _Matching:
    """Assigns free rows to open places of a page; each step only takes what is certain by
    its own light."""

    def __init__(
        self, free: Sequence[StoredPost], posts: Sequence[Post], open_: Sequence[int]
    ) -> None:
        self._free, self._posts = sorted(free, key=_order), posts
        by_author: dict[str | None, list[int]] = defaultdict(list)
        for row_at, row in enumerate(self._free):
            by_author[name_key(row.author, row.anonymous)].append(row_at)
        self._rows = {at: self._candidates(posts[at], by_author) for at in open_}
        self._matched: dict[int, int] = {}

    def result(self) -> dict[int, StoredPost]:
        self._only_ones()
        self._same_words()
        self._neighbours()
        self._in_order()
        return {at: self._free[row] for at, row in self._matched.items()}

    def _candidates(
        self, post: Post, by_author: dict[str | None, list[int]]
    ) -> list[int]:
        """The rows of this author and time; where a side prints no author, those of this time."""
        when, name = iso(post.posted_at), name_key(post.author, post.anonymous)
        choices = (
            (range(len(self._free)),)
            if name is None
            else (by_author.get(name, ()), by_author.get(None, ()))
        )
        found = (
            [row for row in rows if same_minute(self._free[row].posted_at, when)]
            for rows in choices
        )
        return (
            next(filter(None, found), [])
            or self._same_without_time(post, when, choices)
            or self._hidden_then(post, when)
        )

    def _same_without_time(
        self, post: Post, when: str | None, choices: Sequence[Sequence[int]]
    ) -> list[int]:
        """Old touch pages print neither a number nor, of a recent post, the exact time: its
        author and words tell."""
        words = squeezed(post.text)
        rows = (
            row
            for rows in choices
            for row in rows
            if words and (when is None or not self._free[row].posted_at)
        )
        return [row for row in rows if squeezed(self._free[row].text) == words]

    def _hidden_then(self, post: Post, when: str | None) -> list[int]:
        """The archiver prints neither words nor author of a hidden post whose account is
        gone; others name it."""
        if post.text and not post.withheld:
            return []
        return [
            at
            for at, row in enumerate(self._free)
            if row.withheld and same_minute(row.posted_at, when)
        ]

    def _only_ones(self) -> None:
        claims: dict[int, list[int]] = defaultdict(list)
        for at, rows in self._rows.items():
            for row in rows:
                claims[row].append(at)
        for at, rows in self._rows.items():
            if len(rows) == 1 and len(claims[rows[0]]) == 1:
                self._matched[at] = rows[0]

    def _same_words(self) -> None:
        for at in self._open():
            words = squeezed(self._posts[at].text)
            same = [
                row for row in self._left(at) if squeezed(self._free[row].text) == words
            ]
            rivals = [
                other
                for other in self._open()
                if self._rows[other] == self._rows[at]
                and squeezed(self._posts[other].text) == words
            ]
            if len(same) == 1 and len(rivals) == 1:
                self._matched[at] = same[0]

    def _neighbours(self) -> None:
        for step in (1, -1):
            for at in self._open() if step == 1 else reversed(self._open()):
                beside = self._matched.get(at - step)
                if beside is not None and (
                    beside + step in self._left(at)
                    or self._is_placeholder(beside + step)
                ):
                    self._matched[at] = beside + step

    def _is_placeholder(self, row: int) -> bool:
        """A post of which a desktop page showed number and floor only, its author being
        deleted or banned."""
        free = 0 <= row < len(self._free) and row not in self._matched.values()
        return (
            free
            and self._free[row].posted_at is None
            and bool(self._free[row].withheld)
        )

    def _in_order(self) -> None:
        for at in self._open():
            if left := self._left(at):
                self._matched[at] = left[0]

    def _open(self) -> list[int]:
        return [at for at in self._rows if at not in self._matched]

    def _left(self, at: int) -> list[int]:
        taken = set(self._matched.values())
        return [row for row in self._rows[at] if row not in taken]


def times_of(posts: Iterable[Post]) -> tuple[str, str] | None:
    """The first and last time that posts print, with room for a minute or a day; None where
    they print none."""
    times = sorted(when for post in posts if (when := iso(post.posted_at)))
    return (times[0][:10], times[-1][:16] + "~") if times else None
