"""Page numbers of an answer in JSON, which has counts only."""

from __future__ import annotations

from math import ceil

from scraper.markup.snapshot import Snapshot


def asked_page(page: Snapshot) -> int:
    """The page that the address asks for."""
    if page.target is None:
        return 1
    return page.target.page


def pages_of(total: int, size: int) -> int:
    """How many pages of `size` rows there are; an empty list has one."""
    return max(1, ceil(total / size))
