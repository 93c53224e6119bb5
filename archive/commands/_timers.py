"""What makes macOS and Windows run a command again and again: a launchd agent, a line of
schtasks. Written after their documentation; tried on neither."""

from __future__ import annotations

import plistlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Every = Literal["hourly", "daily", "weekly"]

_AGENT: Final = """{declaration}
<!-- ~/Library/LaunchAgents/{name}.plist -->
{plist}
<!-- launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/{name}.plist -->
"""
_TASK: Final = """rem in a command prompt (cmd.exe), one line
{command}

rem to have it no more: schtasks /Delete /TN {name}
"""
_INTERVALS: Final[dict[Every, dict[str, int]]] = {
    "hourly": {"Minute": 17},
    "daily": {"Hour": 4, "Minute": 17},
    "weekly": {"Weekday": 0, "Hour": 4, "Minute": 17},
}
_SCHEDULES: Final[dict[Every, tuple[str, ...]]] = {
    "hourly": ("HOURLY", "/ST", "00:17"),
    "daily": ("DAILY", "/ST", "04:17"),
    "weekly": ("WEEKLY", "/D", "SUN", "/ST", "04:17"),
}
_SPECIAL: Final = re.compile(r'[()%!^"<>&|]')
_SPECIAL_BUT_QUOTES: Final = re.compile(r"[()%!^<>&|]")
_MOST_CHARS: Final = 261
"""What schtasks takes as a task's command (its documentation of /TR)."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be run for an archive, by its whole path."""

    name: str
    words: Sequence[str]
    archive: Path
    every: Every

    @property
    def folder(self) -> Path:
        """Where it is run."""
        return self.archive.parent

    @property
    def log(self) -> Path:
        """Where what it says goes."""
        return self.archive.with_suffix(".log")


def for_macos(task: Task) -> str:
    """A launchd agent, and the line that loads it (launchd.plist(5))."""
    agent = {
        "Label": task.name,
        "ProgramArguments": list(task.words),
        "WorkingDirectory": str(task.folder),
        "StartCalendarInterval": _INTERVALS[task.every],
        "StandardOutPath": str(task.log),
        "StandardErrorPath": str(task.log),
        "ProcessType": "Background",
    }
    plist = plistlib.dumps(agent, sort_keys=False).decode()
    declaration, _, rest = plist.partition("\n")  # which can only be first
    return _AGENT.format(
        declaration=declaration,
        name=task.name,
        plist=rest.rstrip(),
    )


def for_windows(task: Task) -> str:
    """A line for the command prompt that makes a task; it logs by `--log`, since a task has
    no place for what it prints."""
    words = [*task.words, "--quiet", "--log", str(task.log)]
    run = subprocess.list2cmdline(words)
    made = ["schtasks", "/Create", "/TN", task.name, "/SC", *_SCHEDULES[task.every]]
    command = subprocess.list2cmdline([*made, "/TR", run])
    if _SPECIAL_BUT_QUOTES.search(command):
        # the prompt's own quotes do not nest: none is one to it, and nothing else special
        command = _SPECIAL.sub(r"^\g<0>", command)
    text = _TASK.format(
        command=command,
        name=task.name,
    )
    if len(run) > _MOST_CHARS:
        text += (
            f"\nrem the task's command has {len(run)} characters, and schtasks takes "
            f"{_MOST_CHARS}: put it into a .cmd file, and name that one behind /TR\n"
        )
    return text
