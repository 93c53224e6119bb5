"""What is left of one forum's frontier: counts, when something is due next, pages given up."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from archive.crawl.values import stamp
from scraper.policy.plan import Key, Scope

State: TypeAlias = Literal["due", "done", "given_up"]

_TID: Final = (
    """CASE WHEN kind IN ('thread', 'all_parts', 'archiver') THEN item ELSE tid END"""
)

_COUNT_DUE: Final = (
    "SELECT count(*) FROM frontier WHERE site_id = :site_id AND state = 'due'"
)
_COUNT_REVISITS: Final = """SELECT count(*) FROM frontier
  WHERE site_id = :site_id AND state = 'done' AND due_at <= :now"""
_ANY: Final = "SELECT 1 FROM frontier WHERE site_id = :site_id"
_ANY_DUE: Final = """SELECT 1 FROM frontier
  WHERE site_id = :site_id AND state = 'due' AND due_at <= :until"""
_NEXT_DUE: Final = """SELECT min(due_at) FROM frontier
  WHERE site_id = :site_id AND state = 'due'"""
_NEXT_VISIT: Final = """SELECT min(due_at) FROM frontier
  WHERE site_id = :site_id AND state <> 'given_up'"""
_REFUSED_BOARDS: Final = """SELECT count(*) FROM frontier
  WHERE site_id = :site_id AND kind = 'board' AND page = 1 AND outcome = 'refused'"""
_BEFORE_LOGIN: Final = """SELECT count(DISTINCT item)
  FROM frontier f JOIN crawls c ON c.site_id = f.site_id
  WHERE f.site_id = :site_id AND f.kind = 'thread' AND f.outcome IN ('page', 'part')
    AND c.member = 1 AND f.visited_at < c.member_since"""
_GIVEN_UP: Final = """SELECT kind, item, page, state, outcome, message, tries, tid
  FROM frontier
  WHERE site_id = :site_id AND (state = 'given_up' OR outcome = 'refused')
  ORDER BY state DESC, kind, item, page"""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A page that was given up, or is refused, and why. `tid`: of a post's window."""

    key: Key
    state: State
    outcome: str
    message: str
    tries: int
    tid: int | None = None


class Backlog:
    """What is left to visit of one forum. Reads only."""

    def __init__(self, conn: sqlite3.Connection, site_id: int) -> None:
        self._conn = conn
        self._site_id = site_id

    def count_due(self, now: datetime, scope: Scope) -> int:
        """How many pages are left to visit, those to be tried again later included."""
        condition, items = in_scope(scope)
        due = self._value(
            f"{_COUNT_DUE} {condition}",
            **items,
        )
        revisits = self._value(
            f"{_COUNT_REVISITS} {condition}",
            now=stamp(now),
            **items,
        )
        return int(due) + int(revisits)

    def knows(self, scope: Scope) -> bool:
        """Whether anything that a run is about was found before."""
        condition, items = in_scope(scope)
        query = f"{_ANY} {condition} LIMIT 1"
        return self._value(query, **items) is not None

    def has_due(self, scope: Scope, until: datetime) -> bool:
        """Whether something is left to visit until some time; revisits do not count."""
        condition, items = in_scope(scope)
        query = f"{_ANY_DUE} {condition} LIMIT 1"
        return self._value(query, until=stamp(until), **items) is not None

    def next_due(self, scope: Scope) -> datetime | None:
        """When the next page that is new or to be tried again is due; None where none is."""
        condition, items = in_scope(scope)
        query = f"{_NEXT_DUE} {condition}"
        return _time(self._value(query, **items))

    def next_visit(self) -> datetime | None:
        """When anything at all is due next, revisits included."""
        return _time(self._value(_NEXT_VISIT))

    def count_refused_boards(self) -> int:
        """How many boards the forum refuses."""
        return int(self._value(_REFUSED_BOARDS))

    def count_before_login(self) -> int:
        """How many threads have pages that were last visited as a guest."""
        return int(self._value(_BEFORE_LOGIN))

    def given_up(self) -> list[GivenUp]:
        """Pages given up, and pages that the forum refuses."""
        found = list[GivenUp]()
        for kind, item, page, *rest in self._rows(_GIVEN_UP):
            key = Key(kind, item, page)
            found.append(GivenUp(key, *rest))
        return found

    def _value(self, query: str, **values: object) -> Any:
        row = self._rows(query, **values).fetchone()
        return row[0] if row else None

    def _rows(self, query: str, **values: object) -> sqlite3.Cursor:
        values["site_id"] = self._site_id
        return self._conn.execute(query, values)


def in_scope(scope: Scope) -> tuple[str, dict[str, str]]:
    """A condition on rows of the frontier that keeps to what a run is about, and the values
    of its parameters."""
    if scope.whole:
        return "", {}

    parts = list[str]()
    values = dict[str, str]()
    for name, column, items in (
        ("boards", "fid", scope.boards),
        ("threads", _TID, scope.threads),
        ("users", "kind = 'user' AND item", scope.users),
    ):
        if items:
            parts.append(f"({column} IN {values_of(name)})")
            values[name] = json.dumps(sorted(items))
    return f"AND ({' OR '.join(parts)})", values


def values_of(name: str) -> str:
    """The numbers of a parameter that is a JSON array: any number of them."""
    return f"(SELECT value FROM json_each(:{name}))"


def _time(value: str | None) -> datetime | None:
    if not value:
        return None
    return datetime.fromisoformat(value)
