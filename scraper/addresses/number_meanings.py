"""Which number of an address is the thing's own, which one that of the page: what links of
one kind and shape prove. `form_learning` has the rules.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from scraper.addresses.address_shapes import Group

_ENOUGH: Final = 3
_DIGITS_OF_TWO: Final = 4
_AGREEING_FOR_ONE: Final = 4


def is_own_number(group: Group, at: int, *, begins_alike: bool) -> bool:
    """Whether the number at a place of a shape is the thing's own. `begins_alike`: a known
    form of the kind has the same words before its number."""
    agreeing, disagreeing = _votes(group, at)
    if len(agreeing) < _AGREEING_FOR_ONE * len(disagreeing):
        return False
    if _is_enough(agreeing):
        return True
    named = _named(group, at)
    if len(named) > 1:
        return True
    least = 1 if begins_alike else 2
    if len(agreeing) < least:
        return False
    return _tells_page_beside(group, at)


def meaning(group: Group, at: int) -> str:
    """What a number is that is not the thing's own: `page`, the number that always stands
    there, or `any`."""
    if _is_page(group, at):
        return "page"
    values = {example.numbers[at] for example in group}
    if len(values) > 1:
        return "any"
    return values.pop()


def _votes(group: Group, at: int) -> tuple[set[str], set[int]]:
    """The different things whose number stands at a place, and those whose does not."""
    agreeing = set[str]()
    disagreeing = set[int]()
    for example in group:
        if example.number is None:
            continue
        if example.agrees_at(at):
            printed = example.numbers[at]
            agreeing.add(printed)
        else:
            disagreeing.add(example.number)
    return agreeing, disagreeing


def _is_enough(numbers: set[str]) -> bool:
    """Whether so many agreeing things rule chance out by themselves."""
    if len(numbers) >= _ENOUGH:
        return True
    if len(numbers) != 2:
        return False
    digits = "".join(numbers)
    return len(digits) >= _DIGITS_OF_TWO


def _tells_page_beside(group: Group, at: int) -> bool:
    """Whether another number of the shape is that of the page."""
    count = len(group[0].numbers)
    for other in range(count):
        if other == at:
            continue
        if _is_page(group, other):
            return True
    return False


def _is_page(group: Group, at: int) -> bool:
    """Whether the number at a place is that of the page, wherever a place tells it."""
    seen = set[int]()
    for example in group:
        page = example.page
        if page is None:
            continue
        if example.numbers[at] != str(page):
            return False
        seen.add(page)
    return len(seen) > 1


def _named(group: Group, at: int) -> set[str]:
    """The numbers at a place that have one name each, where that place alone varies."""
    examples = [example for example in group if example.number is None]
    if not _varies_alone(examples, at):
        return set()

    names_of = defaultdict[str, set[str]](set)
    numbers_of = defaultdict[str, set[str]](set)
    for example in examples:
        number = example.numbers[at]
        name = example.name
        names_of[number].add(name)
        numbers_of[name].add(number)
    good = set[str]()
    for number, names in names_of.items():
        if len(names) > 1:
            continue
        (name,) = names
        if len(numbers_of[name]) == 1:
            good.add(number)
    bad = len(names_of) - len(good)
    if len(good) < _AGREEING_FOR_ONE * bad:
        return set()
    return good


def _varies_alone(group: Group, at: int) -> bool:
    """Whether all numbers but the one at a place are the same throughout."""
    others = set[tuple[str, ...]]()
    for example in group:
        before = example.numbers[:at]
        after = example.numbers[at + 1 :]
        others.add(before + after)
    return len(others) == 1
