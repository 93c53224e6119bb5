"""Addresses of our own pages: made of the forum's numbers, so that they outlive this file
of the archive.

/f/1/thread/228     thread 228 (tid) of the first forum in the file; board (fid), user (uid),
                    post (pid) alike
/f/1/thread/~17     row 17 of the file, for what was captured without a number

Where a server has several archives, each has its pages behind its own name, and links
between them keep it: /NAME/-/f/1/thread/228.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Protocol
from urllib.parse import quote, urlencode

from archive.reading.boards import Board
from archive.reading.members import PostSummary
from archive.reading.posts import ThreadPost
from archive.reading.thread import Thread
from archive.reading.thread_lists import ThreadSummary

MEDIA: Final = "/-/media/"
STYLE: Final = "/-/forum/style.css"
TABLE_STYLE: Final = "/-/forum/tables.css"
TABLE_SCRIPT: Final = "/-/forum/tables.js"
READING_SCRIPT: Final = "/-/forum/reading.js"
LANGUAGE: Final = "/-/forum/language"
NUMBER: Final = r"(?P<number>~?\d{1,19})"
SITE: Final = r"/f/(?P<site>\d{1,19})"
BEHIND_NAME: Final = r"(?:/[\w~+.-]+/-)?"
"""Before an address of ours, in a server of several archives."""
_prefix: Final = ContextVar("prefix", default="")


@contextmanager
def behind(prefix: str) -> Iterator[None]:
    """Make addresses, for the time being, for the archive whose pages have this prefix."""
    token = _prefix.set(prefix)
    try:
        yield
    finally:
        _prefix.reset(token)


def prefix_of(database: str) -> str:
    """Before the addresses of an archive's pages, in a server of several."""
    return f"{data(database)}/-"


def own(address: str) -> str:
    """An address of ours, for the archive that is shown."""
    return _prefix.get() + address


def forum(site_id: int) -> str:
    """The board tree of a forum."""
    return own(f"/f/{site_id}")


def numbered(
    kind: str, site_id: int, number: int | None, row_id: int | None = None
) -> str:
    """A board, thread, post or user: by the forum's own number, else by its row."""
    name = f"~{row_id}" if number is None else str(number)
    return own(f"/f/{site_id}/{kind}/{name}")


def board(shown: Board) -> str:
    """The threads of a board."""
    return numbered("board", shown.site_id, shown.fid, shown.id)


def post(shown: ThreadPost | PostSummary) -> str:
    """The address that leads to a post, whichever page it is on."""
    return numbered("post", shown.site_id, shown.pid, shown.id)


def picture(site_id: int, pid: int | None, post_id: int, number: int) -> str:
    """The page of a post's picture, in the viewer."""
    address = numbered("post", site_id, pid, post_id)
    return f"{address}/picture/{number}"


def thread(
    site_id: int,
    tid: int | None,
    row_id: int | None = None,
    page: int = 1,
    post_id: int | None = None,
) -> str:
    """A page of a thread, at one of its posts (a row) if that is given."""
    address = numbered("thread", site_id, tid, row_id)
    if page > 1:
        address += f"?page={page}"
    if post_id:
        address += f"#p{post_id}"
    return address


def thread_page(shown: Thread) -> str:
    """The first page of a thread."""
    return numbered("thread", shown.site_id, shown.tid, shown.id)


def thread_summary(shown: ThreadSummary) -> str:
    """Where a thread of a list is read: for a pointer, where the thread was moved to."""
    tid = shown.moved_to or shown.tid
    return numbered("thread", shown.site_id, tid, shown.id)


class Authored(Protocol):
    """A thread or post with its author's name, and number where that is known."""

    @property
    def site_id(self) -> int: ...
    @property
    def uid(self) -> int | None: ...
    @property
    def author(self) -> str: ...


def author_of(shown: Authored) -> str:
    """The page of an author; empty where nobody is named."""
    return author(shown.site_id, shown.uid, shown.author)


def author(site_id: int, uid: int | None, name: str) -> str:
    """The page of an author, by number or by name; empty where nobody is named."""
    if uid is not None:
        return numbered("user", site_id, uid)
    if not name:
        return ""
    return named(site_id, name)


def named(site_id: int, name: str) -> str:
    """The posts under a name that no number is known of."""
    return own(f"/f/{site_id}/author/{quote(name, safe='')}")


def search(query: str, **more: str | int) -> str:
    """A search; empty values are left out."""
    asked: dict[str, str | int] = {"q": query}
    asked |= {name: value for name, value in more.items() if value}
    return _with_query(own("/search"), asked)


def media(capture_id: int) -> str:
    """A picture or file that is kept."""
    return own(f"{MEDIA}{capture_id}")


def sql(database: str, statement: str, shape: str = "", **params: str | int) -> str:
    """A statement in Datasette's own page, or its answer as `.csv` or `.json`."""
    address = data(database) + shape
    return _with_query(address, {"sql": statement, **params})


def data(database: str) -> str:
    """Datasette's own page of a database."""
    # pages that are shown without a server have none
    from datasette.utils import tilde_encode

    return f"/{tilde_encode(database)}"


def row(database: str, table: str, row_id: int) -> str:
    """Datasette's own page of a row, with all that is stored in it."""
    return f"{data(database)}/{table}/{row_id}"


def _with_query(address: str, asked: Mapping[str, str | int]) -> str:
    query = urlencode(asked)
    return f"{address}?{query}"
