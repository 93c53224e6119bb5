"""The picture viewer: a page for each picture of a thread, with those before and after it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

from archive.reading.boards import board_with_ancestors
from archive.reading.forums import Forum
from archive.reading.lookup import MissingError
from archive.reading.media_captures import captures_of_media
from archive.reading.pictures import Picture, place_of_picture
from archive.reading.posts import Attachment, ThreadPost, load_posts
from archive.reading.rows import fetch_number
from archive.reading.thread import get_thread
from archive.store.shown_files import file_name
from archive.web import paths
from archive.web.addressed import forum_of, row_of
from archive.web.media import media_body, picture_type
from archive.web.values import (
    OWN_SCRIPT,
    ArchiveRequest,
    PageResponse,
    TemplateResponse,
)
from scraper.addresses.urls import absolute

_THREAD_OF_POST: Final = "SELECT thread_id FROM posts WHERE id = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewedPicture:
    """A picture with its `address` on the forum. `here`: where its bytes are, empty where
    they are not archived; `is_shown`: whether they are such that browsers show; `file`: the
    attachment that it is; `is_lost`: whether it was archived, and its WARC record is not
    there."""

    address: str
    here: str
    size_bytes: int | None
    is_shown: bool
    is_lost: bool
    file: Attachment | None


def picture_page(request: ArchiveRequest) -> PageResponse:
    """A picture of a post, large."""
    conn = request.conn
    forum = forum_of(request)
    post_id = row_of(request, forum, "post")
    thread = get_thread(conn, fetch_number(conn, _THREAD_OF_POST, post_id))
    number = int(request.path["picture"])
    place = place_of_picture(conn, thread.id, post_id, number)
    if place is None:
        raise MissingError("picture")
    (post,) = load_posts(conn, [post_id])
    return TemplateResponse(
        template="picture.html",
        values={
            "forum": forum,
            "thread": thread,
            "above": board_with_ancestors(conn, thread.board_id),
            "post": post,
            "place": place,
            "before": _path(forum, place.before),
            "after": _path(forum, place.after),
            "viewed": _viewed(conn, forum, post, place.picture),
        },
        may_load=(OWN_SCRIPT,),
    )


def _path(forum: Forum, picture: Picture | None) -> str:
    """The page of a picture; empty for none."""
    if picture is None:
        return ""
    return paths.picture(forum.id, picture.pid, picture.post_id, picture.number)


def _viewed(
    conn: sqlite3.Connection, forum: Forum, post: ThreadPost, picture: Picture
) -> ViewedPicture:
    file = _file_of(post, picture)
    address = absolute(forum.base_url, picture.url)
    name = file_name(file.aid if file else None, address)
    captures = captures_of_media(conn, forum.id, (address, name))
    # in the text it goes by its address, where it hangs on a post by its number
    capture_id = captures.get(address) or captures.get(name)
    body = _body(conn, capture_id) if capture_id else b""
    stated_bytes = file.size_bytes if file else None
    return ViewedPicture(
        address=address,
        here=paths.media(capture_id) if capture_id and body else "",
        size_bytes=len(body) if body else stated_bytes,
        is_shown=bool(picture_type(body)),
        is_lost=bool(capture_id and not body),
        file=file,
    )


def _body(conn: sqlite3.Connection, capture_id: int) -> bytes:
    """The bytes of a picture; none where its WARC record is not there."""
    try:
        return media_body(conn, capture_id)
    except MissingError:
        return b""


def _file_of(post: ThreadPost, picture: Picture) -> Attachment | None:
    for file in post.attachments:
        if file.url == picture.url:
            return file
    return None
