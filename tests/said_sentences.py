"""All that the commands say, as far as it stands in their sources: help texts, and what is
printed or raised by them."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import click
from corpus import ROOT

from archive.cli import cli

SAYING = {"say", "tell", "note", "fail", "BadParameter"}
PLACE = re.compile(r"\{\d+\}")
_WORDS = re.compile(r"[A-Za-z]")
_FEWEST_LETTERS = 6
"""Of a sentence; the rest are frames for others."""


def helps() -> Iterator[str]:
    """Help texts of all commands and their options."""
    for command in with_steps(cli):
        for text in (command.help, command.epilog):
            if text:
                yield inspect.cleandoc(text)
        for parameter in command.params:
            said = getattr(parameter, "help", "")
            if said:
                yield str(said).partition("One of ")[0]


def with_steps(command: click.Command) -> Iterator[click.Command]:
    """A command, and those that it is a group of."""
    yield command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            step = command.get_command(context, name)
            assert step
            yield from with_steps(step)


def names() -> list[str]:
    """The commands."""
    return cli.list_commands(click.Context(cli))


def printed() -> Iterator[tuple[str, str]]:
    """Sentences that commands print or raise, `{0}` for what is filled in, with their file."""
    folder = ROOT / "archive" / "commands"
    for path in (*sorted(folder.rglob("*.py")), ROOT / "archive" / "cli.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name not in SAYING and not name.endswith("Error"):
                continue
            sentence = template(node.args[0])
            if len(_WORDS.findall(PLACE.sub("", sentence))) >= _FEWEST_LETTERS:
                yield path.name, sentence.strip(" ")


def template(node: ast.expr) -> str:
    """A sentence of the source; empty where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    said = ""
    places = 0
    for piece in node.values:
        if isinstance(piece, ast.Constant):
            said += str(piece.value)
        else:
            said += f"{{{places}}}"
            places += 1
    return said
