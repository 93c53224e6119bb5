"""What commands say to a terminal: words of strangers' pages move no cursor, set no title,
colour nothing and run in no spreadsheet."""

from __future__ import annotations

import re

import click

from archive.plain import CONTROLS
from archive.plain import plain as plain


def say(text: object = "", err: bool = False) -> None:
    """Print a line on the output, or the error stream, without control characters."""
    click.echo(plain(str(text)), err=err)


def say_json(text: str) -> None:
    """Print JSON: control characters as its own escapes, which mean the same."""
    click.echo(CONTROLS.sub(_escaped, text))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
