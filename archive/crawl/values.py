"""What a crawl takes and gives: settings, one CrawlResult for each page, and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from archive.store.save import Saved
from scraper.policy.plan import ANYTHING, Key, Scope

VisitOutcome: TypeAlias = Literal[
    "page", "refused", "gone", "elsewhere", "past_end", "again", "given_up"
]
"""What a visit ended as. refused: the forum's notice in its place; elsewhere: the address
leads to another page; again: failed, and asked for again later; given_up: failed for good,
until `retry`."""

NOTHING: Final = Saved()


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """How a run goes about: `max_pages` visits at most (None: no limit), `tries` of one
    page before it is given up;
    `patience_s`: how long to wait for pages that are to be tried again when nothing else is left; `seeds`: begin with
    the boards, whether they are due or not; `login`: the forum is read as a member."""

    scope: Scope = ANYTHING
    max_pages: int | None = None
    tries: int = 6
    patience_s: float = 900.0
    seeds: bool = True
    media: bool = False
    login: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlResult:
    """One page's fate. `gone`: known posts found missing; `due`: pages that it led to;
    `reason` in words for people."""

    forum: str
    key: Key
    url: str
    ending: VisitOutcome
    saved: Saved = NOTHING
    gone: int = 0
    due: int = 0
    reason: str = ""


@dataclass(slots=True)
class Totals:
    """Sums of visits, kept up as they come."""

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

    def add(self, visit: CrawlResult) -> None:
        """Count a visit."""
        self.pages += visit.key.kind != "media"
        self.files += visit.key.kind == "media" and visit.ending == "page"
        self.boards += (
            visit.key.kind == "board" and visit.key.page == 1 and visit.ending == "page"
        )
        self.threads += (
            visit.key.kind == "thread"
            and visit.key.page == 1
            and visit.ending == "page"
        )
        self.new += visit.saved.new
        self.changed += visit.saved.changed
        self.unchanged += visit.saved.unchanged
        self.gone += visit.gone
        self.failed += visit.ending in ("again", "given_up")
        self.refused += visit.ending == "refused"
        self.not_there += visit.ending == "gone"
        self.given_up += visit.ending == "given_up"
