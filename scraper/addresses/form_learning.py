"""Addresses in forms that a forum's owner made up (`/t5-1`, `suid-901`,
`read-htm-tid-5.html`): learned from links whose number their place on a page tells.

An address is taken apart into its numbers and what stands around them, its shape
(`t#-#`). One of its numbers is the thing's own where it agrees with the markup of pages,
and that is believed only where chance is ruled out:

- three different things of the kind agree, or two whose numbers have four digits together,
  or two where another number of the address is that of the page, or then even one where a
  known form of the kind begins alike (`topic_5.htm`, `topic_5_p2.htm`);
- at least four times as many different things agree as disagree (a row may point to a
  moved thread);
- no other number of the shape agrees as well.

Where the markup has no number beside a link (a board on an index), two names must each have
a number of their own, and no other number of the shape may vary.

The number of the page is the one that agrees with every page that places tell, of which
there must be two. Any other number belongs to the form where it is always the same; one
that varies may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, TypeAlias

from scraper.addresses.own_forms import NO_FORMS, OwnForm, OwnForms
from scraper.addresses.urls import usual_target
from scraper.core.site import AddressPair, LinkKind

_Group: TypeAlias = list[tuple[tuple[str, ...], AddressPair]]
"""The pairs of one kind and shape, each with the numbers of its address, as printed."""

_NUMBER = re.compile(r"\d+")
_EXTRA = re.compile(r"[?&](?:amp;)*extra=[^&#]*$")
_MOST_DIGITS: Final = 18
_MOST_CHARS: Final = 200
_MOST_NUMBERS: Final = 6
_ENOUGH: Final = 3
_DIGITS_OF_TWO: Final = 4
_AGREEING_FOR_ONE: Final = 4
_MOST_KEPT: Final = 12
"""Pairs of one shape that are kept; twice as many where its form does not read them."""
_MOST_OF_FORUM: Final = 400
_MOST_FORMS: Final = 24
"""Pairs and forms of one forum: more than any has, should a page be made to have many."""
_OF_THREADS: Final[frozenset[LinkKind]] = frozenset({"thread", "last"})


def without_extra(address: str) -> str:
    """An address without what a forum's links carry along for the way back (`extra=`)."""
    return _EXTRA.sub("", address)


@lru_cache(maxsize=256)
def learn(pairs: tuple[AddressPair, ...], host: str = "") -> OwnForms:
    """The forms that pairs prove, by the rules above; none where they prove none."""
    if not pairs:
        return NO_FORMS

    groups = _groups(pairs)
    by_shape: dict[tuple[str, ...], list[OwnForm]] = {}
    beginnings = set[tuple[LinkKind, str]]()
    for (kind, parts), group in groups.items():
        form = _form(kind, parts, group)
        if form is None:
            continue
        by_shape.setdefault(parts, []).append(form)
        if form.slots[0] == "id":
            beginnings.add((kind, parts[0]))

    for (kind, parts), group in groups.items():
        if parts not in by_shape and (kind, parts[0]) in beginnings:
            form = _form(kind, parts, group, begins_alike=True)
            if form is not None and form.slots[:2] == ("id", "page"):
                by_shape[parts] = [form]

    forms = list[OwnForm]()
    for rivals in by_shape.values():
        forms += _unambiguous(rivals)
    learned = OwnForms(tuple(forms[:_MOST_FORMS]), host)
    go_first = any(_is_misread(pair, learned) for pair in pairs)
    return replace(learned, go_first=go_first)


def worth_keeping(
    known: Sequence[AddressPair], new: Iterable[AddressPair]
) -> tuple[AddressPair, ...]:
    """Those of a page's pairs that tell more than the known ones do; a few of each shape."""
    forms = learn(tuple(known))
    counts: dict[object, int] = {}
    for pair in known:
        counts[_class_of(pair)] = counts.get(_class_of(pair), 0) + 1

    seen = set(known)
    kept = list[AddressPair]()
    for pair in new:
        if len(seen) >= _MOST_OF_FORUM:
            break
        if pair in seen or not _can_teach(pair):
            continue
        target = forms.target(pair.address)
        if target is not None and pair.number in (target.id, None):
            continue
        is_of_known_form = any(form.parts == _parts(pair) for form in forms.forms)
        most = 2 * _MOST_KEPT if is_of_known_form else _MOST_KEPT
        count = counts.get(_class_of(pair), 0)
        if count < most:
            counts[_class_of(pair)] = count + 1
            seen.add(pair)
            kept.append(pair)
    return tuple(kept)


def _is_misread(pair: AddressPair, forms: OwnForms) -> bool:
    """Whether an address of these forms looks like another one of Discuz!'s own."""
    if usual_target(pair.address) is None:
        return False
    return forms.target(pair.address) is not None


def _class_of(pair: AddressPair) -> object:
    """First pages and further ones of a shape are counted apart: both are needed."""
    is_further = (pair.page or 1) > 1
    return pair.kind, _parts(pair), is_further


def _can_teach(pair: AddressPair) -> bool:
    """Whether an address has numbers that a form can be made of."""
    if len(pair.address) > _MOST_CHARS or "%" in pair.address:
        return False
    numbers = _NUMBER.findall(pair.address)
    if not 1 <= len(numbers) <= _MOST_NUMBERS:
        return False
    return max(map(len, numbers)) <= _MOST_DIGITS


def _parts(pair: AddressPair) -> tuple[str, ...]:
    return tuple(_NUMBER.split(pair.address))


def _groups(
    pairs: Iterable[AddressPair],
) -> dict[tuple[LinkKind, tuple[str, ...]], _Group]:
    groups: dict[tuple[LinkKind, tuple[str, ...]], _Group] = {}
    for pair in pairs:
        if not _can_teach(pair):
            continue
        numbers = tuple(_NUMBER.findall(pair.address))
        group = groups.setdefault((pair.kind, _parts(pair)), [])
        group.append((numbers, pair))
    return groups


def _form(
    kind: LinkKind, parts: tuple[str, ...], group: _Group, *, begins_alike: bool = False
) -> OwnForm | None:
    """The form that the pairs of a kind and shape prove. `begins_alike`: a known form of
    the kind has the same words before its number."""
    positions = range(len(parts) - 1)
    fitting = [at for at in positions if _is_own_number(group, at, begins_alike)]
    if len(fitting) != 1:
        return None

    (own,) = fitting
    agreeing = [one for one in group if _agrees(one, own)]
    slots = list[str]()
    for at in positions:
        if at == own:
            slots.append("id")
        elif _is_page(agreeing, at):
            slots.append("page")
        else:
            slots.append(_constant(agreeing, at) or "any")
    if slots.count("page") > 1:
        return None
    pages = [pair.page for _, pair in agreeing if pair.page is not None]
    return OwnForm(kind, parts, tuple(slots), min(pages, default=1))


def _agrees(one: tuple[tuple[str, ...], AddressPair], at: int) -> bool:
    numbers, pair = one
    return pair.number is None or numbers[at] == str(pair.number)


def _is_own_number(group: _Group, at: int, begins_alike: bool) -> bool:
    """Whether the number at a place of a shape is the thing's own."""
    agreeing = set[str]()
    disagreeing = set[int]()
    for one in group:
        numbers, pair = one
        if pair.number is None:
            continue
        if _agrees(one, at):
            agreeing.add(numbers[at])
        else:
            disagreeing.add(pair.number)
    if len(agreeing) < _AGREEING_FOR_ONE * len(disagreeing):
        return False

    named = _named(group, at)
    if len(named) > 1:
        return True
    tells_page = any(
        _is_page(group, other) for other in range(len(group[0][0])) if other != at
    )
    is_told_by_page = tells_page and (begins_alike or len(agreeing) > 1)
    return is_told_by_page or _is_enough(agreeing)


def _is_enough(numbers: set[str]) -> bool:
    if len(numbers) >= _ENOUGH:
        return True
    return len(numbers) == 2 and len("".join(numbers)) >= _DIGITS_OF_TWO


def _named(group: _Group, at: int) -> set[str]:
    """The numbers at a place that have one name each, where that place alone varies."""
    named = [(numbers, pair.name) for numbers, pair in group if pair.number is None]
    others = {numbers[:at] + numbers[at + 1 :] for numbers, _ in named}
    if len(others) != 1:
        return set()

    names_of: dict[str, set[str]] = {}
    numbers_of: dict[str, set[str]] = {}
    for numbers, name in named:
        names_of.setdefault(numbers[at], set()).add(name)
        numbers_of.setdefault(name, set()).add(numbers[at])
    good = set[str]()
    for number, names in names_of.items():
        (name, *more) = names
        if not more and len(numbers_of[name]) == 1:
            good.add(number)
    bad = len(names_of) - len(good)
    return good if len(good) >= _AGREEING_FOR_ONE * bad else set()


def _is_page(group: _Group, at: int) -> bool:
    """Whether the number at a place is that of the page, wherever a place tells it."""
    seen = set[int]()
    for numbers, pair in group:
        if pair.page is None:
            continue
        if numbers[at] != str(pair.page):
            return False
        seen.add(pair.page)
    return len(seen) > 1


def _constant(group: _Group, at: int) -> str | None:
    values = {numbers[at] for numbers, _ in group}
    return values.pop() if len(values) == 1 else None


def _unambiguous(rivals: Sequence[OwnForm]) -> Iterator[OwnForm]:
    """The form of a shape that stands for one kind of thing only; a thread's last page may
    have the address of the thread."""
    kinds = {form.kind for form in rivals}
    for form in rivals:
        if kinds == {form.kind} or (form.kind == "thread" and kinds <= _OF_THREADS):
            yield form
