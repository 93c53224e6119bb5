"""What became of one capture that was read in: a value for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from archive.intake.page_step import NOTHING_SAVED, PageOutcome
from archive.store.save import Saved
from scraper.core.census import PageWarning

Result: TypeAlias = Literal[
    "stored",
    "unchanged",
    "known",
    "notice",
    "redirect",
    "other",
    "foreign",
    "skipped",
    "file",
    "failed",
    "set_aside",
    "unreadable",
]
"""What became of one capture. known: it was in the archive before; foreign: not a page of
Discuz!, not kept; skipped: no page at all (a script, a picture); file: a picture
or file that a post shows, kept; failed: kept, and could
not be stored; set_aside: kept, and passed over, for it ended what read it; unreadable:
could not even be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestResult:
    """One capture's fate; `reason` in words for people, `page_error` where a page of
    Discuz! could not be read; `teaches_addresses`: where links of the forum's own forms
    lead is known by it."""

    source: str
    url: str = ""
    kind: str = ""
    result: Result
    saved: Saved = NOTHING_SAVED
    reason: str = ""
    page_error: bool = False
    teaches_addresses: bool = False
    warnings: tuple[PageWarning, ...] = ()


def result_of(source: str, url: str, outcome: PageOutcome) -> IngestResult:
    """The fate of a capture that is kept."""
    verdict = outcome.verdict
    assert verdict.outcome != "pending"
    result: Result = "set_aside" if outcome.is_set_aside else verdict.outcome
    return IngestResult(
        source=source,
        url=url,
        kind=verdict.kind,
        result=result,
        saved=outcome.saved,
        reason=verdict.message,
        page_error=outcome.is_page_error,
        teaches_addresses=outcome.teaches_addresses,
        warnings=outcome.warnings,
    )
