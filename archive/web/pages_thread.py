"""Pages of threads: posts as they were read, where a post is, and how it changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Final

from archive.reading.forums import Forum
from archive.reading.lookup import MissingError
from archive.reading.posts import load_posts
from archive.reading.thread import Thread
from archive.reading.versions import PostVersion, read_versions
from archive.search.days import read_dates
from archive.web import paths
from archive.web.addressed import forum_of, original_address, row_of
from archive.web.differences import side_by_side
from archive.web.narrowing import narrowed
from archive.web.numbering import page_numbers
from archive.web.shown_posts import shown_posts
from archive.web.thread_choice import MOST_WHOLE, ThreadChoice
from archive.web.values import (
    MAX_DIGITS,
    OWN_SCRIPT,
    ArchiveRequest,
    PageRequest,
    PageResponse,
    Redirect,
    TemplateResponse,
)
from scraper.core.errors import QueryError

LAST: Final = "last"
"""What lists ask for, to lead to the last post."""


def thread_page(request: PageRequest) -> PageResponse:
    """A page of a thread, or of those of its posts that the reader chose."""
    source = request.source
    forum = forum_of(request)
    thread = _thread_of(request, forum)
    choice = ThreadChoice.of(request, thread)
    on_page = source.posts_per_page(forum.id)
    if choice.is_whole:
        on_page = MOST_WHOLE
    view = source.thread_view(
        thread,
        request.number("page", 1),
        on_page,
        choice.posts,
    )
    if not view.count and thread.moved_to is not None:
        return Redirect(location=paths.thread(forum.id, thread.moved_to))

    return TemplateResponse(
        template="thread.html",
        values={
            "forum": forum,
            "thread": thread,
            "above": source.boards_down_to(forum.id, thread.board_id),
            "count": view.count,
            "page": view.page,
            "pages": view.pages,
            "by": choice.by,
            "choice": choice,
            "can_be_whole": view.pages > 1 and view.count <= MOST_WHOLE,
            "beside": source.neighbours(thread),
            "original": original_address(forum, "thread", thread.tid),
            "tags": view.tags,
            "fields": view.fields,
            "removed": view.removed_floors,
            "numbers": page_numbers(view.page, view.pages),
            "posts": shown_posts(request, forum, view.posts),
            "growth_path": paths.own(f"/pictures/growth?thread={thread.id}"),
        },
        may_load=(OWN_SCRIPT,),
    )


def jump_page(request: PageRequest) -> PageResponse:
    """Where a floor of a thread is, or the first post of a day; what is no such thing, or
    not here, leads to the thread."""
    forum = forum_of(request)
    thread = _thread_of(request, forum)
    post_id = _post_at(request, forum, thread, request.args.get("to", ""))
    if post_id is None:
        return Redirect(location=paths.thread_page(thread))
    return Redirect(location=_page_with(request, forum, thread, post_id))


def find_page(request: PageRequest) -> PageResponse:
    """The search for words within a thread."""
    forum = forum_of(request)
    thread = _thread_of(request, forum)
    words = request.args.get("words", "").strip()
    if not words or thread.tid is None:
        return Redirect(location=paths.thread_page(thread))
    query = narrowed(words, f"主题:{thread.tid}")
    if len(request.source.forums().forums) > 1:
        query = narrowed(query, f'站点:"{forum.base_url}"')
    return Redirect(location=paths.search(query))


def _post_at(
    request: PageRequest, forum: Forum, thread: Thread, words: str
) -> int | None:
    """The post (its row) that a floor or a day means, as a reader wrote it. A number is a
    date where the thread has no such floor."""
    source = request.source
    if words == LAST:
        return source.last_post(thread)
    words = words.strip().removeprefix("#").removesuffix("楼")
    if words.isascii() and words.isdecimal() and len(words) <= MAX_DIGITS:
        at_floor = source.at_floor(thread, int(words))
        if at_floor is not None:
            return at_floor
    try:
        (first_day, _), asked = read_dates("date", "date", words)
        if asked:
            first_day, _ = replace(asked, now=request.now).at(forum.utc_offset_minutes)
    except QueryError:
        return None
    if first_day is None:
        return None
    midnight = datetime.combine(first_day, time(), tzinfo=UTC)
    try:
        begins = midnight - timedelta(minutes=forum.utc_offset_minutes)
    except OverflowError:
        return None
    return source.first_since(thread, begins)


def _thread_of(request: PageRequest, forum: Forum) -> Thread:
    """The thread that an address names."""
    thread_id = row_of(request, forum, "thread")
    return request.source.thread(forum.id, thread_id)


def _page_with(request: PageRequest, forum: Forum, thread: Thread, post_id: int) -> str:
    """The address of the page that a post is on, at it."""
    source = request.source
    on_page = source.posts_per_page(forum.id)
    page = source.page_of_post(thread, post_id, on_page)
    return paths.thread(forum.id, thread.tid, thread.id, page, post_id)


def post_page(request: PageRequest) -> PageResponse:
    """Where a post is: the page of its thread, at it."""
    forum = forum_of(request)
    post_id = row_of(request, forum, "post")
    thread = request.source.thread_of_post(forum.id, post_id)
    return Redirect(location=_page_with(request, forum, thread, post_id))


def versions_page(request: ArchiveRequest) -> PageResponse:
    """What a post said before, each version beside the next."""
    conn = request.conn
    forum = forum_of(request)
    post_id = row_of(request, forum, "post")
    (post,) = load_posts(conn, [post_id])
    versions = read_versions(conn, post)
    if len(versions) == 1:
        raise MissingError("versions")

    steps = []
    for old, new in pairwise(versions):
        rows = side_by_side(_words(old), _words(new))
        steps.append({"old": old, "new": new, "rows": rows})
    return TemplateResponse(
        template="versions.html",
        values={
            "forum": forum,
            "post": post,
            "steps": steps,
            "thread": request.source.thread(forum.id, post.thread_id),
        },
    )


def _words(version: PostVersion) -> str:
    if not version.subject:
        return version.text
    return f"{version.subject}\n\n{version.text}"
