"""What commands say to a terminal: words of strangers' pages move no cursor, set no title,
colour nothing and run in no spreadsheet."""

from __future__ import annotations

import pkgutil
import re
import shlex
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import click

import archive.commands
from archive.commands._chinese import translated
from archive.plain import CONTROLS
from archive.plain import plain as plain

NAME: Final = "discuz-archive"
_recorder: Callable[[str], object] | None = None


def say(text: object = "", err: bool = False) -> None:
    """Print a line on the output, or the error stream, without control characters.
    Commands in it are named so that they can be run as printed."""
    words = plain(as_called(translated(str(text))))
    click.echo(words, err=err)
    record(words)


def set_recorder(recorder: Callable[[str], object] | None) -> None:
    """Where lines go that are printed, too; None: nowhere."""
    global _recorder
    _recorder = recorder


def record(line: str) -> None:
    """Write down a line that is printed, where that was asked for."""
    if _recorder:
        _recorder(line)


def as_called(text: str) -> str:
    """The text with `discuz-archive COMMAND` in it as this program was called."""
    if NAME not in text:
        return text
    name = program()
    return _advice().sub(lambda _: name, text)


@cache
def program() -> str:
    """How this program was called: by its name where that is found, else by the path that was
    typed, or as a module."""
    called = Path(sys.argv[0])
    if called.parts[-2:] == ("archive", "__main__.py"):
        return "python -m archive"
    if called.stem != NAME:
        return NAME
    import shutil  # takes a while, and advice is rare

    found = shutil.which(NAME)
    if found and Path(found).resolve() == called.resolve():
        return NAME
    return shlex.quote(sys.argv[0])


@cache
def _advice() -> re.Pattern[str]:
    modules = pkgutil.iter_modules(archive.commands.__path__)
    names = "|".join(module.name for module in modules)
    return re.compile(rf"(?<![\w./\\-]){NAME}(?= (?:{names})\b)")


def say_json(text: str) -> None:
    """Print JSON: control characters as its own escapes, which mean the same."""
    click.echo(CONTROLS.sub(_escaped, text))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
