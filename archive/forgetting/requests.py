"""Requests to forget something, and the log of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, fields
from typing import Final, Literal, TypeAlias

RequestKind: TypeAlias = Literal["user", "thread", "post", "text"]
Step: TypeAlias = Literal["pages", "index", "file", "done"]

_COLUMNS: Final = (
    "id, asked_at, kind, reason, asked_by, step, posts, others, threads, members, media, "
    "captures_blanked, captures_removed, done_at"
)
_INSERT: Final = """
  INSERT INTO forgetting_requests(asked_at, kind, reason, asked_by, posts, others, threads,
    members, media)
  VALUES (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), :kind, :reason, :asked_by, :posts, :others,
    :threads, :members, :media)
  RETURNING id"""
_ALL: Final = f"SELECT {_COLUMNS} FROM forgetting_requests ORDER BY id"
_HAS_UNDONE: Final = "SELECT 1 FROM forgetting_requests WHERE step <> 'done' LIMIT 1"
_STEPS: Final = "SELECT DISTINCT step FROM forgetting_requests WHERE step <> 'done'"
_ADVANCE: Final = """
  UPDATE forgetting_requests SET step = :to,
    done_at = iif(:to = 'done', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), NULL)
  WHERE step = :step"""
_COUNT: Final = """
  UPDATE forgetting_requests SET captures_blanked = captures_blanked + ?,
    captures_removed = captures_removed + ?
  WHERE id = (SELECT max(id) FROM forgetting_requests WHERE step <> 'done')"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be forgotten: `number` is the forum's own of a member, thread or post, of
    the forum `site_id`; `passages` are words, wherever they stand. `reason` and `asked_by`
    are kept as they are given."""

    kind: RequestKind
    site_id: int = 0
    number: int = 0
    passages: tuple[str, ...] = ()
    reason: str = ""
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A row of `forgetting_requests`: see there."""

    id: int
    asked_at: str
    kind: RequestKind
    reason: str
    asked_by: str
    step: Step
    posts: int
    others: int
    threads: int
    members: int
    media: int
    captures_blanked: int
    captures_removed: int
    done_at: str | None

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def log_request(
    conn: sqlite3.Connection, request: Request, counts: dict[str, int]
) -> int:
    """Write a request down; its number."""
    values: dict[str, object] = {
        "kind": request.kind,
        "reason": request.reason,
        "asked_by": request.asked_by,
        **counts,
    }
    row = conn.execute(_INSERT, values).fetchone()
    return int(row[0])


def requests_in(conn: sqlite3.Connection) -> list[LoggedRequest]:
    """All requests, oldest first."""
    return [LoggedRequest(*row) for row in conn.execute(_ALL)]


def is_unfinished(conn: sqlite3.Connection) -> bool:
    """Whether a removal was begun and is not done."""
    return conn.execute(_HAS_UNDONE).fetchone() is not None


def steps_left(conn: sqlite3.Connection) -> set[str]:
    """The steps at which removals stand."""
    return {step for (step,) in conn.execute(_STEPS)}


def advance(conn: sqlite3.Connection, step: Step, to: Step) -> None:
    """A step is done: what stood there is at the next."""
    conn.execute(_ADVANCE, {"step": step, "to": to})


def count_captures(conn: sqlite3.Connection, blanked: int, removed: int) -> None:
    """Add to what the request under way did to kept pages."""
    conn.execute(_COUNT, (blanked, removed))
