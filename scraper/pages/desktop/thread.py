"""A desktop thread page (viewthread) of any generation: its head, its page list and its posts."""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.errors import PageError
from scraper.core.records import Field, Post, ThreadPage
from scraper.markup.html import words
from scraper.markup.snapshot import Snapshot
from scraper.pages.desktop.head import board_of as board_of
from scraper.pages.desktop.head import ids_of as ids_of
from scraper.pages.desktop.head import moderation, numbers_of, read_head
from scraper.pages.desktop.head import page_numbers as page_numbers
from scraper.pages.desktop.posts import PageContext, Parts, outermost, read_post
from scraper.pages.desktop.ratings import user_of
from scraper.pages.desktop.special import details, is_plain, special_of

_PRICE = re.compile(r"(?:支付|价格|價格|售价|售價)\s*[:：]?[^\d]{0,12}(\d{1,9})")
_BEST_PID = re.compile(r"goto=findpost[^'\"<>]{0,80}[?&;]pid=(\d{1,18})")


def read_thread(
    page: Snapshot, habits: PageContext | None = None, lead: Post | None = None
) -> ThreadPage:
    """Read a thread page; PageError where it has no post. `lead`: an opening post that has
    no table of its own."""
    tree = page.tree
    tables = outermost(
        [table for table in tree.tags("table") if (table.id or "").startswith("pid")]
    )
    posts, opening = _posts(
        tables, habits or PageContext(page.clock, unescape=page.encoding != "utf-8")
    )
    if lead is not None:
        posts = (lead, *posts)
    if not posts:
        raise PageError("a thread page without a single post that could be read")
    tid, fid = ids_of(page)
    board_fid, board = board_of(tree)
    head = read_head(tree)
    here, pages = numbers_of(tree.css_first("div.pg")) if head.x else page_numbers(tree)
    title = head.title or (posts[0].subject if here == 1 else "")
    special, fields = _kind(tree, tables, opening)
    best = (
        opening.best
        if opening
        else tree.css_first("#bestpost")
        if special == "reward"
        else None
    )
    posts = _best(posts, best)
    if best is not None:
        fields += _best_elsewhere(best, posts)
    posts = _first_floor(posts, opening, page, here)
    deed = moderation(opening.moderated if opening else "")
    return ThreadPage(
        tid=tid or (page.target.tid if page.target else None),
        fid=board_fid or fid,
        board=board,
        title=title,
        page=here,
        pages=pages,
        type=head.type,
        tags=opening.tags if opening else (),
        special=special,
        closed=head.closed or deed.closed,
        sticky=deed.sticky,
        digest=deed.digest,
        views=head.views,
        replies=head.replies,
        filtered=bool(page.target and page.target.uid),
        price=_price(posts[0]),
        read_level=head.read_level,
        fields=fields,
        posts=_untitled(posts, title),
    )


def _posts(
    tables: list[LexborNode], habits: PageContext
) -> tuple[tuple[Post, ...], Parts | None]:
    """Each post once: sticky and recommended replies are printed again in their place, with
    their floor."""
    posts: dict[int | None, Post] = {}
    opening: Parts | None = None
    for at, table in enumerate(tables):
        found = read_post(table, habits, opening=at == 0)
        if found is None:
            continue
        post, parts = found
        opening = opening or (parts if at == 0 else None)
        known = posts.setdefault(post.pid, post)
        if known.floor is None and post.floor is not None:
            posts[post.pid] = replace(known, floor=post.floor)
    return tuple(posts.values()), opening


def _first_floor(
    posts: tuple[Post, ...], opening: Parts | None, page: Snapshot, here: int
) -> tuple[Post, ...]:
    """A thread's first page begins with its first floor, whatever word of the forum's own
    stands for it."""
    target = page.target
    if (
        opening is None
        or opening.floor is None
        or posts[0].floor is not None
        or posts[0].pid != opening.pid
        or here != 1
        or target is None
        or target.kind != "thread"
        or target.uid
        or target.descending
    ):
        return posts
    return (replace(posts[0], floor=1), *posts[1:])


def _kind(
    tree: LexborHTMLParser, tables: list[LexborNode], opening: Parts | None
) -> tuple[str, tuple[Field, ...]]:
    """What kind of thread it is, and its details: both stand in the first post."""
    if opening is None or not tables:
        box = tree.css_first("div.specialthread")
        special = special_of(box) if box is not None else ""
        return special, details(box, special) if box is not None else ()
    if is_plain(opening.message) and not _has_options(opening.message):
        return "", ()
    special = "" if is_plain(opening.message) else special_of(tables[0])
    return special, details(tables[0], special)


def _has_options(message: LexborNode | None) -> bool:
    """Sorted information stands in a box beside that of the message."""
    node = message.parent if message is not None else None
    while node is not None and node.tag != "div":
        node = node.parent
    before = node.prev if node is not None else None
    while before is not None:
        if "typeoption" in (
            before.attributes.get("class") or "" if before.is_element_node else ""
        ):
            return True
        before = before.prev
    return False


def _untitled(posts: tuple[Post, ...], title: str) -> tuple[Post, ...]:
    """6.0 prints the title above the opening post once more: it is no subject of its own."""
    return (
        (replace(posts[0], subject=""), *posts[1:])
        if posts[0].subject and posts[0].subject == title
        else posts
    )


def _price(post: Post) -> int | None:
    """What the thread costs, as the forum says in place of the paid part."""
    for said in (*post.hidden, post.withheld):
        if found := _PRICE.search(said):
            return int(found[1])
    return None


def _best(posts: tuple[Post, ...], box: LexborNode | None) -> tuple[Post, ...]:
    """Mark the best answer of a reward, which the first post repeats: by its number, else
    by author and words."""
    if box is None:
        return posts
    found = _BEST_PID.search((box.html or "").replace("&amp;", "&"))
    if found:
        return tuple(
            replace(post, best_answer=True) if post.pid == int(found[1]) else post
            for post in posts
        )
    author, uid = user_of(box)
    said = _letters(_answer(box))
    return tuple(
        replace(post, best_answer=True)
        if said
        and (post.author == author or (uid and post.uid == uid))
        and _letters(post.text) == said
        else post
        for post in posts
    )


def _best_elsewhere(box: LexborNode, posts: tuple[Post, ...]) -> tuple[Field, ...]:
    """The best answer as a detail of the thread, where its post is not on the page."""
    author, said = user_of(box)[0], _answer(box)
    if not said or any(post.best_answer for post in posts):
        return ()
    return (Field(name="最佳答案", value=f"{author}: {said}"),)


def _answer(box: LexborNode) -> str:
    """The words of the best answer; in 6.0 the box has the message's own class."""
    return next(
        (
            words(node)
            for node in box.css(".t_msgfont, .mtn")
            if node.mem_id != box.mem_id
        ),
        "",
    )


def _letters(text: str) -> str:
    return "".join(text.split())
