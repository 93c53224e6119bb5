"""Reads a capture for those who only look at it: by what is known of its forum, in a parser
process where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from archive.intake.page_parser import ParseTask
from archive.intake.parsers import Parsers
from archive.store.sites import Sites
from scraper.core.errors import PageError
from scraper.core.records import Capture, Page


@dataclass(frozen=True, slots=True)
class PageReader:
    """Called with a capture, gives its page, or why it cannot be read."""

    sites: Sites
    parsers: Parsers

    def __call__(self, capture: Capture) -> Page | PageError:
        try:
            site = self.sites.settings(capture.url)
        except (ValueError, OverflowError) as error:
            return PageError(f"its forum cannot be told: {error}")
        task = ParseTask(capture, site)
        return self.parsers.submit(task).result().page
