"""Forums kept in one SQLite file: stored, indexed, searched and shown.

`open_archive` opens a file, `read_thread` reads a thread of it with its posts.

    db = archive.open_archive("forum.db", create=False)
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

__all__ = [
    "Forum",
    "MissingError",
    "Thread",
    "ThreadPost",
    "ThreadView",
    "list_forums",
    "open_archive",
    "read_thread",
]

_SOURCES = {
    "Forum": "archive.reading",
    "MissingError": "archive.reading",
    "Thread": "archive.reading",
    "ThreadPost": "archive.reading",
    "ThreadView": "archive.reading",
    "list_forums": "archive.reading",
    "open_archive": "archive.schema",
    "read_thread": "archive.reading",
}

# Hidden from type checkers, who would take any name for one that the package has.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A public name, imported when it is first asked for (PEP 562)."""
        source = _SOURCES.get(name)
        if source is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(source), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
