"""Which pages a site has, each with the function that `serve` answers it with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from archive.export.site.addresses import (
    HOME,
    SEARCH,
    Addresses,
    author_name,
    numbered_name,
    page_file,
    versions_file,
)
from archive.reading.lookup import NUMBERED
from archive.reading.members import posts_by_name, posts_of_user
from archive.reading.thread_lists import threads_of_user
from archive.web import paths
from archive.web.pages_forum import (
    author_page,
    board_page,
    forum_page,
    home_page,
    member_page,
)
from archive.web.pages_search import search_page
from archive.web.pages_thread import thread_page, versions_page
from archive.web.values import ArchiveRequest, PageResponse

_FORUMS: Final = "SELECT id FROM sites ORDER BY id"
_BOARDS: Final = "SELECT site_id, fid, id FROM boards ORDER BY id"
_THREADS: Final = "SELECT site_id, tid, id FROM threads ORDER BY id"
_USERS: Final = "SELECT site_id, uid, id FROM users ORDER BY id"
_NAMES: Final = """
SELECT site_id, author FROM posts WHERE user_id IS NULL AND author <> ''
UNION
SELECT site_id, author FROM threads WHERE user_id IS NULL AND author <> ''
ORDER BY 1, 2
"""
_EDITED: Final = """
SELECT site_id, pid, id FROM posts
WHERE id IN (SELECT post_id FROM post_versions) ORDER BY id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page: its file, who answers it, and what with. `next_pages`: the files that go on
    behind `?threads=` and `?posts=`."""

    file: str
    answer: Callable[[ArchiveRequest], PageResponse]
    url: str = "/"
    path: Mapping[str, str] = field(default_factory=dict)
    args: Mapping[str, str] = field(default_factory=dict)
    next_pages: Mapping[str, str] = field(default_factory=dict)


def site_pages(conn: sqlite3.Connection, addresses: Addresses) -> Iterator[SitePage]:
    """All pages."""
    yield SitePage(
        file=HOME,
        answer=home_page,
    )
    yield SitePage(
        file=SEARCH,
        answer=search_page,
    )
    for (site_id,) in conn.execute(_FORUMS):
        yield SitePage(
            file=f"f/{site_id}/{HOME}",
            answer=forum_page,
            path={"site": str(site_id)},
        )
    for site_id, fid, row_id in conn.execute(_BOARDS):
        pages = addresses.board_pages(row_id)
        yield from _numbered_pages(
            "board",
            board_page,
            site_id,
            fid,
            row_id,
            pages,
        )
    for site_id, tid, row_id in conn.execute(_THREADS):
        pages = addresses.thread_pages(row_id, site_id)
        yield from _numbered_pages(
            "thread",
            thread_page,
            site_id,
            tid,
            row_id,
            pages,
        )
    for site_id, uid, row_id in conn.execute(_USERS):
        yield from _member_pages(
            conn,
            site_id,
            uid,
            row_id,
        )
    for site_id, name in conn.execute(_NAMES):
        yield from _name_pages(conn, site_id, name)
    for site_id, pid, row_id in conn.execute(_EDITED):
        yield SitePage(
            file=versions_file(site_id, pid, row_id),
            answer=versions_page,
            path=_path_to("post", site_id, pid, row_id),
        )


def _numbered_pages(
    kind: str,
    answer: Callable[[ArchiveRequest], PageResponse],
    site_id: int,
    number: int | None,
    row_id: int,
    pages: int,
) -> Iterator[SitePage]:
    """A board's or thread's pages, one after the other."""
    name = numbered_name(
        kind,
        site_id,
        number,
        row_id,
    )
    for page in range(1, pages + 1):
        yield SitePage(
            file=page_file(name, page),
            answer=answer,
            path=_path_to(kind, site_id, number, row_id),
            args={"page": str(page)},
        )


def _member_pages(
    conn: sqlite3.Connection, site_id: int, uid: int, row_id: int
) -> Iterator[SitePage]:
    """A member's first page, and those that go on with threads, and with posts."""
    name = numbered_name(
        "user",
        site_id,
        uid,
        row_id,
    )
    path = _path_to(
        "user",
        site_id,
        uid,
        row_id,
    )
    threads = _keys(lambda key: threads_of_user(conn, row_id, key).next_key)
    posts = _keys(lambda key: posts_of_user(conn, row_id, key).next_key)
    keys = {"threads": threads, "posts": posts}
    return _pages_by_key(
        name,
        member_page,
        path,
        keys,
    )


def _name_pages(
    conn: sqlite3.Connection, site_id: int, author: str
) -> Iterator[SitePage]:
    """The same of a name that no number is known of."""
    name = author_name(site_id, author)
    path = {"site": str(site_id), "name": quote(author, safe="")}
    posts = _keys(lambda key: posts_by_name(conn, site_id, author, key).next_key)
    return _pages_by_key(
        name,
        author_page,
        path,
        {"posts": posts},
    )


def _keys(next_key: Callable[[str], str]) -> list[str]:
    """Where a list goes on: a key for each page behind the first."""
    keys = []
    key = next_key("")
    while key:
        keys.append(key)
        key = next_key(key)
    return keys


def _pages_by_key(
    name: str,
    answer: Callable[[ArchiveRequest], PageResponse],
    path: Mapping[str, str],
    keys: Mapping[str, list[str]],
) -> Iterator[SitePage]:
    first = {each: f"{name}-{each}-2.html" for each in keys}
    yield SitePage(
        file=page_file(name, 1),
        answer=answer,
        path=path,
        next_pages=first,
    )
    for each, of_list in keys.items():
        for page, key in enumerate(of_list, 2):
            following = {each: f"{name}-{each}-{page + 1}.html"}
            yield SitePage(
                file=f"{name}-{each}-{page}.html",
                answer=answer,
                path=path,
                args={each: key},
                next_pages={**first, **following},
            )


def _path_to(
    kind: str, site_id: int, number: int | None, row_id: int
) -> dict[str, str]:
    """What stands in the address of a page of a forum's numbered things."""
    assert kind in NUMBERED
    address = paths.numbered(
        kind,
        site_id,
        number,
        row_id,
    )
    _, _, name = address.rpartition("/")
    return {"site": str(site_id), "kind": kind, "number": name}
