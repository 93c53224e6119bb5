"""A copy of an archive that holds what was chosen and may be shown, and nothing else: no
captures, no crawls, no folders of this machine. What is in it is listed here."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.export.job import Job
from archive.index.segment import VERSION
from archive.index.writer import INDEXES, catch_up, index_version, optimise
from archive.reading.chosen import chosen_posts
from archive.reading.rows import fetch_column
from archive.schema import connect, transaction

_ROWS_AT_ONCE: Final = 1_000
_CHOSEN: Final = ("forums", "threads", "posts", "users")
_OF_FORUM: Final = "site_id IN (SELECT id FROM temp.site_forums)"
_OF_THREAD: Final = "thread_id IN (SELECT id FROM temp.site_threads)"
_OF_POST: Final = "post_id IN (SELECT id FROM temp.site_posts)"
_OF_USER: Final = "user_id IN (SELECT id FROM temp.site_users)"


@dataclass(frozen=True, slots=True)
class _Table:
    """A table, which of its rows are taken, and the columns that stay empty."""

    name: str
    where: str
    without: tuple[str, ...] = ()


_TABLES: Final = (
    _Table("sites", "id IN (SELECT id FROM temp.site_forums)"),
    _Table("site_addresses", _OF_FORUM),
    _Table("own_addresses", _OF_FORUM),
    _Table("boards", _OF_FORUM),
    _Table("users", "id IN (SELECT id FROM temp.site_users)"),
    _Table("user_fields", _OF_USER),
    _Table("threads", "id IN (SELECT id FROM temp.site_threads)"),
    _Table("thread_tags", _OF_THREAD),
    _Table("thread_fields", _OF_THREAD),
    _Table("forgotten_places", _OF_THREAD),
    _Table("posts", "id IN (SELECT id FROM temp.site_posts)", ("capture_id",)),
    _Table("post_versions", _OF_POST, ("capture_id",)),
    _Table("quotes", _OF_POST),
    _Table("attachments", _OF_POST),
    _Table("images", _OF_POST),
    _Table("links", _OF_POST),
    _Table("ratings", _OF_POST),
    _Table("comments", _OF_POST),
    _Table("polls", _OF_POST),
    _Table("poll_options", _OF_POST),
    _Table("media", f"{_OF_FORUM} AND state = 'done' AND capture_id IS NOT NULL"),
)
_INDEX_PARTS: Final = ("data", "idx", "docsize", "dirty")
_FACTS: Final = ("posts_fts_charmap", "posts_fts_kinds", "posts_fts_state")
_FORUMS: Final = """
INSERT INTO temp.site_forums
SELECT DISTINCT site_id FROM threads WHERE id IN (SELECT id FROM temp.site_threads)
"""
_AUTHORS: Final = """
INSERT INTO temp.site_users
SELECT user_id FROM posts
WHERE id IN (SELECT id FROM temp.site_posts) AND user_id IS NOT NULL
UNION
SELECT user_id FROM threads
WHERE id IN (SELECT id FROM temp.site_threads) AND user_id IS NOT NULL
"""
_ALL_USERS: Final = (
    f"INSERT INTO temp.site_users SELECT id FROM users WHERE {_OF_FORUM}"
)


def make_copy(job: Job, path: Path) -> sqlite3.Connection:
    """The copy, in a new file, with a search index of what is in it."""
    _list_chosen(job)
    with closing(connect(path)) as copy:
        # what posts were read from stays behind
        copy.execute("PRAGMA foreign_keys = OFF")
        with transaction(copy):
            for table in _TABLES:
                _copy_table(job.conn, copy, table)
            is_whole = job.choice.is_everything
            if is_whole and index_version(job.conn) == VERSION:
                _copy_index(job.conn, copy)

    # anew: FTS5 remembers how the index was before its tables were filled
    copy = connect(path)
    with transaction(copy):
        catch_up(copy)
    optimise(copy)
    return copy


def _list_chosen(job: Job) -> None:
    """The rows of what was chosen, as temporary tables of the archive's connection."""
    conn = job.conn
    choice = job.choice
    for name in _CHOSEN:
        conn.execute(f"DROP TABLE IF EXISTS temp.site_{name}")
        conn.execute(f"CREATE TEMP TABLE site_{name} (id INTEGER PRIMARY KEY)")
    _insert(conn, "threads", job.thread_ids)
    for thread_id in job.thread_ids:
        _insert(
            conn,
            "posts",
            chosen_posts(conn, choice, thread_id),
        )
    if not choice.has_whole_forums:
        conn.execute(_FORUMS)
        conn.execute(_AUTHORS)
        return
    _insert(
        conn,
        "forums",
        choice.forums or fetch_column(conn, "SELECT id FROM sites"),
    )
    conn.execute(_ALL_USERS)


def _insert(conn: sqlite3.Connection, name: str, rows: object) -> None:
    assert isinstance(rows, list | tuple)
    sql = f"INSERT INTO temp.site_{name} VALUES (?)"
    conn.executemany(sql, [(row,) for row in rows])


def _copy_table(
    source: sqlite3.Connection, copy: sqlite3.Connection, table: _Table
) -> None:
    info = source.execute(f"PRAGMA table_info({table.name})")
    names = [row[1] for row in info]
    kept = [name for name in names if name not in table.without]
    columns = ", ".join(kept)
    marks = ", ".join("?" * len(kept))
    rows = source.execute(f"SELECT {columns} FROM {table.name} WHERE {table.where}")
    sql = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        copy.executemany(sql, batch)


def _copy_index(source: sqlite3.Connection, copy: sqlite3.Connection) -> None:
    """Take the index as it is: to make it again costs more than all else."""
    names = list(_FACTS)
    for index in INDEXES:
        names += [f"{index.name}_{part}" for part in _INDEX_PARTS]
    for name in names:
        copy.execute(f"DELETE FROM {name}")
        _copy_table(
            source,
            copy,
            _Table(name, "1"),
        )
