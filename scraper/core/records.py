"""The vocabulary: what a parsed page says, as frozen values. Import all of it from here.

Absent means "not printed on that page": None, an empty string, an empty tuple. Nothing is
guessed. Times are aware and in UTC; a page that prints minutes gives seconds 00, one that
prints a day gives a `date`.
"""

from __future__ import annotations

from scraper.core.capture import Capture
from scraper.core.census import FieldCount, PageWarning
from scraper.core.jsonable import as_json
from scraper.core.pages import (
    BoardPage,
    Content,
    FeedPage,
    IndexPage,
    Notice,
    Other,
    Page,
    PostExtras,
    ProfilePage,
    Reason,
    Redirect,
    ThreadPage,
    Unknown,
)
from scraper.core.posts import (
    Attachment,
    Comment,
    Poll,
    PollOption,
    Post,
    Quote,
    Rating,
    WithheldReason,
)
from scraper.core.rows import BoardRow, Field, ThreadRow, Voter

__all__ = [
    "Attachment",
    "BoardPage",
    "BoardRow",
    "Capture",
    "Comment",
    "Content",
    "FeedPage",
    "Field",
    "FieldCount",
    "IndexPage",
    "Notice",
    "Other",
    "Page",
    "PageWarning",
    "Poll",
    "PollOption",
    "Post",
    "PostExtras",
    "ProfilePage",
    "Quote",
    "Rating",
    "Reason",
    "Redirect",
    "ThreadPage",
    "ThreadRow",
    "Unknown",
    "Voter",
    "WithheldReason",
    "as_json",
]
