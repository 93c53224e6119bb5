"""A few processes that do tasks, each of which may cost no more than its own process: one that
dies or takes too long is named, and another takes its place.

Well-kept pools were looked at: that of `concurrent.futures` (and loky's) gives all tasks up
when one process dies; pebble's takes a quarter of a millisecond a task of the thread that
waits, in three threads beside it, and knows no bounds but the clock's.
"""

from __future__ import annotations

import importlib
import multiprocessing
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final, Generic, TypeVar

from archive.processes import task_process
from archive.processes.child import (
    begin_fork_server,
    deaf_to_ctrl_c,
    end_fork_server,
)
from archive.processes.task_process import Limits, Raised
from archive.processes.task_process import Lost as Lost
from scraper.core.closing import Closing

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_PROTOCOL: Final = pickle.HIGHEST_PROTOCOL
_TICK_S: Final = 0.1
"""So often a wait looks at the clock."""
_HURRY_S: Final = 0.5
_TRIES: Final = 2
"""A process may be ended from without, by somebody short of memory, say."""
_JOIN_S: Final = 5.0


@dataclass(slots=True, eq=False)
class Ticket(Generic[Task, Answer]):
    """A task that was handed in."""

    task: Task
    answer: Answer | Lost | Raised | None = None
    deaths: int = 0


@dataclass(slots=True, eq=False)
class _Process(Generic[Task, Answer]):
    process: BaseProcess
    pipe: Connection
    ticket: Ticket[Task, Answer] | None = None
    began_s: float = field(default=0.0)


class ProcessPool(Closing, Generic[Task, Answer]):
    """Has tasks done by `work`, a function of a module, in as many processes as there are
    tasks for, `count` at most. `preload`: modules that they need, imported once for all.

    All of it is for one thread. Close it, or use it as a context.
    """

    def __init__(
        self,
        work: Callable[[Task], Answer],
        count: int,
        limits: Limits | None = None,
        preload: Sequence[str] = (),
    ) -> None:
        self._work = work
        self._count = count
        self._limits = limits or Limits()
        self._preload = preload
        self._context = _context(preload)
        self._waiting: deque[Ticket[Task, Answer]] = deque()
        self._idle: list[_Process[Task, Answer]] = []
        self._busy: dict[Any, _Process[Task, Answer]] = {}
        self._hurried_at_s: float | None = None

    def warm_up(self) -> None:
        """Start a process before the first task comes."""
        if not self._idle and not self._busy:
            self._idle.append(self._start(self._context))

    def begin_with_copy(self) -> None:
        """The same, as a copy of this process where that can be: one that begins by itself
        takes a third of a second of the processor, for it imports everything again.

        Whatever is open here is open there, too: call it before anything is. Others are
        started as usual.
        """
        if not _may_be_copied():
            self.warm_up()
            return
        for name in self._preload:
            importlib.import_module(name)
        context = multiprocessing.get_context("fork")
        self._idle.append(self._start(context))

    def submit(self, task: Task) -> Ticket[Task, Answer]:
        """Hand in a task; it is begun when a process is free for it."""
        ticket: Ticket[Task, Answer] = Ticket(task)
        self._waiting.append(ticket)
        self._hand_out()
        return ticket

    def keep_busy(self) -> None:
        """Take what is done and hand out what waits, without waiting for anything."""
        if self._busy:
            self._look(0)

    def wait(self, ticket: Ticket[Task, Answer]) -> None:
        """Wait until the answer to a task is there."""
        while ticket.answer is None:
            self._look(_TICK_S)
            self._end_overdue()

    def result(self, ticket: Ticket[Task, Answer]) -> Answer | Lost:
        """The answer to a task, once it is there. Raises what the task raised."""
        self.wait(ticket)
        assert ticket.answer is not None
        if isinstance(ticket.answer, Raised):
            raise ticket.answer.error
        return ticket.answer

    def hurry(self) -> None:
        """Give what is under way half a second; may be called from a signal handler."""
        self._hurried_at_s = time.monotonic()

    def close(self) -> None:
        """End the processes, whatever they are at."""
        processes = [*self._idle, *self._busy.values()]
        self._waiting.clear()
        self._idle.clear()
        self._busy.clear()
        for process in processes:
            process.process.kill()
        for process in processes:
            _bury(process)

    def _hand_out(self) -> None:
        """Give waiting tasks to processes that are free. A process that waits for a task takes
        all of it at once: nobody waits for one that is busy."""
        while self._waiting:
            process = self._free_process()
            if process is None:
                return
            ticket = self._waiting.popleft()
            process.ticket = ticket
            process.began_s = time.monotonic()
            self._busy[process.pipe] = process
            try:
                process.pipe.send_bytes(pickle.dumps(ticket.task, _PROTOCOL))
            except OSError:  # it has died meanwhile, of nothing that this task did
                self._died(process)

    def _free_process(self) -> _Process[Task, Answer] | None:
        if self._idle:
            return self._idle.pop()
        if len(self._busy) < self._count:
            return self._start(self._context)
        return None

    def _start(self, context: Any) -> _Process[Task, Answer]:
        ours, theirs = context.Pipe()
        method = context.get_start_method()
        is_copy = method == "fork"
        process = context.Process(
            target=task_process.serve,
            args=(theirs, self._work, self._limits, ours if is_copy else None),
            name="discuz-archive tasks",
            daemon=True,
        )
        _begin(process, method)
        theirs.close()
        return _Process(process, ours)

    def _look(self, patience_s: float) -> None:
        """Take the answers that come within so much time."""
        for pipe in connection.wait(list(self._busy), patience_s):
            process = self._busy[pipe]
            try:
                answer, goes_on = pickle.loads(process.pipe.recv_bytes())
            except (EOFError, OSError):
                self._died(process)
                continue
            self._settle(process, answer)
            if goes_on:
                self._idle.append(process)
            else:
                _bury(process)
        self._hand_out()

    def _settle(
        self, process: _Process[Task, Answer], answer: Answer | Lost | Raised
    ) -> None:
        assert process.ticket
        process.ticket.answer = answer
        process.ticket = None
        del self._busy[process.pipe]

    def _died(self, process: _Process[Task, Answer]) -> None:
        """Try the task of a process that died once more, in another one, unless it is known
        to take too long."""
        ticket = process.ticket
        assert ticket
        _bury(process)
        ticket.deaths += 1
        exit_code = process.process.exitcode
        is_slow = exit_code == -_SIGPROF
        if ticket.deaths < _TRIES and not is_slow:
            process.ticket = None
            del self._busy[process.pipe]
            self._waiting.appendleft(ticket)
            return
        reason = f"it took more than {self._limits.cpu_s:g} s of the processor"
        if not is_slow:
            reason = f"it ended the process that read it ({_words(exit_code)})"
        self._settle(process, Lost(reason))

    def _end_overdue(self) -> None:
        now_s = time.monotonic()
        for process in list(self._busy.values()):
            lost = self._if_overdue(process, now_s)
            if lost:
                process.process.kill()
                _bury(process)
                self._settle(process, lost)
        self._hand_out()

    def _if_overdue(self, process: _Process[Task, Answer], now_s: float) -> Lost | None:
        limit_s = self._limits.clock_s
        if now_s - process.began_s > limit_s:
            return Lost(f"it took more than {limit_s:g} s")
        hurried_at_s = self._hurried_at_s
        if hurried_at_s is None:
            return None
        since_s = max(hurried_at_s, process.began_s)
        if now_s - since_s <= _HURRY_S:
            return None
        return Lost("it was not read when the run was to end", was_hurried=True)


_SIGPROF: Final = getattr(signal, "SIGPROF", 0)


def _may_be_copied() -> bool:
    """Whether a copy of this process works: it would have none of its threads, and locks that
    nobody opens any more. macOS' own libraries allow no copies."""
    return sys.platform == "linux" and threading.active_count() == 1


def _context(preload: Sequence[str]) -> Any:
    """How processes are started: from one that has everything imported, where there can be
    such. A fork of this one would take its locks, files and database along."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *preload])
    return context


def _begin(process: BaseProcess, method: str) -> None:
    """Start a process that never hears Ctrl-C."""
    if method != "forkserver":
        with deaf_to_ctrl_c(begun_apart=method == "spawn"):
            process.start()
        return
    try:
        begin_fork_server()
        process.start()  # waits until everything is imported
    except KeyboardInterrupt:
        end_fork_server()
        raise


def _bury(process: _Process[Any, Any]) -> None:
    """See a process end that has nothing more to say."""
    process.pipe.close()
    process.process.join(_JOIN_S)
    if process.process.is_alive():
        process.process.kill()
        process.process.join()


def _words(exit_code: int | None) -> str:
    if exit_code is None or exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return signal.Signals(-exit_code).name
    except ValueError:
        return f"signal {-exit_code}"
