"""Addresses: every form that a Discuz! forum uses for a page, as one Target, and back as one canonical address."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote, unquote_to_bytes

Kind: TypeAlias = Literal["index", "category", "board", "thread", "post", "user", "feed", "attachment", "ratings", "comments", "other"]
View: TypeAlias = Literal["desktop", "print", "archiver", "touch", "mobile", "api", "wap"]


@dataclass(frozen=True, slots=True)
class Target:
    """A page of a forum: what it shows (`kind`, `id`, or `name` where the address has a word), and in which layout."""

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


_PLAIN = re.compile(r"^(?:thread|viewthread|t)[-_/]?(\d{1,18})(?:[-_](\d{1,18}))?(?:[-_]\d+)*(?:\.s?html?)?$", re.I)
_BOARD = re.compile(r"^(?:forum|f)[-_/]?(\d{1,18})(?:[-_](\d{1,18}))?(?:\.s?html?)?$", re.I)


def parse_url(url: str) -> Target | None:
    """The page that an address stands for; None where it is none of a Discuz! forum's."""
    rest = url.partition("#")[0].replace("&amp;", "&")
    path, _, query = rest.partition("?")
    params = dict(pair.partition("=")[::2] for pair in query.split("&")) if query else {}
    file = path.rpartition("/")[2].lower()
    page = _number(params.get("page")) or 1
    if file in ("forum.php", "viewthread.php", "forumdisplay.php"):
        mod = params.get("mod") or file.removesuffix(".php")
        if mod == "viewthread" and (tid := _number(params.get("tid"))):
            view: View = "print" if params.get("action") == "printable" else "touch" if params.get("mobile") == "2" else "desktop"
            return Target("thread", tid, page, view, uid=_number(params.get("authorid")), descending=params.get("ordertype") == "1")
        if mod == "forumdisplay" and (fid := _number(params.get("fid"))):
            return Target("board", fid, page)
        return Target("index") if mod == "forum" else Target("other")
    if found := re.search(r"(tid|fid)-(\d+)(?:-page-(\d+))?", rest):
        return Target("thread" if found[1] == "tid" else "board", int(found[2]), int(found[3] or page), "archiver")
    if "api/mobile" in path and params.get("module") == "viewthread":
        return Target("thread", _number(params.get("tid")), page, "api")
    if found := _PLAIN.match(file):
        return Target("thread", int(found[1]), int(found[2] or 1))
    if found := _BOARD.match(file):
        return Target("board", int(found[1]), int(found[2] or 1))
    return Target("index") if file in ("", "index.php") else None


def base_of(url: str) -> str:
    """The forum's base address with a final slash."""
    head = url.partition("?")[0].partition("#")[0].rpartition("/")[0] + "/"
    for tail in ("archiver/", "api/mobile/", "wap/"):
        head = head.removesuffix(tail)
    return head


def canonical(target: Target, base: str, style: Literal["x", "classic"] = "x") -> str:
    """One address for a target."""
    raise NotImplementedError


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
