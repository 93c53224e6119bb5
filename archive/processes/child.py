"""What a child process does for itself: it ends with its parent, takes bounded memory, and
ends by itself where a task takes too long; and how it is begun."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection, parent_process, resource_tracker


def end_with_parent() -> None:
    """End this process when its parent ends, however that happens."""
    parent = parent_process()
    if parent is None:
        return

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def deaf_to_ctrl_c(begun_apart: bool = True) -> Iterator[None]:
    """Processes begun in the block never hear Ctrl-C, not even while they import what they
    need; one that is pressed meanwhile is this process's to hear, right after it.
    `begun_apart`: whether they are no copies of this one."""
    if sys.platform == "win32":
        yield
        return
    if begun_apart:
        # begun within, it would let the signal through again
        resource_tracker.ensure_running()
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def begin_fork_server() -> None:
    """The process from which others are begun, and which never hears Ctrl-C: it takes a while
    to import what they need, and nobody waits here for that."""
    from multiprocessing import forkserver  # there is none on Windows

    # begun within, it would let the signal through again
    resource_tracker.ensure_running()
    with deaf_to_ctrl_c(begun_apart=False):
        forkserver.ensure_running()


def end_fork_server() -> None:
    """End it at once, whatever it is importing; the next one who needs it begins it anew."""
    from multiprocessing import forkserver

    # its own `_stop` waits until everything is imported
    pid = getattr(forkserver._forkserver, "_forkserver_pid", None)
    if pid is not None:
        os.kill(pid, signal.SIGKILL)


def bound_memory(data_bytes: int) -> None:
    """Take so much memory at most, Python's own included, and leave no core dump. Windows
    knows no such bound."""
    if sys.platform == "win32":
        return
    import resource

    lower_limit(resource.RLIMIT_DATA, data_bytes)
    lower_limit(resource.RLIMIT_CORE, 0)


def lower_limit(kind: int, most: int) -> None:
    """Set a limit of this process, where it is not lower already."""
    if sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(kind)
    is_lower = hard == resource.RLIM_INFINITY or most < hard
    if is_lower:
        resource.setrlimit(kind, (most, most))


@contextmanager
def cpu_limit(limit_s: float) -> Iterator[None]:
    """End this process by SIGPROF where the block takes more of the processor, be it in
    Python or in C. Windows has no such clock."""
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def peak_bytes() -> int:
    """The most memory that this process has had; 0 on Windows."""
    if sys.platform == "win32":
        return 0
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * unit
