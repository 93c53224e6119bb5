"""The kept page that a post was read from: what is known of it, and the page itself in a frame
in which nothing runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Final

from archive.forgetting.requests import steps_left
from archive.reading.boards import board_with_ancestors
from archive.reading.forums import Forum
from archive.reading.lookup import MissingError
from archive.reading.media_captures import captures_of_media
from archive.reading.post_captures import PostCapture, capture_of_post
from archive.reading.posts import load_posts
from archive.reading.thread import get_thread
from archive.store.shown_files import file_name
from archive.warc.captures import Captures
from archive.web.addressed import forum_of, row_of
from archive.web.kept_page import (
    CONTENT_TYPE,
    POLICY,
    SANDBOX,
    PageContext,
    PagePicture,
    kept_page,
)
from archive.web.links import links_of
from archive.web.media import media_body
from archive.web.values import (
    ArchiveRequest,
    FileResponse,
    PageResponse,
    TemplateResponse,
)
from scraper.addresses.urls import absolute
from scraper.core.errors import StorageError
from scraper.core.records import Capture

_FRAME: Final = "frame-src 'self'"


def capture_page(request: ArchiveRequest) -> PageResponse:
    """Where a post was read from, and when; where that cannot be shown, why."""
    conn = request.conn
    forum = forum_of(request)
    post_id = row_of(request, forum, "post")
    (post,) = load_posts(conn, [post_id])
    thread = get_thread(conn, post.thread_id)
    capture = capture_of_post(conn, post_id)
    trouble = _trouble(conn, capture)
    return TemplateResponse(
        template="capture.html",
        values={
            "forum": forum,
            "thread": thread,
            "above": board_with_ancestors(conn, thread.board_id),
            "post": post,
            "capture": capture,
            "trouble": trouble,
            "sandbox": SANDBOX,
        },
        may_load=() if trouble else (_FRAME,),
    )


def capture_body(request: ArchiveRequest) -> PageResponse:
    """The page itself. Raises MissingError where it cannot be shown."""
    conn = request.conn
    forum = forum_of(request)
    kept = capture_of_post(conn, row_of(request, forum, "post"))
    capture = None
    if kept and not _is_withheld(conn):
        capture = _read(conn, kept)
    if capture is None:
        raise MissingError("capture")
    context = _context(conn, forum, capture.url)
    content_type = capture.header("content-type")
    return FileResponse(
        body=kept_page(capture.body, content_type, context),
        content_type=CONTENT_TYPE,
        policy=POLICY,
        headers={"Cache-Control": "no-store", "X-DNS-Prefetch-Control": "off"},
    )


def _trouble(conn: sqlite3.Connection, capture: PostCapture | None) -> str:
    """Why a page cannot be shown, as a key of the strings; empty where it can."""
    if _is_withheld(conn):
        return "capture_withheld"
    if capture is None:
        return "capture_none"
    if _read(conn, capture) is None:
        return "capture_lost"
    return ""


def _is_withheld(conn: sqlite3.Connection) -> bool:
    """Whether kept pages may still show what is being removed on request."""
    return "pages" in steps_left(conn)


def _read(conn: sqlite3.Connection, kept: PostCapture) -> Capture | None:
    """A capture; None where its WARC record is not there."""
    try:
        return Captures(conn).read(kept.id)
    except (StorageError, OSError):
        return None


def _context(conn: sqlite3.Connection, forum: Forum, page_url: str) -> PageContext:
    """What the page's links and pictures are in this archive."""
    links = links_of(conn, forum, {})

    def link(href: str) -> str:
        return links.resolve(absolute(page_url, href))

    def captures(pictures: Sequence[PagePicture]) -> list[int | None]:
        names = []
        for picture in pictures:
            address = absolute(page_url, picture.address)
            names.append((address, file_name(picture.aid, address)))
        found = captures_of_media(conn, forum.id, chain.from_iterable(names))
        return [found.get(address) or found.get(name) for address, name in names]

    def read(capture_id: int) -> bytes:
        try:
            return media_body(conn, capture_id)
        except MissingError:
            return b""

    return PageContext(link, captures, read)
