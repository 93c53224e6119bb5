"""Keeps the search index in step with the rows of `posts`, whoever changed them.

Triggers (migrations/002_search.sql) note each changed post in `posts_fts_dirty` with the words that the index still
holds; `catch_up` takes those words out and puts the new ones in. It belongs into the transaction that wrote the rows,
so that rows and index become visible together. FTS5 cannot know the old words of a contentless table by itself, and
wrong ones would leave stale terms that its own integrity check calls fine: hence the notes, and `check`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from archive import segment
from archive.charmap import fill_charmap
from archive.schema import transaction

BATCH_ROWS = 1_000
BULK_HASH_BYTES = 64 << 20
_USUAL_HASH_BYTES = 1 << 20  # FTS5's own default; the setting stays in the file, and a crawl runs in little memory

_DIRTY = """
SELECT d.id, d.text, d.subject, d.posted_at, p.text, p.subject, p.posted_at
FROM posts_fts_dirty d LEFT JOIN posts p USING (id) WHERE d.id > ? ORDER BY d.id LIMIT ?"""
_INSERT = "INSERT INTO posts_fts(rowid, body, title) VALUES (?, ?, ?)"
_DELETE = "INSERT INTO posts_fts(posts_fts, rowid, body, title) VALUES ('delete', ?, ?, ?)"

_DirtyRow = tuple[int, str | None, str | None, str | None, str | None, str | None, str | None]


def catch_up(conn: sqlite3.Connection) -> int:
    """Index every post that changed since the last time; returns how many there were. Part of an open transaction."""
    if conn.execute("SELECT 1 FROM posts_fts_dirty LIMIT 1").fetchone() is None:
        return 0
    with transaction(conn):
        _record_version(conn)
        count = 0
        for batch in _dirty_batches(conn):
            count += len(batch)
            _reindex_rows(conn, batch)
        conn.execute("DELETE FROM posts_fts_dirty")
    return count


def pending(conn: sqlite3.Connection) -> int:
    """How many posts changed since they were indexed."""
    return int(conn.execute("SELECT count(*) FROM posts_fts_dirty").fetchone()[0])


def index_version(conn: sqlite3.Connection) -> int | None:
    """The segmentation that the index was made with; None while nothing is indexed."""
    row = conn.execute("SELECT value FROM posts_fts_state WHERE name = 'segmentation'").fetchone()
    return int(row[0]) if row else None


def is_outdated(conn: sqlite3.Connection) -> bool:
    """Whether the index was made by other rules for words than today's, and wants `reindex`."""
    return index_version(conn) not in (None, segment.VERSION)


def reindex(conn: sqlite3.Connection, progress: Callable[[int], None] = lambda posts: None) -> int:
    """Make the whole index again from the rows; returns the number of posts. `progress` is told each batch's size.

    One transaction: readers go on with the old index until it ends, writers wait.
    """
    count = 0
    with transaction(conn):
        _set(conn, "hashsize", BULK_HASH_BYTES)
        conn.execute("INSERT INTO posts_fts(posts_fts) VALUES ('delete-all')")
        conn.execute("DELETE FROM posts_fts_dirty")
        conn.execute("DELETE FROM posts_fts_state")
        _record_version(conn)
        for rows in _post_batches(conn):
            conn.executemany(_INSERT, rows)
            count += len(rows)
            progress(len(rows))
        conn.execute("INSERT INTO posts_fts(posts_fts) VALUES ('optimize')")
        _set(conn, "hashsize", _USUAL_HASH_BYTES)
    return count


def optimise(conn: sqlite3.Connection) -> None:
    """Merge the index into one piece: after a bulk load it is a tenth smaller and quicker."""
    conn.execute("INSERT INTO posts_fts(posts_fts) VALUES ('optimize')")


def row_tokens(text: str, subject: str, posted_at: str | None) -> tuple[str, str]:
    """What the index holds of a post: (body, title)."""
    return segment.body_tokens(text, (posted_at or "")[:7]), segment.title_tokens(subject)


def _reindex_rows(conn: sqlite3.Connection, batch: list[_DirtyRow]) -> None:
    gone: list[tuple[int, str, str]] = []
    new: list[tuple[int, str, str]] = []
    for post_id, old_text, old_subject, old_time, text, subject, time in batch:
        before = None if old_text is None else row_tokens(old_text, old_subject or "", old_time)
        after = None if text is None else row_tokens(text, subject or "", time)
        if before == after:
            continue
        if before is not None:
            gone.append((post_id, *before))
        if after is not None:
            new.append((post_id, *after))
    conn.executemany(_DELETE, gone)
    conn.executemany(_INSERT, new)


def _dirty_batches(conn: sqlite3.Connection) -> Iterator[list[_DirtyRow]]:
    last = -(2**63)
    while batch := conn.execute(_DIRTY, (last, BATCH_ROWS)).fetchall():
        yield batch
        last = batch[-1][0]


def _post_batches(conn: sqlite3.Connection) -> Iterator[list[tuple[int, str, str]]]:
    rows = conn.execute("SELECT id, text, subject, posted_at FROM posts ORDER BY id")
    while batch := rows.fetchmany(BATCH_ROWS):
        yield [(post_id, *row_tokens(text, subject, time)) for post_id, text, subject, time in batch]


def _record_version(conn: sqlite3.Connection) -> None:
    """Write the version at first use, with the tables by which plain SQL folds a query: they belong together."""
    if index_version(conn) is None:
        fill_charmap(conn)
        conn.execute("INSERT INTO posts_fts_state VALUES ('segmentation', ?)", (str(segment.VERSION),))


def _set(conn: sqlite3.Connection, option: str, value: int) -> None:
    conn.execute("INSERT INTO posts_fts(posts_fts, rank) VALUES (?, ?)", (option, value))
