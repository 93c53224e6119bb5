"""The fields that each layout prints on every page, whatever the settings of the forum.

A theme names its layout's set (`Theme.prints`); the census counts against it. A field that
a setting can take away (a location, a subject, ratings) belongs to none.
"""

from __future__ import annotations

from typing import Final

_POST: Final = frozenset({"posts.author", "posts.posted_at", "posts.text"})
_NUMBERED: Final = _POST | {"posts.pid", "posts.floor"}
_ROW: Final = frozenset({"name", "threads.title"})
_COUNTED_ROW: Final = _ROW | {"threads.author", "threads.replies", "threads.views"}

DESKTOP: Final = (
    _NUMBERED
    | _COUNTED_ROW
    | {
        "title",
        "board",
        "threads.created_on",
        "threads.last_post_at",
        "boards.name",
        "boards.threads",
    }
)
X5: Final = _COUNTED_ROW | {"threads.created_on"}
MOBILE: Final = _POST | _ROW | {"title", "board", "posts.floor", "boards.name"}
"""The simple mobile layout; a short form of its boards prints titles and nothing else."""
TOUCH: Final = MOBILE | {"threads.author"}
"""Its first releases print no post numbers."""
PRINT: Final = _POST | {"title"}
ARCHIVER: Final = _POST | _ROW | {"title", "board", "threads.replies", "boards.name"}
WAP: Final = frozenset({"title", "posts.author", "threads.title", "boards.name"})
API: Final = _NUMBERED | _COUNTED_ROW | {"title", "boards.name", "boards.threads"}
POSTS_ALONE: Final = frozenset({"posts.author", "posts.posted_at", "posts.pid"})
"""Answers to scripts: posts without the page around them."""
SKIN: Final = _POST | {"posts.pid", "title", "threads.title"}
"""What a page of any skin of Discuz! shows."""
