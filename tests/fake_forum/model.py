"""What the fake forum is: users, boards, threads and posts as plain values; the renderers
only read them.

A post's message is a tuple of parts. `own_words` is what a reader calls the poster's own
text, `foreign_words` what stands in the message on the page and is not theirs: so a test
can say what a parser must find, without any markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class User:
    """A member. `deleted`: the account is gone and its posts print the bare name; `banned`:
    its posts are withheld."""

    uid: int
    name: str
    group: str = "中级会员"
    signature: str = ""
    deleted: bool = False
    banned: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text; line breaks are the poster's."""

    text: str


@dataclass(frozen=True, slots=True)
class Styled:
    """Rendered BBCode (bold, list, table …) and the words a reader sees in it."""

    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link with words of its own."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote of the post `pid`, cut as the forum cuts it. Author and time are those of
    that post, in minutes."""

    pid: int
    author: str
    posted_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code block."""

    text: str


@dataclass(frozen=True, slots=True)
class Smiley:
    """A smiley, by its number in the shipped set; its code is not printed."""

    number: int
    file: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """A passage shown to those who replied (here: to any member)."""

    text: str


@dataclass(frozen=True, slots=True)
class Inline:
    """An image attachment placed in the text."""

    aid: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image from elsewhere."""

    url: str


Part: TypeAlias = (
    Words | Styled | Link | Quoted | Code | Smiley | Hidden | Inline | Picture
)


@dataclass(frozen=True, slots=True)
class File:
    """An attachment; `path` below `data/attachment/` for images."""

    aid: int
    name: str
    size: str
    downloads: int = 0
    path: str = ""
    price: int = 0

    @property
    def image(self) -> bool:
        """Whether it is shown as a picture."""
        return bool(self.path)


@dataclass(frozen=True, slots=True)
class Rating:
    """One person's rating in one credit."""

    user: User
    score: int
    reason: str = ""
    credit: str = "威望"
    rated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A 点评."""

    user: User
    posted_at: datetime
    text: str


@dataclass(slots=True)
class Post:
    """A post. `withheld` is the forum's notice in place of the message; `location` where it
    was written, as the forum prints it."""

    pid: int
    author: User
    posted_at: datetime
    parts: tuple[Part, ...]
    subject: str = ""
    anonymous: bool = False
    withheld: str = ""
    edited_at: datetime | None = None
    edited_by: str = ""
    files: tuple[File, ...] = ()
    ratings: tuple[Rating, ...] = ()
    comments: tuple[Comment, ...] = ()
    location: str = ""

    @property
    def own_words(self) -> tuple[str, ...]:
        """The poster's words, in order; those that guests may not see are not among them."""
        return tuple(
            p.text for p in self.parts if isinstance(p, Words | Styled | Link | Code)
        )

    @property
    def foreign_words(self) -> tuple[str, ...]:
        """Words in the message that are not the poster's own."""
        return tuple(p.text for p in self.parts if isinstance(p, Quoted | Hidden))

    @property
    def notice(self) -> str:
        """Why the whole message is hidden; empty when it is not."""
        return self.withheld or (
            "作者被禁止或删除 内容自动屏蔽"
            if self.author.banned or self.author.deleted
            else ""
        )


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll: options with their votes."""

    options: tuple[tuple[str, int], ...]
    voters: int
    max_choices: int = 1
    ended: bool = False


@dataclass(slots=True)
class Thread:
    """A thread, or with `moved_to` the pointer that a moved one leaves behind. `sticky`: 0
    to 3 (all boards)."""

    tid: int
    fid: int
    title: str
    posts: list[Post] = field(default_factory=list)
    type: str = ""
    sticky: int = 0
    digest: int = 0
    closed: bool = False
    views: int = 0
    read_level: int = 0
    tags: tuple[str, ...] = ()
    poll: Poll | None = None
    moved_to: int = 0
    gap: bool = False

    @property
    def first(self) -> Post:
        """The opening post."""
        return self.posts[0]

    @property
    def last(self) -> Post:
        """The newest post."""
        return self.posts[-1]

    @property
    def created_on(self) -> date:
        """The day of the opening post, in the posts' own zone."""
        return self.first.posted_at.date()


@dataclass(frozen=True, slots=True)
class Board:
    """A board. `access`: `open`, `members` or `password`; `parent` is the fid of the board
    above."""

    fid: int
    name: str
    gid: int
    parent: int = 0
    description: str = ""
    moderators: tuple[str, ...] = ()
    types: tuple[tuple[int, str], ...] = ()
    access: str = "open"
    jammer: bool = False


@dataclass(frozen=True, slots=True)
class Category:
    """A heading of the index."""

    gid: int
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """What `Forum` did: `what` is as in thread_new, post_new, post_edited, post_deleted …"""

    what: str
    tid: int
    pid: int = 0
