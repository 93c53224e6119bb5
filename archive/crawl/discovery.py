"""What a page of a crawl leads to, by the plan's rules and by what the frontier knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import Final

from archive.crawl.addresses import address
from archive.crawl.context import CrawlContext
from archive.crawl.frontier import QueuedPage
from scraper.core.records import (
    BoardPage,
    Capture,
    Content,
    IndexPage,
    Notice,
    Page,
    PostExtras,
    Redirect,
    ThreadPage,
)
from scraper.policy import plan
from scraper.policy.judgement import is_about_other_thread
from scraper.policy.plan import DiscoveredPage, Key
from scraper.policy.windows import first_windows, from_posts, next_comments

_FORGOTTEN: Final = "SELECT item FROM tombstones WHERE site_id = ? AND kind = 'thread'"


def discover(
    conn: sqlite3.Connection,
    context: CrawlContext,
    queued: QueuedPage,
    page: Page,
    capture: Capture,
    *,
    is_news: bool = False,
) -> list[DiscoveredPage]:
    """The pages that a visited page leads to, without threads that were forgotten on
    request. Widens what the run is about by them.

    `is_news`: the page brought something that was not here.
    """
    pages = _pages(context, queued, page.content, capture)
    parts = plan.all_parts(queued.key, page.warnings, queued.fid)
    of_posts = _windows(context, queued, page.content, is_news=is_news)
    found = [*pages, *parts, *of_posts]
    context.scope = context.scope.also(found)

    site_id = context.frontier.site_id
    rows = conn.execute(_FORGOTTEN, (site_id,))
    forgotten = {tid for (tid,) in rows}
    return [each for each in found if not _is_of(each, forgotten)]


def _pages(
    context: CrawlContext, queued: QueuedPage, content: Content, capture: Capture
) -> Iterable[DiscoveredPage]:
    key = queued.key
    match content:
        case IndexPage():
            return plan.from_index(content, context.scope)
        case BoardPage() if key.kind == "board":
            return _from_board(context, key, content)
        case ThreadPage() if key.kind in ("thread", "archiver"):
            return plan.from_thread(content, key, queued.fid)
        case Redirect() if key.kind == "thread":
            return plan.before_end(key, queued.fid)
        case Notice():
            # what was read before is here already, and was closed since
            if context.frontier.was_read(key):
                return ()
            return plan.instead(key, content.reason, queued.fid)

    if key.kind == "user":
        html = capture.body.decode("latin-1")
        return plan.from_member(html, key)
    return ()


def _windows(
    context: CrawlContext, queued: QueuedPage, content: Content, *, is_news: bool
) -> list[DiscoveredPage]:
    """The windows of posts that a page leads to, without those that robots.txt keeps from
    us: the shipped one forbids them all."""
    found: Iterable[DiscoveredPage] = ()
    match content:
        case ThreadPage() if queued.key.kind == "thread":
            found = _first_windows(context, queued, content)
        case PostExtras() if queued.key.kind == "comments":
            found = _further_comments(context, queued, content, is_news=is_news)
    return [page for page in found if _is_allowed(context, page)]


def _first_windows(
    context: CrawlContext, queued: QueuedPage, page: ThreadPage
) -> Iterable[DiscoveredPage]:
    if is_about_other_thread(page, queued.key):
        return ()
    known = context.frontier.window_fingerprints(first_windows(page))
    return from_posts(page, queued.key, known, queued.fid)


def _further_comments(
    context: CrawlContext, queued: QueuedPage, page: PostExtras, *, is_news: bool
) -> Iterable[DiscoveredPage]:
    """The next page. The newest comments stand first: behind a page that brought something
    before, and nothing this time, all are known."""
    if not is_news and context.frontier.was_read(queued.key):
        return ()
    tid = page.tid or queued.tid
    return next_comments(page, queued.key, tid, queued.fid)


def _is_allowed(context: CrawlContext, page: DiscoveredPage) -> bool:
    url = address(page.key, context.base, context.style, page.tid)
    return context.allowed(url)


def _from_board(
    context: CrawlContext, key: Key, page: BoardPage
) -> list[DiscoveredPage]:
    """What a board's page leads to; notes how far the board has been walked through."""
    frontier = context.frontier
    scope = context.scope
    fid = key.item
    walked = frontier.walked_until(fid)
    tids = [row.tid for row in page.threads]
    fingerprints = frontier.fingerprints(tids)
    known = plan.KnownBoard(walked, fingerprints)
    found = list(plan.from_board(page, key, known, scope))

    if plan.walk_ends(page, scope):
        frontier.drop_after("board", fid, key.page)
        found = [one for one in found if not _is_page_of_board(one.key, fid)]
    elif page.page != key.page:
        frontier.drop_after("board", fid, page.pages)

    if key.page == 1:
        now_walked = plan.walked_until(walked, scope.since)
        frontier.set_walked_until(fid, now_walked)
    return found


def _is_page_of_board(key: Key, fid: int) -> bool:
    return key.kind == "board" and key.item == fid


def _is_of(page: DiscoveredPage, threads: Collection[int]) -> bool:
    if page.key.kind in ("thread", "all_parts", "archiver"):
        return page.key.item in threads
    return page.tid in threads
