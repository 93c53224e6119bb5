"""Captures that are no page: kept as they came, with a word on what they are."""

from __future__ import annotations

from archive.store.sites import Sites
from archive.warc.captures import Captures, Outcome, Verdict
from scraper.core.records import Capture
from scraper.fetch.values import Answer


def keep_only(
    captures: Captures, sites: Sites, capture: Capture, outcome: Outcome, message: str
) -> None:
    """Keep a capture that is no page, as evidence."""
    kept = captures.keep(capture)
    if kept.known:
        return
    site_id = sites.find(capture.url)
    verdict = Verdict(
        outcome=outcome,
        site_id=site_id,
        message=message,
    )
    captures.settle(kept.id, verdict)


def keep_redirects(captures: Captures, sites: Sites, answer: Answer) -> None:
    """Keep the redirects that led to an answer: whoever replays it is asked for the first."""
    for hop in answer.redirects:
        location = hop.header("location")
        keep_only(captures, sites, hop, "redirect", location)
