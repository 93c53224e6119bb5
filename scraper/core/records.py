"""The vocabulary: what a parsed page says, as frozen values.

Absent means "not printed on that page": None, an empty string, an empty tuple. Nothing is
guessed. Times are aware and in UTC; a page that prints minutes gives seconds 00, one that
prints a day gives a `date`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, TypeAlias

from scraper.core.capture import Capture as Capture
from scraper.core.census import FieldCount, PageWarning
from scraper.core.jsonable import as_json as as_json

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

WithheldReason = Literal[
    "blocked",
    "banned",
    "deleted",
    "password",
    "paid",
    "reply",
    "login",
    "author",
    "other",
]
"""Why the forum hides a post: blocked by a moderator, author banned or deleted, password or
payment asked, readers must reply or log in, for the thread's author only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A quoted post: what the quote's head line tells, and the quoted words."""

    pid: int | None = None
    author: str = ""
    posted_at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file attached to a post. `url` as served: download links carry a token that changes
    on every view."""

    aid: int | None = None
    name: str = ""
    url: str = ""
    size_bytes: int | None = None
    image: bool = False
    downloads: int | None = None
    price: int | None = None
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """A rating (评分): one row is one person's; `score` and `credit` of its first credit.

    `rated_at`: only a post's window of all its ratings prints it, and 6.0; such a row is one credit.
    """

    author: str = ""
    uid: int | None = None
    score: int | None = None
    credit: str = ""
    reason: str = ""
    rated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A short comment under a post (点评)."""

    author: str = ""
    uid: int | None = None
    posted_at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOption:
    """One answer of a poll; `votes` is None where the page hides them until one has voted."""

    text: str
    votes: int | None = None
    percent: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A poll, on the opening post."""

    options: tuple[PollOption, ...] = ()
    voters: int | None = None
    multiple: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post. `floor` is 1 for the opening post; `html` is the message as served, `text`
    the poster's own words, `hidden` the forum's words for each part of a readable message
    that it hides, `location` where the forum says that it was written (`广东`: IP 归属地,
    来自).
    """

    pid: int | None = None
    floor: int | None = None
    author: str = ""
    uid: int | None = None
    anonymous: bool = False
    posted_at: datetime | None = None
    subject: str = ""
    html: str = ""
    text: str = ""
    withheld: str = ""
    withheld_reason: WithheldReason | None = None
    hidden: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    edited_by: str = ""
    edited_at: datetime | None = None
    ratings: tuple[Rating, ...] = ()
    comments: tuple[Comment, ...] = ()
    poll: Poll | None = None
    signature: str = ""
    best_answer: bool = False
    side: str = ""
    location: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One name and value of a thread's sorted information (分类信息), activity, trade,
    reward or debate."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """A thread as a board page lists it. `moved_to` is the target's tid where the row only
    points to it."""

    tid: int
    title: str = ""
    author: str = ""
    uid: int | None = None
    created_on: date | None = None
    replies: int | None = None
    views: int | None = None
    last_post_at: datetime | None = None
    last_author: str = ""
    type: str = ""
    special: str = ""
    sticky: bool = False
    digest: bool = False
    closed: bool = False
    moved_to: int | None = None
    excerpt: str = ""
    read_level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """A board as an index page, a category or its parent board lists it. `category_fid`:
    the category's gid."""

    fid: int | None = None
    name: str = ""
    parent_fid: int | None = None
    category: str = ""
    category_fid: int | None = None
    threads: int | None = None
    posts: int | None = None
    description: str = ""
    moderators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    """A page of a thread, in any layout. `filtered`: shows one author's posts only, so
    floors and pages are its own."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """A member who voted in a poll."""

    author: str = ""
    uid: int | None = None


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
    (for a census; not in the JSON form).
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
    content: Content
