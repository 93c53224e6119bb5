"""Posts that `export --format jsonl` wrote: those of a thread that were seen together become
a page of their own, at the times when they were seen first and last."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from archive.intake.containers import Container, Items, Reading
from archive.intake.inputs import Hints, InputItem, InputRecord, PassedOver, Problem
from archive.intake.packing import Head
from archive.intake.source import Source
from scraper.addresses.urls import absolute
from scraper.core.records import Capture
from scraper.themes.exported import SCHEMA

_TABLE = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*+\{"schema": ?"discuz-archive (\w+) \d+"')
_POSTS: Final = b"posts"
_MOST_POSTS: Final = 200
_MOST_BYTES: Final = 4 << 20
_OTHER_TABLES: Final = "tables of an export other than its posts"


class _Seen(NamedTuple):
    """What posts of one page have in common: their thread, and when they were seen."""

    base_url: str
    thread: object
    first_at: str
    last_at: str


def _is_export(head: Head) -> bool:
    return _TABLE.match(head.raw) is not None


def _read(source: Source, reading: Reading) -> Items:
    table = _TABLE.match(source.head())
    if table is None or table[1] != _POSTS:
        yield PassedOver(source.name, _OTHER_TABLES)
        return
    together = _Together(source, reading.hints)
    with source.open() as file:
        number = 0
        while line := file.readline(reading.hints.max_bytes + 1):
            number += 1
            reason = reading.hints.too_big(len(line))
            if reason:
                yield Problem(source.name, f"line {number}: {reason}")
                return
            if line.strip():
                yield from together.add(line, number)
    yield from together.rest()


class _Together:
    """Posts of one thread as they come, by when they were seen."""

    def __init__(self, source: Source, hints: Hints) -> None:
        self._source = source
        self._hints = hints
        self._thread: object = None
        self._groups: dict[_Seen, list[bytes]] = {}
        self._sizes: dict[_Seen, int] = {}
        self._tids: dict[_Seen, int | None] = {}

    def add(self, line: bytes, number: int) -> Iterator[InputItem]:
        """One more line; what is complete by it."""
        try:
            row = json.loads(line)
            seen = _seen(row)
        except (ValueError, TypeError, KeyError) as error:
            reason = f"line {number} is no post of an export: {error}"
            yield Problem(self._source.name, reason)
            return
        thread = (seen.base_url, seen.thread)
        if thread != self._thread:
            yield from self.rest()
            self._thread = thread
        group = self._groups.setdefault(seen, [])
        group.append(line.strip())
        self._tids[seen] = row.get("tid")
        self._sizes[seen] = self._sizes.get(seen, 0) + len(line)
        if len(group) >= _MOST_POSTS or self._sizes[seen] >= _MOST_BYTES:
            yield from self._page(seen)

    def rest(self) -> Iterator[InputItem]:
        """What is left of the thread, older pages first."""
        by_time = sorted(self._groups, key=lambda seen: (seen.last_at, seen.first_at))
        for seen in by_time:
            yield from self._page(seen)

    def _page(self, seen: _Seen) -> Iterator[InputItem]:
        body = b"\n".join(self._groups.pop(seen))
        self._sizes.pop(seen)
        url = _address(seen, self._tids.pop(seen))
        for at in sorted({seen.first_at, seen.last_at}):
            capture = Capture(
                url=url,
                fetched_at=datetime.fromisoformat(at),
                body=body,
                status=200,
                headers=(("Content-Type", "application/json; charset=utf-8"),),
            )
            yield InputRecord(self._source.name, capture, "resource")


def _seen(row: dict[str, Any]) -> _Seen:
    if row["schema"] != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA!r}")
    base_url = row["base_url"]
    if not str(base_url).startswith(("http://", "https://")):
        raise ValueError("base_url is no address")
    last_at = _stamp(row["last_seen_at"])
    first_at = _stamp(row["first_seen_at"])
    thread = row.get("tid") or row.get("thread_id")
    return _Seen(base_url, thread, min(first_at, last_at), last_at)


def _stamp(stated: str) -> str:
    moment = datetime.fromisoformat(stated)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return stated


def _address(seen: _Seen, tid: int | None) -> str:
    """Where the thread is; of one without a number, the forum's own address."""
    if tid is None:
        return seen.base_url
    return absolute(seen.base_url, f"forum.php?mod=viewthread&tid={tid}")


CONTAINER = Container("posts of an export", _is_export, _read)
