"""What an address stands for: a frozen value that compares equal for all spellings of one page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "index",
    "category",
    "board",
    "thread",
    "post",
    "user",
    "feed",
    "attachment",
    "ratings",
    "comments",
    "other",
]
View: TypeAlias = Literal[
    "desktop", "print", "archiver", "touch", "mobile", "api", "wap"
]


@dataclass(frozen=True, slots=True)
class Target:
    """A page of a forum: what it shows, and in which layout.

    `id` is the number that `kind` speaks of: gid of a category, fid of a board or feed, tid
    of a thread, pid of a post and of its ratings and comments, uid of a user, aid of an
    attachment. `tid` is the thread of a post, its ratings or comments. Where the address has
    a word instead of a number (a board's or user's name, a file under `data/attachment/`),
    `name` holds it; for `other`, `name` is the script with its `mod`, `action` and `do`.

    `view` is what the address asks for; a forum may answer in another layout. `uid`
    (`authorid=`): one author's posts only. `descending` (`ordertype=1`): newest post first.
    `filter`: the other parameters that select or reorder rows, sorted, as in
    `filter=digest&orderby=views`. `last`: the last page of the thread, whichever number that
    is.
    """

    kind: Kind
    id: int | None = None
    page: int = 1
    view: View = "desktop"
    tid: int | None = None
    uid: int | None = None
    descending: bool = False
    filter: str = ""
    name: str = ""
    last: bool = False

    @property
    def filtered(self) -> bool:
        """Shows some of the posts or rows only; a page number then counts within these."""
        return self.uid is not None or bool(self.filter)

    @property
    def partial(self) -> bool:
        """Not the page as it is by itself: filtered, or in another order."""
        return self.filtered or self.descending
