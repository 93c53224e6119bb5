"""Who makes the parts of an index: this process, or some beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from archive.index import parts
from archive.index.parts import Part, PartTask, make_part
from archive.processes.pool import Lost, ProcessPool, Ticket
from archive.processes.task_process import Limits

Later = Callable[[], Part]
"""Gives a part once it is made, and waits for it."""

_LIMITS: Final = Limits(cpu_s=600, clock_s=3_600)
"""The rows are our own: this ends what hangs."""


class PartMaker(Protocol):
    """Takes rows and gives parts. `ahead`: so many tasks are worth handing in before the
    first part is asked for."""

    ahead: int

    def submit(self, task: PartTask) -> Later:
        """Hand rows in."""


class MakeHere:
    """Makes a part in this process, when it is asked for."""

    ahead = 1

    def submit(self, task: PartTask) -> Later:
        """Hand rows in."""
        return lambda: make_part(task)


class MakerProcesses:
    """Makes parts in so many processes beside this one. Parts of a process that is killed
    from without are made here."""

    def __init__(self, pool: ProcessPool[PartTask, Part], count: int) -> None:
        self._pool = pool
        self.ahead = count + 1

    def submit(self, task: PartTask) -> Later:
        """Hand rows in."""
        ticket = self._pool.submit(task)
        return lambda: self._part(ticket)

    def _part(self, ticket: Ticket[PartTask, Part]) -> Part:
        part = self._pool.result(ticket)
        if isinstance(part, Lost):
            return make_part(ticket.task)
        return part


@contextmanager
def part_maker(jobs: int) -> Iterator[PartMaker]:
    """Processes for as long as the block runs; none for one job."""
    if jobs == 1:
        yield MakeHere()
        return
    with ProcessPool(make_part, jobs, _LIMITS, (parts.__name__,)) as pool:
        yield MakerProcesses(pool, jobs)
