"""Whatever the bounds of a search: what is found, how many, in which order, and that no
page repeats another's post.

The bounds keep searches of millions of posts quick; here they are drawn so low that a few
dozen posts meet them all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from types import ModuleType

import pytest
from archive_of_posts import Row, make_archive

from archive.search import (
    budget,
    char_selectivity,
    chronological,
    limits,
    planner,
    stats,
)
from archive.search.context import ORDERS, Order
from archive.search.executor import look_up
from archive.search.facets import count_facets
from archive.search.filter_sql import filter_sql
from archive.search.filters import Filter
from archive.search.hints import hints
from archive.search.match import Folded, fold_post, holds
from archive.search.pages import Matches
from archive.search.planner import plan
from archive.search.query import Query, parse
from archive.search.stats import IndexStats
from archive.search.tree import And, Node, Not, Or

NOW = datetime(2021, 7, 9, tzinfo=UTC)
BOUNDS: dict[ModuleType, dict[str, tuple[int, ...]]] = {
    limits: {
        "EXACT_MATCHES": (3, 8, 30, 10_000),
        "RANKED_MATCHES": (2, 4, 20),
        "RANKED_CHECKED": (2, 5, 20),
        "RANKED_IN_SMALL": (2, 4, 50),
        "FEW_MATCHES": (0, 3, 10, 600),
        "SCANNED_POSTS": (5, 12, 6_000),
        "LISTED_MATCHES": (2, 10, 30_000),
        "READ_POSTS": (5, 20, 2_000),
        "SMALL_POSTS": (2, 4, 500),
        "COUNTED_MATCHES": (3, 10, 5_000),
        "LARGE_POSTS": (1, 20, 60_000),
        "LISTED_TO_RANK": (2, 8, 200),
        "LISTED_IN_LARGE": (2, 5, 160),
        "LISTED_AT_ONCE": (0, 2, 8, 200_000),
        "RANKED_IN_LARGE": (2, 5, 30),
        "READ_IN_LARGE": (4, 20, 400),
        "SCANNED_IN_LARGE": (4, 20, 5_000),
        "CHECKED_IN_LARGE": (3, 10, 60),
        "SAMPLED_IN_LARGE": (2, 20),
        "COMMON_SHARE": (0.06, 0.3, 2),
        "LISTED_TO_FILTER": (2, 5, 300),
        "FREQUENT_NAME": (0, 0.25, 2),
        "HUGE_POSTS": (1, 20, 3_000_000),
        "RANKED_IN_HUGE": (2, 5, 20),
        "TITLED_IN_HUGE": (0, 2, 15),
        "LISTED_IN_HUGE": (2, 8, 250),
        "LAST_NUMBERS": (3, 20, 1_720_000),
        "COMMON_IN_HUGE": (0.007, 0.3, 2),
        "COUNTED_IN_HUGE": (3, 10, 600),
        "WALKED_FOR_ONE": (1, 5, 5_000),
        "CHECKED_IN_HUGE": (3, 10, 500),
        "SAMPLED_IN_HUGE": (2, 33),
        "FITTING_SHARE": (0, 0.35, 2),
        "FITTING_IN_HUGE": (0, 0.06, 2),
    },
    chronological: {
        "MANY_MONTHS": (1, 2, 24),
        "PAGES_OF_MONTH": (0, 2, 36),
        "LEAST_WANTED": (0, 20),
    },
    planner: {"COMMON_POSTS": (2, 10, 100_000)},
    char_selectivity: {"SAMPLED_POSTS": (3, 9, 400)},
    stats: {
        "COMMON_MATCHES": (2, 5_000),
        "SHARE_MATCHES": (2, 5, 2_000),
        "SHARE_IN_HUGE": (2, 5, 60),
        "SHARE_NUMBERS": (3, 20, 400_000),
        "FEW_AT_END": (1, 10),
        "_LAST_NUMBERS": (3, 20, 20_000),
        "MAX_TERMS": (2, 60),
    },
}
SAID = (
    "手机",
    "電腦",
    "相机",
    "猫",
    "狗",
    "手",
    "机",
    "的",
    "我们",
    "iphone15",
    "rtx 4090",
    "RTX4090",
    "C++",
    "win",
    "windows",
    "wifi",
    "15",
    "😂",
    "手机相机",
    "開店",
)
ASKED = (
    *SAID,
    "手機",
    "电脑",
    "相",
    "店",
    "开店",
    "i",
    "w",
    "wi",
    "4090",
    "c++",
    "4090的",
    "15手",
    "c++的",
    "手机15",
)
FILTERS = (
    "作者:张三",
    "作者:李*",
    "-作者:张三",
    "date:2012",
    "date:2013-03",
    "before:2014",
    "date:2011..2013",
    "floor:1",
    "is:op",
    "版块:数码",
    "has:image",
    "主题:2",
    "回复:>0",
    "-查看:2",
    "date:近九年",
)


@pytest.mark.parametrize("seed", range(40))
def test_bounds_change_neither_hits_nor_totals_nor_the_order_of_time(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    conn = make_archive(":memory:", [row(random) for _ in range(random.randint(1, 70))])
    conn.execute("UPDATE threads SET replies = id % 3, views = nullif(id % 4, 0)")
    times = dict(conn.execute("SELECT id, posted_at FROM posts"))
    for query, root, right in questions(random, conn, 8):
        draw_bounds(random, monkeypatch)
        for order in ORDERS:
            check_whole(
                look_up(conn, plan(root, IndexStats(conn)), order, 200, 0), right, query
            )
            check_pages(conn, root, order, random.choice((1, 3, 5)), right, times)
    conn.close()


@pytest.mark.parametrize("seed", range(40))
def test_a_search_that_is_stopped_anywhere_says_so_and_shows_nothing_wrong(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = Random(seed)
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 10)
    conn = make_archive(":memory:", [row(random) for _ in range(60)])
    for query, root, right in questions(random, conn, 20):
        draw_bounds(random, monkeypatch)
        monkeypatch.setattr(
            budget, "MAX_STEPS", random.choice((10, 100, 300, 1_000, 3_000))
        )
        found = look_up(
            conn, plan(root, IndexStats(conn)), random.choice(ORDERS), 100, 0
        )
        assert set(found.ids) <= right, query
        assert set(found.ids) == right or {notice.kind for notice in found.notices} & {
            "scanned",
            "stopped",
        }, query
        if found.is_total_exact:
            assert found.total == len(right), query
        assert found.total <= len(right), query
        check_beside(conn, query, right)
    conn.close()


def check_beside(conn: sqlite3.Connection, query: str, right: set[int]) -> None:
    """What is counted beside the hits is all, or said to be a part; a word that is in posts
    is never said to be in none."""
    parsed = parse(query, NOW)
    facets = count_facets(conn, parsed)
    if facets.is_partial:
        assert not right, query
    else:
        assert facets.was_cut or facets.posts == len(right), query
        assert facets.posts <= len(right), query
    posts = [fold_post(*row) for row in conn.execute("SELECT text, subject FROM posts")]
    for words in parsed.words():
        count = sum(holds(post, words) for post in posts)
        for hint in hints(conn, Query("", words)):
            assert hint.posts == count or hint.or_more, (query, words)
            assert hint.posts <= count, (query, words)


def questions(
    random: Random, conn: sqlite3.Connection, count: int
) -> Iterator[tuple[str, Node, set[int]]]:
    """Queries, what is made of them, and the posts that fit."""
    posts = {
        post_id: fold_post(*texts)
        for post_id, *texts in conn.execute("SELECT id, text, subject FROM posts")
    }
    for _ in range(count):
        query = asked(random)
        root = parse(query, NOW).root
        assert root
        yield (
            query,
            root,
            {
                post_id
                for post_id, post in posts.items()
                if fits(conn, root, post_id, post)
            },
        )


def draw_bounds(random: Random, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set bounds that a few dozen posts meet, or the usual ones."""
    for module, bounds in BOUNDS.items():
        for name, values in bounds.items():
            monkeypatch.setattr(module, name, random.choice(values))


def check_whole(found: Matches, right: set[int], query: str) -> None:
    """All that is right is found, once, unless the answer says that it was cut."""
    assert len(found.ids) == len(set(found.ids)), query
    if {notice.kind for notice in found.notices} & {"scanned", "stopped"}:
        assert set(found.ids) <= right, query
    else:
        assert set(found.ids) == right, query


def check_pages(
    conn: sqlite3.Connection,
    root: Node,
    order: Order,
    size: int,
    right: set[int],
    times: dict[int, str | None],
) -> None:
    """Pages hold what is right, say how much that is, and follow each other in the order of
    time."""
    shown: list[int] = []
    for offset in range(0, 15, size):
        page = look_up(conn, plan(root, IndexStats(conn)), order, size, offset)
        shown += page.ids
        assert set(page.ids) <= right
        assert (
            page.total == len(right)
            if page.is_total_exact
            else page.total <= len(right)
        )
    if order != "best":
        assert len(shown) == len(set(shown))
    if order in ("replies", "views"):
        figures = [figure_of(conn, order, each) for each in shown]
        assert figures == sorted(figures, reverse=True)
    elif order != "best":
        undated = "" if order == "newest" else "~"
        assert shown == sorted(
            shown, key=lambda each: times[each] or undated, reverse=order == "newest"
        )


def figure_of(conn: sqlite3.Connection, order: Order, post_id: int) -> tuple[int, int]:
    """The replies or views of a post's thread, and its number."""
    sql = f"""SELECT coalesce(t.{order}, -1), t.id FROM posts p
        JOIN threads t ON t.id = p.thread_id WHERE p.id = ?"""
    figure, thread = conn.execute(sql, (post_id,)).fetchone()
    return figure, thread


def fits(conn: sqlite3.Connection, node: Node, post_id: int, post: Folded) -> bool:
    """Whether a post is what a query asks for, by its text and one condition at a time."""
    if isinstance(node, Filter):
        condition = filter_sql(node, IndexStats(conn))
        sql = f"SELECT 1 FROM posts p WHERE p.id = ? AND ({condition.sql})"
        row = conn.execute(sql, (post_id, *condition.params)).fetchone()
        return row is not None
    if isinstance(node, Not):
        return not fits(conn, node.part, post_id, post)
    if isinstance(node, And | Or):
        return (all if isinstance(node, And) else any)(
            fits(conn, part, post_id, post) for part in node.parts
        )
    return holds(post, node)


def row(random: Random) -> Row:
    """A post of some words, one in ten without a time."""
    time = (
        f"20{10 + random.randrange(5)}-{1 + random.randrange(12):02}-{1 + random.randrange(28):02}"
        f"T{random.randrange(24):02}:00:00Z"
    )
    return Row(
        text=text(random, 8),
        subject=text(random, 3) if random.random() < 0.2 else "",
        posted_at=time if random.random() < 0.9 else None,
        author=random.choice(("张三", "李四", "李五", "王五")),
        floor=random.randint(1, 5),
        opening=random.random() < 0.3,
        board=random.choice(("数码", "闲聊")),
        thread=f"题{random.randrange(6)}",
    )


def text(random: Random, most: int) -> str:
    """Some words, apart or not."""
    return "".join(
        random.choice(SAID) + random.choice(("", "，", " ", "\n"))
        for _ in range(random.randint(0, most))
    )


def asked(random: Random, depth: int = 0) -> str:
    """A query of words, beginnings, places, filters, brackets, OR and NOT."""
    parts: list[str] = []
    for _ in range(random.randint(1, 3)):
        kind = random.random()
        part = (
            f"({asked(random, depth + 1)})"
            if kind < 0.15 and depth < 2
            else word(random)
        )
        part = random.choice(FILTERS) if 0.15 <= kind < 0.3 else part
        parts.append(
            f"-{part}" if random.random() < 0.15 and not part.startswith("-") else part
        )
        parts.append(random.choice(("", "", "", "OR")))
    return " ".join(parts[:-1])


def word(random: Random) -> str:
    """A word to ask for."""
    said = random.choice(ASKED)
    said = f"{said}*" if random.random() < (0.25 if said.isascii() else 0.05) else said
    said = f'"{said}"' if " " in said else said
    return f"标题:{said}" if random.random() < 0.1 else said
