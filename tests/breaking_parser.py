"""Parsers for parser processes that break on some pages, each in a way of its own, and read all
others as ours does."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path

from archive.intake import page_parser
from archive.intake.page_parser import Parsed, ParseTask

NOTE = "BREAKING_PARSER_NOTE"
"""An environment variable: the file that is made when a parser begins to sleep."""
MARK = b"breaks-the-parser:"


def broken_by(way: str) -> bytes:
    """What a page holds that breaks the parser."""
    return b"<!-- %s%s -->" % (MARK, way.encode())


def parse(task: ParseTask) -> Parsed:
    """What a page says, unless it breaks this process."""
    _, mark, rest = task.capture.body.partition(MARK)
    if mark:
        way = rest.split(b" ")[0].decode()
        WAYS[way]()
    return page_parser.parse(task)


def sound(task: ParseTask) -> Parsed:
    """A parser that has learned to read all of them."""
    return page_parser.parse(task)


def mistaken(task: ParseTask) -> Parsed:
    """A parser that makes a mistake on every page."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a parser's mistake")

    page_parser.parse_capture = fail  # type: ignore[assignment]  # in this process alone
    return page_parser.parse(task)


def _loop() -> None:
    while True:
        pass


def _loop_in_c() -> None:
    7 ** (1 << 40)


def _sleep() -> None:
    note = os.environ.get(NOTE)
    if note:
        Path(note).touch()
    time.sleep(3600)


def _allocate() -> None:
    kept = []
    while True:
        kept.append(bytearray(1 << 24))


def _die_of_memory() -> None:
    """As where C code takes memory for granted."""
    try:
        _allocate()
    except MemoryError:
        os.abort()


def _segfault() -> None:
    ctypes.string_at(0)


def _exit() -> None:
    os._exit(3)


def _be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


WAYS = {
    "loop": _loop,
    "loop-in-c": _loop_in_c,
    "sleep": _sleep,
    "memory": _allocate,
    "die-of-memory": _die_of_memory,
    "segfault": _segfault,
    "exit": _exit,
    "kill": _be_killed,
}
