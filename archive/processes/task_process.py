"""The process that does tasks: one after the other, within limits, until nobody hands it any."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final

from archive.processes.child import (
    bound_memory,
    cpu_limit,
    end_with_parent,
    peak_bytes,
)

_PROTOCOL: Final = pickle.HIGHEST_PROTOCOL


@dataclass(frozen=True, slots=True)
class Lost:
    """What came of a task that cost its process, or would have: the reason, in words for
    people; `was_hurried`: there was no time for it, which is none of its doing."""

    reason: str
    was_hurried: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """What came of a task that raised an error: it is raised where the answer is asked for."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Limits:
    """What a task may take: seconds of the processor, seconds by the clock (a machine may be
    busy, or have no other clock), bytes of memory for its process, Python included. A
    process that has had `grown_bytes` is replaced: Python gives little back."""

    cpu_s: float = 10.0
    clock_s: float = 120.0
    memory_bytes: int = 1 << 30
    grown_bytes: int = 384 << 20


def serve(
    pipe: Connection,
    work: Callable[[Any], Any],
    limits: Limits,
    parents_end: Connection | None = None,
) -> None:
    """Do the tasks that come by the pipe, until it is closed at the other end, `parents_end`
    where this process has it, too. Each answer says whether the process takes another task."""
    if parents_end:
        parents_end.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it could not begin deaf to it
    end_with_parent()
    bound_memory(limits.memory_bytes)
    gc.freeze()
    goes_on = True
    with suppress(EOFError, OSError):
        while goes_on:
            task = pickle.loads(pipe.recv_bytes())
            answer = _answer(work, task, limits)
            goes_on = peak_bytes() < limits.grown_bytes
            message = pickle.dumps((answer, goes_on), _PROTOCOL)
            pipe.send_bytes(message)
    os._exit(0)  # nothing to tidy up, and the thread that waits for the parent is busy


def _answer(work: Callable[[Any], Any], task: Any, limits: Limits) -> Any:
    with cpu_limit(limits.cpu_s):
        try:
            return work(task)
        except MemoryError:
            limit_mb = limits.memory_bytes >> 20
            return Lost(f"it took more than {limit_mb} MB of memory")
        except Exception as error:
            return Raised(error)
