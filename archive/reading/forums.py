"""Reads the forums of an archive, and counts what is here of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from archive.reading.lookup import MissingError
from archive.reading.rows import columns_of, fetch_one
from archive.schema import Archive, connection_of

_HOLDINGS: Final = """
SELECT t.site_id, t.board_id, count(*), coalesce(sum(n), 0)
FROM threads t
LEFT JOIN (SELECT thread_id, count(*) AS n FROM posts GROUP BY 1) p
  ON p.thread_id = t.id
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum of the file. Its clock is `utc_offset_minutes` ahead of UTC. `gone_at`: when
    another forum was found at its address; None where it is still there."""

    id: int
    name: str
    base_url: str
    software: str
    utc_offset_minutes: int
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None

    @property
    def title(self) -> str:
        """Its name, else its address."""
        return self.name or self.base_url


@dataclass(frozen=True, slots=True)
class Holdings:
    """How many threads and posts the file has of a board or forum."""

    threads: int
    posts: int


HoldingsByBoard: TypeAlias = Mapping[tuple[int, int | None], Holdings]
"""(forum, board) → what is here; the board is None for threads of no known board."""


_FORUM: Final = f"SELECT {columns_of(Forum)} FROM sites"


def list_forums(archive: Archive) -> list[Forum]:
    """All forums of the file."""
    conn = connection_of(archive)
    sql = f"{_FORUM} ORDER BY id"
    rows = conn.execute(sql)
    return [Forum(*row) for row in rows]


def get_forum(conn: sqlite3.Connection, forum_id: int) -> Forum:
    """One forum. Raises MissingError where the file has none of that number."""
    row = fetch_one(conn, f"{_FORUM} WHERE id = ?", forum_id)
    if row is None:
        raise MissingError("forum")
    return Forum(*row)


def count_holdings(
    conn: sqlite3.Connection,
) -> dict[tuple[int, int | None], Holdings]:
    """What is in the file, by forum and board. Reads all threads and counts all posts: a
    second for a million."""
    counted = {}
    for row in conn.execute(_HOLDINGS):
        site_id, board_id, threads, posts = row
        counted[site_id, board_id] = Holdings(threads, posts)
    return counted


def sum_holdings(counted: HoldingsByBoard, forum_id: int) -> Holdings | None:
    """What is here of a whole forum; None where nothing of it was counted."""
    threads = 0
    posts = 0
    for (site_id, _), of_board in counted.items():
        if site_id != forum_id:
            continue
        threads += of_board.threads
        posts += of_board.posts
    return Holdings(threads, posts) if threads else None
