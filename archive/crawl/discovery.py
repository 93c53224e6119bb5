"""What a page of a crawl leads to, by the plan's rules and by what the frontier knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from archive.crawl.addresses import address
from archive.crawl.context import CrawlContext
from archive.crawl.frontier import QueuedPage
from archive.crawl.walks import Walk, rows_of
from archive.store.forgotten import Tombstones
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
from scraper.fetch.values import Answer, Failure
from scraper.policy import plan
from scraper.policy.judgement import is_about_other_thread
from scraper.policy.listing import WALK
from scraper.policy.plan import DiscoveredPage, Key
from scraper.policy.windows import first_windows, from_posts, next_comments

_THREAD_KINDS: Final = ("thread", "archiver")
_KINDS_BY_TID: Final = ("thread", "all_parts", "archiver")
"""Kinds of pages whose item is the thread's number."""
_WINDOWS: Final = ("ratings", "comments")


def discover(
    context: CrawlContext,
    queued: QueuedPage,
    page: Page,
    capture: Capture,
    *,
    is_news: bool = False,
) -> list[DiscoveredPage]:
    """The pages that a visited page leads to, without threads and members that were
    forgotten on request. Widens what the run is about by them.

    `is_news`: the page brought something that was not here.
    """
    content = page.content
    pages = _pages(
        context,
        queued,
        content,
        capture,
    )
    parts = plan.all_parts(
        queued.key,
        page.warnings,
        queued.fid,
    )
    of_posts = _windows(
        context,
        queued,
        content,
        is_news=is_news,
    )
    found = [
        *pages,
        *parts,
        *of_posts,
    ]
    walk = context.walks.of(queued.key)
    found = [each for each in found if _may_be(each.key, queued.key, walk)]
    scope = context.scope
    context.scope = scope.also(found)

    forgotten = context.frontier.forgotten.current()
    if not forgotten:
        return found
    site_id = context.frontier.site_id
    return [each for each in found if not _is_hidden(each, forgotten, site_id)]


def ended_walk(
    context: CrawlContext, queued: QueuedPage, content: Content, capture: Capture
) -> Walk | None:
    """The walk through the pages of a thing, where it ends with this one: what was to be
    asked for is forgotten."""
    key = queued.key
    html = _html(capture) if key.kind == "user" else ""
    rows = rows_of(content, key, html)
    if rows is None:
        return None
    walk = context.walks.of(key)
    if not walk.see(key.page, rows):
        return None
    assert walk.reach is not None
    context.frontier.drop_after(key.kind, key.item, walk.reach)
    return walk


def forget_window(context: CrawlContext, key: Key, response: Answer | Failure) -> bool:
    """Whether robots.txt kept a window of a post from us: it is forgotten, as if the page that
    led there had been read with robots.txt known, which no run has read before it begins."""
    if key.kind not in _WINDOWS or not isinstance(response, Failure):
        return False
    if response.reason != "robots" or response.transient:
        return False
    pages_before = key.page - 1
    context.frontier.drop_after(key.kind, key.item, pages_before)
    return True


def _may_be(found: Key, asked: Key, walk: Walk) -> bool:
    """Whether a page that another leads to may be there, by the thing's pages so far."""
    if (found.kind, found.item) != (asked.kind, asked.item):
        return True
    return walk.may_ask(found.page)


def _html(capture: Capture) -> str:
    return capture.body.decode("latin-1")


def _pages(
    context: CrawlContext, queued: QueuedPage, content: Content, capture: Capture
) -> Iterable[DiscoveredPage]:
    key = queued.key
    kind = key.kind
    fid = queued.fid
    match content:
        case IndexPage():
            scope = context.scope
            return plan.from_index(content, scope)
        case BoardPage() if kind == "board":
            return _from_board(context, key, content)
        case ThreadPage() if kind in _THREAD_KINDS:
            return plan.from_thread(content, key, fid)
        case Redirect() if kind == "thread":
            return plan.before_end(key, fid)
        case Notice():
            return _instead(context, queued, content)

    if kind == "user":
        return plan.from_member(_html(capture), key)
    return ()


def _instead(
    context: CrawlContext, queued: QueuedPage, notice: Notice
) -> Iterable[DiscoveredPage]:
    """What to ask for in place of a page that is closed to us."""
    key = queued.key
    frontier = context.frontier
    # what was read before is here already, and was closed since
    if frontier.was_read(key):
        return ()
    return plan.instead(
        key,
        notice.reason,
        queued.fid,
    )


def _windows(
    context: CrawlContext, queued: QueuedPage, content: Content, *, is_news: bool
) -> list[DiscoveredPage]:
    """The windows of posts that a page leads to, without those that robots.txt keeps from
    us: the shipped one forbids them all."""
    kind = queued.key.kind
    found: Iterable[DiscoveredPage] = ()
    match content:
        case ThreadPage() if kind == "thread":
            found = _first_windows(
                context,
                queued,
                content,
            )
        case PostExtras() if kind == "comments":
            found = _further_comments(
                context,
                queued,
                content,
                is_news=is_news,
            )
    return [page for page in found if _is_allowed(context, page)]


def _first_windows(
    context: CrawlContext, queued: QueuedPage, page: ThreadPage
) -> Iterable[DiscoveredPage]:
    key = queued.key
    if is_about_other_thread(page, key):
        return ()
    frontier = context.frontier
    windows = first_windows(page)
    known = frontier.window_fingerprints(windows)
    return from_posts(
        page,
        key,
        known,
        queued.fid,
    )


def _further_comments(
    context: CrawlContext, queued: QueuedPage, page: PostExtras, *, is_news: bool
) -> Iterable[DiscoveredPage]:
    """The next page. The newest comments stand first: behind a page that brought something
    before, and nothing this time, all are known."""
    key = queued.key
    frontier = context.frontier
    if not is_news and frontier.was_read(key):
        return ()
    tid = page.tid or queued.tid
    return next_comments(
        page,
        key,
        tid,
        queued.fid,
    )


def _is_allowed(context: CrawlContext, page: DiscoveredPage) -> bool:
    url = address(
        page.key,
        context.base,
        context.style,
        page.tid,
    )
    return context.allowed(url)


def _from_board(
    context: CrawlContext, key: Key, page: BoardPage
) -> list[DiscoveredPage]:
    """What a board's page leads to; notes how far the board has been walked through."""
    frontier = context.frontier
    scope = context.scope
    fid = key.item
    first_page = Key("board", fid)
    walked = frontier.mark(first_page)
    is_walk = key.page > 1 and frontier.mark(key) == WALK
    tids = [row.tid for row in page.threads]
    fingerprints = frontier.fingerprints(tids)
    known = plan.KnownBoard(walked, fingerprints, is_walk)
    discovered = plan.from_board(
        page,
        key,
        known,
        scope,
    )
    found = list(discovered)

    if plan.walk_ends(page, scope):
        frontier.drop_after("board", fid, key.page)
        found = [one for one in found if not _is_page_of_board(one.key, fid)]
    elif page.page != key.page:
        frontier.drop_after("board", fid, page.pages)

    if key.page == 1:
        now_walked = plan.walked_until(walked, scope.since)
        frontier.set_mark(first_page, now_walked)
    elif is_walk:
        frontier.set_mark(key, "")
    return found


def _is_page_of_board(key: Key, fid: int) -> bool:
    if key.kind != "board":
        return False
    return key.item == fid


def _is_hidden(page: DiscoveredPage, forgotten: Tombstones, site_id: int) -> bool:
    """Whether a page is of a thread or a member that was forgotten."""
    key = page.key
    if key.kind == "user":
        return forgotten.hides(site_id, "user", key.item)
    tid = key.item if key.kind in _KINDS_BY_TID else page.tid
    return forgotten.hides(site_id, "thread", tid)
