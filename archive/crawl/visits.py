"""A visit that a page came of: noted in the frontier, with the posts that it shows to be gone."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.crawl.context import CrawlContext
from archive.crawl.values import stamp
from archive.store.save import Saved
from archive.store.stamps import DESKTOP, rank_of
from scraper.core.records import Page, ThreadPage
from scraper.policy.judgement import Judgement, is_about_other_thread
from scraper.policy.plan import Key

_GONE_POSTS: Final = """UPDATE posts SET gone_at = ?
  WHERE thread_id = ? AND gone_at IS NULL AND pid IS NOT NULL AND last_seen_at < ?"""


def note_visit(
    conn: sqlite3.Connection,
    context: CrawlContext,
    key: Key,
    page: Page,
    saved: Saved,
    judgement: Judgement,
) -> int:
    """Note how a visit ended, and what the page says of its thread; how many of the
    thread's posts it shows to be gone. The judgement is of a visit that did not fail."""
    assert judgement.revisit_at
    context.frontier.done(
        key,
        page.captured_at,
        judgement.revisit_at,
        judgement.outcome,
        changed=bool(saved.new or saved.changed),
        message=judgement.reason,
    )

    content = page.content
    if not isinstance(content, ThreadPage) or key.kind != "thread":
        return 0
    if is_about_other_thread(content, key):
        return 0
    _note_thread(context, key, content)
    return _mark_gone_posts(conn, context, key, page, content, saved.thread_id)


def _note_thread(context: CrawlContext, key: Key, content: ThreadPage) -> None:
    context.frontier.drop_after("thread", key.item, content.pages)
    if content.fid:
        context.frontier.note_board(key, content.fid)


def _mark_gone_posts(
    conn: sqlite3.Connection,
    context: CrawlContext,
    key: Key,
    page: Page,
    content: ThreadPage,
    thread_id: int | None,
) -> int:
    """Mark the posts of a thread that were on none of its pages when all had been visited."""
    shows_all_posts = rank_of(page.theme) >= DESKTOP and not content.filtered
    whole_since = context.frontier.whole_since(key.item, content.pages)
    if thread_id is None or whole_since is None or not shows_all_posts:
        return 0
    values = (stamp(page.captured_at), thread_id, whole_since)
    return conn.execute(_GONE_POSTS, values).rowcount
