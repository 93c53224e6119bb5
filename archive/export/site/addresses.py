"""The addresses of the browser's pages → the files of the site that say the same.

/f/1/thread/228?page=2      f/1/thread/228-2.html
/f/1/thread/~17             f/1/thread/row17.html
/f/1/post/1010              f/1/thread/228-2.html#p33
/f/1/author/NAME            f/1/author/DIGEST.html: names differ by capitals, files may not
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.reading.forums import get_forum
from archive.reading.lookup import Kind, MissingError, find_row, has_row
from archive.reading.neighbours import find_last
from archive.reading.rows import fetch_number, fetch_one
from archive.reading.thread import page_of_post
from archive.reading.thread_lists import PAGE_ROWS, page_count
from archive.web import paths
from archive.web.addressed import original_address

HOME: Final = "index.html"
STYLE: Final = "style.css"
READING_SCRIPT: Final = "reading.js"
SEARCH: Final = "search.html"
SCRIPT: Final = "search/search.js"
SCRIPT_ADDRESS: Final = "/-/forum/search.js"
"""Where the search page looks for its script; a server has none."""
_NUMBERED: Final = re.compile(
    r"/f/(\d{1,9})/(board|thread|post|user)/(~?)(\d{1,18})(/[a-z]+)?"
)
_FORUM: Final = re.compile(r"/f/(\d{1,9})")
_AUTHOR: Final = re.compile(r"/f/(\d{1,9})/author/(.+)")
_MEDIA: Final = re.compile(re.escape(paths.MEDIA) + r"(\d{1,15})")
_KINDS: Final[dict[str, Kind]] = {
    "board": "board",
    "thread": "thread",
    "post": "post",
    "user": "user",
}
_THREAD: Final = """
SELECT t.tid, t.moved_to, (SELECT count(*) FROM posts p WHERE p.thread_id = t.id)
FROM threads t WHERE t.id = ?
"""
_THREADS_OF_BOARD: Final = "SELECT count(*) FROM threads WHERE board_id = ?"
_THREAD_OF_POST: Final = "SELECT thread_id FROM posts WHERE id = ?"
_AUTHOR_IS_HERE: Final = """
SELECT 1 FROM posts WHERE author = :name AND site_id = :site AND user_id IS NULL
UNION ALL
SELECT 1 FROM threads WHERE author = :name AND site_id = :site AND user_id IS NULL
LIMIT 1
"""
_DIGEST_CHARS: Final = 20
_MOST_MOVES: Final = 5
_MOST_KNOWN: Final = 50_000


def page_file(name: str, page: int) -> str:
    """The file of a page of what is called so, from 1."""
    return f"{name}.html" if page == 1 else f"{name}-{page}.html"


def numbered_name(kind: str, site_id: int, number: int | None, row_id: int) -> str:
    """What the files of a board, thread, post or member begin with."""
    name = f"row{row_id}" if number is None else str(number)
    return f"f/{site_id}/{kind}/{name}"


def author_name(site_id: int, name: str) -> str:
    """What the files of a name that no number is known of begin with."""
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()
    return f"f/{site_id}/author/{digest[:_DIGEST_CHARS]}"


def versions_file(site_id: int, pid: int | None, row_id: int) -> str:
    """The file of what a post said before."""
    return page_file(numbered_name("versions", site_id, pid, row_id), 1)


@dataclass(frozen=True, slots=True)
class _Thread:
    """`count`: of its posts that are here; `moved_to`: where a pointer leads."""

    tid: int | None
    moved_to: int | None
    count: int


@dataclass(slots=True)
class Addresses:
    """Where everything is. `posts_on_page`: how many posts of each forum a page has;
    `media`: the file of a picture or attachment by its capture, empty where it is lost."""

    conn: sqlite3.Connection
    posts_on_page: Mapping[int, int]
    media: Callable[[int], str]
    _threads: dict[int, _Thread] = field(default_factory=dict)

    def place(self, address: str) -> str:
        """The file, with what follows `?` and `#`; an address of the forum's own where the
        site has no such page; empty where neither is known."""
        parts = urlsplit(address)
        path = parts.path
        asked = dict(parse_qsl(parts.query))
        if path == "/":
            return HOME
        if path == paths.STYLE:
            return STYLE
        if path == paths.READING_SCRIPT:
            return READING_SCRIPT
        if path == SCRIPT_ADDRESS:
            return SCRIPT
        if path == "/search":
            return f"{SEARCH}?{parts.query}" if parts.query else SEARCH
        if found := _MEDIA.fullmatch(path):
            return self.media(int(found[1]))
        if found := _NUMBERED.fullmatch(path):
            return self._numbered(
                found,
                asked,
                parts.fragment,
            )
        if found := _AUTHOR.fullmatch(path):
            return self._author(int(found[1]), unquote(found[2]))
        if found := _FORUM.fullmatch(path):
            return f"f/{found[1]}/{HOME}"
        return ""

    def thread_pages(self, thread_id: int, site_id: int) -> int:
        """How many pages a thread has."""
        on_page = self.posts_on_page[site_id]
        return page_count(self._thread_of(thread_id).count, on_page)

    def board_pages(self, board_id: int) -> int:
        """How many pages the list of a board's threads has."""
        count = fetch_number(
            self.conn,
            _THREADS_OF_BOARD,
            board_id,
        )
        return page_count(count, PAGE_ROWS)

    def _numbered(
        self, found: re.Match[str], asked: Mapping[str, str], fragment: str
    ) -> str:
        site_id = int(found[1])
        kind = _KINDS[found[2]]
        number = int(found[4])
        row_id = self._row(
            kind,
            site_id,
            number,
            is_row=found[3] != "",
        )
        if row_id is None:
            return "" if found[3] else self._original(site_id, kind, number)

        page = _number(asked.get("page", ""))
        end = f"#{fragment}" if fragment else ""
        if kind == "post":
            return self._post(
                site_id,
                row_id,
                found,
            )
        if kind == "thread":
            if found[5] == "/jump":
                return self._last(site_id, row_id)
            return self._thread(site_id, row_id, page) + end
        if kind == "board":
            page = min(page, self.board_pages(row_id))
        name = f"f/{site_id}/{kind}/{_file_number(found)}"
        return page_file(name, page)

    def _row(
        self, kind: Kind, site_id: int, number: int, *, is_row: bool
    ) -> int | None:
        if not is_row:
            return find_row(
                self.conn,
                kind,
                site_id,
                number,
            )
        return number if has_row(self.conn, kind, site_id, number) else None

    def _post(self, site_id: int, post_id: int, found: re.Match[str]) -> str:
        if found[5] == "/versions":
            return f"f/{site_id}/versions/{_file_number(found)}.html"
        thread_id = fetch_number(
            self.conn,
            _THREAD_OF_POST,
            post_id,
        )
        page = page_of_post(
            self.conn,
            post_id,
            self.posts_on_page[site_id],
        )
        return f"{self._thread(site_id, thread_id, page)}#p{post_id}"

    def _last(self, site_id: int, thread_id: int) -> str:
        post_id = find_last(self.conn, thread_id)
        if post_id is None:
            return self._thread(
                site_id,
                thread_id,
                1,
            )
        page = page_of_post(
            self.conn,
            post_id,
            self.posts_on_page[site_id],
        )
        return f"{self._thread(site_id, thread_id, page)}#p{post_id}"

    def _thread(self, site_id: int, thread_id: int, page: int) -> str:
        for _ in range(_MOST_MOVES):
            thread = self._thread_of(thread_id)
            if thread.count or thread.moved_to is None:
                break
            target = find_row(
                self.conn,
                "thread",
                site_id,
                thread.moved_to,
            )
            if target is None:
                return self._original(
                    site_id,
                    "thread",
                    thread.moved_to,
                )
            thread_id = target
        page = min(page, self.thread_pages(thread_id, site_id))
        name = numbered_name(
            "thread",
            site_id,
            thread.tid,
            thread_id,
        )
        return page_file(name, page)

    def _thread_of(self, thread_id: int) -> _Thread:
        known = self._threads.get(thread_id)
        if known is None:
            row = fetch_one(
                self.conn,
                _THREAD,
                thread_id,
            )
            assert row, "it was found before"
            known = _Thread(*row)
            if len(self._threads) > _MOST_KNOWN:
                self._threads.clear()
            self._threads[thread_id] = known
        return known

    def _author(self, site_id: int, name: str) -> str:
        asked = {"site": site_id, "name": name}
        if self.conn.execute(_AUTHOR_IS_HERE, asked).fetchone():
            return page_file(author_name(site_id, name), 1)
        sql = "SELECT uid, id FROM users WHERE site_id = ? AND name = ?"
        user = fetch_one(
            self.conn,
            sql,
            site_id,
            name,
        )
        if user is None:
            return ""
        return page_file(numbered_name("user", site_id, *user), 1)

    def _original(self, site_id: int, kind: str, number: int) -> str:
        try:
            forum = get_forum(self.conn, site_id)
        except MissingError:
            return ""
        return original_address(forum, kind, number)


def _file_number(found: re.Match[str]) -> str:
    return f"row{found[4]}" if found[3] else found[4]


def _number(digits: str) -> int:
    """The number of a page; 1 where none is written."""
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    return max(1, int(digits)) if is_number else 1
