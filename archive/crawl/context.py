"""Where the crawl of one forum is at: what every step of it needs to know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from archive.crawl.addresses import address, own_address
from archive.crawl.frontier import Frontier
from archive.crawl.values import TRIES
from archive.crawl.walks import Walks
from scraper.addresses.canonical import Style
from scraper.addresses.own_forms import NO_FORMS, OwnForms
from scraper.fetch.values import Failure
from scraper.policy.plan import ANYTHING, Key, Kind, Scope


def _anything(_url: str) -> bool:
    return True


@dataclass(slots=True)
class CrawlContext:
    """One forum being crawled: its address, its frontier, the form of its addresses.

    `scope` is what the run is about; it grows by the sub-boards of its boards and the
    threads of its members. `allowed` says whether robots.txt lets us ask for an address.
    `own_forms` are the owner's own forms of addresses, as far as they were learned; pages of
    the `own_kinds` are asked for at these. `walks`: what the pages of things showed.
    """

    base: str
    frontier: Frontier
    scope: Scope = ANYTHING
    style: Style = "x"
    tries: int = TRIES
    media: bool = False
    allowed: Callable[[str], bool] = _anything
    own_forms: OwnForms = NO_FORMS
    own_kinds: set[Kind] = field(default_factory=set)
    walks: Walks = field(default_factory=Walks)

    def address(self, key: Key, tid: int | None = None) -> str:
        """The address to ask for a page at. `tid`: the thread of a post whose window it is."""
        own = self.own_address(key) if key.kind in self.own_kinds else None
        return own or address(key, self.base, self.style, tid)

    def own_address(self, key: Key) -> str | None:
        """The address of a page in the owner's own form; None where none is known."""
        return own_address(key, self.base, self.own_forms)

    def may_ask_otherwise(self, key: Key, failure: Failure) -> bool:
        """Whether robots.txt refused Discuz!'s own address of a page that the forum's pages
        link in a form of the owner's: the page is still due, and was not asked for."""
        if failure.reason != "robots" or failure.redirects:
            return False
        own = self.own_address(key)
        return own is not None and own != failure.url
