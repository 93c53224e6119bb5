"""The command line: finds the commands in `archive/commands`, one file each, and turns
errors into exit codes."""

from __future__ import annotations

import difflib
import errno
import importlib
import inspect
import os
import pkgutil
import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

import click

import archive.commands
from archive.commands import _chinese, _talk
from archive.commands._help import (
    HelpContext,
    first_sentence,
    in_readers_language,
)
from archive.commands._saying import say
from scraper.core.errors import DiscuzArchiveError, StorageError

if TYPE_CHECKING:
    import sqlite3

EXIT_INTERRUPTED = 130
_KEPT = "what was saved before is kept"
_MAKE_ROOM = "make room on the disk, then run the same command again"


_ORDER: Final = (
    "start",
    "crawl",
    "ingest",
    "search",
    "serve",
    "export",
    "demo",
    "similar",
    "stats",
    "status",
    "watch",
    "schedule",
    "retry",
    "doctor",
    "parse",
    "reparse",
    "reindex",
    "check",
)
"""Commands as people come to need them; others follow by name."""
_DOCSTRING: Final = re.compile(r'^def command\(.*?"""(.*?)"""', re.M | re.S)
"""Of a command's source: parsing all of them took a third of the time of `--help`."""
_WHOLE_SENTENCE: Final = 1_000
"""The list of commands says all of each one's first sentence, on as many lines as it takes."""


class _Commands(click.Group):
    """Imports a command's module only when it is called: start-up stays quick."""

    context_class = HelpContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        modules = pkgutil.iter_modules(archive.commands.__path__)
        names = [module.name for module in modules]
        return sorted((name for name in names if not name.startswith("_")), key=_place)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"archive.commands.{cmd_name}")
        command: click.Command = module.command
        _talk.add_to(command)
        command.context_class = HelpContext
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the settings of the user's files as defaults; a word that is
        no command gets the nearest ones."""
        word = args[0]
        names = self.list_commands(ctx)
        if word in names or word.startswith("-"):
            found = super().resolve_command(ctx, args)
            _, command, rest = found
            if command is not None:
                # not needed for the list of commands
                from archive.commands._config import settings_for

                ctx.default_map = {word: settings_for(word, command, rest, names)}
            return found
        near = difflib.get_close_matches(word, names, n=2)
        advice = "`discuz-archive --help` lists them"
        if near:
            advice = f"did you mean {' or '.join(near)}?"
        ctx.fail(f"no such command: {word}; {advice}")

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The list of commands, by their source: importing all of them takes a while."""
        names = self.list_commands(ctx)
        rows = []
        for name in names:
            said = first_sentence(in_readers_language(_help_of(name)))
            listed = click.Command(name, help=said)
            rows.append((name, listed.get_short_help_str(_WHOLE_SENTENCE)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _place(name: str) -> tuple[int, str]:
    """Where a command stands in the list."""
    place = _ORDER.index(name) if name in _ORDER else len(_ORDER)
    return place, name


def _help_of(name: str) -> str:
    """What a command says that it does, read from its source; empty where that is not there."""
    spec = find_spec(f"archive.commands.{name}")
    get_source = getattr(spec and spec.loader, "get_source", None)
    if spec is None or get_source is None:
        return ""
    found = _DOCSTRING.search(get_source(spec.name) or "")
    return inspect.cleandoc(found[1]) if found else ""


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="discuz-archive")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Keep Discuz! forums: read their pages into one SQLite file, and search it in Chinese.

    Without a command, on a terminal or double-clicked, a page opens in the browser that
    does all of it.
    """
    if ctx.invoked_subcommand is not None:
        return
    if not _is_called_by_hand():
        click.echo(ctx.get_help())
        return
    say("`discuz-archive --help` lists what can be typed, too")
    start = cli.get_command(ctx, "start")
    assert start
    ctx.invoke(start)


cli.params += _talk.options()


def _is_called_by_hand() -> bool:
    """Whether somebody looks at what we print, and no program waits for us to end."""
    if os.environ.get("CI"):
        return False
    if sys.stdout is None:  # a program for Windows without a terminal
        return True
    return sys.stdout.isatty()


def run(call: Callable[[], object]) -> int:
    """Run a command and return its exit code; each error of our tree has one, with a
    message a user can act on."""
    _talk.reset()
    try:
        result = call()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        say(
            "interrupted: what was saved is kept; run the same command again to go on",
            err=True,
        )
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe, `head` say, has had enough
        sys.stdout = None
        return 0
    except DiscuzArchiveError as error:
        say(f"error: {error}", err=True)
        return error.exit_code
    except _sqlite_error() as error:
        say(_sqlite_message(error), err=True)
        return StorageError.exit_code
    except OSError as error:
        say(_system_message(error), err=True)
        return StorageError.exit_code


def _show(error: click.ClickException) -> None:
    """What was wrong with the words of a command."""
    if _chinese.language() == "en":
        error.show()
        return
    context = getattr(error, "ctx", None)
    if context is not None:
        click.echo(context.get_usage(), err=True)
    say(f"Error: {error.format_message()}", err=True)


def _sqlite_error() -> type[sqlite3.OperationalError]:
    """The class of SQLite's errors, imported when something went wrong."""
    import sqlite3

    return sqlite3.OperationalError


def _sqlite_message(error: sqlite3.OperationalError) -> str:
    """Disk full, locked, read-only: SQLite's own words are the best there are."""
    from archive.schema import lacks_room

    message = f"error: the archive could not be used: {error}; {_KEPT}"
    if lacks_room(error):
        message += f"; {_MAKE_ROOM}"
    return message


def _system_message(error: OSError) -> str:
    words = str(error.strerror or error)
    if error.filename:
        words += f": {error.filename}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        words += f"; {_KEPT}; {_MAKE_ROOM}"
    return f"error: {words}"


def set_encodings() -> None:
    """UTF-8 into files and pipes, whatever the system writes by itself; on a terminal `?`
    for what it cannot show.

    An encoding that the user names in PYTHONIOENCODING is kept.
    """
    is_named = bool(os.environ.get("PYTHONIOENCODING"))
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, TextIOWrapper):
            continue
        is_kept = is_named or stream.isatty()
        stream.reconfigure(
            encoding=None if is_kept else "utf-8",
            errors="replace",
        )


def main() -> None:
    """The entry point of `discuz-archive`."""
    set_encodings()
    sys.exit(run(lambda: cli.main(standalone_mode=False)))
