"""What is known of one forum before a page of it is read: the settings that a page itself
may not print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, timezone


@dataclass(frozen=True, slots=True)
class Site:
    """Settings of one forum. `utc_offset_minutes` is the zone its pages print times in
    (Discuz!'s default is GMT+8)."""

    base_url: str = ""
    utc_offset_minutes: int = 480

    @property
    def zone(self) -> timezone:
        """The zone as a fixed offset: Discuz! knows no summer time."""
        offset = timedelta(minutes=self.utc_offset_minutes)
        return timezone(offset)


DEFAULT_SITE = Site()


@dataclass(frozen=True, slots=True)
class SiteLine:
    """The forum as a page of it names it: `url` with a final slash, `software` as in
    `Discuz! X3.4`; empty if not."""

    name: str = ""
    url: str = ""
    software: str = ""
