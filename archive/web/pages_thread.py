"""Pages of threads: posts as they were read, where a post is, and how it changed."""

from __future__ import annotations

from itertools import pairwise

from archive.reading.boards import board_with_ancestors
from archive.reading.lookup import MissingError
from archive.reading.posts import load_posts
from archive.reading.thread import get_thread, page_of_post, read_thread
from archive.reading.versions import PostVersion, read_versions
from archive.web import paths
from archive.web.addressed import forum_of, row_of
from archive.web.counts import posts_per_page
from archive.web.differences import side_by_side
from archive.web.numbering import page_numbers
from archive.web.shown_posts import shown_posts
from archive.web.values import PageRequest, PageResponse, Redirect, TemplateResponse


def thread_page(request: PageRequest) -> PageResponse:
    """A page of a thread; `by` shows one author's posts only."""
    conn = request.conn
    forum = forum_of(request)
    by = request.number("by")
    view = read_thread(
        conn,
        thread_id=row_of(request, forum, "thread"),
        page=request.number("page", 1),
        posts_per_page=posts_per_page(conn, forum.id),
        user_id=by or None,
    )
    thread = view.thread
    if not view.count and thread.moved_to is not None:
        return Redirect(location=paths.thread(forum.id, thread.moved_to))

    return TemplateResponse(
        template="thread.html",
        values={
            "forum": forum,
            "thread": thread,
            "above": board_with_ancestors(conn, thread.board_id),
            "count": view.count,
            "page": view.page,
            "pages": view.pages,
            "by": by,
            "tags": view.tags,
            "fields": view.fields,
            "numbers": page_numbers(view.page, view.pages),
            "posts": shown_posts(request, forum, view.posts),
            "growth_path": f"/pictures/growth?thread={thread.id}",
        },
    )


def post_page(request: PageRequest) -> PageResponse:
    """Where a post is: the page of its thread, at it."""
    conn = request.conn
    forum = forum_of(request)
    post_id = row_of(request, forum, "post")
    sql = """
    SELECT t.tid, t.id FROM posts p JOIN threads t ON t.id = p.thread_id WHERE p.id = ?
    """
    tid, thread_id = conn.execute(sql, (post_id,)).fetchone()
    per_page = posts_per_page(conn, forum.id)
    page = page_of_post(conn, post_id, per_page)
    location = paths.thread(forum.id, tid, thread_id, page, post_id)
    return Redirect(location=location)


def versions_page(request: PageRequest) -> PageResponse:
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
            "thread": get_thread(conn, post.thread_id),
        },
    )


def _words(version: PostVersion) -> str:
    if not version.subject:
        return version.text
    return f"{version.subject}\n\n{version.text}"
