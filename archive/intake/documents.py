"""How many pages one saved file holds: files that were joined hold several."""

from __future__ import annotations

import re
from typing import Final

_PAGE = re.compile(
    rb"<html\b[^<>]{0,500}>\s{0,80}(?:<!--[^<>]{0,4000}-->\s{0,80})?<head\b", re.I
)
_DOCTYPE = re.compile(rb"<!doctype\s{1,9}html[^<>]{0,300}>\s{0,80}\Z", re.I)
_BEFORE_BYTES: Final = 400
_END: Final = b"</html>"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
MOST: Final = 1_000


def documents_in(body: bytes) -> list[bytes]:
    """The pages of a file, each from its own beginning to that of the next.

    The next page begins where one has ended, or in a line of its own. What stands in a
    frame that a browser saved within a page (`srcdoc="<!DOCTYPE html>…`) does neither.
    """
    if body.startswith(_UTF16):
        return [body]
    starts: list[int] = []
    for found in _PAGE.finditer(body):
        start = _beginning(body, found.start())
        if not starts:
            starts.append(0)
        elif start is not None:
            starts.append(start)
    if len(starts) < 2:
        return [body]
    pages = []
    end = len(body)
    for start in reversed(starts):
        pages.append(body[start:end])
        end = start
    pages.reverse()
    return pages


def _beginning(body: bytes, at: int) -> int | None:
    """Where a page begins whose first element is at a place; None within another."""
    first = max(0, at - _BEFORE_BYTES)
    before = body[first:at]
    doctype = _DOCTYPE.search(before)
    if doctype is not None:
        start = doctype.start()
        before = before[:start]
        at = first + start
    if before.endswith(b"\n"):
        return at
    last = before.rstrip()
    last = last.lower()
    return at if last.endswith(_END) else None
