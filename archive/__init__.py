"""Forums kept in one SQLite file: stored, indexed, searched and shown.

`open_archive` opens a file, `search` and `similar` find posts in it, `read_thread` reads a
thread with its posts.

    >>> import archive
    >>> db = archive.open_archive("forum.db", create=False)
    >>> for hit in archive.search(db, "收音机 -广告", limit=5).hits:
    ...     print(hit.posted_at, hit.author, hit.snippet.marked())
    2024-05-01T00:00:00Z 张三 红灯牌【收音机】只剩沙沙声，换了滤波电容以后好多了
    >>> for other in archive.similar(db, 1):
    ...     print(other.is_copy, other.hit.thread)
    True 转载
    >>> view = archive.read_thread(db, 1, forum_id=1)
    >>> for post in view.posts:
    ...     print(post.floor, post.posted_at, post.author, post.text)
    1 2024-05-01T00:00:00Z 张三 红灯牌收音机只剩沙沙声，换了滤波电容以后好多了

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
    from archive.search.explain import Explanation, explain
    from archive.search.hits import Hit
    from archive.search.notices import SearchNotice
    from archive.search.similar import Similar, similar, similar_to_text
    from archive.search.snippet import Snippet
    from scraper.core.errors import QueryError, StorageError

__all__ = [
    "Explanation",
    "Forum",
    "Hit",
    "MissingError",
    "QueryError",
    "Results",
    "SearchNotice",
    "Similar",
    "Snippet",
    "StorageError",
    "Thread",
    "ThreadPost",
    "ThreadView",
    "explain",
    "list_forums",
    "open_archive",
    "read_thread",
    "search",
    "similar",
    "similar_to_text",
]

_SOURCES = {
    "Explanation": "archive.search.explain",
    "Forum": "archive.reading",
    "Hit": "archive.search.hits",
    "MissingError": "archive.reading",
    "QueryError": "scraper.core.errors",
    "Results": "archive.search.api",
    "SearchNotice": "archive.search.notices",
    "Similar": "archive.search.similar",
    "Snippet": "archive.search.snippet",
    "StorageError": "scraper.core.errors",
    "Thread": "archive.reading",
    "ThreadPost": "archive.reading",
    "ThreadView": "archive.reading",
    "explain": "archive.search.explain",
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
