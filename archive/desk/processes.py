"""This program's commands as processes of their own: begun, told to end, waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[2]
_WINDOWS_GROUP: Final[int] = getattr(
    subprocess,
    "CREATE_NEW_PROCESS_GROUP",
    0,
)


def begin(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    with_output: bool,
) -> subprocess.Popen[str]:
    """Start a command in a folder; what it says of problems is at its `stderr`, or all that
    it says at its `stdout` where that is wanted.

    It is a group of its own: a Ctrl-C in our terminal does not reach it, and it is ended by
    us, in order.
    """
    output = subprocess.PIPE if with_output else subprocess.DEVNULL
    errors = subprocess.STDOUT if with_output else subprocess.PIPE
    return subprocess.Popen(
        words,
        cwd=folder,
        env={**_environment(), **environment},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        creationflags=_WINDOWS_GROUP,
    )


def interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C on a command; Windows has Ctrl-Break for that."""
    if sys.platform == "win32":
        process.send_signal(signal.CTRL_BREAK_EVENT)
    else:
        process.send_signal(signal.SIGINT)


def wait_or_kill(process: subprocess.Popen[str], patience_s: float) -> None:
    """Wait for a command that was told to end, and end it where it does not."""
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    """That of a command, which finds its packages where these pages are from, and not what
    lies in its folder."""
    before = os.environ.get("PYTHONPATH", "")
    paths = [path for path in (str(_ROOT), before) if path]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONSAFEPATH": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
    }
