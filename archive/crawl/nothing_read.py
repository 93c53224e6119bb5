"""A run that could read nothing of what it was asked for says so, and why: it did not go well."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.crawl.backlog import Backlog
from archive.crawl.context import CrawlContext
from archive.crawl.values import CrawlResult

_COOKIES: Final = (
    "members may see more: log in with a browser, then give its cookies (--cookies)"
)
_LISTS_NONE: Final = "its front page lists none"
_REFUSING: Final = ("forbidden", "robots")
_ENTRANCES: Final = ("index", "category")


class ReadOrRefused:
    """What the visits of a run came to, as far as it tells whether anything was read."""

    def __init__(self) -> None:
        self._has_read = False
        self._index: CrawlResult | None = None
        self._first_refusal = ""

    def add(self, result: CrawlResult) -> None:
        """Count a visit."""
        is_entrance = result.key.kind in _ENTRANCES
        if result.outcome in ("page", "part", "past_end", "elsewhere"):
            self._has_read = self._has_read or not is_entrance
        if is_entrance:
            self._index = result
        elif _is_refusal(result):
            self._first_refusal = self._first_refusal or result.reason

    def why_nothing(self, conn: sqlite3.Connection, context: CrawlContext) -> str:
        """Why nothing of what was asked for could be read; empty where something was, or
        where nothing was to be asked for."""
        if self._has_read:
            return ""
        if not context.scope.whole:
            return self._all_refused() if self._first_refusal else ""

        if context.frontier.boards():
            return ""
        backlog = Backlog(conn, context.frontier.site_id)
        refused = backlog.count_refused_boards()
        if refused:
            return f"refused: none of {refused} boards can be read; {_COOKIES}"
        return self._no_board(context.base)

    def _no_board(self, base: str) -> str:
        index = self._index
        if index is not None and index.outcome == "refused":
            return f"refused: the front page: {index.reason}; {_COOKIES}"
        why = index.reason if index else ""
        return f"no_forum: no board was found at {base}: {why or _LISTS_NONE}"

    def _all_refused(self) -> str:
        return (
            f"refused: everything that was asked for: {self._first_refusal}; {_COOKIES}"
        )


def _is_refusal(result: CrawlResult) -> bool:
    if result.outcome == "refused":
        return True
    return result.outcome == "given_up" and result.reason.startswith(_REFUSING)
