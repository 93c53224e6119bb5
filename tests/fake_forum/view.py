"""Who looks at what: the forum, its skin, and the viewer as far as pages differ for them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from .forum import Forum
from .model import User
from .skin import Skin


@dataclass(frozen=True, slots=True)
class View:
    """`returning`: the client sent `lastvisit` back, so lists tell old from new and show
    padlocks on closed threads.

    `address` is the page's own, which X writes into a script.
    """

    forum: Forum
    skin: Skin
    member: User | None = None
    returning: bool = True
    address: str = ""

    @property
    def report_url(self) -> str:
        """The page's address as X writes it."""
        return base64.b64encode(self.address.encode()).decode()

    @property
    def sees_files(self) -> bool:
        """Whether attachments are shown: as shipped, to members only."""
        return self.member is not None or self.skin.guests_see_files


def pages(items: int, per_page: int) -> int:
    """How many pages so many items take; at least one."""
    return max(1, -(-items // per_page))


@dataclass(frozen=True, slots=True)
class Turned:
    """A page of something: the number of the one whose rows are shown, the number that is
    printed, and how many are claimed."""

    shown: int
    number: int
    total: int


def turned(
    forum: Forum, asked: int, items: int, per_page: int, past_end: int
) -> Turned:
    """The page that is shown where `asked` is asked for. `past_end`: the one past the end, on
    a forum that tells the truth."""
    there = pages(items, per_page)
    shown = asked if 1 <= asked <= there else past_end
    total = max(there, forum.claims)
    is_claimed = forum.repeats and 1 <= asked <= total
    return Turned(shown, asked if is_claimed else shown, total)
