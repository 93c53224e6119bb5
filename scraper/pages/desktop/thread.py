"""A desktop thread page (viewthread) of any generation: its head, its page list and its posts."""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.errors import PageError
from scraper.core.records import Field, Post, ThreadPage
from scraper.markup.signals import shown_uid
from scraper.markup.snapshot import Snapshot
from scraper.markup.wording_learning import read_wording
from scraper.pages.desktop.best_answer import best_answer_elsewhere, mark_best_answer
from scraper.pages.desktop.head import (
    Head,
    board_of,
    ids_of,
    moderation,
    numbers_of,
    page_numbers,
    read_head,
)
from scraper.pages.desktop.location import has_cell_labels
from scraper.pages.desktop.nodes import PageContext, PostNodes, outermost
from scraper.pages.desktop.parts import (
    DESKTOP_PARTS,
    PostParts,
    read_moderation,
    read_tags,
)
from scraper.pages.desktop.posts import read_post
from scraper.pages.desktop.special import details, is_plain, special_of

_PRICE = re.compile(r"(?:支付|价格|價格|售价|售價)\s*[:：]?[^\d]{0,12}(\d{1,9})")


def read_thread(
    page: Snapshot,
    parts: PostParts = DESKTOP_PARTS,
    *,
    context: PageContext | None = None,
    lead: Post | None = None,
) -> ThreadPage:
    """Read a thread page; PageError where it has no post.

    `parts`: the readers of a post's parts, of which a theme may replace some. `lead`: an
    opening post that has no table of its own.
    """
    tree = page.tree
    tables = _post_tables(tree)
    context = context or context_of(page)
    posts, opening = _read_posts(tables, context, parts)
    if lead is not None:
        posts.insert(0, lead)
    if not posts:
        raise PageError("a thread page without a single post that could be read")

    head = read_head(tree)
    number, pages = _page_numbers(tree, head)
    title = head.title
    if not title and number == 1:
        title = posts[0].subject
    special, fields = _special(tree, tables, opening)
    best_box = _best_answer_box(tree, opening, special)
    if best_box is not None:
        mark_best_answer(posts, best_box)
        fields += best_answer_elsewhere(best_box, posts)
    first = posts[0]
    if number == 1 and _has_worded_floor(first, opening, page):
        first = replace(first, floor=1)
    posts[0] = _without_title(first, title)

    tid, fid, board = _names(page)
    deed = moderation(read_moderation(opening))
    return ThreadPage(
        tid=tid,
        fid=fid,
        board=board,
        title=title,
        page=number,
        pages=pages,
        type=head.type,
        tags=read_tags(opening),
        special=special,
        closed=head.closed or deed.closed,
        sticky=deed.sticky,
        digest=deed.digest,
        views=head.views,
        replies=head.replies,
        filtered=_is_of_one_author(page),
        price=_price(posts[0]),
        read_level=head.read_level,
        fields=fields,
        posts=tuple(posts),
    )


def context_of(page: Snapshot) -> PageContext:
    """What holds for the posts of a page of 7.0 and later."""
    return PageContext(
        page.clock,
        unescape=page.encoding != "utf-8",
        has_cell_labels=has_cell_labels(page),
        is_guest=shown_uid(page.text) == 0,
        wording=read_wording(page.text),
    )


def _post_tables(tree: LexborHTMLParser) -> list[LexborNode]:
    tables = []
    for table in tree.tags("table"):
        ident = table.id
        if ident and ident.startswith("pid"):
            tables.append(table)
    return outermost(tables)


def _read_posts(
    tables: list[LexborNode],
    context: PageContext,
    parts: PostParts,
) -> tuple[list[Post], PostNodes | None]:
    """Each post once, and where the opening one's parts are.

    Sticky and recommended replies are printed again in their place, with their floor.
    """
    posts: dict[int | None, Post] = {}
    opening: PostNodes | None = None
    for index, table in enumerate(tables):
        is_opening = index == 0
        found = read_post(table, context, parts, is_opening=is_opening)
        if found is None:
            continue
        post, nodes = found
        if is_opening:
            opening = nodes
        known = posts.setdefault(post.pid, post)
        if known.floor is None and post.floor is not None:
            posts[post.pid] = replace(known, floor=post.floor)
    return list(posts.values()), opening


def _page_numbers(tree: LexborHTMLParser, head: Head) -> tuple[int, int]:
    if head.is_x:
        return numbers_of(tree.css_first("div.pg"))
    return page_numbers(tree)


def _names(page: Snapshot) -> tuple[int | None, int | None, str]:
    """The thread's number, its board's, and the board's name."""
    tid, script_fid = ids_of(page)
    fid, board = board_of(page.tree, script_fid, tid)
    if not tid and page.target:
        tid = page.target.tid
    return tid, fid or script_fid, board


def _is_of_one_author(page: Snapshot) -> bool:
    target = page.target
    return target is not None and bool(target.uid)


def _has_worded_floor(first: Post, opening: PostNodes | None, page: Snapshot) -> bool:
    """Whether the first post of a thread's first page has a word of the forum's own for a
    floor: it is the first floor all the same."""
    if opening is None or opening.floor is None:
        return False
    if first.floor is not None or first.pid != opening.pid:
        return False
    target = page.target
    if target is None or target.kind != "thread":
        return False
    return not target.uid and not target.descending


def _without_title(first: Post, title: str) -> Post:
    """6.0 prints the title above the opening post once more: it is no subject of its own."""
    if first.subject and first.subject == title:
        return replace(first, subject="")
    return first


def _special(
    tree: LexborHTMLParser,
    tables: list[LexborNode],
    opening: PostNodes | None,
) -> tuple[str, tuple[Field, ...]]:
    """What kind of thread it is, and its details: both stand in the first post."""
    if opening is None or not tables:
        box = tree.css_first("div.specialthread")
        if box is None:
            return "", ()
        special = special_of(box)
        return special, details(box, special)

    if not is_plain(opening.message):
        special = special_of(tables[0])
        return special, details(tables[0], special)
    if _has_options(opening.message):
        return "", details(tables[0], "")
    return "", ()


def _has_options(message: LexborNode | None) -> bool:
    """Sorted information stands in a box beside that of the message."""
    box = message.parent if message is not None else None
    while box is not None and box.tag != "div":
        box = box.parent
    before = box.prev if box is not None else None
    while before is not None:
        if before.is_element_node:
            names = before.attributes.get("class") or ""
            if "typeoption" in names:
                return True
        before = before.prev
    return False


def _best_answer_box(
    tree: LexborHTMLParser,
    opening: PostNodes | None,
    special: str,
) -> LexborNode | None:
    if opening is not None:
        return opening.best_answer
    return tree.css_first("#bestpost") if special == "reward" else None


def _price(post: Post) -> int | None:
    """What the thread costs, as the forum says in place of the paid part."""
    for text in (*post.hidden, post.withheld):
        found = _PRICE.search(text)
        if found:
            return int(found[1])
    return None
