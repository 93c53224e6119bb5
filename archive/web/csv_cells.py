"""Datasette's tables as CSV, in which no spreadsheet finds a formula of a stranger's."""

from __future__ import annotations

import csv
import io
import re
from codecs import getincrementaldecoder
from typing import Any, Final

from archive.reading.plain import cell
from archive.web.query_process import Event

_CSV_TYPES: Final = (b"text/plain", b"text/csv")
_NUMBER: Final = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_LONGEST_CELL: Final = 1 << 30
"""A post may be longer than what Python's reader takes by default."""


def with_plain_cells(app: Any) -> Any:
    """An application whose tables as CSV have an apostrophe before what a spreadsheet
    would run."""
    csv.field_size_limit(_LONGEST_CELL)

    async def wrapped(scope: Event, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and _asks_for_csv(scope):
            send = _PlainCells(send)
        await app(scope, receive, send)

    return wrapped


def _asks_for_csv(scope: Event) -> bool:
    query = scope.get("query_string", b"")
    return scope["path"].endswith(".csv") or b"_format=csv" in query


class _PlainCells:
    """A `send` that takes events of an answer and sends them on, cells made plain; rows that
    come in pieces wait for their end."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._is_csv = False
        self._rest = ""

    async def __call__(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            self._is_csv = _is_csv(event)
        if self._is_csv and event["type"] == "http.response.body":
            event = self._changed(event)
        await self._send(event)

    def _changed(self, event: Event) -> Event:
        is_last = not event.get("more_body", False)
        self._rest += self._decoder.decode(event.get("body", b""), final=is_last)
        rows = self._rest
        # a line end within quotes is none of the table's
        is_whole = rows.endswith("\n") and rows.count('"') % 2 == 0
        if not is_whole and not is_last:
            return {**event, "body": b""}
        self._rest = ""
        return {**event, "body": _plain_rows(rows).encode()}


def _is_csv(start: Event) -> bool:
    for name, value in start.get("headers", ()):
        if name.lower() == b"content-type":
            return bool(value.startswith(_CSV_TYPES))
    return False


def _plain_rows(rows: str) -> str:
    """Rows of CSV with their cells made plain."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in csv.reader(io.StringIO(rows, newline="")):
        writer.writerow(map(_plain_cell, row))
    written = out.getvalue()
    return written if rows.endswith("\n") else written.removesuffix("\r\n")


def _plain_cell(text: str) -> object:
    """A cell; what is a number only, a negative one, too, stays one."""
    return text if _NUMBER.fullmatch(text) else cell(text)
