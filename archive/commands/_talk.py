"""How much the program says, where to, and in which language: `--quiet`, `--verbose`, `--log
FILE`, `--lang`, which every command takes, before its name or behind it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from archive.commands import _chinese, _saying
from archive.languages import LANGUAGES, Language

_LOGGER: Final = "discuz-archive"
_LINE: Final = "%(asctime)s %(levelname)s %(message)s"


@dataclass(slots=True)
class _Talk:
    """What was asked for; of one call of the program."""

    quiet: bool = False
    verbose: bool = False
    log: Path | None = None


_talk = _Talk()


def reset() -> None:
    """Forget what was asked for: a new call begins."""
    global _talk
    _talk = _Talk()
    _saying.set_recorder(None)
    _chinese.choose(None)


def is_quiet() -> bool:
    """Whether only results and problems are wanted."""
    return _talk.quiet


def is_verbose() -> bool:
    """Whether every page is to be named."""
    return _talk.verbose


def tell(text: str) -> None:
    """Print a line that is no result and no problem: not under `--quiet`."""
    if not is_quiet():
        _saying.say(text)


def options() -> list[click.Option]:
    """The options, for the program as a whole."""
    return [
        click.Option(
            ["-q", "--quiet"],
            is_flag=True,
            expose_value=False,
            callback=_set_quiet,
            help="Say nothing but results and problems.",
        ),
        click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            expose_value=False,
            callback=_set_verbose,
            help="Name every page and request, too.",
        ),
        click.Option(
            ["--log"],
            type=click.Path(dir_okay=False, writable=True, path_type=Path),
            metavar="FILE",
            expose_value=False,
            callback=_set_log,
            help="Append what is said, with the time, to FILE.",
        ),
        click.Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            expose_value=False,
            is_eager=True,  # before the help is printed
            callback=_set_language,
            help="Speak Chinese (zh, zh-hant) or English; otherwise the system's language.",
        ),
    ]


def add_to(command: click.Command) -> None:
    """Let a command take the same options behind its name, without listing them again."""
    if command.context_settings.get(
        "ignore_unknown_options"
    ):  # its arguments are another command's options
        return
    taken = {name for each in command.params for name in each.opts}
    for option in options():
        is_free = taken.isdisjoint(option.opts)
        if is_free:
            option.hidden = True
            command.params.append(option)


def _set_quiet(_ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    _talk.quiet = _talk.quiet or value


def _set_verbose(_ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not _talk.verbose:
        _talk.verbose = True
        _begin_log()


def _set_log(ctx: click.Context, param: click.Parameter, value: Path | None) -> None:
    if value is None:
        return
    if not value.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {value.parent}", ctx, param)
    _talk.log = value
    _begin_log()


def _set_language(
    _ctx: click.Context, _param: click.Parameter, value: Language | None
) -> None:
    if value:
        _chinese.choose(value)


def _begin_log() -> None:
    """Have all loggers, and what is printed, write where it was asked for."""
    # takes longer to import than the list of commands to print
    import logging

    level = logging.INFO
    on_screen = logging.StreamHandler(sys.stderr)
    on_screen.setLevel(level if _talk.verbose else logging.WARNING)
    on_screen.addFilter(_is_not_printed)
    handlers: list[logging.Handler] = [on_screen]
    if _talk.log:
        handlers.append(logging.FileHandler(_talk.log, encoding="utf-8"))
    for handler in handlers[1:]:
        handler.setFormatter(logging.Formatter(_LINE))
    logging.basicConfig(
        level=level,
        handlers=handlers,
        force=True,
    )
    if _talk.log:
        _saying.set_recorder(logging.getLogger(_LOGGER).info)


def _is_not_printed(record: object) -> bool:
    """Whether a record is none of what is on the screen already."""
    return getattr(record, "name", "") != _LOGGER
