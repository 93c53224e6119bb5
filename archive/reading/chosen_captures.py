"""Reads which captures belong to what is chosen: pages of its threads and boards, and the
pictures and files of its posts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archive.reading.chosen import Choice

_CAPTURES: Final = """
SELECT c.id, c.site_id, c.url, c.fetched_at, c.status, c.content_type, c.digest, c.kind,
  coalesce(t.title, b.name, '')
FROM captures c
LEFT JOIN threads t ON t.id = c.thread_id
LEFT JOIN boards b ON b.id = c.board_id
WHERE {where}
ORDER BY c.id
"""
_OF_FORUMS: Final = """
c.site_id IN (SELECT value FROM json_each(:forums)) OR :forums = '[]'
"""
_OF_PART: Final = """
c.thread_id IN (SELECT value FROM json_each(:threads))
OR c.board_id IN (SELECT value FROM json_each(:boards))
OR c.id IN (
  SELECT m.capture_id FROM media m JOIN posts p ON p.id = m.post_id
  WHERE p.thread_id IN (SELECT value FROM json_each(:threads))
)
OR c.id IN (
  SELECT m.capture_id FROM media m
  WHERE m.requisite <> '' AND m.requisite <> 'thumb' AND m.site_id IN (
    SELECT site_id FROM threads WHERE id IN (SELECT value FROM json_each(:threads)))
)
"""


@dataclass(frozen=True, slots=True)
class ChosenCapture:
    """A capture: its row and that of its forum, what was asked for and when, what came, and
    the title of the thread or board that it shows."""

    id: int
    site_id: int | None
    url: str
    fetched_at: str
    status: int
    content_type: str
    digest: str
    kind: str
    title: str


def chosen_captures(
    conn: sqlite3.Connection, choice: Choice, thread_ids: Sequence[int]
) -> list[ChosenCapture]:
    """The captures of what is chosen, oldest first. `thread_ids`: the rows of its threads.

    Of whole forums it is all that was captured of them; else the pages of the threads and
    boards, the pictures of their posts, and what pages of the forum need to look as they did.
    """
    where = _OF_FORUMS if choice.has_whole_forums else _OF_PART
    params = {
        "forums": json.dumps(choice.forums),
        "boards": json.dumps(choice.boards),
        "threads": json.dumps(list(thread_ids)),
    }
    sql = _CAPTURES.format(where=where)
    rows = conn.execute(sql, params)
    return [ChosenCapture(*row) for row in rows]
