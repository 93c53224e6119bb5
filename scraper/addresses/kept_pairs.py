"""Which links of a page an archive keeps for learning its forum's own forms of addresses:
those that tell more than the kept ones do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from scraper.addresses.address_shapes import can_teach, parts_of
from scraper.addresses.form_learning import learn
from scraper.addresses.own_forms import OwnForms
from scraper.core.site import AddressPair

_MOST_KEPT: Final = 12
"""Pairs of one shape that are kept; twice as many where its form does not read them."""
_MOST_OF_FORUM: Final = 400
"""More than any has, should a page be made to have many."""


def worth_keeping(
    known: Sequence[AddressPair], new: Iterable[AddressPair]
) -> tuple[AddressPair, ...]:
    """Those of a page's pairs that tell more than the known ones do; a few of each shape."""
    forms = learn(tuple(known))
    counts = Counter(map(_class_of, known))
    seen = set(known)
    kept = list[AddressPair]()
    for pair in new:
        if len(seen) >= _MOST_OF_FORUM:
            break
        if pair in seen:
            continue
        if not _tells_more(pair, forms):
            continue
        shape = _class_of(pair)
        if counts[shape] >= _most_of_shape(pair, forms):
            continue
        counts[shape] += 1
        seen.add(pair)
        kept.append(pair)
    return tuple(kept)


def _tells_more(pair: AddressPair, forms: OwnForms) -> bool:
    """Whether forms do not read an address as what its place says."""
    if not can_teach(pair):
        return False
    target = forms.target(pair.address)
    if target is None:
        return True
    if pair.number is None:
        return False
    return pair.number != target.id


def _most_of_shape(pair: AddressPair, forms: OwnForms) -> int:
    parts = parts_of(pair)
    for form in forms.forms:
        if form.parts == parts:
            return 2 * _MOST_KEPT
    return _MOST_KEPT


def _class_of(pair: AddressPair) -> object:
    """First pages and further ones of a shape are counted apart: both are needed."""
    page = pair.page or 1
    is_further = page > 1
    parts = parts_of(pair)
    return pair.kind, parts, is_further
