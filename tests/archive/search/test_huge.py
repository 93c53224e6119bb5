"""What a search in a very large archive asks for first: the rarest tokens, the last posts, the
characters of words. What must always hold of them, on archives of chance."""

from __future__ import annotations

import sqlite3
from random import Random
from typing import Any

import pytest

from archive.search import limits
from archive.search.budget import BoundedConnection, Statement
from archive.search.context import Order
from archive.search.counting import Counts
from archive.search.executor import look_up
from archive.search.expressions import LISTED_MATCHES
from archive.search.match import fold_post, holds
from archive.search.pages import Matches
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.rarest import most_share, rarest_match, thinned_match
from archive.search.stats import IndexStats
from archive.search.tree import Node
from archive.search.tree_sql import characters_sql
from tests.archive_of_posts import Row, make_archive
from tests.asked_queries import matching, root_of

SAID = (
    "手机",
    "電腦",
    "相机",
    "收音机",
    "的",
    "我们",
    "開店",
    "rtx 4090",
    "C++",
    "，",
    "\n",
)
QUERIES = (
    "手机电脑相机",
    "收音机的手机",
    "收音機 手機電腦",
    "相机 -电脑",
    "(收音机 OR 開店) 手机",
    "rtx 4090的手机",
    "标题:收音机",
    "c++手机",
)


@pytest.fixture
def archive() -> sqlite3.Connection:
    random = Random(7)
    rows = [
        Row(
            text="".join(random.choices(SAID, k=random.randint(1, 12))),
            subject="".join(random.choices(SAID, k=random.randint(0, 3))),
            posted_at=f"20{random.randint(10, 24)}-0{random.randint(1, 9)}-01T00:00:00Z",
        )
        for _ in range(400)
    ]
    return make_archive(":memory:", rows)


def with_words(conn: sqlite3.Connection, root: Node) -> set[int]:
    """The posts that have the words, by reading each."""
    found = set()
    for post_id, text, subject in conn.execute("SELECT id, text, subject FROM posts"):
        if holds(fold_post(text, subject), root):
            found.add(post_id)
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_the_rarest_tokens_are_in_every_post_with_the_words(
    archive: sqlite3.Connection, query: str
) -> None:
    root = root_of(query)
    right = with_words(archive, root)
    stats = IndexStats(archive)
    for match in (rarest_match(root, stats), thinned_match(root, stats)):
        if match:
            assert right <= matching(archive, match)
    assert most_share(root, stats) * stats.numbers >= len(right) - 1


@pytest.mark.parametrize("query", QUERIES)
def test_characters_tell_of_every_post_with_the_words(
    archive: sqlite3.Connection, query: str
) -> None:
    root = root_of(query)
    told = characters_sql(root, IndexStats(archive))
    sql = f"SELECT p.id FROM posts p WHERE {told.sql}"
    fitting = {row[0] for row in archive.execute(sql, told.params)}
    assert with_words(archive, root) <= fitting


def test_of_a_long_word_the_rarer_half_is_asked_for() -> None:
    rows = [Row(text="手机电脑"), *[Row(text="手机")] * 5, *[Row(text="电脑")] * 3]
    stats = IndexStats(make_archive(":memory:", rows))
    assert thinned_match(root_of("手机电脑"), stats) == '"机电 电脑"'
    assert thinned_match(root_of("手机"), stats) == ""
    assert rarest_match(root_of("手机"), stats) == ""
    # of several words the rarest, however they are spread
    assert rarest_match(root_of("手机 机电 电脑 相机"), stats) == '("机电" AND "相机")'


@pytest.mark.parametrize(
    "match", ['"手机"', '"收音 音机"', '("相机" AND "手机")', '"没有"']
)
def test_the_last_posts_are_found_from_the_end(
    archive: sqlite3.Connection, match: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.counting._FIRST_WINDOW", 3)
    every = sorted(matching(archive, match), reverse=True)
    counts = Counts(BoundedConnection(archive))
    for limit in (1, 7, 1_000):
        assert counts.last_matching_ids(match, limit, of_all=True) == every[:limit]
    monkeypatch.setattr(limits, "LAST_NUMBERS", 50)
    last = [number for number in every if number > 350]
    assert counts.last_matching_ids(match, 1_000) == last


def test_posts_near_each_other_are_many_on_few_pages(
    archive: sqlite3.Connection,
) -> None:
    counts = Counts(BoundedConnection(archive))
    by_number = "ORDER BY p.id DESC"
    apart = "ORDER BY p.id * 7919 % 401"
    near = counts.near_each_other(by_number, most=300, pages=5)
    far = counts.near_each_other(apart, most=300, pages=5)
    assert 4 * 24 <= near <= 6 * 24
    assert far < 30


def test_a_word_that_no_post_has_has_no_share(
    archive: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.stats.SHARE_NUMBERS", 20)
    stats = IndexStats(archive)
    assert stats.share('"没有"') > 0
    (absent,) = parse("没有").words()
    assert stats.share_of(absent) == 0


@pytest.fixture
def every_archive_is_huge(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "LARGE_POSTS": 10,
        "HUGE_POSTS": 10,
        "RANKED_IN_HUGE": 5,
        "COUNTED_IN_HUGE": 30,
        "LISTED_IN_HUGE": 5,
        "COMMON_IN_HUGE": 0.9,
    }.items():
        monkeypatch.setattr(limits, name, value)


@pytest.mark.usefixtures("every_archive_is_huge")
def test_titles_and_totals_are_told_of_common_words() -> None:
    rows = [
        Row(
            text="手机",
            subject="手机" if number == 3 else "",
            posted_at=f"2024-05-01T00:{number:02}:00Z",
        )
        for number in range(60)
    ]
    conn = make_archive(":memory:", rows)
    found = look_up(conn, plan(root_of("手机"), IndexStats(conn)), "best", 5, 0)
    assert found.ways[0] == "scan"
    # an old post, the word in its title
    assert found.ids[0] == 4
    assert found.total == 31
    assert not found.is_total_exact


def found_and_asked(
    conn: sqlite3.Connection, query: str, order: Order
) -> tuple[Matches, list[Statement]]:
    """The first five posts of a query, and the statements that found them."""
    log: list[Statement] = []
    planned = plan(root_of(query), IndexStats(conn))
    found = look_up(conn, planned, order, 5, 0, log=log)
    return found, log


def months_asked(log: list[Statement]) -> list[str]:
    """What the index was asked for within some months."""
    params = (str(param) for statement in log for param in statement.params)
    return [param for param in params if "{month}" in param]


def monthly(count: int, text: str, **values: Any) -> list[Row]:
    """Posts of the last month of 2024, and of each before it."""
    return [
        Row(
            text=text,
            posted_at=f"{2024 - at // 12}-{12 - at % 12:02}-01T00:00:00Z",
            **values,
        )
        for at in range(count)
    ]


@pytest.mark.usefixtures("every_archive_is_huge")
@pytest.mark.parametrize("order", ["best", "newest"])
def test_months_are_asked_for_one_by_one_until_a_page_is_full(order: Order) -> None:
    rows = [*monthly(20, "手机电脑"), *monthly(30, "手机")]
    conn = make_archive(":memory:", rows)
    found, log = found_and_asked(conn, "手机 电脑", order)
    assert found.ids == [1, 2, 3, 4, 5]
    assert (found.total, found.is_total_exact) == (20, True)
    asked = months_asked(log)
    # all matches are known: their months are asked for the rarest token alone
    assert asked[0] == '("电脑" AND {month} : ("¦202412"))'
    assert all(each.startswith('("电脑" AND') for each in asked)
    assert len(asked) <= 7
    assert len({*asked}) == len(asked)


@pytest.mark.usefixtures("every_archive_is_huge")
@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_posts_without_a_time_are_asked_for_where_there_are_some(order: Order) -> None:
    rows = monthly(4, "手机", author="甲") + monthly(12, "手机", author="乙")
    query = "手机 -作者:乙"
    right = [1, 2, 3, 4] if order == "newest" else [4, 3, 2, 1]
    conn = make_archive(":memory:", rows)
    found, log = found_and_asked(conn, query, order)
    assert found.ids == right
    assert months_asked(log)
    assert not any('"¦"' in each for each in months_asked(log))

    conn = make_archive(":memory:", [*rows, Row(text="手机", posted_at=None)])
    found, log = found_and_asked(conn, query, order)
    assert found.ids == [*right, 17]
    assert any('"¦"' in each for each in months_asked(log))


@pytest.mark.usefixtures("every_archive_is_huge")
@pytest.mark.parametrize("most", [10, 1_000])
def test_common_words_of_a_name_are_counted_post_by_post(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """A list of them all would be made in a file beside the archive."""
    monkeypatch.setattr(limits, "LISTED_AT_ONCE", most)
    rows = monthly(9, "手机", author="甲") + monthly(200, "手机", author="乙")
    conn = make_archive(":memory:", rows)
    found, log = found_and_asked(conn, "手机 作者:甲", "newest")
    assert found.ids == [1, 2, 3, 4, 5]
    assert (found.total, found.is_total_exact) == (9, True)
    last = [each.sql for each in log if each.number == 9][-1]
    assert "posts_fts" in last
    assert (LISTED_MATCHES in last) == (most == 1_000)
