"""Links of a page whose meaning their place tells, for learning a forum's own forms of
addresses: those that no known form reads as what they are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from scraper.addresses.address_shapes import without_extra
from scraper.addresses.urls import absolute, base_of, parse_url
from scraper.core.site import AddressPair
from scraper.markup.snapshot import Snapshot
from scraper.pages.link_places import Place, places
from scraper.pages.stated_base import stated_base

_MAY_LEAD_TO_THREAD: Final = ("post", "last")
"""A post's own address, or that of a thread's last page, may be the thread's."""
_MOST_PLACES: Final = 1_000
"""Enough for any page that a forum prints."""


def own_pairs(page: Snapshot) -> tuple[AddressPair, ...]:
    """The links in forms that are not known, each once, with what their places say."""
    pairs = dict.fromkeys(_pairs(page))
    return tuple(pairs)


def _pairs(page: Snapshot) -> Iterator[AddressPair]:
    stated = stated_base(page.text)
    base = stated or _base_of(page)
    written_at = stated or page.url
    considered = islice(places(page), _MOST_PLACES)
    for place in considered:
        if _is_understood(place):
            continue
        whole = absolute(written_at, place.href)
        address = _below(base, whole)
        if not address:
            continue
        yield AddressPair(
            kind=place.kind,
            address=address,
            number=place.number,
            page=place.page,
            name=place.name,
        )


def _base_of(page: Snapshot) -> str:
    """The forum's address by that of its page; the whole host where that is of no form."""
    base = base_of(page.url)
    if page.target is not None:
        return base
    scheme, _, rest = base.partition("://")
    host, _, _ = rest.partition("/")
    return f"{scheme}://{host}/"


def _is_understood(place: Place) -> bool:
    """Whether an address is read as what its place says, or is none to learn from."""
    target = parse_url(place.href)
    if target is None:
        return not place.href
    if place.kind in _MAY_LEAD_TO_THREAD:
        return True
    if target.kind == "other":
        return True
    if target.kind != place.kind:
        return False
    return place.number is None or place.number == target.id


def _below(base: str, address: str) -> str:
    """A link's address below the forum's; empty where it leads elsewhere."""
    address, _, _ = address.partition("#")
    _, _, whole = address.partition("://")
    _, _, own = base.partition("://")
    whole = whole.removeprefix("www.")
    own = own.removeprefix("www.")
    if not own:
        return ""
    if not whole.startswith(own):
        return ""
    below = whole.removeprefix(own)
    return without_extra(below)
