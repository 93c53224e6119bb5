"""Where the crawl of one forum is at: what every step of it needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archive.crawl.frontier import Frontier
from archive.crawl.values import TRIES
from scraper.addresses.canonical import Style
from scraper.policy.plan import ANYTHING, Scope


def _anything(_url: str) -> bool:
    return True


@dataclass(slots=True)
class CrawlContext:
    """One forum being crawled: its address, its frontier, the form of its addresses.

    `scope` is what the run is about; it grows by the sub-boards of its boards and the
    threads of its members. `allowed` says whether robots.txt lets us ask for an address.
    """

    base: str
    frontier: Frontier
    scope: Scope = ANYTHING
    style: Style = "x"
    tries: int = TRIES
    media: bool = False
    allowed: Callable[[str], bool] = _anything
