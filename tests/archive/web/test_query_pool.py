"""The processes that answer for Datasette's pages: what a reader is told where there is none."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("datasette")

from archive.web import query_pool
from archive.web.query_process import Question

LIMIT_S = 5.0


class _NoContext:
    """Starts no process: what starts them was ended, or no memory is left."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def Pipe(self) -> tuple[Any, Any]:
        return multiprocessing.Pipe()

    def Process(self, **_: object) -> Any:
        return self

    def start(self) -> None:
        raise self._error


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError("the fork server is gone"),
        EOFError(),
        BlockingIOError("no process more"),
    ],
)
def test_no_process_is_an_answer(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def no_context() -> _NoContext:
        return _NoContext(error)

    monkeypatch.setattr(query_pool, "_context", no_context)
    assert _status_of(_lane().relay) == 503


def test_one_started_after_ctrl_c_answers_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lane = _lane()
    process = _Started()

    def start(options: object) -> _Started:
        lane._is_interrupted = True  # by the other request's thread
        return process

    monkeypatch.setattr(query_pool._Process, "start", start)
    assert _status_of(lane.relay) == 503
    assert process.is_ended


class _Started:
    """A process that would answer without an end."""

    is_ended = False

    def end(self) -> None:
        self.is_ended = True


def _lane() -> query_pool._Lane:
    return query_pool._Lane({}, silence_s=LIMIT_S)


def _status_of(relay: Callable[..., None]) -> int:
    """The status of the answer to a question."""
    events: list[Any] = []
    relay(Question({}, b""), events.append, time.monotonic())
    status: int = events[0]["status"]
    return status
