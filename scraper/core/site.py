"""What is known of one forum before a page of it is read: the settings that a page itself
may not print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone
from functools import lru_cache
from typing import Literal, TypeAlias

LinkKind: TypeAlias = Literal[
    "thread", "board", "user", "post", "last", "category", "tag"
]
"""What a link of a page leads to; `last`: the last page of a thread."""


@dataclass(frozen=True, slots=True)
class AddressPair:
    """A link in a form of the owner's own, and what its place on the page says of it.

    `address` is below the forum's, as in `t5-1`. `number` is the one that the page's markup
    has beside the link (a tid for a thread or its last page, a pid for a post); None where
    the place tells only the kind: then `name`, the words of the link, tells one such thing
    from another. `page` is the page number that the place tells, None where it tells none.
    """

    kind: LinkKind
    address: str
    number: int | None = None
    page: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Settings of one forum. `utc_offset_minutes` is the zone its pages print times in
    (Discuz!'s default is GMT+8). `pairs`: links of its own forms, from pages read before."""

    base_url: str = ""
    utc_offset_minutes: int = 480
    pairs: tuple[AddressPair, ...] = ()

    @property
    def zone(self) -> timezone:
        """The zone as a fixed offset: Discuz! knows no summer time."""
        return _zone_of(self.utc_offset_minutes)


@lru_cache(maxsize=64)
def _zone_of(offset_minutes: int) -> timezone:
    offset = timedelta(minutes=offset_minutes)
    return timezone(offset)


DEFAULT_SITE = Site()


@dataclass(frozen=True, slots=True)
class SiteLine:
    """The forum as a page of it names it: `url` with a final slash, `software` as in
    `Discuz! X3.4`; empty if not."""

    name: str = ""
    url: str = ""
    software: str = ""
