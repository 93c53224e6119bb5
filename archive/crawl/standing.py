"""How a forum stands that is being crawled: what is left of it, and whether it is still the
one that was there."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from archive.crawl.backlog import Backlog
from archive.crawl.context import CrawlContext
from archive.crawl.values import CrawlResult
from archive.store.sites import Sites


def pages_left(
    conn: sqlite3.Connection, context: CrawlContext | None, now: datetime
) -> int:
    """How many pages are left to visit."""
    if context is None:
        return 0
    backlog = Backlog(conn, context.frontier.site_id)
    return backlog.count_due(now, context.scope)


def threads_before_login(conn: sqlite3.Connection, context: CrawlContext | None) -> int:
    """How many threads were read as a guest, and not since as the member."""
    if context is None:
        return 0
    backlog = Backlog(conn, context.frontier.site_id)
    return backlog.count_before_login()


def is_set_up_anew(sites: Sites, context: CrawlContext, result: CrawlResult) -> bool:
    """Whether a page shows that another forum is at the address now."""
    site_id = result.saved.site_id
    crawled_id = context.frontier.site_id
    if site_id is None or site_id == crawled_id:
        return False
    return sites.is_gone(crawled_id)
