"""What a desktop thread page says of the thread itself: numbers, board, title, type, and
what its icons tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.markup.html import attr, classes, figure, number, words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.links import crumb_of, links_to, target_of

_PARSED = "parseInt("
_LEAD_CHARS = 30  # as far as the name of a number stands before it
_FID = re.compile(r"fid\s*=\s*parseInt\(['\"]?(\d{1,18})['\"]?\)")
_IDS = re.compile(
    r"""fid\s*=\s*parseInt\(['"]?(\d{1,18})['"]?\)\s*[,;]\s*"""
    r"""(?:var\s+)?tid\s*=\s*parseInt\(['"]?(\d{1,18})['"]?\)"""
)
_TYPE = re.compile(r"^[\[【](.{1,60}?)[\]】]\s+")
_CLOSED_ICONS = ("关闭", "關閉", "locked.", "fico-lock")
_COUNTS = re.compile(
    r"^(?:查看|浏览)\s*[:：]\s*(\d{1,18})\s*\|\s*"
    r"(?:回复|回復|回覆)\s*[:：]\s*(\d{1,18})$"
)
_READ_LEVEL = re.compile(r"(?:阅读权限|閱讀權限)\s*+[:：]?\s*+(\d{1,9})")
_SIMPLIFIED = (("關閉", "关闭"), ("頂", "顶"), ("華", "华"))
_MAX_DIGITS = 9  # of a page's number
_MAX_COUNT_BOXES = 8


@dataclass(frozen=True, slots=True)
class Head:
    """The part above the posts. `is_x`: in the markup of X, which has its page list in a
    `div.pg`."""

    is_x: bool = False
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
    found = _search_script(_IDS, page.text)
    if found:
        fid = int(found[1])
        tid = int(found[2])
        return tid or None, fid or None
    target = page.target
    if target is not None and target.kind == "thread":
        return target.id, None
    return None, None


def fid_in_script(page: Snapshot) -> int | None:
    """The board's number in the page's script."""
    found = _search_script(_FID, page.text)
    if not found:
        return None
    fid = int(found[1])
    return fid or None


def _search_script(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    at = text.find(_PARSED)
    while at >= 0:
        first = max(0, at - _LEAD_CHARS)
        start = text.rfind("fid", first, at)
        found = None
        if start >= 0:
            found = pattern.match(text, start)
        if found is not None:
            return found
        at = text.find(_PARSED, at + 1)
    return None


def board_of(
    tree: LexborHTMLParser, script_fid: int | None = None, tid: int | None = None
) -> tuple[int | None, str]:
    """The board that a page's breadcrumb names last: fid and name.

    A skin may have a breadcrumb without the usual id: the last link to a board before the
    posts whose number is the one in the page's script (`script_fid`) names it then. `tid`:
    the thread's number.
    """
    bar = tree.css_first("#pt, #nav")
    if bar is None:
        return _linked_board(tree, script_fid)
    fid, name = None, ""
    for link, target in links_to("board", bar):
        fid = target.id
        name = words(link)
    if fid != script_fid:
        own_name = crumb_of(bar, script_fid, tid)
        if own_name:
            return script_fid, own_name
    return fid, name


def _linked_board(tree: LexborHTMLParser, fid: int | None) -> tuple[int | None, str]:
    if fid is None:
        return None, ""
    name = ""
    for node in tree.css("a, #postlist, table[id^=pid]"):
        if node.tag != "a":
            break
        target = target_of(node)
        if target is not None and target.kind == "board" and target.id == fid:
            name = words(node) or name
    return (fid, name) if name else (None, "")


def read_head(tree: LexborHTMLParser) -> Head:
    """Title and thread type (主题分类), the latter without its brackets, and the icons beside
    them.

    X: `#thread_subject` in an `h1`; 7.x: `#threadtitle h1` on the first page; 6.0:
    `.mainbox h1` on each; where a page has none of these, the breadcrumb ends in the title.
    """
    subject = tree.css_first("#thread_subject, #threadtitle h1, div.mainbox h1")
    if subject is None:
        return Head(title=_last_crumb(tree))
    if subject.tag == "h1":
        return _classic_head(tree, subject)

    title = words(subject)
    heading = subject.parent
    box = heading.parent if heading is not None else None
    if heading is None or box is None:
        return Head(is_x=True, title=title)

    views, replies = _counts(tree, box)
    return Head(
        is_x=True,
        title=title,
        type=_type(heading, subject),
        closed=_has_closed_icon(box),
        views=views,
        replies=replies,
        read_level=_read_level(box, title),
    )


def _classic_head(tree: LexborHTMLParser, heading: LexborNode) -> Head:
    """Title and type of 6.0 and 7.x, in one heading."""
    type_name = _type(heading, None)
    title = words(heading)
    title = title.removeprefix(f"[{type_name}]")
    title = title.strip() or _last_crumb(tree)
    return Head(title=title, type=type_name)


def _read_level(box: LexborNode, title: str) -> int | None:
    """The read level that X prints beside the title."""
    beside_title = words(box).replace(title, " ", 1)
    found = _READ_LEVEL.search(beside_title)
    return int(found[1]) if found else None


def _has_closed_icon(box: LexborNode) -> bool:
    texts = []
    for icon in box.css("img, i"):
        at = icon.attributes
        texts.append(f"{at.get('title')} {at.get('src')} {at.get('class')}")
    icons = "\n".join(texts)
    return any(sign in icons for sign in _CLOSED_ICONS)


def _type(heading: LexborNode, subject: LexborNode | None) -> str:
    for link, _ in links_to("board", heading):
        is_sort = "sortid=" in attr(link, "href")
        if not is_sort:
            name = words(link)
            return name.removeprefix("[").removesuffix("]")
    if subject is None:
        return ""
    return _unlinked_type(heading, subject)


def _unlinked_type(heading: LexborNode, subject: LexborNode) -> str:
    """The type before the title, where no link tells it: X shows some threads alone."""
    title = words(subject)
    line = words(heading)
    if title:
        line, _, _ = line.partition(title)
    found = _TYPE.match(line + " ")
    return found[1] if found else ""


def _last_crumb(tree: LexborHTMLParser) -> str:
    """The breadcrumb's last words where they are no link (6.0 and 7.x)."""
    bar = tree.css_first("#nav")
    last = bar.last_child if bar is not None else None
    if last is None or not last.is_text_node:
        return ""
    return (last.text_content or "").strip(" \r\n\t»›>-")


def _counts(
    tree: LexborHTMLParser, title_cell: LexborNode
) -> tuple[int | None, int | None]:
    """Views and replies, which X prints beside the title, as a rule in the same row.

    The box has the class of any centred one: guests of X3 see a prompt in such a box first.
    """
    row = title_cell.parent
    if row is not None:
        likeliest = row.css_first("div.hm, #tath")
        if likeliest is not None and likeliest.id:
            # Pages after the first have the thread's author in this place.
            return None, None
        if likeliest is not None:
            views, replies = _counts_in(likeliest)
            if views is not None:
                return views, replies
    for box in tree.css("div.hm")[:_MAX_COUNT_BOXES]:
        views, replies = _counts_in(box)
        if views is not None:
            return views, replies
    return None, None


def _counts_in(box: LexborNode) -> tuple[int | None, int | None]:
    """The two numbers of a box; X1.5 prints them without elements of their own."""
    nodes = box.css("span.xi1")
    if len(nodes) > 1:
        views, replies, *_ = map(figure, nodes)
        return views, replies
    bare = _COUNTS.match(words(box))
    if bare:
        views, replies = map(int, bare.groups())
        return views, replies
    return None, None


def moderation(text: str) -> Moderation:
    """Read `本主题由 NAME 于 TIME 关闭`: the deed is the last word."""
    _, _, deed = text.rpartition(" ")
    for traditional, simplified in _SIMPLIFIED:
        deed = deed.replace(traditional, simplified)
    is_undone = "解除" in deed
    return Moderation(
        closed=deed == "关闭",
        sticky=deed.endswith("置顶") and not is_undone,
        digest=deed.endswith("精华") and not is_undone and "取消" not in deed,
    )


def page_numbers(tree: LexborHTMLParser) -> tuple[int, int]:
    """This page's number and how many there are, by the page list; 1 and 1 where there is
    none."""
    bar = tree.css_first("div.pg, div.pages")
    if bar is not None and "pages" in classes(bar):
        likelier = tree.css_first("div.pg")
        bar = likelier if likelier is not None else bar
    return numbers_of(bar)


def numbers_of(bar: LexborNode | None) -> tuple[int, int]:
    """As `page_numbers`, from the page list itself, which boards that are read from right
    to left print the other way round."""
    here, linked, stated = 1, 1, 0
    if bar is None:
        return here, linked

    for node in bar.css("strong, a, label span[title]"):
        if node.tag == "strong":
            here = _page_number(words(node)) or here
        elif node.tag == "span":
            # `共 31 页`, in any language
            stated = _stated_total(node)
        elif not stated:
            target = target_of(node)
            if target is not None:
                linked = max(linked, target.page)
    return here, max(here, stated or linked)


def _page_number(printed: str) -> int | None:
    is_number = printed.isdecimal() and len(printed) <= _MAX_DIGITS
    return int(printed) if is_number else None


def _stated_total(node: LexborNode) -> int:
    total = number(attr(node, "title"))
    if total is None or total >= 10**_MAX_DIGITS:
        return 0
    return total
