"""Forums kept in one SQLite file: stored, indexed, searched and shown.

`open_archive` opens a file, `search` and `similar` find posts in it, `read_thread` reads a
thread with its posts.

    db = archive.open_archive("forum.db", create=False)
    for hit in archive.search(db, "收音机", limit=5).hits:
        print(hit.posted_at, hit.author, hit.snippet.marked())
    view = archive.read_thread(db, 110, forum_id=1)
    for post in view.posts:
        print(post.floor, post.posted_at, post.author, post.text)

Everything public is in `__all__`; what is not listed there may change. The names are
imported when first asked for, so that the command line starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.reading import (
        Forum,
        MissingError,
        Thread,
        ThreadPost,
        ThreadView,
        list_forums,
        read_thread,
    )
    from archive.schema import open_archive
    from archive.search.api import Results, search
    from archive.search.hits import Hit
    from archive.search.similar import Similar, similar, similar_to_text
    from scraper.core.errors import QueryError, StorageError

__all__ = [
    "Forum",
    "Hit",
    "MissingError",
    "QueryError",
    "Results",
    "Similar",
    "StorageError",
    "Thread",
    "ThreadPost",
    "ThreadView",
    "list_forums",
    "open_archive",
    "read_thread",
    "search",
    "similar",
    "similar_to_text",
]

_SOURCES = {
    "Forum": "archive.reading",
    "Hit": "archive.search.hits",
    "MissingError": "archive.reading",
    "QueryError": "scraper.core.errors",
    "Results": "archive.search.api",
    "Similar": "archive.search.similar",
    "StorageError": "scraper.core.errors",
    "Thread": "archive.reading",
    "ThreadPost": "archive.reading",
    "ThreadView": "archive.reading",
    "list_forums": "archive.reading",
    "open_archive": "archive.schema",
    "read_thread": "archive.reading",
    "similar": "archive.search.similar",
    "similar_to_text": "archive.search.similar",
}

# Hidden from type checkers, who would take any name for one that the package has.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A public name, imported when it is first asked for (PEP 562)."""
        if name == "search":  # the package of that name, which can be called
            return import_module("archive.search")
        source = _SOURCES.get(name)
        if source is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(source), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
