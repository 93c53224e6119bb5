"""What a person asks for → what is chosen: forums, boards, threads, and what a search finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.reading.chosen import Choice
from archive.reading.forums import Forum, list_forums
from archive.reading.lookup import Kind, MissingError, find_row, has_row
from archive.search.api import notices_of
from archive.search.executor import look_up
from archive.search.notices import SearchNotice
from archive.search.planner import plan
from archive.search.query import Query, parse
from archive.search.stats import IndexStats
from scraper.core.errors import InputError

_FOUND_AT_ONCE: Final = 1000
_ROW_MARK: Final = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person asks for. `threads` are the forum's numbers, or `~17` for a row of the
    file; `boards` the forum's numbers; `site` a row, or a part of a forum's name or address.
    """

    threads: tuple[str, ...] = ()
    boards: tuple[int, ...] = ()
    site: str = ""
    query: str = ""
    author: str = ""
    only_opener: bool = False

    def as_json(self) -> dict[str, object]:
        """What was asked for; what was not is left out."""
        values = {
            "threads": list(self.threads),
            "boards": list(self.boards),
            "site": self.site,
            "query": self.query,
            "author": self.author,
            "only_opener": self.only_opener,
        }
        return {name: value for name, value in values.items() if value}


def choose(
    conn: sqlite3.Connection, asked: Asked, now: datetime | None = None
) -> tuple[Choice, tuple[SearchNotice, ...]]:
    """What is chosen, and what should be known of the search. `now`: when it is asked, in UTC,
    from which 昨天 counts in a query. MissingError where the archive
    has no such forum, board or thread; InputError where several forums have one."""
    forums = _forums(conn, asked.site)
    boards = [_only_row(conn, "board", forums, fid) for fid in asked.boards]
    threads = [_thread_row(conn, forums, typed) for typed in asked.threads]
    posts = None
    notices: tuple[SearchNotice, ...] = ()
    if asked.query:
        query = parse(asked.query, now)
        posts, notices = _found(conn, query)

    forum_ids = [forum.id for forum in forums] if asked.site else []
    choice = Choice(
        forums=tuple(forum_ids),
        boards=tuple(boards),
        threads=tuple(threads),
        posts=posts,
        author=asked.author,
        only_opener=asked.only_opener,
    )
    return choice, notices


def _forums(conn: sqlite3.Connection, asked: str) -> list[Forum]:
    """The forums that are meant: all of them where none is named."""
    forums = list_forums(conn)
    if not asked:
        return forums
    by_row = [forum for forum in forums if str(forum.id) == asked]
    if by_row:
        return by_row
    wanted = asked.casefold()
    found = [forum for forum in forums if wanted in _names(forum)]
    if not found:
        known = _listed(forums)
        raise MissingError("forum", f"no forum here is called {asked!r}: {known}")
    if len(found) > 1:
        several = _listed(found)
        raise InputError(f"several forums are called {asked!r}: name one of {several}")
    return found


def _names(forum: Forum) -> str:
    return f"{forum.name}\n{forum.base_url}".casefold()


def _listed(forums: Sequence[Forum]) -> str:
    named = [f"{forum.id} {forum.title}" for forum in forums]
    return ", ".join(named) or "the archive is empty"


def _thread_row(conn: sqlite3.Connection, forums: Sequence[Forum], typed: str) -> int:
    """The row of a thread: of its number, or of what `~17` names."""
    is_row = typed.startswith(_ROW_MARK)
    digits = typed.removeprefix(_ROW_MARK)
    if not digits.isascii() or not digits.isdecimal():
        raise InputError(f"{typed!r} is not the number of a thread")
    number = int(digits)
    if not is_row:
        return _only_row(conn, "thread", forums, number)

    for forum in forums:
        if has_row(conn, "thread", forum.id, number):
            return number
    raise MissingError("thread", f"thread {typed} is not in the archive")


def _only_row(
    conn: sqlite3.Connection, kind: Kind, forums: Sequence[Forum], number: int
) -> int:
    """The row of what has this number in one of the forums."""
    found = {}
    for forum in forums:
        row = find_row(conn, kind, forum.id, number)
        if row is not None:
            found[forum.id] = row
    if not found:
        raise MissingError(kind, f"{kind} {number} is not in the archive")
    if len(found) > 1:
        having = [forum for forum in forums if forum.id in found]
        raise InputError(
            f"several forums have a {kind} {number}: name one with --site "
            f"({_listed(having)})"
        )
    (row,) = found.values()
    return row


def _found(
    conn: sqlite3.Connection, query: Query
) -> tuple[frozenset[int], tuple[SearchNotice, ...]]:
    """The rows of all posts that fit a query, and what should be known of the search."""
    if query.root is None:
        raise InputError("--query asks for no word: nothing can be found by it")
    planned = plan(query.root, IndexStats(conn))
    notices = dict.fromkeys(notices_of(conn, query))

    ids: list[int] = []
    while True:
        found = look_up(
            conn,
            planned,
            "oldest",
            _FOUND_AT_ONCE,
            len(ids),
        )
        ids += found.ids
        notices |= dict.fromkeys(found.notices)
        if len(found.ids) < _FOUND_AT_ONCE:
            break
    return frozenset(ids), tuple(notices)
