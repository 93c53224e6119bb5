"""Addresses taken apart into their numbers and what stands around them, their shape: the
links of a forum, grouped by it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from scraper.core.site import AddressPair, LinkKind

Parts: TypeAlias = tuple[str, ...]
"""A shape: what stands around the numbers of an address."""

_NUMBER = re.compile(r"\d+")
_EXTRA = re.compile(r"[?&](?:amp;)*extra=[^&#]*$")
_MOST_DIGITS: Final = 18
_MOST_CHARS: Final = 200
_MOST_NUMBERS: Final = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A link whose place tells what it leads to. `numbers` are those of its address, as
    printed; `number` and `page` those that the place tells, None where it tells none."""

    numbers: tuple[str, ...]
    number: int | None
    page: int | None
    name: str

    def agrees_at(self, at: int) -> bool:
        """Whether the number at a place of the address may be the thing's own."""
        if self.number is None:
            return True
        return self.numbers[at] == str(self.number)


Group: TypeAlias = list[Example]
"""The links of one kind and shape."""
Groups: TypeAlias = dict[tuple[LinkKind, Parts], Group]


def without_extra(address: str) -> str:
    """An address without what a forum's links carry along for the way back (`extra=`)."""
    return _EXTRA.sub("", address)


def can_teach(pair: AddressPair) -> bool:
    """Whether an address has numbers that a form can be made of."""
    address = pair.address
    if len(address) > _MOST_CHARS:
        return False
    if "%" in address:
        return False
    numbers = _NUMBER.findall(address)
    if not numbers or len(numbers) > _MOST_NUMBERS:
        return False
    longest = max(map(len, numbers))
    return longest <= _MOST_DIGITS


def parts_of(pair: AddressPair) -> Parts:
    """The shape of an address."""
    parts = _NUMBER.split(pair.address)
    return tuple(parts)


def grouped(pairs: Iterable[AddressPair]) -> Groups:
    """The pairs that a form can be made of, by kind and shape."""
    groups: Groups = {}
    for pair in pairs:
        if not can_teach(pair):
            continue
        key = pair.kind, parts_of(pair)
        group = groups.setdefault(key, [])
        example = _example(pair)
        group.append(example)
    return groups


def _example(pair: AddressPair) -> Example:
    numbers = _NUMBER.findall(pair.address)
    return Example(
        numbers=tuple(numbers),
        number=pair.number,
        page=pair.page,
        name=pair.name,
    )
