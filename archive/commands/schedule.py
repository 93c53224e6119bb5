"""`discuz-archive schedule`: print what makes systemd, cron, launchd or the Windows scheduler
crawl an archive, with the right paths."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Final

import click

from archive.commands import _talk
from archive.commands._saying import say
from archive.commands._timers import Every, Task, for_macos, for_windows
from archive.commands.crawl import command as crawl

_SERVICE = """# ~/.config/systemd/user/{name}.service
[Unit]
Description=discuz-archive: crawl {db}
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
KillSignal=SIGTERM
TimeoutStopSec=180
Nice=10
# 5: another crawl holds the archive
SuccessExitStatus=5 130

# ~/.config/systemd/user/{name}.timer
[Unit]
Description=discuz-archive: crawl {db} regularly

[Timer]
OnCalendar={calendar}
RandomizedDelaySec=20m
Persistent=true

[Install]
WantedBy=timers.target

# systemctl --user daemon-reload && systemctl --user enable --now {name}.timer

# or a line for crontab -e
{cron} cd {shell_folder} && {cron_command} >> {log} 2>&1

# what each week came to, for you: one more line, with your address
7 8 * * 1 {status_command} --week | mail -s discuz-archive you@example.com
"""
_PATHS: Final = ("--cookies", "--metrics")
_NOT_IN_UNITS: Final = re.compile(r"[^\w.-]+", re.ASCII)
_SYSTEMS: Final = {"win32": "windows", "darwin": "macos"}
_TIMES: Final[dict[Every, tuple[str, str]]] = {
    "hourly": ("hourly", "17 * * * *"),
    "daily": ("*-*-* 04:17:00", "17 4 * * *"),
    "weekly": ("Sun *-*-* 04:17:00", "17 4 * * 0"),
}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--every", type=click.Choice(sorted(_TIMES)), default="daily", show_default=True
)
@click.option(
    "--for",
    "system",
    type=click.Choice(["linux", "macos", "windows"]),
    default=lambda: _SYSTEMS.get(sys.platform, "linux"),
    show_default="this system",
    help="Print it for another system.",
)
def command(db: Path, arguments: tuple[str, ...], every: Every, system: str) -> None:
    """Print what makes this system crawl DB again and again: for Linux a systemd service
    and timer, and a crontab line; for macOS a launchd agent; for Windows a line of schtasks.

    ARGUMENTS are passed on to crawl: addresses, --cookies and so on. Runs never overlap:
    the archive has a lock.
    """
    db = db.resolve()
    # says now what is wrong with them, not at four in the morning
    _talk.add_to(crawl)
    crawl.make_context("crawl", [str(db), *arguments])

    words = _program()
    words += ["crawl", str(db)]
    words += _absolute(arguments)
    task = Task(
        name=f"discuz-archive-{_unit_name(db)}",
        words=words,
        archive=db,
        every=every,
    )
    say(_PRINTED[system](task).rstrip())


def _for_linux(task: Task) -> str:
    calendar, cron = _TIMES[task.every]
    folder = str(task.folder)
    return _SERVICE.format(
        name=task.name,
        db=_specifiers(str(task.archive)),
        folder=_specifiers(folder),
        command=" ".join(_for_systemd(word) for word in task.words),
        calendar=calendar,
        cron=cron,
        shell_folder=_for_cron([folder]),
        cron_command=_for_cron(list(task.words)),
        log=_for_cron([str(task.log)]),
        status_command=_for_cron([*_program(), "status", str(task.archive)]),
    )


_PRINTED: Final = {
    "linux": _for_linux,
    "macos": for_macos,
    "windows": for_windows,
}


def _unit_name(db: Path) -> str:
    """A name of a unit file: few characters may be in one, and a digest tells apart what
    they leave alike."""
    plain = _NOT_IN_UNITS.sub("-", db.stem)
    plain = plain.strip("-")
    if plain == db.stem:
        return plain

    path = str(db).encode("utf-8", "surrogateescape")
    digest = hashlib.sha256(path).hexdigest()
    return f"{plain}-{digest[:6]}".lstrip("-")


def _absolute(arguments: tuple[str, ...]) -> list[str]:
    """The arguments with whole paths: they run in the archive's folder, not in this one."""
    found = list[str]()
    is_path = False
    for word in arguments:
        name, sign, value = word.partition("=")
        if is_path:
            found.append(_resolved(word))
        elif name in _PATHS and sign:
            found.append(f"{name}={_resolved(value)}")
        else:
            found.append(word)
        is_path = not is_path and word in _PATHS
    return found


def _resolved(path: str) -> str:
    return str(Path(path).resolve())


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def _for_systemd(word: str) -> str:
    """A word of ExecStart, quoted by systemd's rules, which are not the shell's
    (systemd.service, Command lines)."""
    escaped = _specifiers(word)
    escaped = escaped.replace("\\", r"\\")
    escaped = escaped.replace('"', r"\"")
    escaped = escaped.replace("$", "$$")
    needs_quotes = re.search(r"[\s\"'\\;]", word)
    return f'"{escaped}"' if needs_quotes else escaped


def _for_cron(words: list[str]) -> str:
    """Words for the shell in a line of crontab, where a bare percent sign ends the command."""
    return shlex.join(words).replace("%", r"\%")


def _program() -> list[str]:
    """How this program is called: the script that was installed, or the interpreter with
    the package."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    for name in ("discuz-archive", "discuz-archive.exe"):
        beside = Path(sys.executable).with_name(name)
        if beside.exists():
            return [str(beside)]
    installed = shutil.which("discuz-archive")
    if installed:
        return [installed]
    return [sys.executable, "-m", "archive"]
