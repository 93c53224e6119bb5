"""Who parses pages: processes that a page may break without harm to the run, or this one."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

from archive.intake import page_parser
from archive.intake.page_parser import Parsed, ParseTask, parse
from archive.processes.pool import Lost, ProcessPool, Ticket
from archive.processes.task_process import Limits
from archive.store.suspects import SetAsideError
from scraper import themes
from scraper.core.errors import PageError

_TOGETHER: Final = 64


class UnderWay(Protocol):
    """A page that was handed in."""

    def wait(self) -> None:
        """Wait until it is parsed."""

    def result(self) -> Parsed:
        """What it says, once that is there. Raises what the parser raised."""


class Parsers(Protocol):
    """Takes pages, and gives back what they say. `ahead`: so many are worth handing in before
    the first result is asked for; `together`: so many are worth a transaction."""

    ahead: int
    together: int

    def submit(self, task: ParseTask) -> UnderWay:
        """Hand a page in."""

    def keep_busy(self) -> None:
        """To be called now and then by who has other things to do."""

    def hurry(self) -> None:
        """The run is to end: wait for no page long. May be called from a signal handler."""


class ParseHere:
    """Parses in this process, when a result is asked for."""

    ahead = 1
    together = 1

    def submit(self, task: ParseTask) -> UnderWay:
        """Hand a page in."""
        return _Later(task)

    def keep_busy(self) -> None:
        """There is nothing to do."""

    def hurry(self) -> None:
        """There is nobody to hurry."""


class ParserProcesses:
    """Parses in processes beside this one. A page that breaks one, or takes too long, is a
    PageError that says so. Close them, or use them as a context.

    `as_copy`: the first is a copy of this process, which has nothing open yet.
    """

    def __init__(
        self,
        count: int = 1,
        limits: Limits | None = None,
        work: Callable[[ParseTask], Parsed] = parse,
        *,
        as_copy: bool = False,
    ) -> None:
        self._pool = ProcessPool(work, count, limits, _modules())
        self._as_copy = as_copy
        self.ahead = 2 * _TOGETHER
        self.together = _TOGETHER

    def __enter__(self) -> Self:
        if self._as_copy:
            self._pool.begin_with_copy()
        else:
            self._pool.warm_up()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: object,
        _trace: TracebackType | None,
    ) -> None:
        self._pool.close()

    def submit(self, task: ParseTask) -> UnderWay:
        """Hand a page in."""
        ticket = self._pool.submit(task)
        return _Elsewhere(self._pool, ticket)

    def keep_busy(self) -> None:
        """Hand out what waits to processes that are free."""
        self._pool.keep_busy()

    def hurry(self) -> None:
        """Give pages under way half a second."""
        self._pool.hurry()


class _Later:
    def __init__(self, task: ParseTask) -> None:
        self._task = task
        self._outcome: Parsed | Exception | None = None

    def wait(self) -> None:
        if self._outcome is not None:
            return
        try:
            self._outcome = parse(self._task)
        except Exception as error:
            self._outcome = error

    def result(self) -> Parsed:
        self.wait()
        assert self._outcome
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    pool: ProcessPool[ParseTask, Parsed]
    ticket: Ticket[ParseTask, Parsed]

    def wait(self) -> None:
        self.pool.wait(self.ticket)

    def result(self) -> Parsed:
        parsed = self.pool.result(self.ticket)
        if not isinstance(parsed, Lost):
            return parsed
        if parsed.was_hurried:
            return Parsed(PageError(parsed.reason))
        return Parsed(SetAsideError(parsed.reason))


def _modules() -> list[str]:
    """What a parser needs, down to the themes, which are imported when a page comes."""
    found = pkgutil.iter_modules(themes.__path__, f"{themes.__name__}.")
    return [page_parser.__name__, *(module.name for module in found)]
