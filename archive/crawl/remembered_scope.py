"""What a forum is crawled for, from one run to the next: the boards, threads and members that
were named, or all of it once the whole forum was asked for."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from scraper.policy.plan import ANYTHING, Scope

WHOLE: Final = ""
"""The text of a scope that is the whole forum."""

_SCOPE: Final = "SELECT scope FROM crawls WHERE address = ?"
_ALL: Final = "SELECT address, scope FROM crawls ORDER BY site_id"


def scope_text(scope: Scope) -> str:
    """What a run is about, as the archive keeps it."""
    if scope.whole:
        return WHOLE
    named = {
        "boards": sorted(scope.boards),
        "threads": sorted(scope.threads),
        "users": sorted(scope.users),
    }
    return json.dumps(named)


def joined_text(before: str, scope: Scope) -> str:
    """What was asked for so far together with what a run asks for."""
    if before == WHOLE or scope.whole:
        return WHOLE
    known = _scope_of(before)
    both = Scope(
        boards=known.boards | scope.boards,
        threads=known.threads | scope.threads,
        users=known.users | scope.users,
    )
    return scope_text(both)


def remembered_scope(conn: sqlite3.Connection, address: str) -> Scope:
    """What was asked for so far of the forum that is crawled at an address."""
    row = conn.execute(_SCOPE, (address,)).fetchone()
    return _scope_of(row[0]) if row else ANYTHING


def addresses_to_go_on(conn: sqlite3.Connection) -> list[str]:
    """The forums that a run goes on with where no address is given: those not of which all
    that was asked for has been removed on request."""
    addresses = []
    for address, text in conn.execute(_ALL):
        has_nothing = text != WHOLE and _scope_of(text).whole
        if not has_nothing:
            addresses.append(address)
    return addresses


def _scope_of(text: str) -> Scope:
    if text == WHOLE:
        return ANYTHING
    named = json.loads(text)
    return Scope(
        boards=frozenset(named["boards"]),
        threads=frozenset(named["threads"]),
        users=frozenset(named["users"]),
    )
