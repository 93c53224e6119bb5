"""What a page says, by its kind, and the page itself: where it came from and who read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from scraper.core.census import FieldCount, PageWarning
from scraper.core.posts import Comment, Post, Rating
from scraper.core.rows import BoardRow, Field, ThreadRow, Voter
from scraper.core.site import AddressPair

Reason = Literal[
    "not_found",
    "forbidden",
    "login",
    "password",
    "closed",
    "captcha",
    "throttled",
    "error",
    "other",
]
"""Why a notice stands in place of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    """A page of a thread, in any layout. `filtered`: shows one author's posts only, so
    floors and pages are its own. `gone`: posts (pid) that were found missing later, and
    when; only an export tells."""

    kind: ClassVar[str] = "thread"
    tid: int | None = None
    fid: int | None = None
    board: str = ""
    title: str = ""
    page: int = 1
    pages: int = 1
    type: str = ""
    tags: tuple[str, ...] = ()
    special: str = ""
    closed: bool = False
    sticky: bool = False
    digest: bool = False
    filtered: bool = False
    views: int | None = None
    replies: int | None = None
    price: int | None = None
    read_level: int | None = None
    fields: tuple[Field, ...] = ()
    posts: tuple[Post, ...] = ()
    gone: tuple[tuple[int, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostExtras:
    """What hangs on one post, in a window of its own: all its ratings, a page of its
    comments, or the voters of one option of its poll. Says nothing of the post's words.
    `pid` is absent where only the thread is told (voters).
    """

    kind: ClassVar[str] = "extras"
    tid: int | None = None
    pid: int | None = None
    page: int = 1
    pages: int = 1
    ratings: tuple[Rating, ...] = ()
    comments: tuple[Comment, ...] = ()
    option: str = ""
    voters: tuple[Voter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """A page of a board's threads, with its sub-boards."""

    kind: ClassVar[str] = "board"
    fid: int | None = None
    name: str = ""
    page: int = 1
    pages: int = 1
    threads: tuple[ThreadRow, ...] = ()
    boards: tuple[BoardRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """The board tree: the forum's front page or one category of it."""

    kind: ClassVar[str] = "index"
    boards: tuple[BoardRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfilePage:
    """What a member's page says of the member."""

    kind: ClassVar[str] = "profile"
    uid: int | None = None
    name: str = ""
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """An RSS feed: the newest threads, their openings cut short."""

    kind: ClassVar[str] = "feed"
    threads: tuple[ThreadRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The forum's own message in place of the page."""

    kind: ClassVar[str] = "notice"
    reason: Reason = "other"
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect:
    """An answer that only names another address; the ids where it tells them."""

    kind: ClassVar[str] = "redirect"
    location: str = ""
    tid: int | None = None
    fid: int | None = None
    pid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A page of the forum with nothing to keep: a login form, a search form."""

    kind: ClassVar[str] = "other"
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Not a Discuz! page, or one that no parser claims; `message` says why."""

    kind: ClassVar[str] = "unknown"
    message: str = ""


Content: TypeAlias = (
    ThreadPage
    | PostExtras
    | BoardPage
    | IndexPage
    | ProfilePage
    | FeedPage
    | Notice
    | Redirect
    | Other
    | Unknown
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A capture after parsing: where it came from, who read it, and what it says.

    `theme` is the parser that claimed the page, `encoding` what it was decoded as,
    `software` as in `Discuz! X3.4`; `site_url` is the forum's own address where the page
    prints it or its address tells it, with a final slash. `warnings` say what the page
    prints and was not read; `counts` how many records had each field that the layout prints
    (for a census; not in the JSON form). `pairs`: what the page tells of its forum's own
    forms of addresses beyond what was known (not in the JSON form, either).

    Of thread pages, and not in the JSON form: `reader_uid` is the member whom the page shows
    as logged in, 0 for a guest, None where it does not say; `hides_files`: it says that its
    reader may not see files; `is_saved_copy`: a browser saved it, so that pictures are
    renamed or inlined and hidden parts may be missing.
    """

    url: str
    captured_at: datetime
    theme: str = ""
    encoding: str = ""
    software: str = ""
    site_name: str = ""
    site_url: str = ""
    warnings: tuple[PageWarning, ...] = ()
    counts: tuple[FieldCount, ...] = ()
    pairs: tuple[AddressPair, ...] = ()
    reader_uid: int | None = None
    hides_files: bool = False
    is_saved_copy: bool = False
    content: Content
