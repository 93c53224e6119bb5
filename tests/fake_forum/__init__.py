"""A Discuz! forum of the project's own: a model that changes, its pages in real markup, a
server with faults.

    from fake_forum import qingshi, serve

    with serve(qingshi()) as site:
        httpx.get(site.url)                  # pages
        site.forum.reply(150, YU, Words("…"))  # the forum changes
        site.faults.error = 0.05             # and the network is bad
        site.log                             # what was asked, when, by whom

The markup was written after pages of X3.4 and X3.5; heads and footers are shortened, all
words are invented.
"""

from __future__ import annotations

from .faults import Fault, Faults
from .forum import Forum
from .generate import generated
from .model import (
    Board,
    Category,
    Change,
    Comment,
    Post,
    Quoted,
    Rating,
    Thread,
    User,
    Words,
)
from .own_addresses import OWNERS, OwnAddresses
from .server import Request, Running, serve
from .site import Site
from .skin import Skin
from .story import qingshi
from .story_gbk import laohuai
from .view import View

__all__ = [
    "OWNERS",
    "Board",
    "Category",
    "Change",
    "Comment",
    "Fault",
    "Faults",
    "Forum",
    "OwnAddresses",
    "Post",
    "Quoted",
    "Rating",
    "Request",
    "Running",
    "Site",
    "Skin",
    "Thread",
    "User",
    "View",
    "Words",
    "generated",
    "laohuai",
    "qingshi",
    "serve",
]
