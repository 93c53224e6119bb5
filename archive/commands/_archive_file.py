"""The archive that a command reads: a file that is there, or one message for all commands."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Any

import click

from scraper.core.errors import InputError


class ArchiveFile(click.Path):
    """The type of an argument that names an archive. InputError where there is no such file,
    with the name that may have been meant."""

    name = "file"

    def __init__(self) -> None:
        super().__init__(
            dir_okay=False,
            path_type=Path,
        )

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Path:
        given = super().convert(
            value,
            param,
            ctx,
        )
        path = Path(os.fsdecode(given))
        if path.exists():
            return path
        word = str(value)
        if word.startswith("-") and ctx is not None:
            # a query may begin so, and such words are arguments: here none was meant
            options = [name for each in ctx.command.params for name in each.opts]
            meant = difflib.get_close_matches(word, options)
            raise click.NoSuchOption(word, possibilities=meant, ctx=ctx)
        raise InputError(no_such_file(path))


def no_such_file(path: Path) -> str:
    """What to say of a file that is not there, and what to do."""
    folder = path.parent
    if not folder.is_dir():
        return f"{path}: no such file: there is no folder {folder}"
    near = _near_names(path)
    if near:
        return f"{path}: no such file; did you mean {' or '.join(near)}?"
    return (
        f"{path}: no such file; `discuz-archive ingest {path} FILE...` or "
        f"`discuz-archive crawl {path} ADDRESS` makes an archive there"
    )


def _near_names(path: Path) -> list[str]:
    """Archives beside it whose names are nearly the one given."""
    archives = [each.name for each in path.parent.glob("*.db")]
    names = difflib.get_close_matches(
        path.name,
        archives,
        n=2,
    )
    return [str(path.with_name(name)) for name in names]
