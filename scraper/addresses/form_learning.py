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
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final, TypeAlias

from scraper.addresses.own_forms import NO_FORMS, OwnForm, OwnForms
from scraper.addresses.urls import usual_target
from scraper.core.site import AddressPair, LinkKind

_Parts: TypeAlias = tuple[str, ...]
"""A shape: what stands around the numbers of an address."""
_Group: TypeAlias = list[tuple[tuple[str, ...], AddressPair]]
"""The pairs of one kind and shape, each with the numbers of its address, as printed."""
_Groups: TypeAlias = dict[tuple[LinkKind, _Parts], _Group]

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
    proved = list(_proved(groups))
    proved += _beginning_alike(groups, proved)

    by_shape: dict[_Parts, list[OwnForm]] = {}
    for form in proved:
        by_shape.setdefault(form.parts, []).append(form)
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
    counts = Counter(_class_of(pair) for pair in known)
    seen = set(known)
    kept = list[AddressPair]()
    for pair in new:
        if len(seen) >= _MOST_OF_FORUM:
            break
        if pair in seen or not _tells_more(pair, forms):
            continue
        shape = _class_of(pair)
        if counts[shape] < _most_of_shape(pair, forms):
            counts[shape] += 1
            seen.add(pair)
            kept.append(pair)
    return tuple(kept)


def _tells_more(pair: AddressPair, forms: OwnForms) -> bool:
    """Whether forms do not read an address as what its place says."""
    if not _can_teach(pair):
        return False
    target = forms.target(pair.address)
    return target is None or pair.number not in (target.id, None)


def _most_of_shape(pair: AddressPair, forms: OwnForms) -> int:
    parts = _parts(pair)
    is_of_known_form = any(form.parts == parts for form in forms.forms)
    return 2 * _MOST_KEPT if is_of_known_form else _MOST_KEPT


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


def _parts(pair: AddressPair) -> _Parts:
    return tuple(_NUMBER.split(pair.address))


def _groups(pairs: Iterable[AddressPair]) -> _Groups:
    groups: _Groups = {}
    for pair in pairs:
        if not _can_teach(pair):
            continue
        numbers = tuple(_NUMBER.findall(pair.address))
        group = groups.setdefault((pair.kind, _parts(pair)), [])
        group.append((numbers, pair))
    return groups


def _proved(groups: _Groups) -> Iterator[OwnForm]:
    for (kind, parts), group in groups.items():
        form = _form(kind, parts, group)
        if form is not None:
            yield form


def _beginning_alike(groups: _Groups, proved: Sequence[OwnForm]) -> Iterator[OwnForm]:
    """Forms of further pages that begin as a proved one of the same kind does."""
    shapes = {form.parts for form in proved}
    beginnings = {
        (form.kind, form.parts[0]) for form in proved if form.slots[0] == "id"
    }
    for (kind, parts), group in groups.items():
        if parts in shapes or (kind, parts[0]) not in beginnings:
            continue
        form = _form(kind, parts, group, begins_alike=True)
        if form is not None and form.slots[:2] == ("id", "page"):
            yield form


def _form(
    kind: LinkKind, parts: _Parts, group: _Group, *, begins_alike: bool = False
) -> OwnForm | None:
    """The form that the pairs of a kind and shape prove. `begins_alike`: a known form of
    the kind has the same words before its number."""
    positions = range(len(parts) - 1)
    fitting = [at for at in positions if _is_own_number(group, at, begins_alike)]
    if len(fitting) != 1:
        return None

    (own,) = fitting
    agreeing = [one for one in group if _agrees(one, own)]
    slots = [_meaning(agreeing, at) for at in positions]
    slots[own] = "id"
    if slots.count("page") > 1:
        return None
    pages = [pair.page for _, pair in agreeing if pair.page is not None]
    first_page = min(pages, default=1)
    return OwnForm(kind, parts, tuple(slots), first_page)


def _meaning(group: _Group, at: int) -> str:
    """What a number is that is not the thing's own."""
    if _is_page(group, at):
        return "page"
    values = {numbers[at] for numbers, _ in group}
    return values.pop() if len(values) == 1 else "any"


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

    if _is_enough(agreeing) or len(_named(group, at)) > 1:
        return True
    least = 1 if begins_alike else 2
    return len(agreeing) >= least and _tells_page_beside(group, at)


def _tells_page_beside(group: _Group, at: int) -> bool:
    """Whether another number of the shape is that of the page."""
    numbers, _ = group[0]
    others = [other for other in range(len(numbers)) if other != at]
    return any(_is_page(group, other) for other in others)


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


def _unambiguous(rivals: Sequence[OwnForm]) -> Iterator[OwnForm]:
    """The form of a shape that stands for one kind of thing only; a thread's last page may
    have the address of the thread."""
    kinds = {form.kind for form in rivals}
    for form in rivals:
        is_thread = form.kind == "thread" and kinds <= _OF_THREADS
        if is_thread or kinds == {form.kind}:
            yield form
