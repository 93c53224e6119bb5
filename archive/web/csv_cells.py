"""Datasette's tables as CSV, in which no spreadsheet finds a formula of a stranger's."""

from __future__ import annotations

import csv
import io
import re
from codecs import getincrementaldecoder
from typing import Any, Final

from archive.plain import cell
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
    path = scope["path"]
    if path.endswith(".csv"):
        return True
    query = scope.get("query_string", b"")
    return b"_format=csv" in query


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
        body = event.get("body", b"")
        self._rest += self._decoder.decode(body, final=is_last)
        if not is_last and not _ends_with_row(self._rest):
            return {**event, "body": b""}
        plain = _plain_rows(self._rest)
        self._rest = ""
        return {**event, "body": plain.encode()}


def _ends_with_row(rows: str) -> bool:
    """Whether a piece ends with a row: a line end within quotes is none of the table's."""
    if not rows.endswith("\n"):
        return False
    quotes = rows.count('"')
    return quotes % 2 == 0


def _is_csv(start: Event) -> bool:
    headers = start.get("headers", ())
    for name, value in headers:
        if name.lower() != b"content-type":
            continue
        return bool(value.startswith(_CSV_TYPES))
    return False


def _plain_rows(rows: str) -> str:
    """Rows of CSV with their cells made plain."""
    out = io.StringIO()
    writer = csv.writer(out)
    lines = io.StringIO(rows, newline="")
    for row in csv.reader(lines):
        plain = map(_plain_cell, row)
        writer.writerow(plain)
    written = out.getvalue()
    if rows.endswith("\n"):
        return written
    return written.removesuffix("\r\n")


def _plain_cell(text: str) -> object:
    """A cell; what is a number only, a negative one, too, stays one."""
    if _NUMBER.fullmatch(text):
        return text
    return cell(text)
