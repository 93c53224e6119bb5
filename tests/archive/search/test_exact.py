"""A query as one FTS5 expression: what it finds is what the search finds, or it is refused."""

from __future__ import annotations

import sqlite3

import pytest

from archive.search.api import match_expression, search
from archive.search.exact import ALL_POSTS, exact_expression, rest_of, widest_expression
from archive.search.stats import IndexStats
from scraper.core.errors import QueryError
from tests.archive_of_posts import ROWS, make_archive
from tests.asked_queries import matching, root_of

WORDS = (
    "手机",
    "-手机",
    "-手机 -软件",
    "手机 -猫",
    "猫 OR -手机",
    "手机 (猫 OR -淘宝)",
    "-(猫 狗)",
    "-(手机 -猫)",
    "标题:淘宝 OR 猫",
    "-标题:淘宝",
    "的 -猫",
    "没有",
)
FILTERS = (
    "手机 作者:李四",
    "作者:王五",
    "-猫 版块:宠物",
    "猫 OR 作者:李四",
    "date:2024 -猫",
)


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    return make_archive(":memory:", ROWS)


def right(conn: sqlite3.Connection, query: str) -> set[int]:
    return {hit.post_id for hit in search(conn, query, limit=100).hits}


@pytest.mark.parametrize("query", WORDS)
def test_a_query_of_words_is_said_exactly(conn: sqlite3.Connection, query: str) -> None:
    assert matching(conn, match_expression(query)) == right(conn, query)
    assert rest_of(root_of(query), IndexStats(conn)) is None


@pytest.mark.parametrize("query", FILTERS)
def test_what_the_index_does_not_know_is_refused_and_told_apart(
    conn: sqlite3.Connection, query: str
) -> None:
    with pytest.raises(QueryError, match="knows nothing of authors"):
        match_expression(query)
    root = root_of(query)
    with pytest.raises(QueryError):
        exact_expression(root)
    wide = matching(conn, widest_expression(root))
    assert wide >= right(conn, query)
    rest = rest_of(root, IndexStats(conn))
    assert rest
    rows = conn.execute(f"SELECT id FROM posts p WHERE {rest.sql}", rest.params)
    assert wide & {row[0] for row in rows} == right(conn, query)


def test_every_post_is_in_the_expression_for_all(conn: sqlite3.Connection) -> None:
    assert matching(conn, ALL_POSTS) == {1, 2, 3, 4}
