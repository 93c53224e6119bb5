"""Pages in a row that are answered with one and the same notice: the state of the forum,
perhaps, and then none of those pages is refused.

An owner may close a forum in any words. So a few such pages in a row make the crawl look at
the front page once; where that shows the same, what was noted of the pages is taken back.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

from archive.crawl.frontier import Frontier
from archive.crawl.values import CrawlResult
from archive.schema import transaction
from scraper.core.records import Capture, Reason
from scraper.fetch.notices import notice_of, same_words

_IN_A_ROW: Final = 3
_IN_A_ROW_OF: Final[dict[Reason, int]] = {
    "closed": 1,  # the words say so themselves
    "not_found": 10,  # a sweep may find many threads deleted
}
_SUSPICIOUS: Final = frozenset({"refused", "gone", "again", "given_up"})
_MOST_LOOKS: Final = 5

_NEVER_READ_ARCHIVER: Final = """DELETE FROM frontier
  WHERE site_id = ? AND kind = 'archiver' AND item = ? AND changed_at IS NULL"""


class SameNotice:
    """The pages in a row that ended with the same notice, of one forum in one run;
    `is_state`: it is the forum's; `taken_back`: the visits that said nothing of their pages."""

    def __init__(self) -> None:
        self._message = ""
        self._results: list[CrawlResult] = []
        self._of_pages: list[str] = []
        self.is_state = False
        self.taken_back: list[CrawlResult] = []

    def add(self, result: CrawlResult, capture: Capture) -> bool:
        """Count a visit; True where the front page is to be looked at now."""
        notice = None
        if result.outcome in _SUSPICIOUS:
            notice = notice_of(capture)
        if notice is None:
            self._results.clear()
            return False

        if not same_words(notice.message, self._message):
            self._message = notice.message
            self._results.clear()
        self._results.append(result)
        return self._is_enough(notice.reason)

    def is_of_pages(self) -> None:
        """The front page shows something else: these words are about single pages."""
        self._of_pages.append(self._message)
        self._results.clear()

    def take_back(
        self, conn: sqlite3.Connection, frontier: Frontier, now: datetime
    ) -> None:
        """It is the forum's state: have the pages visited again as if they had not been."""
        self.is_state = True
        with transaction(conn):
            for result in self._results:
                frontier.reopen(result.key, now)
                if result.key.kind == "thread":
                    asked_instead = (frontier.site_id, result.key.item)
                    conn.execute(_NEVER_READ_ARCHIVER, asked_instead)
        self.taken_back += self._results
        self._results = []

    def _is_enough(self, reason: Reason) -> bool:
        if len(self._of_pages) >= _MOST_LOOKS:
            return False
        if any(same_words(self._message, known) for known in self._of_pages):
            return False
        # a thread that is refused and its archiver page are one thing
        pages = [one for one in self._results if one.key.kind != "archiver"]
        wanted = _IN_A_ROW_OF.get(reason, _IN_A_ROW)
        return len(pages) >= wanted
