"""A desktop thread page (viewthread): its head, its page list and its posts."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.desktop.posts import figure, read_post
from scraper.desktop.special import special_of, thread_fields
from scraper.errors import PageError
from scraper.html import attr, number, words
from scraper.records import Post, ThreadPage
from scraper.snapshot import Snapshot
from scraper.urls import Target, parse_url

_TABLES = 'table[id^="pid"]'
_IDS = re.compile(r"fid\s*=\s*parseInt\('(\d+)'\)\s*,\s*tid\s*=\s*parseInt\('(\d+)'\)")
_TOTAL_PAGES = re.compile(r"(?:共|of)\s*(\d+)\s*(?:页|頁|pages?)?")
_CLOSED = ("主题被关闭", "主題被關閉", "本主题已关闭", "关闭的主题", "關閉的主題", "该主题已关闭",
           "<关闭", "<關閉")  # the padlock beside the title
_PRICE = re.compile(r"(?:售价|售價)\s*[:：]\s*(\d+)")
_READ_LEVEL = re.compile(r"(?:阅读权限|閱讀權限)\s*(\d+)")


def read_thread(page: Snapshot) -> ThreadPage:
    """Read a thread page; PageError where it has no post."""
    tree = page.tree
    tables = tree.css(_TABLES)
    posts, tags = _posts(tables, page)
    if not posts:
        raise PageError("a thread page without a single post that could be read")
    tid, fid = ids_of(page)
    board_fid, board = board_of(tree)
    title, type_ = _title(tree)
    here, pages = page_numbers(tree)
    head = _head_words(tree)
    views, replies = _counts(tree)
    return ThreadPage(
        tid=tid, fid=board_fid or fid, board=board, title=title or (posts[0].subject if here == 1 else ""),
        page=here, pages=pages, type=type_, tags=tags, special=special_of(tables[0]),
        closed=any(word in head for word in _CLOSED), views=views, replies=replies,
        filtered=bool(page.target and page.target.uid), price=_number(_PRICE, head),
        read_level=_number(_READ_LEVEL, head), fields=thread_fields(tables[0]), posts=posts,
    )


def _posts(tables: list[LexborNode], page: Snapshot) -> tuple[tuple[Post, ...], tuple[str, ...]]:
    """Each post once: sticky and recommended replies are printed again out of place."""
    posts: dict[int | None, Post] = {}
    tags: tuple[str, ...] = ()
    for table in tables:
        if found := read_post(table, page):
            posts.setdefault(found[0].pid, found[0])
            tags = tags or found[1]
    return tuple(posts.values()), tags


def ids_of(page: Snapshot) -> tuple[int | None, int | None]:
    """tid and fid: from the page's script, else from its address."""
    if found := _IDS.search(page.text, max(0, page.text.find("fid = parseInt('"))):
        return int(found[2]) or None, int(found[1]) or None
    target = page.target
    return (target.id if target and target.kind == "thread" and isinstance(target.id, int) else None), None


def board_of(tree: LexborHTMLParser) -> tuple[int | None, str]:
    """The board that a page's breadcrumb names last: fid and name."""
    fid, name = None, ""
    bar = tree.css_first("#pt, #nav")
    for link in bar.css("a") if bar is not None else ():
        target = parse_url(attr(link, "href"))
        if target and target.kind == "board":
            fid, name = target.id if isinstance(target.id, int) else None, words(link)
    return fid, name


def _title(tree: LexborHTMLParser) -> tuple[str, str]:
    """Title and thread type (主题分类), the latter without its brackets."""
    subject = tree.css_first("#thread_subject")
    heading = (subject.parent if subject is not None else None) or tree.css_first("h1")
    type_ = ""
    for link in heading.css("a") if heading is not None else ():
        target = parse_url(attr(link, "href"))
        if target and target.kind == "board":
            type_ = words(link).removeprefix("[").removesuffix("]")
    if not type_ and subject is not None and heading is not None:  # a thread that X shows alone has its type unlinked
        before = words(heading).partition(words(subject))[0].strip()
        type_ = before[1:-1] if before.startswith("[") and before.endswith("]") else ""
    title = words(subject) if subject is not None else words(heading).removeprefix(f"[{type_}]").strip()
    return title, type_


def page_numbers(tree: LexborHTMLParser) -> tuple[int, int]:
    """This page's number and how many there are, by the page list; 1 and 1 where there is none."""
    bar = tree.css_first("div.pg, div.pages")
    if bar is None:
        return 1, 1
    here = number(words(bar.css_first("strong"))) or 1
    total = _TOTAL_PAGES.search(attr(bar.css_first("label span[title]"), "title"))
    if total:
        return here, max(int(total[1]), here)
    linked = (parse_url(attr(link, "href")) for link in bar.css("a"))
    return here, max([here, *(target.page for target in linked if isinstance(target, Target))])


def _head_words(tree: LexborHTMLParser) -> str:
    heading = tree.css_first("#thread_subject, #threadtitle h1, h1")
    box: LexborNode | None = heading.parent if heading is not None else None
    box = box.parent if box is not None and box.tag != "td" else box
    if box is None:
        return ""
    return words(box) + "".join(f" <{attr(img, 'title')} {attr(img, 'alt')}>" for img in box.css("img, i[title]"))


def _counts(tree: LexborHTMLParser) -> tuple[int | None, int | None]:
    """Views and replies, which X prints beside the title."""
    box = tree.css_first("div.hm")
    figures = [figure(node) for node in box.css("span.xi1")] if box is not None else []
    return (figures[0], figures[1]) if len(figures) > 1 else (None, None)


def _number(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found[1]) if found else None
