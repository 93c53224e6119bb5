"""What commands say to a terminal: words of strangers' pages move no cursor, set no title,
colour nothing and run in no spreadsheet."""

from __future__ import annotations

import re
from typing import Final

import click

# C0 but tab and line end, DEL, C1 (CSI as one character), marks that turn the direction
_CONTROLS: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_FORMULA: Final = re.compile(r"^(?:\s*+[=+\-@＝＋－＠|%]|[\t\r\n])")


def say(text: object = "", err: bool = False) -> None:
    """Print a line on the output, or the error stream, without control characters."""
    click.echo(plain(str(text)), err=err)


def say_json(text: str) -> None:
    """Print JSON: control characters as its own escapes, which mean the same."""
    click.echo(_CONTROLS.sub(_escaped, text))


def plain(text: str) -> str:
    """A text without control characters, each a blank; tabs and line ends stay."""
    return _CONTROLS.sub(" ", text)


def cell(value: object) -> object:
    """A value of a table for spreadsheets: a text that one would run as a formula begins
    with an apostrophe (as OWASP advises)."""
    if not isinstance(value, str):
        return value
    text = plain(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
