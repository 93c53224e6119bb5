"""Containers: one file a kind of input. Each module here that has a `CONTAINER` is found by
itself; nothing is registered.

A container tells by an input's first bytes whether it is its own, and yields what lies in
it. What is nobody's is a page saved as it is, or nothing that we know (`single.py`).

Open `warc.py` first: the shortest.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeAlias

from archive.intake.inputs import Hints, InputItem
from archive.intake.packing import Head
from archive.intake.source import Folder, Source

Items: TypeAlias = Iterator[InputItem]


class Reading(Protocol):
    """What a container may ask of the reading that it is part of."""

    @property
    def hints(self) -> Hints:
        """What the user says, and the limits."""

    def source(self, source: Source) -> Items:
        """What lies in an input within this one."""

    def folder(self, folder: Folder) -> Items:
        """What lies in the folder that this one is."""


@dataclass(frozen=True, slots=True)
class Container:
    """One kind of input. `is_told_by` looks at its first 4,096 bytes; `read` gives what lies
    in it. Whatever `read` raises costs this input alone.

    Where the first bytes are those of a packed file, only a kind that reads packed files
    itself looks at what is within (`Head.plain`): of others the packing is taken off first.
    """

    name: str
    is_told_by: Callable[[Head], bool]
    read: Callable[[Source, Reading], Items]


def container_of(head: Head) -> Container | None:
    """The kind that an input's first bytes tell; None for none of ours."""
    for container in _containers():
        if container.is_told_by(head):
            return container
    return None


@cache
def _containers() -> tuple[Container, ...]:
    found = []
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        container = getattr(module, "CONTAINER", None)
        if isinstance(container, Container):
            found.append(container)
    return tuple(found)
