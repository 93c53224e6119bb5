"""Takes what is forgotten out of what people asked for: addresses in the log of runs, and what
each forum is crawled for from one run to the next. Within a transaction of the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from archive.forgetting.choosing import Chosen
from archive.store.forgotten import REMOVED
from archive.store.sites import Sites

_TIDS: Final = """
  SELECT tid FROM threads WHERE tid IS NOT NULL
    AND id IN (SELECT value FROM json_each(?))"""
_RUNS: Final = "SELECT id, arguments FROM runs WHERE arguments <> ''"
_SET_RUN: Final = "UPDATE runs SET arguments = ? WHERE id = ?"
_SCOPE: Final = "SELECT scope FROM crawls WHERE site_id = ? AND scope <> ''"
_SET_SCOPE: Final = "UPDATE crawls SET scope = ? WHERE site_id = ?"


@dataclass(frozen=True, slots=True)
class _Forgotten:
    """The numbers of what is forgotten, on one forum, and the names of members."""

    site_id: int
    tids: frozenset[int]
    pids: frozenset[int]
    uids: frozenset[int]
    names: frozenset[str]

    def is_in(self, word: str, sites: Sites) -> bool:
        """Whether an address, or the name of a file, has one of them."""
        if any(name in word for name in self.names):
            return True
        return self._is_named_by(word, sites)

    def _is_named_by(self, url: str, sites: Sites) -> bool:
        target = sites.target(url)
        if target is None or not self._may_be_of_forum(url, sites):
            return False
        if target.tid in self.tids or target.uid in self.uids:
            return True
        match target.kind:
            case "thread":
                return target.id in self.tids
            case "post" | "ratings" | "comments":
                return target.id in self.pids
            case "user":
                return target.id in self.uids or target.name in self.names
        return False

    def _may_be_of_forum(self, url: str, sites: Sites) -> bool:
        """Whether an address is the forum's; the name of a file tells of none."""
        if "://" in url:
            return sites.find(url) == self.site_id
        return True


def remove_asked(conn: sqlite3.Connection, chosen: Chosen) -> None:
    """Take the numbers and names of a request out; before its rows are removed, which tell them."""
    site_id = chosen.request.site_id
    threads = json.dumps(sorted(chosen.threads))
    forgotten = _Forgotten(
        site_id=site_id,
        tids=frozenset(tid for (tid,) in conn.execute(_TIDS, (threads,))),
        pids=frozenset(pid for _, pid in chosen.pids),
        uids=frozenset(chosen.uids),
        names=frozenset(chosen.names),
    )
    _blank_runs(conn, forgotten)
    _narrow_scope(conn, forgotten)


def _blank_runs(conn: sqlite3.Connection, forgotten: _Forgotten) -> None:
    sites = Sites(conn)
    for run_id, arguments in conn.execute(_RUNS).fetchall():
        words = [
            REMOVED if forgotten.is_in(word, sites) else word
            for word in arguments.split(" ")
        ]
        left = " ".join(words)
        if left != arguments:
            conn.execute(_SET_RUN, (left, run_id))


def _narrow_scope(conn: sqlite3.Connection, forgotten: _Forgotten) -> None:
    """A scope of which nothing is left stays one of nothing: it does not become the whole
    forum."""
    row = conn.execute(_SCOPE, (forgotten.site_id,)).fetchone()
    if row is None:
        return
    named = json.loads(row[0])
    for kind, gone in (("threads", forgotten.tids), ("users", forgotten.uids)):
        named[kind] = _without(named[kind], gone)
    conn.execute(_SET_SCOPE, (json.dumps(named), forgotten.site_id))


def _without(items: Collection[int], gone: Collection[int]) -> list[int]:
    return [item for item in items if item not in gone]
