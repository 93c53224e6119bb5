"""What a desktop thread page says of the thread itself: numbers, board, title, type, and
what its icons tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import parse_url
from scraper.markup.html import attr, figure, number, words
from scraper.markup.snapshot import Snapshot

_IDS = re.compile(
    r"""fid\s*=\s*parseInt\(['"]?(\d{1,18})['"]?\)\s*[,;]\s*(?:var\s+)?tid\s*=\s*parseInt\(['"]?(\d{1,18})['"]?\)"""
)
_TYPE = re.compile(r"^[\[【](.{1,60}?)[\]】]\s+")
_CLOSED_ICON = ("关闭", "關閉", "locked.", "fico-lock")
_COUNTS = re.compile(
    r"^(?:查看|浏览)\s*[:：]\s*(\d{1,18})\s*\|\s*(?:回复|回復|回覆)\s*[:：]\s*(\d{1,18})$"
)
_READ_LEVEL = re.compile(r"(?:阅读权限|閱讀權限)\s*[:：]?\s*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Head:
    """The part above the posts. `x`: in the markup of X, which has its page list in a `div.pg`."""

    x: bool = False
    title: str = ""
    type: str = ""
    closed: bool = False
    views: int | None = None
    replies: int | None = None
    read_level: int | None = None


@dataclass(frozen=True, slots=True)
class Moderation:
    """What the last deed of a moderator, printed below the first post, says of the thread."""

    closed: bool = False
    sticky: bool = False
    digest: bool = False


def ids_of(page: Snapshot) -> tuple[int | None, int | None]:
    """tid and fid: from the page's script, else from its address."""
    if found := _IDS.search(page.text, max(0, page.text.find("fid = parseInt("))):
        return int(found[2]) or None, int(found[1]) or None
    target = page.target
    return (target.id if target and target.kind == "thread" else None), None


def board_of(tree: LexborHTMLParser) -> tuple[int | None, str]:
    """The board that a page's breadcrumb names last: fid and name."""
    fid, name = None, ""
    bar = tree.css_first("#pt, #nav")
    for link in bar.css("a") if bar is not None else ():
        target = parse_url(attr(link, "href"))
        if target and target.kind == "board":
            fid, name = target.id, words(link)
    return fid, name


def read_head(tree: LexborHTMLParser) -> Head:
    """Title and thread type (主题分类), the latter without its brackets, and the icons beside them.

    X: `#thread_subject` in an `h1`; 7.x: `#threadtitle h1` on the first page; 6.0:
    `.mainbox h1` on each; where a page has none of these, the breadcrumb ends in the title.
    """
    subject = tree.css_first("#thread_subject, #threadtitle h1, div.mainbox h1")
    if subject is None or subject.tag == "h1":
        type_ = _type(subject, None) if subject is not None else ""
        return Head(
            title=words(subject).removeprefix(f"[{type_}]").strip()
            or _last_crumb(tree),
            type=type_,
        )
    title, heading = words(subject), subject.parent
    box = heading.parent if heading is not None else None
    if heading is None or box is None:
        return Head(x=True, title=title)
    icons = " ".join(
        f"{attr(icon, 'title')} {attr(icon, 'src')} {attr(icon, 'class')}"
        for icon in box.css("img, i")
    )
    level = _READ_LEVEL.search(words(box).replace(title, " ", 1))
    views, replies = _counts(tree)
    return Head(
        x=True,
        title=title,
        type=_type(heading, subject),
        views=views,
        replies=replies,
        closed=any(sign in icons for sign in _CLOSED_ICON),
        read_level=int(level[1]) if level else None,
    )


def _type(heading: LexborNode, subject: LexborNode | None) -> str:
    for link in heading.css("a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "board" and "sortid=" not in attr(link, "href"):
            return words(link).removeprefix("[").removesuffix("]")
    title, line = words(subject), words(heading)
    before = line.partition(title)[0] if title else line if subject is not None else ""
    found = _TYPE.match(
        before + " "
    )  # a thread that X shows alone has its type unlinked
    return found[1] if found else ""


def _last_crumb(tree: LexborHTMLParser) -> str:
    """The breadcrumb's last words where they are no link (6.0 and 7.x)."""
    bar = tree.css_first("#nav")
    last = bar.last_child if bar is not None else None
    return (
        (last.text_content or "").strip(" \r\n\t»›>-")
        if last is not None and last.is_text_node
        else ""
    )


def _counts(tree: LexborHTMLParser) -> tuple[int | None, int | None]:
    """Views and replies, which X prints beside the title, X1.5 without an element of their own."""
    box = tree.css_first("div.hm")
    figures = [figure(node) for node in box.css("span.xi1")] if box is not None else []
    if len(figures) > 1:
        return figures[0], figures[1]
    bare = _COUNTS.match(words(box))  # X1.5
    return (int(bare[1]), int(bare[2])) if bare else (None, None)


def moderation(said: str) -> Moderation:
    """Read `本主题由 NAME 于 TIME 关闭`: the deed is the last word."""
    deed = (
        said.rsplit(" ", 1)[-1]
        .replace("關閉", "关闭")
        .replace("頂", "顶")
        .replace("華", "华")
    )
    return Moderation(
        closed=deed == "关闭",
        sticky=deed.endswith("置顶") and "解除" not in deed,
        digest=deed.endswith("精华") and "解除" not in deed and "取消" not in deed,
    )


def page_numbers(tree: LexborHTMLParser) -> tuple[int, int]:
    """This page's number and how many there are, by the page list; 1 and 1 where there is none."""
    bar = tree.css_first("div.pg")
    return numbers_of(bar if bar is not None else tree.css_first("div.pages"))


def numbers_of(bar: LexborNode | None) -> tuple[int, int]:
    """As `page_numbers`, from the page list itself."""
    here, pages = 1, 1
    for node in bar.css("strong, a, label span[title]") if bar is not None else ():
        if node.tag == "strong":
            printed = words(node)
            here = int(printed) if printed.isdecimal() and len(printed) < 10 else here
        elif node.tag == "span":
            total = number(attr(node, "title"))  # `共 31 页`, in any language
            if total is not None and total < 10**9:
                return here, max(total, here)
        elif target := parse_url(attr(node, "href")):
            pages = max(pages, target.page)
    return here, max(here, pages)
