"""A visit that did not fail: noted in the frontier, with the posts that it shows to be gone."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.crawl.context import CrawlContext
from archive.crawl.frontier import Frontier
from archive.crawl.values import stamp
from archive.store.layouts import DESKTOP, rank_of
from archive.store.save import Saved
from scraper.core.records import Page, ThreadPage
from scraper.policy.judgement import Judgement, is_about_other_thread
from scraper.policy.plan import Key

_GONE_POSTS: Final = """UPDATE posts SET gone_at = :at
  WHERE thread_id = :thread_id AND gone_at IS NULL AND pid IS NOT NULL
    AND last_seen_at < :whole_since"""


def note_visit(
    conn: sqlite3.Connection,
    context: CrawlContext,
    key: Key,
    page: Page,
    saved: Saved,
    judgement: Judgement,
) -> int:
    """Note how a visit ended, and what the page says of its thread; how many of the
    thread's posts it shows to be gone."""
    assert judgement.revisit_at
    frontier = context.frontier
    frontier.done(
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
    _note_thread(frontier, key, content)

    whole_since = frontier.whole_since(key.item, content.pages)
    if whole_since is None or saved.thread_id is None:
        return 0
    if not _shows_every_post(page, content):
        return 0
    values = {
        "at": stamp(page.captured_at),
        "thread_id": saved.thread_id,
        "whole_since": whole_since,
    }
    return conn.execute(_GONE_POSTS, values).rowcount


def _note_thread(frontier: Frontier, key: Key, content: ThreadPage) -> None:
    frontier.drop_after("thread", key.item, content.pages)
    if content.fid:
        frontier.note_board(key, content.fid)


def _shows_every_post(page: Page, content: ThreadPage) -> bool:
    """Whether pages such as this one show all posts of a thread, once all of them were read."""
    return rank_of(page.theme) >= DESKTOP and not content.filtered
