"""The one command that runs at a time, in a process of its own: begun, watched, stopped."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from archive.crawl.progress_file import PROGRESS_FILE, ForumProgress, read_progress
from archive.desk.processes import begin, interrupt, wait_or_kill
from archive.languages import LANGUAGE_VARIABLE, Language

JobState = Literal["running", "stopping", "done", "stopped", "failed"]

EXIT_INTERRUPTED: Final = 130
_KEPT_LINES: Final = 200
_STOP_S: Final = 60.0
"""How long a page under way may take when all is to end."""


class BusyError(Exception):
    """Another command runs."""


@dataclass(frozen=True, slots=True)
class Job:
    """A command: its words behind the program's name; the archive it is about, by its name
    in the folder."""

    words: tuple[str, ...]
    archive: str

    @property
    def command(self) -> str:
        """Its name."""
        return self.words[0]


@dataclass(frozen=True, slots=True)
class JobView:
    """How a command is doing; `lines`: what it said lately; `code`: None while it runs."""

    job: Job
    state: JobState
    code: int | None
    lines: tuple[str, ...]
    forums: tuple[ForumProgress, ...]

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.code is None


@dataclass(slots=True)
class _Run:
    """A command's process; `reader` takes what it says."""

    job: Job
    process: subprocess.Popen[str]
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=_KEPT_LINES))
    reader: threading.Thread | None = None
    is_stopping: bool = False


class Worker:
    """Runs `program` (the words that start it) in a folder, one command at a time."""

    def __init__(self, program: Sequence[str], folder: Path) -> None:
        self._program = tuple(program)
        self._folder = folder
        self._lock = threading.Lock()
        self._run: _Run | None = None
        self._temporary = tempfile.TemporaryDirectory(prefix="discuz-archive-")
        self._progress = Path(self._temporary.name) / "progress.json"

    def begin(self, job: Job, language: Language) -> None:
        """Start a command, which speaks a language. BusyError where one runs."""
        with self._lock:
            if self._run and self._run.process.poll() is None:
                raise BusyError
            self._progress.unlink(missing_ok=True)
            environment = {
                PROGRESS_FILE: str(self._progress),
                LANGUAGE_VARIABLE: language,
            }
            process = begin(
                [*self._program, *job.words],
                self._folder,
                environment,
                with_output=True,
            )
            run = _Run(job, process)
            run.reader = threading.Thread(
                target=_read,
                args=(run,),
                daemon=True,
            )
            run.reader.start()
            self._run = run

    def stop(self) -> None:
        """What Ctrl-C does: the page under way is finished, and all is kept. A second time
        it ends at once."""
        with self._lock:
            if self._run and self._run.process.poll() is None:
                self._run.is_stopping = True
                interrupt(self._run.process)

    def view(self) -> JobView | None:
        """The command that runs, or the last one; None where there was none."""
        run = self._run
        if run is None:
            return None
        code = run.process.poll()
        if code is not None and run.reader:
            run.reader.join(timeout=1)
        return JobView(
            job=run.job,
            state=_state(run, code),
            code=code,
            lines=tuple(run.lines),
            forums=tuple(read_progress(self._progress)),
        )

    def close(self) -> None:
        """Stop what runs, and wait until it has ended."""
        self.stop()
        if self._run:
            wait_or_kill(self._run.process, _STOP_S)
        self._temporary.cleanup()


def _read(run: _Run) -> None:
    assert run.process.stdout
    for line in run.process.stdout:
        run.lines.append(line.rstrip())


def _state(run: _Run, code: int | None) -> JobState:
    if code is None:
        return "stopping" if run.is_stopping else "running"
    if code == 0:
        return "done"
    if run.is_stopping or code == EXIT_INTERRUPTED:
        return "stopped"
    return "failed"
