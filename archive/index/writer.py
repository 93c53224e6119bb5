"""Keeps the search index in step with the rows of `posts`, whoever changed them.

Triggers (migrations/002_search.sql) note each changed post in `posts_fts_dirty` with the
words that the index still holds; `catch_up` takes those words out and puts the new ones in.
It belongs into the transaction that wrote the rows, so that rows and index become visible
together. FTS5 cannot know the old words of a contentless table by itself, and wrong ones
would leave stale terms that its own integrity check calls fine: hence the notes, and
`check`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from archive.index import segment
from archive.index.charmap import fill_charmap
from archive.schema import transaction

BATCH_ROWS = 1_000
BULK_HASH_BYTES = 32 << 20  # twice as quick as with FTS5's own 1 MB; more gains nothing
_BEFORE_ALL = -(2**63)
_USUAL_HASH_BYTES = (
    1 << 20
)  # FTS5's own default; the setting stays in the file, and a crawl runs in little memory

Tokens = tuple[str, ...]
Change = tuple[int, Tokens | None, Tokens | None]
"""A row of an index: its number, what the index holds of it, and what it should hold; None
for nothing."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index; how to read what changed (`dirty`, in batches) and all there is (`rows`);
    what becomes of a row."""

    name: str
    columns: tuple[str, ...]
    dirty: str
    rows: str
    change: Callable[[tuple[Any, ...]], Change]
    tokens: Callable[..., Tokens]

    def write(self, conn: sqlite3.Connection, changes: list[Change]) -> None:
        """Take old words out and put new ones in, row by row in ascending order: FTS5
        flushes where a row goes back."""
        names, marks = ", ".join(self.columns), ", ?" * len(self.columns)
        insert = f"INSERT INTO {self.name}(rowid, {names}) VALUES (?{marks})"
        delete = f"INSERT INTO {self.name}({self.name}, rowid, {names}) VALUES ('delete', ?{marks})"
        if all(old is None for _, old, _ in changes):
            conn.executemany(
                insert, [(row, *new) for row, _, new in changes if new is not None]
            )
            return
        for row, old, new in changes:
            if old is not None and old != new:
                conn.execute(delete, (row, *old))
            if new is not None and old != new:
                conn.execute(insert, (row, *new))


def row_tokens(text: str, subject: str, posted_at: str | None) -> tuple[str, str, str]:
    """What the index holds of a post: (body, title, month)."""
    return (
        segment.row_tokens(text),
        segment.row_tokens(subject),
        segment.month_token(posted_at),
    )


def _post_change(row: tuple[Any, ...]) -> Change:
    post_id, old_text, old_subject, old_time, text, subject, time = row
    old = (
        None if old_text is None else row_tokens(old_text, old_subject or "", old_time)
    )
    return post_id, old, None if text is None else row_tokens(text, subject, time)


def _quotes_tokens(text: str) -> tuple[str]:
    return (segment.row_tokens(text),)


def _quotes_change(row: tuple[Any, ...]) -> Change:
    post_id, *texts = row
    old, new = (None if text is None else _quotes_tokens(text) for text in texts)
    return post_id, old, new


_POSTS = Index(
    name="posts_fts",
    columns=("body", "title", "month"),
    dirty="""SELECT d.id, d.text, d.subject, d.posted_at, p.text, p.subject, p.posted_at
        FROM posts_fts_dirty d LEFT JOIN posts p USING (id) WHERE d.id > ? ORDER BY d.id LIMIT ?""",
    rows="SELECT id, text, subject, posted_at FROM posts ORDER BY id",
    change=_post_change,
    tokens=row_tokens,
)
_QUOTES = Index(
    name="quotes_fts",
    columns=("body",),
    dirty="""SELECT d.id, d.text, (SELECT group_concat(text, char(10)) FROM quotes q WHERE q.post_id = d.id)
        FROM quotes_fts_dirty d WHERE d.id > ? ORDER BY d.id LIMIT ?""",
    rows="SELECT post_id, group_concat(text, char(10)) FROM quotes GROUP BY post_id ORDER BY post_id",
    change=_quotes_change,
    tokens=_quotes_tokens,
)
INDEXES = (_POSTS, _QUOTES)


def catch_up(conn: sqlite3.Connection) -> int:
    """Index every post that changed since the last time; returns how many there were. Part
    of an open transaction.

    Leaves an outdated index alone: old words would be taken out by rules that did not put
    them in. `reindex` does all.
    """
    waiting = [
        conn.execute(f"SELECT 1 FROM {index.name}_dirty LIMIT 1").fetchone()
        for index in INDEXES
    ]
    if not any(waiting) or is_outdated(conn):
        return 0
    # Within a transaction no savepoint of its own: FTS5 writes out what it has gathered at
    # each one.
    with nullcontext() if conn.in_transaction else transaction(conn):
        _record_version(conn)
        counts = [_catch_up(conn, index) for index in INDEXES]
    return counts[0]


def _catch_up(conn: sqlite3.Connection, index: Index) -> int:
    count, last = 0, _BEFORE_ALL
    while rows := conn.execute(index.dirty, (last, BATCH_ROWS)).fetchall():
        index.write(conn, list(map(index.change, rows)))
        count, last = count + len(rows), rows[-1][0]
    if count:
        conn.execute(f"DELETE FROM {index.name}_dirty")
    return count


def pending(conn: sqlite3.Connection) -> int:
    """How many posts changed since they were indexed."""
    return int(conn.execute("SELECT count(*) FROM posts_fts_dirty").fetchone()[0])


def index_version(conn: sqlite3.Connection) -> int | None:
    """The segmentation that the index was made with; None while nothing is indexed."""
    row = conn.execute(
        "SELECT value FROM posts_fts_state WHERE name = 'segmentation'"
    ).fetchone()
    return int(row[0]) if row else None


def is_outdated(conn: sqlite3.Connection) -> bool:
    """Whether the index was made by other rules for words than today's, and wants `reindex`."""
    return index_version(conn) not in (None, segment.VERSION)


def reindex(
    conn: sqlite3.Connection, progress: Callable[[int], None] = lambda posts: None
) -> int:
    """Make the whole index again from the rows; returns the number of posts. `progress` is
    told each batch's size.

    One transaction: readers go on with the old index until it ends, writers wait. Open the
    archive anew for small writes: FTS5 keeps the large hash table of a bulk load, and
    clears all of it at each later one.
    """
    with transaction(conn):
        conn.execute("DELETE FROM posts_fts_state")
        _record_version(conn)
        count = _rebuild(conn, _POSTS, progress)
        _rebuild(conn, _QUOTES, lambda posts: None)
    return count


def _rebuild(
    conn: sqlite3.Connection, index: Index, progress: Callable[[int], None]
) -> int:
    count = 0
    _set(conn, index, "hashsize", BULK_HASH_BYTES)
    conn.execute(f"INSERT INTO {index.name}({index.name}) VALUES ('delete-all')")
    conn.execute(f"DELETE FROM {index.name}_dirty")
    rows = conn.execute(index.rows)
    while batch := rows.fetchmany(BATCH_ROWS):
        index.write(
            conn, [(row, None, index.tokens(*values)) for row, *values in batch]
        )
        count += len(batch)
        progress(len(batch))
    conn.execute(f"INSERT INTO {index.name}({index.name}) VALUES ('optimize')")
    _set(conn, index, "hashsize", _USUAL_HASH_BYTES)
    return count


def optimise(conn: sqlite3.Connection) -> None:
    """Merge each index into one piece: after a bulk load it is a tenth smaller and quicker."""
    for index in INDEXES:
        conn.execute(f"INSERT INTO {index.name}({index.name}) VALUES ('optimize')")


def _record_version(conn: sqlite3.Connection) -> None:
    """Write the version at first use, with the tables by which plain SQL folds a query:
    they belong together."""
    if index_version(conn) is None:
        fill_charmap(conn)
        conn.execute(
            "INSERT INTO posts_fts_state VALUES ('segmentation', ?)",
            (str(segment.VERSION),),
        )


def _set(conn: sqlite3.Connection, index: Index, option: str, value: int) -> None:
    conn.execute(
        f"INSERT INTO {index.name}({index.name}, rank) VALUES (?, ?)", (option, value)
    )
