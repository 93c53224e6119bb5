"""`discuz-archive schedule`: print what makes systemd or cron crawl an archive, with the
right paths."""

from __future__ import annotations

import hashlib
import re
import shlex
import shutil
import sys
from pathlib import Path

import click

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
"""
_PATHS = ("--cookies", "--metrics")
_TIMES = {
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
def command(db: Path, arguments: tuple[str, ...], every: str) -> None:
    """Print a systemd service and timer, and a crontab line, that crawl DB.

    ARGUMENTS are passed on to crawl: addresses, --cookies and so on. Runs never overlap:
    the archive has a lock.
    """
    db = db.resolve()
    crawl.make_context(
        "crawl", [str(db), *arguments]
    )  # says now what is wrong with them, not at four in the morning
    words = [*_program(), "crawl", str(db), *_absolute(arguments)]
    calendar, cron = _TIMES[every]
    click.echo(
        _SERVICE.format(
            name=f"discuz-archive-{_unit_name(db)}",
            db=_specifiers(str(db)),
            folder=_specifiers(str(db.parent)),
            command=" ".join(map(_for_systemd, words)),
            calendar=calendar,
            cron=cron,
            shell_folder=_for_cron([str(db.parent)]),
            cron_command=_for_cron(words),
            log=_for_cron([str(db.with_suffix(".log"))]),
        ).rstrip()
    )


def _unit_name(db: Path) -> str:
    """A name of a unit file: few characters may be in one, and a digest tells apart what
    they leave alike."""
    plain = re.sub(r"[^\w.-]+", "-", db.stem, flags=re.ASCII).strip("-")
    if plain == db.stem:
        return plain
    digest = hashlib.sha256(str(db).encode("utf-8", "surrogateescape")).hexdigest()[:6]
    return f"{plain}-{digest}".lstrip("-")


def _absolute(arguments: tuple[str, ...]) -> list[str]:
    """The arguments with whole paths: they run in the archive's folder, not in this one."""
    found, path = list[str](), False
    for word in arguments:
        name, given, value = word.partition("=")
        if name in _PATHS and given:
            word = f"{name}={Path(value).resolve()}"
        found.append(str(Path(word).resolve()) if path else word)
        path = word in _PATHS
    return found


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def _for_systemd(word: str) -> str:
    """A word of ExecStart, quoted by systemd's rules, which are not the shell's
    (systemd.service, Command lines)."""
    escaped = (
        _specifiers(word).replace("\\", r"\\").replace('"', r"\"").replace("$", "$$")
    )
    return f'"{escaped}"' if re.search(r"[\s\"'\\;]", word) else escaped


def _for_cron(words: list[str]) -> str:
    """Words for the shell in a line of crontab, where a bare percent sign ends the command."""
    return shlex.join(words).replace("%", r"\%")


def _program() -> list[str]:
    """How this program is called: the script that was installed, or the interpreter with
    the package."""
    beside = Path(sys.executable).with_name("discuz-archive")
    found = str(beside) if beside.exists() else shutil.which("discuz-archive")
    return [found] if found else [sys.executable, "-m", "archive"]
