"""The page of posts like another: copies of it, and posts on the same matter."""

from __future__ import annotations

from archive.search.similar import similar
from archive.web import read_forum, read_thread
from archive.web.ask import Answer, Ask, PageRequest
from archive.web.pages_search import lines_of


def similar_page(ask: Ask) -> Answer:
    """Posts like one, copies first."""
    site = read_forum.forum(ask.conn, ask.path["site"])
    row = read_forum.row_of(ask.conn, "posts", "pid", site.id, ask.path["number"])
    post = read_thread.load(ask.conn, [row])[0]
    found = similar(ask.conn, row)
    lines = zip(lines_of(ask, [each.hit for each in found]), found, strict=True)
    return PageRequest(
        template="similar.html",
        values={
            "forum": site,
            "post": post,
            "thread": read_thread.about(ask.conn, post.thread_id),
            "lines": list(lines),
        },
    )
