"""The kept page that a post's words were read from."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from archive.reading.rows import columns_of, fetch_one


@dataclass(frozen=True, slots=True)
class PostCapture:
    """A capture, as `captures` has it: its row, what was asked for and when, what came, and
    where its WARC record lies: `offset` and `length` in bytes, of a `file` that is None where
    the record was lost. `blanked`: 1 where parts of it were removed on request."""

    id: int
    url: str
    fetched_at: str
    status: int
    content_type: str
    size_bytes: int
    digest: str
    file: str | None
    offset: int
    length: int
    record: str
    blanked: int


_OF_POST: Final = f"""
SELECT {columns_of(PostCapture, "c")}
FROM posts p JOIN captures c ON c.id = p.capture_id WHERE p.id = ?
"""


def capture_of_post(conn: sqlite3.Connection, post_id: int) -> PostCapture | None:
    """The capture that the post's words come from; None where it is not kept."""
    row = fetch_one(conn, _OF_POST, post_id)
    return PostCapture(*row) if row else None
