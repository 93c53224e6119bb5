"""Pages of threads: posts as they were read, where a post is, and how it changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from archive.crawl.media import file_name
from archive.web import paths, read_forum, read_thread
from archive.web.ask import Answer, Ask, MissingError, Moved, PageRequest
from archive.web.differences import side_by_side
from archive.web.links import Links, links_of
from archive.web.media import captures_of
from archive.web.message import Around, as_text, shown
from archive.web.numbering import page_numbers
from archive.web.read_thread import File, Stored
from archive.web.strings import text
from scraper.addresses.urls import absolute

_VERSIONS = """SELECT first_seen_at, last_seen_at, subject, text, edited_by, edited_at FROM post_versions
  WHERE post_id = ? ORDER BY first_seen_at, id"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A post with its message as it stands in the page; `files` with where each can be had."""

    post: Stored
    message: Markup
    files: tuple[tuple[File, str, str], ...]


def thread(ask: Ask) -> Answer:
    """A page of a thread; `by` shows one author's posts only."""
    site = read_forum.forum(ask.conn, ask.path["site"])
    row = read_forum.row_of(ask.conn, "threads", "tid", site.id, ask.path["number"])
    about = read_thread.about(ask.conn, row)
    by = ask.number("by")
    per_page = read_thread.posts_on_page(ask.conn, site.id)
    count = read_thread.count(ask.conn, row, by)
    if not count and about.moved_to is not None:
        return Moved(location=paths.thread(site.id, about.moved_to))
    pages = max(1, -(-count // per_page))
    page = min(max(1, ask.number("page", 1)), pages)
    tags, fields = read_thread.tags_and_fields(ask.conn, row)
    return PageRequest(
        template="thread.html",
        values={
            "forum": site,
            "thread": about,
            "above": read_forum.ancestors(ask.conn, about.board_id),
            "count": count,
            "page": page,
            "pages": pages,
            "by": by,
            "tags": tags,
            "fields": fields,
            "numbers": page_numbers(page, pages),
            "posts": _shown(
                ask, site, read_thread.posts(ask.conn, row, page, per_page, by)
            ),
            "growth_path": f"/pictures/growth?thread={row}",
        },
    )


def post(ask: Ask) -> Answer:
    """Where a post is: the page of its thread, at it."""
    site = read_forum.forum(ask.conn, ask.path["site"])
    row = read_forum.row_of(ask.conn, "posts", "pid", site.id, ask.path["number"])
    sql = "SELECT t.tid, t.id FROM posts p JOIN threads t ON t.id = p.thread_id WHERE p.id = ?"
    tid, thread_row = ask.conn.execute(sql, (row,)).fetchone()
    page = read_thread.page_of(
        ask.conn, row, read_thread.posts_on_page(ask.conn, site.id)
    )
    return Moved(location=paths.thread(site.id, tid, thread_row, page, row))


def versions(ask: Ask) -> Answer:
    """What a post said before, each version beside the next."""
    site = read_forum.forum(ask.conn, ask.path["site"])
    row = read_forum.row_of(ask.conn, "posts", "pid", site.id, ask.path["number"])
    now = read_thread.load(ask.conn, [row])[0]
    sql = "SELECT words_since, words_seen_at FROM posts WHERE id = ?"
    since, until = ask.conn.execute(sql, (row,)).fetchone()
    all_words = [tuple(each) for each in ask.conn.execute(_VERSIONS, (row,))]
    if not all_words:
        raise MissingError("no_versions")
    all_words.append(
        (since, until, now.subject, now.text, now.edited_by, now.edited_at)
    )
    steps = [
        {"old": old, "new": new, "rows": side_by_side(_words(old), _words(new))}
        for old, new in pairwise(all_words)
    ]
    return PageRequest(
        template="versions.html",
        values={
            "forum": site,
            "post": now,
            "steps": steps,
            "thread": read_thread.about(ask.conn, now.thread_id),
        },
    )


def _words(version: tuple[Any, ...]) -> str:
    return f"{version[2]}\n\n{version[3]}" if version[2] else str(version[3])


def _shown(ask: Ask, site: read_forum.Forum, posts: list[Stored]) -> list[Shown]:
    links = links_of(
        ask.conn, site, {each.pid: each.id for each in posts if each.pid is not None}
    )
    held = _held(ask, site, posts)
    return [_one(ask, site, each, links, held) for each in posts]


def _held(ask: Ask, site: read_forum.Forum, posts: list[Stored]) -> dict[str, str]:
    """The pictures and files of these posts that are in the archive."""
    names = {absolute(site.base_url, url) for each in posts for url in each.images}
    names |= {
        file_name(file.aid, absolute(site.base_url, file.url))
        for each in posts
        for file in each.files
    }
    return captures_of(ask.conn, site.id, names) if names else {}


def _one(
    ask: Ask, site: read_forum.Forum, post: Stored, links: Links, held: dict[str, str]
) -> Shown:
    def picture(source: str) -> tuple[str, str]:
        address = absolute(site.base_url, source)
        aid = next((file.aid for file in post.files if file.url == source), None)
        return held.get(address) or held.get(file_name(aid, address), ""), address

    around = Around(links.resolve, picture, text("picture_away", ask.language))
    message = shown(post.html, around) if post.html else as_text(post.text)
    files = tuple(
        (file, held.get(file_name(file.aid, address), ""), address)
        for file in post.files
        for address in (absolute(site.base_url, file.url) if file.url else "",)
    )
    return Shown(post, message, files)
