"""Words of strangers for terminals and tables: without control characters, and without
formulas that a spreadsheet would run."""

from __future__ import annotations

import re
from typing import Final

# C0 but tab and line end, DEL, C1 (CSI as one character), marks that turn the direction
CONTROLS: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_FORMULA: Final = re.compile(r"^(?:\s*+[=+\-@＝＋－＠|%]|[\t\r\n])")


def plain(text: str) -> str:
    """A text without control characters, each a blank; tabs and line ends stay."""
    return CONTROLS.sub(" ", text)


def cell(value: object) -> object:
    """A value of a table for spreadsheets: a text that one would run as a formula begins
    with an apostrophe (as OWASP advises)."""
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if _FORMULA.match(text) else text
