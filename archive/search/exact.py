"""A query as one FTS5 expression, for programs that ask the index themselves, and as what is
left to ask beside it."""

from __future__ import annotations

from typing import Final

from archive.index.segment import MARK
from archive.search.conditions import Condition, all_of
from archive.search.expressions import both, expression, is_words
from archive.search.stats import IndexStats
from archive.search.tree import And, Node, Not, Or, Words, parts_of
from archive.search.tree_sql import tree_sql
from scraper.core.errors import QueryError

ALL_POSTS: Final = f'{{month}} : "{MARK}" *'
"""Every row of the index has the mark of its month."""


def exact_expression(root: Node) -> str:
    """The expression that the posts which fit match, and no others. Raises QueryError where
    the query asks for more than words."""
    if not is_words(root):
        raise QueryError(
            "the words' index knows nothing of authors, boards, dates, other filters and "
            "quotes: ask for them in SQL beside MATCH, or search by ?_search= or /search",
            "索引里只有帖子的字，没有作者、版块、日期等条件和引用："
            "请在 MATCH 之外用 SQL 写这些条件，或用 ?_search= 和 /search 搜索",
        )
    return _exact(root)


def widest_expression(root: Node) -> str:
    """An expression that every post which fits matches, by the parts that are words."""
    words = tuple(part for part in parts_of(root) if is_words(part))
    return _exact(And(words)) if words else ALL_POSTS


def rest_of(root: Node, stats: IndexStats) -> Condition | None:
    """What `widest_expression` leaves unsaid, as a condition on `posts AS p`; None for
    nothing."""
    rest = [part for part in parts_of(root) if not is_words(part)]
    if not rest:
        return None
    return all_of([tree_sql(part, stats) for part in rest])


def _exact(node: Node) -> str:
    if isinstance(node, Words):
        return expression(node)
    if isinstance(node, Not):
        return f"({ALL_POSTS} NOT {_exact(node.part)})"
    if isinstance(node, Or):
        choices = [_exact(part) for part in node.parts]
        return f"({' OR '.join(choices)})"
    assert isinstance(node, And)
    wanted = [_exact(part) for part in node.parts if not isinstance(part, Not)]
    match = both(*wanted) or ALL_POSTS
    for part in node.parts:
        if isinstance(part, Not):
            match = f"({match} NOT {_exact(part.part)})"
    return match
