"""Boards of an index page that stand in no table: blocks, cards and lists of skins.

What a board is, its link tells: in an index every link to a board that is not of the page's
frame (menus, breadcrumb, footer) leads to a board of the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import Target
from scraper.core.records import BoardRow
from scraper.markup.html import words
from scraper.pages.desktop.links import target_of

_FRAME_IDS: Final = frozenset(
    {"nv", "nav", "hd", "header", "menu", "mu", "pt", "ft", "footer", "toptb", "umenu"}
)
_MENU_END: Final = "_menu"
_MOST_LEVELS: Final = 200
_CARD_LEVELS: Final = 6
_GROUP = re.compile(r"category_\d{1,18}$")
THREADS = re.compile(r"(?:主题|主題|threads)\s*[:：]\s*(\d{1,18})", re.I)
_POSTS = re.compile(r"(?:帖数|帖數|帖子|posts)\s*[:：]\s*(\d{1,18})", re.I)


def board_cards(tree: LexborHTMLParser) -> Iterator[tuple[BoardRow, LexborNode | None]]:
    """Each board once, in order, with the box of its category where it has one; a category
    that the page links to is named in the row."""
    seen: set[int | str] = set()
    category, category_fid = "", None
    for link in tree.css("a"):
        target = target_of(link)
        if target is None:
            continue
        name = words(link)
        if not name:
            continue
        if target.kind == "category":
            category, category_fid = name, target.id
            continue
        key = _board_key(target)
        if not key or key in seen:
            continue
        is_framed, group = _surroundings(link)
        if is_framed:
            continue

        seen.add(key)
        threads, posts = counts_in_words(words(_card(link)))
        row = BoardRow(
            fid=target.id,
            name=name,
            category=category,
            category_fid=category_fid,
            threads=threads,
            posts=posts,
        )
        yield row, group


def _board_key(target: Target) -> int | str | None:
    """What a link to a board's whole list names it by; None for any other link."""
    if target.kind != "board" or target.page != 1 or target.filter:
        return None
    return target.id or target.name


def _surroundings(link: LexborNode) -> tuple[bool, LexborNode | None]:
    """Whether a link is of the page's frame, and the box of its category."""
    group = None
    node = link.parent
    for _ in range(_MOST_LEVELS):
        if node is None:
            break
        ident = node.id or ""
        if ident in _FRAME_IDS or ident.endswith(_MENU_END):
            return True, None
        if group is None and _GROUP.match(ident):
            group = node
        node = node.parent
    return False, group


def _card(link: LexborNode) -> LexborNode:
    """The largest box around a link, within a few levels, that names no other board."""
    fid = target_of(link)
    card = link
    for _ in range(_CARD_LEVELS):
        above = card.parent
        if above is None or _names_another(above, fid.id if fid else None):
            break
        card = above
    return card


def _names_another(box: LexborNode, fid: int | None) -> bool:
    for link in box.css("a"):
        target = target_of(link)
        if target is None or target.filter:
            continue
        if target.kind == "category":
            return True
        if target.kind == "board" and target.id != fid:
            return True
    return False


def counts_in_words(text: str) -> tuple[int | None, int | None]:
    """Threads and posts, as `主题: 8, 帖数: 12`."""
    threads = THREADS.search(text)
    posts = _POSTS.search(text)
    return (
        int(threads[1]) if threads else None,
        int(posts[1]) if posts else None,
    )
