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

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from scraper.addresses.address_shapes import Group, Groups, Parts, grouped
from scraper.addresses.number_meanings import is_own_number, meaning
from scraper.addresses.own_forms import NO_FORMS, OwnForm, OwnForms
from scraper.addresses.urls import usual_target
from scraper.core.site import AddressPair, LinkKind

_MOST_FORMS: Final = 24
"""Forms of one forum: more than any has, should a page be made to have many."""
_OF_THREADS: Final[frozenset[LinkKind]] = frozenset({"thread", "last"})
_FURTHER_PAGE: Final = ("id", "page")


@lru_cache(maxsize=256)
def learn(pairs: tuple[AddressPair, ...], host: str = "") -> OwnForms:
    """The forms that pairs prove, by the rules above; none where they prove none."""
    if not pairs:
        return NO_FORMS

    groups = grouped(pairs)
    proved = list(_proved(groups))
    proved += _beginning_alike(groups, proved)
    forms = _unambiguous(proved)
    learned = OwnForms(
        forms=tuple(forms[:_MOST_FORMS]),
        host=host,
    )
    go_first = any(_is_misread(pair, learned) for pair in pairs)
    return replace(learned, go_first=go_first)


def _is_misread(pair: AddressPair, forms: OwnForms) -> bool:
    """Whether an address of these forms looks like another one of Discuz!'s own."""
    usual = usual_target(pair.address)
    if usual is None:
        return False
    own = forms.target(pair.address)
    return own is not None


def _proved(groups: Groups) -> Iterator[OwnForm]:
    for (kind, parts), group in groups.items():
        form = _form(kind, parts, group)
        if form is not None:
            yield form


def _beginning_alike(groups: Groups, proved: Sequence[OwnForm]) -> Iterator[OwnForm]:
    """Forms of further pages that begin as a proved one of the same kind does."""
    shapes = {form.parts for form in proved}
    beginnings = _beginnings(proved)
    for (kind, parts), group in groups.items():
        if parts in shapes:
            continue
        beginning = kind, parts[0]
        if beginning not in beginnings:
            continue
        form = _form(
            kind,
            parts,
            group,
            begins_alike=True,
        )
        if form is not None and form.slots[:2] == _FURTHER_PAGE:
            yield form


def _beginnings(forms: Sequence[OwnForm]) -> set[tuple[LinkKind, str]]:
    """What stands before the thing's own number in forms that have it first."""
    beginnings = set[tuple[LinkKind, str]]()
    for form in forms:
        if form.slots[0] == "id":
            beginning = form.kind, form.parts[0]
            beginnings.add(beginning)
    return beginnings


def _form(
    kind: LinkKind, parts: Parts, group: Group, *, begins_alike: bool = False
) -> OwnForm | None:
    """The form that the pairs of a kind and shape prove. `begins_alike`: a known form of
    the kind has the same words before its number."""
    positions = range(len(parts) - 1)
    fitting = list[int]()
    for at in positions:
        if is_own_number(group, at, begins_alike=begins_alike):
            fitting.append(at)
    if len(fitting) != 1:
        return None

    (own,) = fitting
    agreeing = [example for example in group if example.agrees_at(own)]
    slots = [meaning(agreeing, at) for at in positions]
    slots[own] = "id"
    if slots.count("page") > 1:
        return None
    return OwnForm(
        kind=kind,
        parts=parts,
        slots=tuple(slots),
        first_page=_first_page(agreeing),
    )


def _first_page(group: Group) -> int:
    """The lowest page that links lead to; 1 where no place tells any."""
    pages = list[int]()
    for example in group:
        if example.page is not None:
            pages.append(example.page)
    return min(pages, default=1)


def _unambiguous(proved: Sequence[OwnForm]) -> list[OwnForm]:
    """The forms of shapes that stand for one kind of thing only; a thread's last page may
    have the address of the thread."""
    by_shape = defaultdict[Parts, list[OwnForm]](list)
    for form in proved:
        rivals = by_shape[form.parts]
        rivals.append(form)
    forms = list[OwnForm]()
    for rivals in by_shape.values():
        kinds = {form.kind for form in rivals}
        for form in rivals:
            if _is_of(form, kinds):
                forms.append(form)
    return forms


def _is_of(form: OwnForm, kinds: set[LinkKind]) -> bool:
    """Whether a form is the one of a shape that was proved for these kinds."""
    if kinds == {form.kind}:
        return True
    return form.kind == "thread" and kinds <= _OF_THREADS
