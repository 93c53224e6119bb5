"""Turns an address or bytes of a Discuz! forum into records; knows nothing of storage.

`parse` is the door: the body of a page and its address in, a typed record out. It never
touches the network, so the pages may come from anywhere (a browser, a WARC file, a folder).

    >>> from datetime import UTC, datetime
    >>> from pathlib import Path
    >>> import scraper
    >>> page = scraper.parse(
    ...     Path("fixtures/x3/thread-closed.html").read_bytes(),
    ...     "https://bbs.qingshixiang.example/forum.php?mod=viewthread&tid=111",
    ...     fetched_at=datetime(2024, 5, 20, 13, 30, tzinfo=UTC),
    ... )
    >>> page.site_name, page.software, page.theme
    ('青石巷', 'Discuz! X3.5', 'x')

`page.content` is what the page says; its class tells which kind of page it is.

    >>> match page.content:
    ...     case scraper.ThreadPage(title=title, posts=posts):
    ...         print(title)
    ...         for post in posts:
    ...             print(post.floor, post.posted_at, post.author, post.text)
    ...     case scraper.BoardPage(name=name, threads=threads):
    ...         print(name, len(threads), "threads")
    ...     case scraper.Notice(reason=reason, message=message):
    ...         print("no page:", reason, message)
    ...     case scraper.Unknown(message=message):
    ...         print(message)
    拆机零件清单
    1 2024-04-02 02:00:00+00:00 老周修表 抽屉里翻出来的，谁要自取。
    2 2024-04-02 03:22:33+00:00 髙橋&𠮷田 那只 6P1 还在吗？我从𠮷祥寺带了羊羹来换。

`as_json` gives the same as plain data for `json.dumps`, empty values left out.

    >>> scraper.as_json(page)["posts"][0]["pid"]
    1020

A page of a known kind that nobody could read raises `PageError`; what is no page of
Discuz! is `Unknown`. Everything public is in `__all__`; what is not listed there may change.
The names are imported when first asked for, so that the command line starts quickly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.core.errors import DiscuzArchiveError, InputError, PageError
    from scraper.core.records import (
        Attachment,
        BoardPage,
        BoardRow,
        Capture,
        Comment,
        Content,
        FeedPage,
        Field,
        FieldCount,
        IndexPage,
        Notice,
        Other,
        Page,
        PageWarning,
        Poll,
        PollOption,
        Post,
        PostExtras,
        ProfilePage,
        Quote,
        Rating,
        Reason,
        Redirect,
        ThreadPage,
        ThreadRow,
        Unknown,
        Voter,
        WithheldReason,
        as_json,
    )
    from scraper.core.site import Site
    from scraper.parsing import parse, parse_capture

__all__ = [
    "Attachment",
    "BoardPage",
    "BoardRow",
    "Capture",
    "Comment",
    "Content",
    "DiscuzArchiveError",
    "FeedPage",
    "Field",
    "FieldCount",
    "IndexPage",
    "InputError",
    "Notice",
    "Other",
    "Page",
    "PageError",
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
    "Site",
    "ThreadPage",
    "ThreadRow",
    "Unknown",
    "Voter",
    "WithheldReason",
    "as_json",
    "parse",
    "parse_capture",
]

# The cheap modules first: a name is looked for in one after the other.
_SOURCES = (
    "scraper.core.errors",
    "scraper.core.records",
    "scraper.core.site",
    "scraper.parsing",
)

# Hidden from type checkers, who would take any name for one that the package has.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A public name, imported when it is first asked for (PEP 562)."""
        if name in __all__:
            for source in _SOURCES:
                module = import_module(source)
                if hasattr(module, name):
                    globals()[name] = value = getattr(module, name)
                    return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
