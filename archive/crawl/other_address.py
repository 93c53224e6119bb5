"""A page of a forum whose owner made up addresses: asked for at Discuz!'s own address or at the
owner's, whichever answers."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.crawl.addresses import address
from archive.crawl.context import CrawlContext
from scraper.core.records import Capture
from scraper.fetch.values import Answer, Failure
from scraper.fetch.verdict import is_ours
from scraper.policy.plan import Key

_NOT_THERE: Final = (404, 410)
_NOTE_OWN_KINDS: Final = (
    "UPDATE crawls SET own_kinds = :own_kinds WHERE site_id = :site_id"
)


def may_ask_otherwise(
    conn: sqlite3.Connection,
    context: CrawlContext,
    key: Key,
    response: Answer | Failure,
) -> bool:
    """Whether a page is to be asked for at another of its addresses before anything is made of
    what came; notes which."""
    if isinstance(response, Failure):
        may_ask = _may_ask_at_own(context, key, response)
        if may_ask:
            _use_own_form(conn, context, key)
        return may_ask

    may_ask = _may_ask_plainly(context, key, response.capture)
    if may_ask:
        context.asked_plainly.add(key)
    return may_ask


def note_form(
    conn: sqlite3.Connection, context: CrawlContext, key: Key, answer: Answer
) -> None:
    """Note which of its addresses a page was found at: others of its kind are asked for there
    from now on."""
    capture = answer.capture
    if capture.status in _NOT_THERE:
        return
    if answer.redirects and capture.url == context.own_address(key):
        _use_own_form(conn, context, key)
    elif key in context.asked_plainly and not answer.redirects:
        context.own_kinds.discard(key.kind)
        _keep_own_kinds(conn, context)


def _may_ask_at_own(context: CrawlContext, key: Key, failure: Failure) -> bool:
    """Whether robots.txt refused Discuz!'s own address of a page that the forum's pages link
    in a form of the owner's: the page is still due, and was not asked for."""
    if failure.reason != "robots" or failure.redirects:
        return False
    if key in context.asked_plainly:
        return False
    own = context.own_address(key)
    return own is not None and own != failure.url


def _may_ask_plainly(context: CrawlContext, key: Key, capture: Capture) -> bool:
    """Whether the server, and not the forum, says that nothing is at an address in the owner's
    form: the rewriting may have ended since it was learned."""
    if capture.status not in _NOT_THERE or key in context.asked_plainly:
        return False
    if capture.url != context.own_address(key) or is_ours(capture):
        return False
    plain = address(key, context.base, context.style)
    return plain != capture.url and context.allowed(plain)


def _use_own_form(conn: sqlite3.Connection, context: CrawlContext, key: Key) -> None:
    context.own_kinds.add(key.kind)
    _keep_own_kinds(conn, context)


def _keep_own_kinds(conn: sqlite3.Connection, context: CrawlContext) -> None:
    values = {
        "own_kinds": ",".join(sorted(context.own_kinds)),
        "site_id": context.frontier.site_id,
    }
    conn.execute(_NOTE_OWN_KINDS, values)
