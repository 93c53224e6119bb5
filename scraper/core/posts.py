"""A post, and what stands in it: quotes, files, ratings, comments, a poll."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

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

    `rated_at`: only a post's window of all its ratings prints it, and 6.0; such a row is one
    credit.
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

    `ratings_total`: how many people rated it, by the page's own count; `comments_total`: how
    many comments it has at least, since pages say that there are more, and not how many.
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
    ratings_total: int | None = None
    comments: tuple[Comment, ...] = ()
    comments_total: int | None = None
    poll: Poll | None = None
    signature: str = ""
    best_answer: bool = False
    side: str = ""
    location: str = ""
