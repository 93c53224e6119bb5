"""A board's rows in the template of X5.0 (`discuzx5`, forumdisplay_list): `li.kmlist`,
and `ul.dz_waterfall > li` on a board of pictures.

The title has a box of its own (`.km_subject`); badges stand beside it (`.kmico`), counts,
author and date below (`.kmfoot`). The row of a moved thread prints `-` for its replies.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import ThreadRow
from scraper.markup.dates import Clock
from scraper.markup.html import attr, classes, figure, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.board import lists_only_digest
from scraper.pages.desktop.nodes import first_child

Parts: TypeAlias = dict[str, list[LexborNode]]
"""The elements of a row by class, in the order of the page."""

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
    parts = _parts(item)
    link = _first(parts, "kmtit")
    if link is None:
        return None

    tid = int(number[1])
    title = _first(parts, "km_subject")
    if title is None:
        title = link
    badges = _badges(parts)
    author, uid = _author(parts)
    day = _printed_day(parts)
    replies = _first(parts, "kmpl")
    views = _first(parts, "kmck")
    type_name = _first(parts, "kmtype", "km_type")
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
        special=_special(parts),
        sticky=number[0].startswith("stick"),
        digest=digest or _has(_DIGEST, badges),
        closed=_has(_CLOSED, badges),
        moved_to=_moved_to(link, tid, is_pointer),
        read_level=_read_level(parts),
    )


def _parts(item: LexborNode) -> Parts:
    """The elements of a row by the names of their classes: one look at it costs less than a
    selector for each part."""
    parts: Parts = {}
    for node in item.css("[class]"):
        for name in classes(node):
            parts.setdefault(name, []).append(node)
    return parts


def _first(parts: Parts, *names: str) -> LexborNode | None:
    """The first element of a class; of several classes, that of the first that is there."""
    for name in names:
        if name in parts:
            return parts[name][0]
    return None


def _badges(parts: Parts) -> str:
    """The words of all badges beside a title."""
    badges = parts.get("kmico", ())
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


def _author(parts: Parts) -> tuple[str, int | None]:
    """Name and uid of the row's member; the first link to them holds a picture only."""
    foot = _first(parts, "kmfoot")
    if foot is None:
        return "", None
    for link in foot.css("a"):
        name = words(link)
        if not name:
            continue
        href = attr(link, "href")
        target = parse_url(href)
        if target is not None and target.kind == "user":
            return name, target.id
    return "", None


def _printed_day(parts: Parts) -> str:
    """The day as printed; a recent one has the absolute date in the title of a `span`."""
    box = _first(parts, "kmtime")
    if box is None:
        return ""
    recent = first_child(box)
    absolute = attr(recent, "title")
    if absolute:
        return absolute
    printed = words(box)
    return _PRINTED_BEFORE.sub("", printed)


def _special(parts: Parts) -> str:
    for picture in parts.get("kmimgico", ()):
        source = attr(picture, "src")
        found = _ICON.search(source)
        if found is not None:
            return found[1]
    return ""


def _read_level(parts: Parts) -> int | None:
    badge = _first(parts, "kmico_qx")
    if badge is None:
        return None
    level = badge.css_first("strong")
    return figure(level)


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
