"""Captures that end what reads them, a parser process or the whole program: they are set
aside, named, and passed over until a newer version of the program reads them, or somebody
asks for it.

A capture is a suspect while it is read. One that is found to be so by a later run is read by
itself; where that does not come to its end twice it is set aside.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from archive.schema import transaction
from archive.store.sites import Sites
from scraper.core.errors import PageError

SET_ASIDE: Final = "set aside"
"""What became of a capture that ended what read it, as its reason begins."""
ENDED_PROGRAM: Final = "the program ended twice while it was being read"
TRIED_AGAIN: Final = "`reparse --failed` tries it again"

_MOST_TRIES: Final = 2
"""A run may be killed from without just while it reads one."""
_TRIES: Final = "SELECT tries FROM suspects WHERE capture_id = ?"
_BEGIN: Final = """
  INSERT INTO suspects(capture_id, tries) VALUES (?, 1)
  ON CONFLICT DO UPDATE SET tries = tries + 1"""
_WATCH: Final = """
  INSERT INTO suspects(capture_id, tries) VALUES (?, 0) ON CONFLICT DO NOTHING"""
_CALL_OFF: Final = """
  UPDATE suspects SET tries = tries - 1 WHERE capture_id = ? AND reason = ''"""
_FORGET: Final = (
    "DELETE FROM suspects WHERE capture_id = ? AND reason = '' AND tries < 1"
)
_END: Final = "DELETE FROM suspects WHERE capture_id = ? AND reason = ''"
_CLEAR: Final = "DELETE FROM suspects WHERE capture_id = ?"
_SET_ASIDE: Final = """
  INSERT INTO suspects(capture_id, tries, reason, version) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET reason = excluded.reason, version = excluded.version"""
_TRY_AGAIN: Final = """
  UPDATE suspects SET reason = '', tries = 1 WHERE reason <> '' AND (version <> ? OR ?)"""
_LEFT: Final = "SELECT capture_id FROM suspects WHERE reason = '' ORDER BY capture_id"
_ALL: Final = """
  SELECT c.id, c.url, c.fetched_at, s.reason, s.version
  FROM suspects s JOIN captures c ON c.id = s.capture_id WHERE s.reason <> ''"""
_ONE: Final = f"{_ALL} AND c.id = ?"
_IN_ORDER: Final = f"{_ALL} ORDER BY c.id LIMIT ?"
_ALL_OF_THEM: Final = -1


class SetAsideError(PageError):
    """A page that is set aside; `reason`: why."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{SET_ASIDE}: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SetAside:
    """A capture that is set aside: its number, address and time, the reason, and the version
    of the program that could not read it."""

    capture_id: int
    url: str
    fetched_at: str
    reason: str
    version: str

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "capture": self.capture_id,
            "url": self.url,
            "fetched_at": self.fetched_at,
            "reason": self.reason,
        }


@contextmanager
def reading(conn: sqlite3.Connection, capture_id: int) -> Iterator[bool]:
    """A capture is read by itself, outside of a transaction; False where it must not be, but
    is to be set aside. An end with words is none of its doing."""
    with _called_off(conn, [capture_id]):
        yield _begin(conn, capture_id)
    conn.execute(_END, (capture_id,))


@contextmanager
def watching(conn: sqlite3.Connection, capture_ids: Collection[int]) -> Iterator[None]:
    """Captures are read together, outside of a transaction. Those that are settled are
    cleared with that; where the program ends before, each is read by itself later."""
    if not capture_ids:
        yield
        return
    rows = [(each,) for each in capture_ids]
    with transaction(conn):
        conn.executemany(_WATCH, rows)
    with _called_off(conn, capture_ids):
        yield


def clear(conn: sqlite3.Connection, capture_id: int) -> None:
    """It was read, whatever came of it."""
    conn.execute(_CLEAR, (capture_id,))


def set_aside(
    conn: sqlite3.Connection, capture_id: int, reason: str, version: str
) -> None:
    """Pass over a capture from now on."""
    conn.execute(_SET_ASIDE, (capture_id, _MOST_TRIES, reason, version))


def try_again(conn: sqlite3.Connection, version: str, also_ours: bool) -> None:
    """Let what other versions of the program set aside be read once more, each by itself;
    also what this one did."""
    conn.execute(_TRY_AGAIN, (version, also_ours))


def under_suspicion(conn: sqlite3.Connection) -> list[int]:
    """Captures to be read by themselves: those that a run was reading when it ended without
    a word, and those that are tried again."""
    return [capture_id for (capture_id,) in conn.execute(_LEFT)]


def find(conn: sqlite3.Connection, capture_id: int) -> SetAside | None:
    """A capture that is set aside; None where it is not."""
    row = conn.execute(_ONE, (capture_id,)).fetchone()
    return SetAside(*row) if row else None


def list_set_aside(
    conn: sqlite3.Connection, most: int = _ALL_OF_THEM
) -> list[SetAside]:
    """The captures that are set aside, `most` of them, in the order of their numbers."""
    return [SetAside(*row) for row in conn.execute(_IN_ORDER, (most,))]


def of_forum(conn: sqlite3.Connection, site_id: int | None) -> list[SetAside]:
    """The captures of a forum that are set aside."""
    return by_forum(conn).get(site_id, [])


def by_forum(conn: sqlite3.Connection) -> dict[int | None, list[SetAside]]:
    """All captures that are set aside by the number of their forum; None where it is not
    known. Their addresses alone tell it: no parser has."""
    sites = Sites(conn)
    found: dict[int | None, list[SetAside]] = {}
    for each in list_set_aside(conn):
        site_id = sites.find(each.url)
        found.setdefault(site_id, []).append(each)
    return found


def _begin(conn: sqlite3.Connection, capture_id: int) -> bool:
    row = conn.execute(_TRIES, (capture_id,)).fetchone()
    if row is not None and row[0] >= _MOST_TRIES:
        return False
    conn.execute(_BEGIN, (capture_id,))
    return True


@contextmanager
def _called_off(
    conn: sqlite3.Connection, capture_ids: Collection[int]
) -> Iterator[None]:
    """Count a try that ended with an error as none."""
    try:
        yield
    except BaseException:
        rows = [(each,) for each in capture_ids]
        with suppress(sqlite3.Error), transaction(conn):  # the first error is told
            conn.executemany(_CALL_OFF, rows)
            conn.executemany(_FORGET, rows)
        raise
