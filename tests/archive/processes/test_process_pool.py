"""Processes that do tasks: each answer once, whatever a task does to its process, and none that
outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import ROOT

from archive.processes.pool import Lost, ProcessPool, Ticket
from archive.processes.task_process import Limits

LIMITS = Limits(cpu_s=0.5, clock_s=120.0, memory_bytes=300 << 20, grown_bytes=150 << 20)
Pool = ProcessPool[object, object]


def work(task: object) -> object:
    """What the tasks of these tests are done by."""
    match task:
        case "pid":
            return os.getpid()
        case "parent":
            return os.getppid()
        case "loop":
            while True:
                pass
        case "sleep":
            time.sleep(3600)
        case "raise":
            raise ValueError("not a task")
        case "grow":
            return len(bytearray(b"x") * (200 << 20))
        case "exit":
            os._exit(7)
        case bytes():
            return task[::-1]
    return task


@pytest.fixture(params=["apart", "copy"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """Two processes; the first begins by itself, or as a copy of this one."""
    with ProcessPool(work, 2, LIMITS) as pool:
        if request.param == "copy":
            pool.begin_with_copy()
        yield pool


def answers(pool: Pool, tasks: list[object]) -> list[object]:
    tickets = [pool.submit(task) for task in tasks]
    return [pool.result(ticket) for ticket in tickets]


def test_answers_come_to_their_tasks(pool: Pool) -> None:
    tasks: list[object] = [f"{number:05}".encode() * 20_000 for number in range(200)]
    assert answers(pool, tasks) == [task[::-1] for task in tasks]  # type: ignore[index]
    assert len(set(answers(pool, ["pid"] * 20))) <= 2


def test_a_large_task_and_a_large_answer(pool: Pool) -> None:
    large = bytes(range(256)) * (40 << 10)
    assert answers(pool, [large, large, large]) == [large[::-1]] * 3


def test_an_error_is_raised_where_the_answer_is_asked_for(pool: Pool) -> None:
    ticket = pool.submit("raise")
    pool.wait(ticket)
    with pytest.raises(ValueError, match="not a task"):
        pool.result(ticket)
    assert answers(pool, [1]) == [1]


def test_tasks_that_cost_their_process_cost_no_other(pool: Pool) -> None:
    tasks: list[object] = [1, "loop", 2, "exit", "loop", 3, "exit", 4]
    loop = Lost("it took more than 0.5 s of the processor")
    ended = Lost("it ended the process that read it (exit code 7)")
    assert answers(pool, tasks) == [1, loop, 2, ended, loop, 3, ended, 4]


def test_a_task_that_waits_for_ever_is_ended_by_the_clock() -> None:
    impatient = Limits(clock_s=1.0)
    with ProcessPool(work, 1, impatient) as pool:
        assert answers(pool, ["sleep"]) == [Lost("it took more than 1 s")]


def test_a_run_that_is_to_end_waits_for_no_task_long(pool: Pool) -> None:
    ticket = pool.submit("sleep")
    pool.hurry()
    lost = pool.result(ticket)
    assert isinstance(lost, Lost)
    assert "the run was to end" in lost.reason


def test_a_process_that_has_grown_is_replaced(pool: Pool) -> None:
    with ProcessPool(work, 1, LIMITS) as pool:
        before, size, after = answers(pool, ["pid", "grow", "pid"])
        assert size == 200 << 20
        assert before != after


@pytest.mark.parametrize("busy", [False, True])
def test_a_process_that_is_killed_from_without_costs_no_task(
    pool: Pool, busy: bool
) -> None:
    with ProcessPool(work, 1, LIMITS) as pool:
        (pid,) = answers(pool, ["pid"])
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGSTOP)
        ticket: Ticket[object, object] | None = None
        if busy:
            ticket = pool.submit("pid")
        os.kill(pid, signal.SIGKILL)
        if ticket is None:
            ticket = pool.submit("pid")
        assert pool.result(ticket) not in (pid, None)


def test_nothing_is_left_when_it_is_closed(pool: Pool) -> None:
    pids = set(answers(pool, ["pid"] * 8))
    pool.submit("sleep")
    pool.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(int(str(pid)), 0)


THREADS = """
import os, sys, threading
sys.path.insert(0, {folder!r})
import test_process_pool as tests
if __name__ == "__main__":
    if {has_threads}:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    with tests.ProcessPool(tests.work, 1) as pool:
        pool.begin_with_copy()
        parent = pool.result(pool.submit("parent"))
    print("copied" if parent == os.getpid() else "begun apart")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")
@pytest.mark.parametrize(
    ("has_threads", "begun"), [(False, "copied"), (True, "begun apart")]
)
def test_a_process_with_threads_is_not_copied(
    tmp_path: Path, has_threads: bool, begun: str
) -> None:
    """In a process of its own: this one may have threads of other tests."""
    script = tmp_path / "threads.py"
    folder = str(Path(__file__).parent)
    script.write_text(THREADS.format(folder=folder, has_threads=has_threads))
    ran = subprocess.run(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        check=True,
    )
    assert ran.stdout == f"{begun}\n"


def environment() -> dict[str, str]:
    """That of a program which imports this module."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return {**os.environ, "PYTHONPATH": path}


STARTING = """
import sys
sys.path.insert(0, {folder!r})
import test_process_pool as tests
if __name__ == "__main__":
    with tests.ProcessPool(tests.work, 1, preload=["slow_to_import"]) as pool:
        pool.{begin}
"""
SLOW_TO_IMPORT = """
import os, pathlib, time
pathlib.Path({note!r}).write_text(str(os.getpid()))
time.sleep(3600)
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")
@pytest.mark.parametrize("begin", ["warm_up()", "submit('pid')"])
def test_ctrl_c_while_processes_are_starting(tmp_path: Path, begin: str) -> None:
    """Neither this program nor what imports for its processes lives on."""
    folder = str(Path(__file__).parent)
    note = tmp_path / "pid"
    module = SLOW_TO_IMPORT.format(note=str(note))
    (tmp_path / "slow_to_import.py").write_text(module)
    script = tmp_path / "starting.py"
    script.write_text(STARTING.format(folder=folder, begin=begin))
    path = os.pathsep.join([environment()["PYTHONPATH"], str(tmp_path)])
    program = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), "PYTHONPATH": path},
    )
    while not note.exists() or not note.read_text():
        assert program.poll() is None
        time.sleep(0.02)
    pid = int(note.read_text())
    os.kill(pid, signal.SIGINT)  # a terminal sends it to both
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=60)
    assert "KeyboardInterrupt" in err
    assert has_ended(pid)


PARENT = """
import sys, time
sys.path.insert(0, {folder!r})
import test_process_pool as tests
if __name__ == "__main__":
    pool = tests.ProcessPool(tests.work, 2)
    pool.{begin}()
    print(pool.result(pool.submit("pid")), flush=True)
    for task in ("pid", {task!r}, {task!r}):
        pool.submit(task)
    print("ready", flush=True)
    time.sleep(600)
"""


def has_ended(pid: int) -> bool:
    """Whether a process runs no more, be it that its new parent has not asked for it yet."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return True
    except FileNotFoundError:
        return sys.platform == "linux"
    return ") Z " in state


@pytest.mark.parametrize("begin", ["warm_up", "begin_with_copy"])
@pytest.mark.parametrize("task", ["loop", "sleep", "pid"])
def test_processes_end_with_their_parent(tmp_path: Path, task: str, begin: str) -> None:
    script = tmp_path / "parent.py"
    folder = str(Path(__file__).parent)
    script.write_text(PARENT.format(folder=folder, task=task, begin=begin))
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert parent.stdout.readline() == "ready\n"
    parent.kill()
    # its children hold the pipe for as long as they live
    assert parent.stdout.read() == ""
    parent.wait()
    assert has_ended(pid)
