"""Addresses of our own pages: made of the forum's numbers, so that they outlive this file
of the archive.

/f/1/thread/228     thread 228 (tid) of the first forum in the file; board (fid), user (uid), post (pid) alike
/f/1/thread/~17     row 17 of the file, for what was captured without a number
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

MEDIA: Final = "/-/media/"
STYLE: Final = "/-/forum/style.css"
NUMBER: Final = r"(?P<number>~?\d{1,18})"
SITE: Final = r"/f/(?P<site>\d{1,9})"


def forum(site: int) -> str:
    """The board tree of a forum."""
    return f"/f/{site}"


def item(kind: str, site: int, number: int | None, row: int | None = None) -> str:
    """A board, thread, post or user: by the forum's own number, else by its row."""
    return f"/f/{site}/{kind}/{number if number is not None else f'~{row}'}"


def thread(
    site: int,
    tid: int | None,
    row: int | None = None,
    page: int = 1,
    post: int | None = None,
) -> str:
    """A page of a thread, at one of its posts (a row number) if that is given."""
    address = item("thread", site, tid, row)
    return (
        address + (f"?page={page}" if page > 1 else "") + (f"#p{post}" if post else "")
    )


def author(site: int, name: str) -> str:
    """The posts under a name that no number is known of."""
    return f"/f/{site}/author/{quote(name, safe='')}"


def search(query: str, **more: str | int) -> str:
    """A search; empty values are left out."""
    return "/search?" + urlencode(
        {"q": query, **{name: value for name, value in more.items() if value}}
    )


def sql(database: str, statement: str, shape: str = "", **params: str | int) -> str:
    """A statement in Datasette's own page, or its answer as `.csv` or `.json`."""
    return f"/{quote(database)}{shape}?" + urlencode({"sql": statement, **params})
