"""Rows of pages: a thread, a board, a voter as a list prints them, a field with its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


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
class Voter:
    """A member who voted in a poll."""

    author: str = ""
    uid: int | None = None
