"""Who parses in a worker of a cluster: the worker itself, which costs least, and in a task that
is done again a process beside it, which can be ended and the page be named."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from archive.intake.page_parser import Parsed, ParseTask
from archive.intake.parsers import ParseHere, ParserProcesses, Parsers, UnderWay
from archive.processes.child import bound_memory

_PAGE_CPU_S: Final = 10.0
_PAGE_BYTES: Final = 1 << 30
_DATA: Final = "VmData:"


def parsers_of_attempt(attempt: int) -> Parsers:
    """Who parses in an attempt at a task, 0 being the first."""
    if attempt == 0 and sys.platform == "linux":
        return _here()
    return _beside()


@cache
def _here() -> Parsers:
    bound_memory(_data_bytes() + _PAGE_BYTES)
    return GuardedHere()


@cache
def _beside() -> Parsers:
    """The parser beside a worker, for all of its tasks; it ends with the worker. No copy of
    it: what Arrow has reserved would count as the parser's memory."""
    return ParserProcesses().__enter__()


class GuardedHere(ParseHere):
    """Parses in this process, which a page that takes too long ends."""

    def __init__(self, page_cpu_s: float = _PAGE_CPU_S) -> None:
        self._page_cpu_s = page_cpu_s

    def submit(self, task: ParseTask) -> UnderWay:
        """Hand a page in."""
        return _Guarded(super().submit(task), self._page_cpu_s)


@dataclass(frozen=True, slots=True)
class _Guarded:
    under_way: UnderWay
    page_cpu_s: float

    def wait(self) -> None:
        with _processor_limit(self.page_cpu_s):
            self.under_way.wait()

    def result(self) -> Parsed:
        with _processor_limit(self.page_cpu_s):
            return self.under_way.result()


@contextmanager
def _processor_limit(most_s: float) -> Iterator[None]:
    """What is done within may take so much of the processor, or the process is ended by the
    system: nothing else stops a pattern that does not come to an end."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, most_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _data_bytes() -> int:
    """How much memory for data this process has reserved."""
    status = Path("/proc/self/status").read_text(
        encoding="ascii",
        errors="replace",
    )
    for line in status.splitlines():
        if line.startswith(_DATA):
            return int(line.split()[1]) * 1024
    return 0
