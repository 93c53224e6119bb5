"""A board's rows in the template of X5.0 (`discuzx5`, forumdisplay_list): `li.kmlist`,
and `ul.dz_waterfall > li` on a board of pictures.

The title has a box of its own (`.km_subject`); badges stand beside it (`.kmico`), counts,
author and date below (`.kmfoot`). The row of a moved thread prints `-` for its replies.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import ThreadRow
from scraper.markup.dates import Clock
from scraper.markup.html import attr, figure, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.board import lists_only_digest

_TID = re.compile(r"(?:stick|normal)thread_(\d{1,18})$")
_ICON = re.compile(r"dz_ico_(poll|trade|reward|activity|debate)")
_DIGEST = re.compile(r"精[华華]|digest", re.I)
_MOVED = re.compile(r"移[动動]|moved", re.I)
_CLOSED = re.compile(r"关闭|關閉|closed|lock", re.I)
_PRINTED_BEFORE = re.compile(r"^\D*?(?=\d|昨|前|今|半|刚)")


def read_x5_rows(page: Snapshot) -> tuple[ThreadRow, ...]:
    """The threads that a board page of X5.0 lists."""
    only_digest = lists_only_digest(page)
    rows = [_row(item, page.clock, only_digest) for item in page.tree.css("li.kmlist")]
    rows += [_picture(item) for item in page.tree.css("ul.dz_waterfall > li")]
    return tuple(row for row in rows if row is not None)


def _row(item: LexborNode, clock: Clock, digest: bool) -> ThreadRow | None:
    number = _TID.match(item.id or "")
    link = item.css_first("a.kmtit")
    if number is None or link is None:
        return None

    tid = int(number[1])
    title = link.css_first(".km_subject")
    badges = " ".join(words(badge) for badge in link.css(".kmico"))
    replies = item.css_first(".kmpl")
    author, uid = _author(item)
    return ThreadRow(
        tid=tid,
        title=words(title) if title is not None else words(link),
        author=author,
        uid=uid,
        created_on=clock.parse_day(_printed_day(item)),
        replies=figure(replies),
        views=figure(item.css_first(".kmck")),
        type=words(link.css_first(".kmtype, .km_type")),
        special=_special(link),
        sticky=number[0].startswith("stick"),
        digest=digest or _DIGEST.search(badges) is not None,
        closed=_CLOSED.search(badges) is not None,
        moved_to=_moved_to(link, tid, badges, words(replies)),
        read_level=figure(item.css_first(".kmico_qx strong")),
    )


def _picture(item: LexborNode) -> ThreadRow | None:
    """A thread of a board of pictures: title, author, replies and views."""
    link = item.css_first(".wftitle a")
    target = parse_url(attr(link, "href"))
    if target is None or target.kind != "thread" or not isinstance(target.id, int):
        return None

    member = item.css_first("a.wfuser")
    profile = parse_url(attr(member, "href"))
    return ThreadRow(
        tid=target.id,
        title=words(link),
        author=words(member),
        uid=profile.id if profile is not None and profile.kind == "user" else None,
        replies=figure(item.css_first(".wfhf")),
        views=figure(item.css_first(".wfck")),
    )


def _author(item: LexborNode) -> tuple[str, int | None]:
    """Name and uid of the row's member; the first link to them holds a picture only."""
    for link in item.css(".kmfoot a"):
        name = words(link)
        target = parse_url(attr(link, "href"))
        if name and target is not None and target.kind == "user":
            return name, target.id
    return "", None


def _printed_day(item: LexborNode) -> str:
    """The day as printed; a recent one has the absolute date in the title of a `span`."""
    box = item.css_first(".kmtime")
    absolute = attr(box.css_first("span[title]"), "title") if box is not None else ""
    return absolute or _PRINTED_BEFORE.sub("", words(box))


def _special(link: LexborNode) -> str:
    for picture in link.css("img"):
        found = _ICON.search(attr(picture, "src"))
        if found is not None:
            return found[1]
    return ""


def _moved_to(link: LexborNode, tid: int, badges: str, replies: str) -> int | None:
    """The tid that the row of a moved thread points to."""
    target = parse_url(attr(link, "href"))
    if target is None or not isinstance(target.id, int):
        return None
    is_pointer = replies == "-" or _MOVED.search(badges) is not None
    return target.id if is_pointer or target.id != tid else None
