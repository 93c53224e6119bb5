"""What a form is: how it writes all that was chosen into one file, or into files of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

from archive.export.job import Job

Write: TypeAlias = Callable[[BinaryIO], None]
"""Writes one file; the stream can only be written to, from its beginning to its end."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a folder: its name within, with `/` between folders, and what writes it."""

    name: str
    write: Write


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of export.

    `summary` says in a line what comes out. `suffixes` are what names of such files end
    with, the usual one first. `write` makes one file, and `parts` the files of a folder,
    which are written one after the other; None for what the form has not.
    """

    summary: str
    suffixes: tuple[str, ...]
    write: Callable[[Job, BinaryIO], None] | None = None
    parts: Callable[[Job], Iterator[Part]] | None = None
    needs_posts: bool = True
    """Whether threads without posts are nothing to it."""
    can_remove_personal: bool = False
    """Whether it can leave out personal data."""
