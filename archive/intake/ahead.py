"""Hands things in some way ahead of the one that is dealt with, and gives them back in their
order, several together."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final, Protocol, TypeVar

MOST_BYTES: Final = 64 << 20
"""So much is held at once, or one thing that is larger."""


class HandedIn(Protocol):
    """A thing that was handed in."""

    @property
    def size_bytes(self) -> int:
        """About how much memory it takes."""


Thing = TypeVar("Thing", bound=HandedIn)


def groups(things: Iterator[Thing], ahead: int, together: int) -> Iterator[list[Thing]]:
    """The things in their order, so many together as are given, `ahead` of them taken from
    the iterator before the first group. Which of them are together hangs on their number
    and size alone, and not on the time they take."""
    waiting: deque[Thing] = deque()
    held_bytes = 0
    while True:
        while len(waiting) < ahead and held_bytes < MOST_BYTES:
            thing = next(things, None)
            if thing is None:
                break
            waiting.append(thing)
            held_bytes += thing.size_bytes
        if not waiting:
            return
        group = _first(waiting, together)
        yield group
        held_bytes -= sum(thing.size_bytes for thing in group)


def _first(waiting: deque[Thing], together: int) -> list[Thing]:
    """The first few, as long as they are not large."""
    group: list[Thing] = []
    group_bytes = 0
    while waiting and len(group) < together and group_bytes < MOST_BYTES // 2:
        thing = waiting.popleft()
        group.append(thing)
        group_bytes += thing.size_bytes
    return group
