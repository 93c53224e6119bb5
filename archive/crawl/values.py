"""What a crawl takes and gives: settings, one CrawlResult for each page, and their sums."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from archive.store.census import WarningCounts
from archive.store.save import Saved
from scraper.core.census import PageWarning
from scraper.policy.judgement import VisitOutcome
from scraper.policy.plan import ANYTHING, Key, Scope

NOTHING_SAVED: Final = Saved()
TRIES: Final = 6
"""Visits of one page before it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """How a run goes about.

    `max_pages`: visits at most, None for no limit. `tries` of one page before it is given up.
    `patience_s`: how long to wait for pages that are to be tried again when nothing else is
    left. `seeds`: begin with the boards, whether they are due or not. `media`: fetch what
    posts show, too; `requisites`: and what pages need to look as they did. `login`: the forum
    is read as a member. `owner_consents`: to what robots.txt forbids.
    """

    scope: Scope = ANYTHING
    max_pages: int | None = None
    tries: int = TRIES
    patience_s: float = 900.0
    seeds: bool = True
    media: bool = False
    requisites: bool = False
    login: bool = False
    owner_consents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """One page's fate. `gone`: known posts found missing; `discovered`: pages that are
    due by it, or go sooner; `ends_walk`: pages that were due are not any more; `reason` in
    words for people."""

    forum: str
    key: Key
    url: str
    outcome: VisitOutcome
    saved: Saved = NOTHING_SAVED
    gone: int = 0
    discovered: int = 0
    ends_walk: bool = False
    reason: str = ""
    warnings: tuple[PageWarning, ...] = ()


@dataclass(slots=True)
class Totals:
    """Sums of the results of a run."""

    pages: int = 0
    boards: int = 0
    threads: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    unchanged: int = 0
    failed: int = 0
    refused: int = 0
    not_there: int = 0
    given_up: int = 0
    files: int = 0
    warnings: WarningCounts = field(default_factory=WarningCounts)

    def add(self, result: CrawlResult) -> None:
        """Count a result."""
        self._count_kind(result)
        self.new += result.saved.new
        self.changed += result.saved.changed
        self.unchanged += result.saved.unchanged
        self.gone += result.gone

        self.failed += result.outcome in ("again", "given_up")
        self.refused += result.outcome == "refused"
        self.not_there += result.outcome == "gone"
        self.given_up += result.outcome == "given_up"
        self.warnings.add(result.url, result.warnings)

    def take_back(self, result: CrawlResult) -> None:
        """Count a result no more that said nothing of its page."""
        self.failed -= result.outcome in ("again", "given_up")
        self.refused -= result.outcome == "refused"
        self.not_there -= result.outcome == "gone"
        self.given_up -= result.outcome == "given_up"

    def include(self, other: Totals) -> None:
        """Add other sums to these."""
        for name in _SUMS:
            both = getattr(self, name) + getattr(other, name)
            setattr(self, name, both)
        self.warnings.include(other.warnings)

    def _count_kind(self, result: CrawlResult) -> None:
        is_read = result.outcome in ("page", "part")
        if result.key.kind == "media":
            self.files += is_read
            return

        self.pages += 1
        is_first_page = result.key.page == 1
        if is_read and is_first_page:
            self.boards += result.key.kind == "board"
            self.threads += result.key.kind == "thread"


_SUMS: Final = tuple(each.name for each in fields(Totals) if each.name != "warnings")


def stamp(time: datetime) -> str:
    """A time as the crawl's tables hold it: UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
