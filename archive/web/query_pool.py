"""Datasette's own pages, answered by processes that are bounded and can be ended, so that
no query of a reader's keeps others from reading."""

from __future__ import annotations

import asyncio
import multiprocessing
import queue
import signal
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final
from urllib.parse import parse_qs

from archive.web import query_process
from archive.web.query_process import Event, Question

AT_ONCE: Final = 2
"""So many requests of a kind are answered at the same time, each by a process."""
PATIENCE_S: Final = 10.0
"""A request that waited so long for its turn is told to come again."""
START_S: Final = 60.0
CLIENT_S: Final = 30.0
"""A reader who takes nothing of an answer for so long is let go."""
MAX_BODY_BYTES: Final = 1 << 20
_SQL_ARGUMENTS: Final = frozenset(("sql", "_where"))
_STATEMENTS: Final = 2
"""Datasette runs a query twice to make a table of it as CSV."""
_TABLE_STATEMENTS: Final = 4
"""A table page counts its rows, and each of its facets."""
_SCOPE: Final = (
    "type",
    "asgi",
    "http_version",
    "server",
    "client",
    "scheme",
    "method",
    "root_path",
    "path",
    "raw_path",
    "query_string",
    "headers",
)
_SENTENCES: Final = {
    "busy": "Other queries are being answered; try again in a moment.",
    "slow": "The query was ended: it took too long.",
    "lost": "The query was ended: it took too much memory, or SQLite broke on it.",
    "large": "The request is too large.",
}

Deliver = Callable[[Event], None]
"""Hands an event of an answer to the reader; returns when it has been taken."""


class _EndedError(Exception):
    """The process was ended, or ended itself; the name of a sentence says why."""


class QueryPool:
    """The processes beside one Datasette. Those for SQL that readers wrote are others than
    those for tables: neither waits for the other."""

    def __init__(self, options: dict[str, Any], limit_s: float) -> None:
        self._sql = _Lane(options, silence_s=limit_s * _STATEMENTS)
        self._tables = _Lane(options, silence_s=limit_s * _TABLE_STATEMENTS)

    async def answer(self, scope: Event, receive: Any, send: Any) -> None:
        """Have a request answered."""
        body = await _body(receive)
        if body is None:
            for event in _refusal(413, "large"):
                await send(event)
            return
        question = Question(_plain(scope), body)
        lane = self._sql if has_sql(scope) else self._tables
        loop = asyncio.get_running_loop()

        def deliver(event: Event) -> None:
            taken = asyncio.run_coroutine_threadsafe(send(event), loop)
            taken.result(CLIENT_S)

        asked_s = time.monotonic()
        await loop.run_in_executor(lane.threads, lane.relay, question, deliver, asked_s)

    def warm_up(self) -> None:
        """Start a process before the first reader asks."""
        self._tables.warm_up()


class _Lane:
    """Requests of a kind: each waits for its turn, and for one of a few processes."""

    def __init__(self, options: dict[str, Any], silence_s: float) -> None:
        self.threads = ThreadPoolExecutor(AT_ONCE, "queries")
        self._options = options
        self._silence_s = silence_s
        self._is_interrupted = False
        self._idle: queue.SimpleQueue[_Process] = queue.SimpleQueue()
        weakref.finalize(self, _end_all, self._idle)

    def warm_up(self) -> None:
        self.threads.submit(lambda: self._idle.put(self._take()))

    def relay(self, question: Question, deliver: Deliver, asked_s: float) -> None:
        """Pass a question to a process, and its answer on, as it comes."""
        waited_s = time.monotonic() - asked_s
        if waited_s > PATIENCE_S or self._is_interrupted:
            _deliver_refusal(deliver, "busy")
            return
        try:
            process = self._take()
        except _EndedError as error:
            _deliver_refusal(deliver, str(error))
            return
        has_begun = False
        try:
            process.ask(question)
            while (event := process.next_event(self._silence_s)) is not None:
                deliver(event)
                has_begun = True
        except _EndedError as error:
            process.end()
            if process.was_interrupted():
                self._is_interrupted = True
            if not has_begun:
                _deliver_refusal(deliver, str(error))
        except BaseException:
            process.end()
            raise
        else:
            self._idle.put(process)

    def _take(self) -> _Process:
        """A process that waits for a question."""
        while True:
            try:
                process = self._idle.get_nowait()
            except queue.Empty:
                return self._start()
            if process.is_waiting():
                return process
            process.end()

    def _start(self) -> _Process:
        """A new process. Raises _EndedError where there can be none."""
        process = _Process.start(self._options)
        if self._is_interrupted:
            # one that was being started did not hear of Ctrl-C
            process.end()
            raise _EndedError("busy")
        return process


@dataclass(frozen=True, slots=True)
class _Process:
    process: BaseProcess
    pipe: Connection

    @classmethod
    def start(cls, options: dict[str, Any]) -> _Process:
        context = _context()
        ours, theirs = context.Pipe()
        process = context.Process(
            target=query_process.serve,
            args=(theirs, options),
            name=query_process.NAME,
            daemon=True,
        )
        try:
            process.start()
        except (EOFError, OSError) as error:
            # what starts them was ended, or no memory is left
            raise _EndedError("lost") from error
        theirs.close()
        made = cls(process, ours)
        if made.next_event(START_S) != query_process.READY:
            made.end()
            raise _EndedError("lost")
        return made

    def ask(self, question: Question) -> None:
        """Send a question. Raises _EndedError where nobody takes it."""
        try:
            self.pipe.send(question)
        except OSError as error:
            raise _EndedError("lost") from error

    def next_event(self, patience_s: float) -> Any:
        """What the process sends next. Raises _EndedError where nothing comes in time."""
        try:
            if not self.pipe.poll(patience_s):
                raise _EndedError("slow")
            return self.pipe.recv()
        except (EOFError, OSError) as error:
            raise _EndedError("lost") from error

    def is_waiting(self) -> bool:
        """Whether it lives and has nothing more to say."""
        return self.process.is_alive() and not self.pipe.poll()

    def was_interrupted(self) -> bool:
        """Whether Ctrl-C ended it, which ends this server, too."""
        return self.process.exitcode == -signal.SIGINT

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@cache
def _context() -> Any:
    """How processes are started: from one that has everything imported, where there can be
    such. A fork of this one would take its threads' locks along."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["datasette.app", "archive.web"])
    return context


def has_sql(scope: Event) -> bool:
    """Whether a request brings SQL that its sender wrote."""
    query_string = scope.get("query_string", b"").decode("latin-1")
    arguments = parse_qs(query_string, keep_blank_values=True)
    return not _SQL_ARGUMENTS.isdisjoint(arguments)


def _end_all(processes: queue.SimpleQueue[_Process]) -> None:
    while not processes.empty():
        processes.get_nowait().end()


def _plain(scope: Event) -> Event:
    """A scope without what belongs to this process."""
    return {name: scope[name] for name in _SCOPE if name in scope}


async def _body(receive: Any) -> bytes | None:
    """The body of a request; None where it is too large."""
    body: bytes = b""
    while True:
        event: Event = await receive()
        body += event.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            return None
        if not event.get("more_body"):
            return body


def _deliver_refusal(deliver: Deliver, reason: str) -> None:
    for event in _refusal(503, reason):
        deliver(event)


def _refusal(status: int, reason: str) -> tuple[Event, Event]:
    """The events of an answer that says why there is none."""
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"retry-after", b"10"),
    ]
    start = {"type": "http.response.start", "status": status, "headers": headers}
    words = _SENTENCES[reason] + "\n"
    return start, {"type": "http.response.body", "body": words.encode()}
