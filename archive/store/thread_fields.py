"""A thread's sorted information (分类信息) → rows: that of the fullest layout, and of the newest
page of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from archive.store.layouts import rank_of
from archive.store.upsert import is_newer
from scraper.core.records import Field

_STORED: Final = """
  SELECT thread_id, position, name, value FROM thread_fields
  WHERE thread_id = ? ORDER BY position"""
_SOURCE: Final = """
  SELECT c.theme, c.fetched_at, c.id
  FROM threads t JOIN captures c ON c.id = t.fields_capture_id WHERE t.id = ?"""
_DELETE: Final = "DELETE FROM thread_fields WHERE thread_id = ?"
_INSERT: Final = """
  INSERT INTO thread_fields(thread_id, position, name, value) VALUES (?, ?, ?, ?)"""
_SET_SOURCE: Final = """
  UPDATE threads SET fields_capture_id = ?1
  WHERE id = ?2 AND fields_capture_id IS NOT ?1"""


def save_fields(
    conn: sqlite3.Connection,
    thread_id: int,
    fields: Sequence[Field],
    at: str,
    rank: int,
    capture_id: int | None,
) -> None:
    """Write the fields that a thread's page shows, captured at a time in a layout of a rank;
    those of a fuller layout or a newer page stay."""
    if not fields:
        return
    source = conn.execute(_SOURCE, (thread_id,)).fetchone()
    if source and not _replaces(source, at, rank, capture_id):
        return
    observed = []
    for position, field in enumerate(fields, 1):
        row = (thread_id, position, field.name, field.value)
        observed.append(row)
    stored = conn.execute(_STORED, (thread_id,)).fetchall()
    if observed != stored:
        conn.execute(_DELETE, (thread_id,))
        conn.executemany(_INSERT, observed)
    if source or observed != stored:
        conn.execute(_SET_SOURCE, (capture_id, thread_id))


def _replaces(
    source: tuple[str, str, int],
    at: str,
    rank: int,
    capture_id: int | None,
) -> bool:
    theme, source_at, source_id = source
    source_rank = rank_of(theme)
    if rank != source_rank:
        return rank > source_rank
    return is_newer(at, capture_id, source_at, source_id)
