"""Ratings (评分) and comments (点评) of a stored post: a page's, and which of them are new.

They have no numbers: the same author, the same words and the same time are the same
remark; a time that one of two pages leaves out says nothing. They only ever grow, for
pages show the last few.

A thread's page sums up what one person gave, without times; the list of all ratings has
them one by one. Whichever comes second, a sum is never kept beside its parts.
"""

from __future__ import annotations

import html
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from archive.store.stamps import iso, same_minute
from archive.store.wording import squeezed
from scraper.core.records import Comment, Rating

RATING_COLUMNS: Final = (
    "post_id",
    "position",
    "author",
    "uid",
    "score",
    "credit",
    "reason",
    "rated_at",
)
COMMENT_COLUMNS: Final = (
    "post_id",
    "position",
    "author",
    "uid",
    "posted_at",
    "text",
)

_MOST_ESCAPES: Final = 3

_Row: TypeAlias = tuple[object, ...]
_Told: TypeAlias = tuple[object, ...]
"""What tells a remark from others, its time aside."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """A remark that is here: its place, what tells it from others, its time in stored form."""

    position: int
    told: _Told
    at: str | None


@dataclass(frozen=True, slots=True)
class _Table:
    """How the rows of one of the two tables are read and added to."""

    name: str
    columns: tuple[str, ...]
    time: str
    told: Callable[[_Row], _Told]

    def at(self, row: _Row) -> str | None:
        """The time of a row, in stored form."""
        column = self.columns.index(self.time)
        at = row[column]
        if not at:
            return None
        return str(at)

    def stored(self, row: tuple[Any, ...]) -> _Stored:
        """A row of the table, for comparing."""
        return _Stored(
            position=row[1],
            told=self.told(row),
            at=self.at(row),
        )


def _comment_told(row: _Row) -> _Told:
    _, _, author, _, _, text = row
    return (author, _plain(text))


def _rating_told(row: _Row) -> _Told:
    _, _, author, _, score, credit, reason, _ = row
    return (author, credit, score, _plain(reason))


def _plain(words: object) -> str:
    """Words without white space and escapes: X escapes some of them twice in one place, and
    three times in another."""
    text = str(words)
    for _ in range(_MOST_ESCAPES):
        text = html.unescape(text)
    return squeezed(text)


_COMMENTS: Final = _Table("comments", COMMENT_COLUMNS, "posted_at", _comment_told)
_RATINGS: Final = _Table("ratings", RATING_COLUMNS, "rated_at", _rating_told)


def rating_rows(post_id: int, ratings: Iterable[Rating]) -> list[_Row]:
    """Rows of the table `ratings`, in page order."""
    return [
        (
            post_id,
            position,
            rating.author,
            rating.uid,
            rating.score,
            rating.credit,
            rating.reason,
            iso(rating.rated_at),
        )
        for position, rating in enumerate(ratings, 1)
    ]


def comment_rows(post_id: int, comments: Iterable[Comment]) -> list[_Row]:
    """Rows of the table `comments`, in page order."""
    return [
        (
            post_id,
            position,
            comment.author,
            comment.uid,
            iso(comment.posted_at),
            comment.text,
        )
        for position, comment in enumerate(comments, 1)
    ]


def add_comments(
    conn: sqlite3.Connection,
    post_id: int,
    comments: Sequence[Comment],
    *,
    is_reread: bool = False,
) -> int:
    """Write the comments of a post that are not here yet; how many.

    `is_reread`: of a page that was read before, whose times a better parser may read
    otherwise.
    """
    if not comments:
        return 0
    rows = comment_rows(post_id, comments)
    stored = _stored(conn, _COMMENTS, post_id)
    new = _new(conn, _COMMENTS, stored, rows, is_reread=is_reread)
    _append(conn, _COMMENTS, stored, new)
    return len(new)


def add_ratings(
    conn: sqlite3.Connection,
    post_id: int,
    ratings: Sequence[Rating],
    *,
    is_reread: bool = False,
) -> int:
    """As `add_comments`, for ratings. Of a sum and its parts the parts are kept."""
    if not ratings:
        return 0
    rows = rating_rows(post_id, ratings)
    stored = _stored(conn, _RATINGS, post_id)
    new = _new(conn, _RATINGS, stored, rows, is_reread=is_reread)

    stored = _stored(conn, _RATINGS, post_id)  # with the times that are known now
    timed = _timed(stored)
    timed += _timed_rows(new)
    parts = _sums(timed)
    new = [row for row in new if not _is_sum_of(parts, row)]
    _drop_sums(conn, post_id, stored, parts)
    _append(conn, _RATINGS, stored, new)
    return len(new)


def _stored(conn: sqlite3.Connection, table: _Table, post_id: int) -> list[_Stored]:
    """The remarks of a post that are here, in their order."""
    columns = ", ".join(table.columns)
    query = f"SELECT {columns} FROM {table.name} WHERE post_id = ? ORDER BY position"
    rows = conn.execute(query, (post_id,))
    return list(map(table.stored, rows))


def _new(
    conn: sqlite3.Connection,
    table: _Table,
    stored: Sequence[_Stored],
    rows: Sequence[_Row],
    *,
    is_reread: bool,
) -> list[_Row]:
    """The rows of a page that are not here yet. Writes down times that were not known."""
    free = list(stored)
    new = []
    query = (
        f"UPDATE {table.name} SET {table.time} = ? WHERE post_id = ? AND position = ?"
    )
    for row in rows:
        at = table.at(row)
        told = table.told(row)
        same = _same(free, told, at, is_reread=is_reread)
        if same is None:
            new.append(row)
            continue
        free.remove(same)
        if at is not None and same.at is None:
            post_id = row[0]
            conn.execute(query, (at, post_id, same.position))
    return new


def _same(
    stored: Iterable[_Stored], told: _Told, at: str | None, *, is_reread: bool
) -> _Stored | None:
    """The stored remark that one of a page is: rather one of its very time than one whose
    time is not known."""
    alike = [each for each in stored if each.told == told]
    for each in alike:
        if same_minute(each.at, at):
            return each
    if is_reread or at is None:
        return next(iter(alike), None)
    for each in alike:
        if each.at is None:
            return each
    return None


def _append(
    conn: sqlite3.Connection,
    table: _Table,
    stored: Sequence[_Stored],
    rows: Sequence[_Row],
) -> None:
    """Write rows, numbered on from those that are here."""
    if not rows:
        return
    positions = [each.position for each in stored]
    first = max(positions, default=0) + 1
    numbered = []
    for position, row in enumerate(rows, first):
        post_id, _, *values = row
        numbered.append((post_id, position, *values))
    columns = ", ".join(table.columns)
    places = ", ".join("?" for _ in table.columns)
    query = f"INSERT INTO {table.name}({columns}) VALUES ({places})"
    conn.executemany(query, numbered)


def _timed(stored: Iterable[_Stored]) -> list[_Told]:
    return [each.told for each in stored if each.at]


def _timed_rows(rows: Iterable[_Row]) -> list[_Told]:
    return [_rating_told(row) for row in rows if _RATINGS.at(row)]


def _sums(ratings: Iterable[_Told]) -> dict[tuple[object, object], int]:
    """What each person gave of each credit, of ratings whose times are known."""
    sums: dict[tuple[object, object], int] = {}
    for author, credit, score, _ in ratings:
        if not isinstance(score, int):
            continue
        key = (author, credit)
        before = sums.get(key, 0)
        sums[key] = before + score
    return sums


def _is_sum_of(parts: dict[tuple[object, object], int], row: _Row) -> bool:
    """Whether a rating without a time sums up ratings that have one."""
    if _RATINGS.at(row):
        return False
    return _is_sum(parts, _rating_told(row))


def _is_sum(parts: dict[tuple[object, object], int], told: _Told) -> bool:
    author, credit, score, _ = told
    if score is None:
        return False
    key = (author, credit)
    return parts.get(key) == score


def _drop_sums(
    conn: sqlite3.Connection,
    post_id: int,
    stored: Iterable[_Stored],
    parts: dict[tuple[object, object], int],
) -> None:
    """Delete the ratings without a time that sum up others."""
    query = (
        "DELETE FROM ratings WHERE post_id = ? AND position = ? AND rated_at IS NULL"
    )
    for each in stored:
        if each.at is not None:
            continue
        if _is_sum(parts, each.told):
            conn.execute(query, (post_id, each.position))
