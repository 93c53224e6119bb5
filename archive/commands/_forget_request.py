"""What somebody asks to be forgotten, as typed: a number or an address, or words of a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from archive.forgetting.requests import Request, RequestKind
from archive.store.forgotten import squeeze
from archive.store.sites import Sites
from scraper.addresses.urls import parse_url
from scraper.core.errors import InputError

LEAST_PASSAGE_CHARS: Final = 4
"""Fewer characters stand everywhere."""
_MAX_NUMBER: Final = (1 << 63) - 1
_FORUMS: Final[Mapping[str, str]] = {
    "user": "SELECT site_id FROM users WHERE uid = ?",
    "thread": "SELECT site_id FROM threads WHERE tid = ?",
    "post": "SELECT site_id FROM posts WHERE pid = ?",
}
_ADDRESS: Final = "SELECT base_url FROM sites WHERE id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed. `named`: numbers and addresses, by kind; `passages` are the lines of a
    file, None where none was named."""

    named: Mapping[str, str]
    passages: str | None
    forum: str | None
    reason: str
    asked_by: str

    def __bool__(self) -> bool:
        return bool(self.named) or self.passages is not None


def request_of(conn: sqlite3.Connection, typed: Typed) -> Request:
    """The request that is meant. InputError where it is about nothing of the archive, or
    could be about several things."""
    named = typed.named
    passages = typed.passages
    if len(named) + bool(passages) != 1:
        raise InputError("name one thing: --user, --thread, --post or --text")
    if passages:
        return Request(
            kind="text",
            passages=tuple(_lines(passages)),
            reason=typed.reason,
            asked_by=typed.asked_by,
        )
    ((kind, word),) = named.items()
    site_id, number = _thing(
        conn,
        kind,
        word.strip(),
        typed.forum,
    )
    return Request(
        kind=_kind(kind),
        site_id=site_id,
        number=number,
        reason=typed.reason,
        asked_by=typed.asked_by,
    )


def _kind(name: str) -> RequestKind:
    match name:
        case "user":
            return "user"
        case "thread":
            return "thread"
        case _:
            return "post"


def _lines(passages: str) -> list[str]:
    lines = [line.strip() for line in passages.splitlines() if line.strip()]
    short = [line for line in lines if len(squeeze(line)) < LEAST_PASSAGE_CHARS]
    if short:
        raise InputError(
            f"{short[0]!r}: words of fewer than {LEAST_PASSAGE_CHARS} characters "
            "stand everywhere: give more of them"
        )
    return lines


def _thing(
    conn: sqlite3.Connection, kind: str, typed: str, forum: str | None
) -> tuple[int, int]:
    """The forum's row, and the number there."""
    if typed.isdecimal() and int(typed) <= _MAX_NUMBER:
        number = int(typed)
        return _forum_of(conn, kind, number, forum), number
    target = parse_url(typed)
    if target is None or target.kind != kind or not isinstance(target.id, int):
        raise InputError(f"{typed}: neither a number nor the address of a {kind}")
    return _known_forum(conn, typed), target.id


def _forum_of(
    conn: sqlite3.Connection, kind: str, number: int, forum: str | None
) -> int:
    if forum is not None:
        return _known_forum(conn, forum)
    sites = {site_id for (site_id,) in conn.execute(_FORUMS[kind], (number,))}
    if not sites:
        raise InputError(f"{number}: the archive has no {kind} of that number")
    if len(sites) > 1:
        listed = ", ".join(
            conn.execute(_ADDRESS, (each,)).fetchone()[0] for each in sites
        )
        raise InputError(
            f"{number}: several forums have a {kind} of that number ({listed}): "
            "say which with --forum"
        )
    (site_id,) = sites
    return int(site_id)


def _known_forum(conn: sqlite3.Connection, address: str) -> int:
    site_id = Sites(conn).find(address)
    if site_id is None:
        raise InputError(f"{address}: no forum of that address is in the archive")
    return site_id
