"""Settings that a person types each time, from `discuz-archive.toml` in the user's folder and
beside the archive: defaults for the options of commands.

    [crawl]                     # for `watch`, too, as far as it has the option
    contact = "me@example.com"
    delay = 3
    media = true
    cookies = "cookies.txt"     # a path is taken from the file's own folder
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

import click

from scraper.core.errors import InputError

FILE_NAME: Final = "discuz-archive.toml"
_PROGRAM: Final = "discuz-archive"
_ALSO_OF: Final = {"watch": "crawl"}
"""Command → the one whose settings it takes as far as it has such options."""

_OF_USER_ALONE: Final = ("on-trouble", "weekly")
"""Options that are commands of the shell."""

Settings = dict[str, Any]
"""Parameter's name → its default."""


def settings_for(
    name: str,
    command: click.Command,
    arguments: Sequence[str],
    commands: Collection[str],
) -> Settings:
    """The defaults for a command that is called with these arguments. InputError where a
    file is no TOML, or names a command or an option that there is not."""
    found: Settings = {}
    for file in _files(arguments):
        said = _read(file, commands)
        other = _ALSO_OF.get(name)
        if other:
            _check_source(
                file,
                other,
                said.get(other, {}),
            )
            found |= _settings(file, said.get(other, {}), command)
        own = said.get(name, {})
        _check_source(file, name, own)
        _check_options(file, name, own, command)
        found |= _settings(file, own, command)
    return found


def _files(arguments: Sequence[str]) -> list[Path]:
    """The files that hold, those of more weight last: the user's, and the one in the folder
    of the archive, which is the first argument that is no option."""
    folders = [_user_folder()]
    for argument in arguments:
        if not argument.startswith("-"):
            folders.append(Path(argument).absolute().parent)
            break
    files = [folder / FILE_NAME for folder in folders]
    return [file for file in dict.fromkeys(files) if file.is_file()]


def _read(file: Path, commands: Collection[str]) -> dict[str, dict[str, Any]]:
    """The tables of a file, by the names of commands."""
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file}: is no TOML: {error}") from error
    for key, value in said.items():
        if key not in commands:
            raise InputError(f"{file}: [{key}]: no such command{_near(key, commands)}")
        if not isinstance(value, dict):
            raise InputError(f"{file}: {key}: write [{key}], and its options below")
    return said


def _check_options(
    file: Path, name: str, said: dict[str, Any], command: click.Command
) -> None:
    options = _options(command)
    for key in said:
        if key not in options:
            meant = _near(key, options)
            raise InputError(f"{file}: [{name}] {key}: no such option{meant}")


def _check_source(file: Path, name: str, said: dict[str, Any]) -> None:
    """InputError for commands in a file that may have come with somebody's archive."""
    if file.parent == _user_folder():
        return
    for key in _OF_USER_ALONE:
        if key in said:
            raise InputError(
                f"{file}: [{name}] {key}: a command is not taken from beside an archive; "
                f"put it into {_user_folder() / FILE_NAME}, or type it"
            )


def _user_folder() -> Path:
    return Path(click.get_app_dir(_PROGRAM))


def _near(name: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(
        name,
        known,
        n=1,
    )
    return f"; did you mean {near[0]}?" if near else ""


def _options(command: click.Command) -> dict[str, click.Option]:
    """A command's options by their long names, without the dashes."""
    found = {}
    for parameter in command.params:
        if not isinstance(parameter, click.Option):
            continue
        for name in parameter.opts:
            if name.startswith("--"):
                found[name.removeprefix("--")] = parameter
    return found


def _settings(file: Path, said: dict[str, Any], command: click.Command) -> Settings:
    options = _options(command)
    found: Settings = {}
    for key, value in said.items():
        option = options.get(key)
        if option is not None and option.name:
            found[option.name] = _value(
                file,
                option,
                value,
            )
    return found


def _value(file: Path, option: click.Option, value: Any) -> Any:
    if isinstance(option.type, click.Path) and isinstance(value, str):
        path = Path(value).expanduser()
        return str(file.parent / path)
    if option.multiple and not isinstance(value, list):
        return [value]
    return value
