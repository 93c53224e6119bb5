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
from scraper.policy.plan import ANYTHING, Key, Kind, Scope


def _anything(_url: str) -> bool:
    return True


@dataclass(slots=True)
class CrawlContext:
    """One forum being crawled: its address, its frontier, the form of its addresses.

    `scope` is what the run is about; it grows by the sub-boards of its boards and the
    threads of its members. `allowed` says whether robots.txt lets us ask for an address.
    `own_forms` are the owner's own forms of addresses, as far as they were learned; pages of
    the `own_kinds` are asked for at these, but for those `asked_plainly`. `walks`: what the
    pages of things showed. `media`: whether what posts show is asked for; `requisites`:
    whether what pages need to look as they did is; `seen_requisites`: those noted so far.
    """

    base: str
    frontier: Frontier
    scope: Scope = ANYTHING
    style: Style = "x"
    tries: int = TRIES
    media: bool = False
    requisites: bool = False
    allowed: Callable[[str], bool] = _anything
    own_forms: OwnForms = NO_FORMS
    own_kinds: set[Kind] = field(default_factory=set)
    asked_plainly: set[Key] = field(default_factory=set)
    walks: Walks = field(default_factory=Walks)
    seen_requisites: set[str] = field(default_factory=set)

    @property
    def takes_files(self) -> bool:
        """Whether anything but pages is asked for."""
        return self.media or self.requisites

    def address(self, key: Key, tid: int | None = None) -> str:
        """The address to ask for a page at. `tid`: the thread of a post whose window it is."""
        is_in_own_form = key.kind in self.own_kinds and key not in self.asked_plainly
        own = self.own_address(key) if is_in_own_form else None
        return own or address(key, self.base, self.style, tid)

    def own_address(self, key: Key) -> str | None:
        """The address of a page in the owner's own form; None where none is known."""
        return own_address(key, self.base, self.own_forms)
