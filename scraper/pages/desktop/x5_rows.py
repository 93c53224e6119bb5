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
    rows = list[ThreadRow]()
    for item in page.tree.css("li.kmlist"):
        row = _row(item, page.clock, only_digest)
        if row is not None:
            rows.append(row)
    for item in page.tree.css("ul.dz_waterfall > li"):
        row = _picture(item)
        if row is not None:
            rows.append(row)
    return tuple(rows)


def _row(item: LexborNode, clock: Clock, digest: bool) -> ThreadRow | None:
    number = _TID.match(item.id or "")
    if number is None:
        return None
    link = item.css_first("a.kmtit")
    if link is None:
        return None

    tid = int(number[1])
    title = link.css_first(".km_subject")
    if title is None:
        title = link
    badges = _badges(link)
    author, uid = _author(item)
    day = _printed_day(item)
    replies = item.css_first(".kmpl")
    views = item.css_first(".kmck")
    type_name = link.css_first(".kmtype, .km_type")
    read_level = item.css_first(".kmico_qx strong")
    is_pointer = words(replies) == "-" or _has(_MOVED, badges)
    return ThreadRow(
        tid=tid,
        title=words(title),
        author=author,
        uid=uid,
        created_on=clock.parse_day(day),
        replies=figure(replies),
        views=figure(views),
        type=words(type_name),
        special=_special(link),
        sticky=number[0].startswith("stick"),
        digest=digest or _has(_DIGEST, badges),
        closed=_has(_CLOSED, badges),
        moved_to=_moved_to(link, tid, is_pointer),
        read_level=figure(read_level),
    )


def _badges(link: LexborNode) -> str:
    """The words of all badges beside a title."""
    badges = link.css(".kmico")
    return " ".join(map(words, badges))


def _has(pattern: re.Pattern[str], badges: str) -> bool:
    return pattern.search(badges) is not None


def _picture(item: LexborNode) -> ThreadRow | None:
    """A thread of a board of pictures: title, author, replies and views."""
    link = item.css_first(".wftitle a")
    tid = _linked_id(link, "thread")
    if tid is None:
        return None

    member = item.css_first("a.wfuser")
    replies = item.css_first(".wfhf")
    views = item.css_first(".wfck")
    return ThreadRow(
        tid=tid,
        title=words(link),
        author=words(member),
        uid=_linked_id(member, "user"),
        replies=figure(replies),
        views=figure(views),
    )


def _linked_id(link: LexborNode | None, kind: str) -> int | None:
    """The number of the thing of that kind that a link leads to."""
    href = attr(link, "href")
    target = parse_url(href)
    if target is None:
        return None
    if target.kind != kind:
        return None
    return target.id


def _author(item: LexborNode) -> tuple[str, int | None]:
    """Name and uid of the row's member; the first link to them holds a picture only."""
    for link in item.css(".kmfoot a"):
        name = words(link)
        if not name:
            continue
        href = attr(link, "href")
        target = parse_url(href)
        if target is not None and target.kind == "user":
            return name, target.id
    return "", None


def _printed_day(item: LexborNode) -> str:
    """The day as printed; a recent one has the absolute date in the title of a `span`."""
    box = item.css_first(".kmtime")
    if box is None:
        return ""
    recent = box.css_first("span[title]")
    absolute = attr(recent, "title")
    if absolute:
        return absolute
    printed = words(box)
    return _PRINTED_BEFORE.sub("", printed)


def _special(link: LexborNode) -> str:
    for picture in link.css("img"):
        source = attr(picture, "src")
        found = _ICON.search(source)
        if found is not None:
            return found[1]
    return ""


def _moved_to(link: LexborNode, tid: int, is_pointer: bool) -> int | None:
    """The tid that the row of a moved thread points to. `is_pointer`: the row says that it
    is one."""
    href = attr(link, "href")
    target = parse_url(href)
    if target is None:
        return None
    if is_pointer or target.id != tid:
        return target.id
    return None
