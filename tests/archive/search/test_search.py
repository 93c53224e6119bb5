"""Searching an archive: what is found, in which order, and that nothing typed breaks it."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from random import Random

import pytest
from archive_of_posts import ROWS, Row, add_post, insert, make_archive, refusal
from corpus import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.index import segment
from archive.index.fold import normalise
from archive.index.writer import catch_up
from archive.search import (
    budget,
    char_selectivity,
    chronological,
    facets,
    limits,
    planner,
    stats,
)
from archive.search.api import match_expression, search
from archive.search.facets import count_facets
from archive.search.hints import Hint, hints
from archive.search.match import fold_post, holds, holds_words
from archive.search.query import Query, parse
from archive.search.snippet import PLAIN
from archive.search.tree import Or, Words


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    return make_archive(":memory:", ROWS)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("淘宝", {1}),
        ("极速退", {1}),
        ("問題", {1}),
        ("手机", {1, 4}),
        ("手機", {1, 4}),
        ("款的", {1}),
        ("的", {1, 2, 4}),
        ("猫", {3, 4}),
        ("iphone", {1}),
        ("ＩＰＨＯＮＥ１５", {1}),
        ("iphone15手机", {1}),
        ("phone", set()),
        ("iph*", {1}),
        ("C++", {2}),
        (".net", {2}),
        ("4090", {2}),
        ("rtx 4090", {2}),
        ("RTX4090", {2}),
        ("😂", {3}),
        ("软件 猫", {3}),
        ("手机 -猫", {1}),
        ("手机 NOT 淘宝", {4}),
        ("猫 OR 淘宝", {1, 3, 4}),
        ("(猫 OR 淘宝) 手机", {1, 4}),
        ("-淘宝", {2, 3, 4}),
        ('"店铺 极速"', {1}),
        ('"店铺 退"', set()),
        ('"猫和狗"', {4}),
        ("标题:淘宝", {1}),
        ("标题:店铺", set()),
        ("正文:极速退", {1}),
        ("-的", {3}),
        ("作者:王五", {3, 4}),
        ("作者:王*", {3, 4}),
        ("-作者:王五", {1, 2}),
        ("作者:王五 手机", {4}),
        ("版块:宠物", {3, 4}),
        ("board:1", {1, 2}),
        ("site:试论坛 猫", {3, 4}),
        ("date:2024", {1}),
        ("date:2025-02", {3}),
        ("date:2025-01", set()),
        ("date:2025-02-01 软件", {3}),
        ("before:2024", {2}),
        ("after:2023", {1, 3}),
        ("floor:1", {1, 3}),
        ("楼:2..", {2, 4}),
        ("is:op", {1}),
        ("-is:op 手机", {4}),
        ("猫 OR 作者:李四", {2, 3, 4}),
        ("(猫 作者:王五) OR C++", {2, 3, 4}),
        ("has:image", set()),
        ("is:withheld", set()),
        ("is:edited", set()),
        ("手机 狗", {4}),
        ("狗 -软", {4}),
    ],
)
@pytest.mark.parametrize("order", ["best", "newest", "oldest"])
def test_finds(
    conn: sqlite3.Connection, query: str, found: set[int], order: str
) -> None:
    results = search(conn, query, order=order)  # type: ignore[arg-type]
    assert {hit.post_id for hit in results.hits} == found
    assert results.total == len(found)
    assert results.is_total_exact


def test_a_hit_tells_where_it_is(conn: sqlite3.Connection) -> None:
    hit = search(conn, "店铺").hits[0]
    assert hit.as_json() | {"score": 0} == {
        "post_id": 1,
        "site": "试论坛",
        "board": "数码",
        "thread": "主题",
        "tid": 1,
        "pid": 1,
        "floor": 1,
        "author": "张三",
        "posted_at": "2024-05-01T00:00:00Z",
        "snippet": "在淘宝【店鋪】極速退款的問題，iPhone15手機",
        "score": 0,
        "url": "https://bbs.example/forum.php?mod=redirect&goto=findpost&ptid=1&pid=1",
    }


def test_orders_by_time_with_the_undated_last(conn: sqlite3.Connection) -> None:
    assert [
        hit.post_id for hit in search(conn, "猫 OR 淘宝 OR C++", order="newest").hits
    ] == [3, 1, 2, 4]
    assert [
        hit.post_id for hit in search(conn, "猫 OR 淘宝 OR C++", order="oldest").hits
    ] == [2, 1, 3, 4]


def test_best_prefers_the_title_and_then_the_newer(conn: sqlite3.Connection) -> None:
    newer = Row(text="手机膜", posted_at="2025-01-01T00:00:00Z")
    rows = [Row(text="手机壳"), newer, Row(subject="手机", text="看看吧")]
    found = search(make_archive(":memory:", rows), "手机").hits
    assert [hit.post_id for hit in found] == [3, 2, 1]


def test_pages_do_not_overlap() -> None:
    conn = make_archive(
        ":memory:", [Row(text=f"手机 {number}") for number in range(25)]
    )
    pages = [
        [hit.post_id for hit in search(conn, "手机", limit=10, offset=offset).hits]
        for offset in (0, 10, 20)
    ]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert len({post for page in pages for post in page}) == 25


def test_quoted_words_are_found_only_when_asked_for() -> None:
    conn = make_archive(":memory:", [Row(text="同意"), Row(text="手机壳")])
    insert(conn, "quotes", post_id=1, position=1, text="新出的手機很好")
    catch_up(conn)
    assert [hit.post_id for hit in search(conn, "手机").hits] == [2]
    assert {hit.post_id for hit in search(conn, "手机 in:quotes").hits} == {1, 2}
    assert [hit.snippet.marked() for hit in search(conn, "引用:手机").hits] == [
        "新出的【手機】很好"
    ]
    conn.execute("UPDATE quotes SET text = '新出的電腦'")
    catch_up(conn)
    assert [
        search(conn, query).total for query in ("引用:手机", "引用:电脑", "引用:的")
    ] == [0, 1, 1]
    conn.execute("DELETE FROM posts WHERE id = 1")
    catch_up(conn)
    assert search(conn, "引用:电脑").total == 0


SQL_WORDS = st.text(
    st.sampled_from("淘宝开店發手机的猫 abC1+#.，😂ガ"), min_size=1, max_size=8
)
SQL_TERMS = st.one_of(
    SQL_WORDS,
    SQL_WORDS.map('"{}"'.format),
    SQL_WORDS.map("-{}".format),
    SQL_WORDS.map("{}*".format),
    st.just("OR"),
    SQL_WORDS.map("NOT {}".format),
)


@pytest.fixture(scope="module")
def word_conn() -> sqlite3.Connection:
    texts = (
        "淘宝开店手机",
        "发的猫 abc1",
        "C++ .b #1 宝a",
        "ガ店 淘 1c",
        "的淘宝，开店",
        "猫😂手机发",
    )
    texts = (*texts, "b1c C# a.b 店开", "ab 的")
    return make_archive(
        ":memory:", [Row(text=text, subject=text[::-1]) for text in texts]
    )


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(SQL_TERMS, min_size=1, max_size=4).map(" ".join))
def test_plain_sql_finds_the_same(word_conn: sqlite3.Connection, query: str) -> None:
    root = parse(query).root
    choices = root.parts if isinstance(root, Or) else (root,)
    if not all(choice and Query("", choice).words() for choice in choices):
        return  # a NOT with nothing to take it from is beyond the view
    assert _by_sql(word_conn, query) == {
        hit.post_id for hit in search(word_conn, query, limit=100, all_words=True).hits
    }


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(SQL_WORDS, min_size=1, max_size=4).map(" ".join))
def test_other_programs_find_the_same_by_the_expression(
    word_conn: sqlite3.Connection, query: str
) -> None:
    sql = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
    found = {row[0] for row in word_conn.execute(sql, (match_expression(query),))}
    hits = search(word_conn, query, limit=100, all_words=True).hits
    assert found == {hit.post_id for hit in hits}


def _by_sql(conn: sqlite3.Connection, query: str) -> set[int]:
    sql = "SELECT id FROM search WHERE q = ?"
    return {row[0] for row in conn.execute(sql, (json.dumps(query),))}


def test_plain_sql_shows_what_a_reader_needs(conn: sqlite3.Connection) -> None:
    row = conn.execute(
        """SELECT author, thread, words FROM search WHERE q = '"极速退 -猫"' ORDER BY rank"""
    ).fetchone()
    assert row == ("张三", "主题", "在淘宝店鋪極速退款的問題，iPhone15手機")
    assert conn.execute("SELECT count(*) FROM search").fetchone()[0] == 0


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("location = '广东'", [("广东", "在广东修手机")]),
        ("location <> ''", [("广东", "在广东修手机"), ("海南", "海南的手机贵")]),
        ("location = ''", [("", "手机坏了")]),
        ("location LIKE '%南'", [("海南", "海南的手机贵")]),
    ],
)
def test_plain_sql_tells_where_a_post_was_written(
    condition: str, found: list[tuple[str, str]]
) -> None:
    conn = make_archive(
        ":memory:",
        [
            Row(text="在广东修手机", location="广东"),
            Row(text="海南的手机贵", location="海南"),
            Row(text="手机坏了"),
            Row(text="只说别的", location="广东"),
        ],
    )
    sql = f"SELECT location, words FROM search WHERE q = json_quote('手机') AND {condition}"
    assert sorted(conn.execute(sql).fetchall()) == sorted(found)
    conn.close()


def test_the_sql_in_the_documentation_runs(conn: sqlite3.Connection) -> None:
    text = (ROOT / "archive" / "search" / "README.md").read_text("utf-8")
    statements = re.findall(r"```sql\n(.+?)```", text, re.S)
    assert [
        conn.execute(statement).fetchall()[:1] != [] for statement in statements
    ] == [True, False]


@pytest.fixture
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so low that a small archive meets all of them."""
    bounds = {
        "EXACT_MATCHES": 8,
        "RANKED_MATCHES": 4,
        "RANKED_CHECKED": 3,
        "RANKED_IN_SMALL": 4,
        "FEW_MATCHES": 3,
        "SCANNED_POSTS": 12,
        "LISTED_MATCHES": 10,
    }
    monkeypatch.setattr(chronological, "MANY_MONTHS", 2)
    for name, value in {**bounds, "READ_POSTS": 5, "SMALL_POSTS": 4}.items():
        monkeypatch.setattr(limits, name, value)
    monkeypatch.setattr(planner, "COMMON_POSTS", 10)
    monkeypatch.setattr(char_selectivity, "SAMPLED_POSTS", 9)
    monkeypatch.setattr(stats, "COMMON_MATCHES", 3)


@pytest.mark.usefixtures("small_bounds")
def test_newest_is_exact_however_many_fit() -> None:
    times = [
        f"20{10 + number * 7 % 13}-{1 + number * 5 % 12:02}-03T00:00:00Z"
        for number in range(40)
    ]
    rows = [
        Row(text="手机" if number % 3 else "的", posted_at=time)
        for number, time in enumerate(times)
    ]
    rows += [Row(text="手机 rtx4090 的", posted_at=None)]
    conn = make_archive(":memory:", rows)
    for query, word in (
        ("手机", "手机"),
        ("的", "的"),
        ("-的", "手机"),
        ("机", "手机"),
    ):
        limit = (
            4 if query.startswith("-") else 10
        )  # a NOT alone is looked for in the newest posts only
        expected = sorted(
            (row.posted_at for row in rows if row.text == word and row.posted_at),
            reverse=True,
        )
        found = search(conn, query, order="newest", limit=limit)
        assert [hit.posted_at for hit in found.hits] == expected[:limit]
        oldest = search(conn, query, order="oldest", limit=limit)
        assert [hit.posted_at for hit in oldest.hits] == expected[::-1][:limit]


@pytest.mark.usefixtures("small_bounds")
@pytest.mark.parametrize("order", ["best", "newest", "oldest"])
@pytest.mark.parametrize(
    "query",
    [
        "手机",
        "机",
        "手机 的",
        "的 -手机",
        "手机 OR 的",
        "rtx4090",
        "手机 date:2012",
        "手机 -的",
        "-的 -机",
        "手机 rtx4090 -的",
        "手机 作者:张三",
        "(手机 OR rtx4090) 的",
        "(的 作者:张三) OR rtx4090",
        "(手机 作者:张三) OR 标题:没有",
    ],
)
def test_bounds_change_neither_what_is_found_nor_how_often(
    query: str, order: str
) -> None:
    rows = [
        Row(
            text=("手机" * (number % 3) + "的" * (number % 2) or "无")
            + " rtx4090" * (number % 5 == 0),
            posted_at=f"20{10 + number % 5}-{1 + number * 5 % 12:02}-03T00:00:00Z"
            if number % 4
            else None,
        )
        for number in range(60)
    ]
    conn = make_archive(":memory:", rows)
    root = parse(query).root
    assert root
    dated = {
        number
        for number, row in enumerate(rows, 1)
        if (row.posted_at or "").startswith("2012")
    }
    expected = {
        number
        for number, row in enumerate(rows, 1)
        if holds(fold_post(row.text, ""), root)
    }
    expected &= dated if "date" in query else expected
    found = [hit.post_id for hit in search(conn, query, limit=100, order=order).hits]  # type: ignore[arg-type]
    assert len(found) == len(set(found))
    assert set(found) <= expected
    if order != "best" or len(expected) <= 8:
        assert set(found) == expected


@pytest.mark.parametrize("exact", [2_000, 8])
def test_a_character_that_the_best_posts_have_not_is_asked_of_the_index(
    monkeypatch: pytest.MonkeyPatch, exact: int
) -> None:
    monkeypatch.setattr(limits, "READ_POSTS", 400)
    monkeypatch.setattr(limits, "EXACT_MATCHES", exact)
    texts = [
        "手机" if number % 25 < 12 else f"电脑{'无' * 50}的" for number in range(1_000)
    ]
    conn = make_archive(":memory:", [Row(text=text) for text in texts])
    found = search(conn, "(手机 OR 电脑) 的", limit=30)
    assert [hit.snippet.marked()[:4] for hit in found.hits] == ["【电脑】"] * 30
    assert (found.total, found.is_total_exact) == (
        (520, True) if exact > 8 else (244, False)
    )
    assert len(search(conn, "(手机 OR 电脑) 的", limit=600).hits) == 520


@pytest.mark.parametrize(
    "query",
    ["手机", "手机 电脑", "手机 OR 电脑 OR 相机", "iphone15", "-相机 手机", "电*"],
)
def test_posts_that_are_read_are_ranked_as_the_index_ranks_them(
    monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    random = Random(7)
    words = ("手机", "电脑", "相机", "iPhone15", "今天", "去了", "公园", "看书")
    texts = [
        "，".join(
            random.choices(words, (1, 1, 1, 1, 9, 9, 9, 9), k=random.randint(4, 60))
        )
        for _ in range(500)
    ]
    rows = [
        Row(text=text, subject=text[:9] if number % 20 == 0 else "")
        for number, text in enumerate(texts)
    ]
    conn = make_archive(":memory:", rows)
    read = search(conn, query, limit=15).hits
    monkeypatch.setattr(limits, "FEW_MATCHES", 0)
    ranked = search(conn, query, limit=15).hits
    both = {hit.post_id for hit in read} & {hit.post_id for hit in ranked}
    assert len(both) >= 12  # a post's length is in characters here, in words there
    assert read[0].post_id in [hit.post_id for hit in ranked[:3]]


@pytest.mark.usefixtures("small_bounds")
def test_of_more_than_can_be_ranked_the_older_follow_by_time() -> None:
    rows = [
        Row(text="手机" * (1 + number % 2), posted_at=f"2024-{number:02}-01T00:00:00Z")
        for number in range(1, 13)
    ]
    conn = make_archive(":memory:", rows)
    found = search(conn, "手机", limit=2)
    assert [hit.post_id for hit in found.hits] == [11, 9]
    assert [notice.kind for notice in found.notices] == ["ranked"]
    pages = [search(conn, "手机", limit=2, offset=offset) for offset in range(0, 12, 2)]
    assert [hit.post_id for page in pages for hit in page.hits] == [
        11,
        9,
        12,
        10,
        8,
        7,
        6,
        5,
        4,
        3,
        2,
        1,
    ]


@pytest.mark.usefixtures("small_bounds")
@pytest.mark.parametrize("order", ["best", "newest"])
@pytest.mark.parametrize("often", [2, 39])
def test_beginnings_of_words_are_looked_for_in_posts_and_of_rare_ones_in_the_index(
    often: int, order: str
) -> None:
    rows = [
        Row(text=f"ipho{number}" if number % often == 0 else "无")
        for number in range(80)
    ]
    conn = make_archive(":memory:", [*rows, *(Row(text="手机" * 9) for _ in range(9))])
    found = search(conn, "ip*", order=order, limit=50)  # type: ignore[arg-type]
    assert {hit.post_id for hit in found.hits} == set(range(1, 81, often))


def test_posts_with_a_single_character_are_ranked_by_it() -> None:
    cats = [
        Row(text="猫" + "，今天去了公园" * 30),
        Row(text="去看猫"),
        Row(text="公园里有", subject="猫"),
    ]
    conn = make_archive(
        ":memory:", [*cats, *(Row(text="今天去了") for _ in range(600))]
    )
    assert [hit.post_id for hit in search(conn, "猫").hits] == [3, 2, 1]


@pytest.mark.parametrize("listed", [1, 30_000])
def test_words_of_one_author_are_found_by_time(
    monkeypatch: pytest.MonkeyPatch, listed: int
) -> None:
    monkeypatch.setattr(limits, "LISTED_MATCHES", listed)
    monkeypatch.setattr(limits, "FEW_MATCHES", 5)
    monkeypatch.setattr(limits, "SMALL_POSTS", 5)
    times = [
        f"20{10 + number * 7 % 13}-03-03T00:00:00Z" if number % 9 else None
        for number in range(90)
    ]
    rows = [
        Row(text="手机", posted_at=time, author=f"用户{n % 3}")
        for n, time in enumerate(times)
    ]
    found = search(
        make_archive(":memory:", rows), "手机 作者:用户1", order="newest", limit=90
    )
    expected = [time for n, time in enumerate(times) if n % 3 == 1]
    assert [hit.posted_at or None for hit in found.hits] == sorted(
        expected, key=lambda each: each or "", reverse=True
    )
    assert (found.total, found.is_total_exact) == (30, True)


@pytest.mark.usefixtures("small_bounds")
def test_an_answer_that_was_cut_says_so() -> None:
    conn = make_archive(":memory:", [Row(text="手机") for _ in range(20)])
    results = search(conn, "手机", limit=3)
    assert len(results.hits) == 3
    assert not results.is_total_exact
    assert [notice.kind for notice in results.notices] == ["ranked"]


def test_grouped_by_thread_each_has_its_best_post() -> None:
    rows = [
        Row(text="手机" * number + "其他", thread=f"题{number % 3}")
        for number in range(1, 10)
    ]
    rows += [Row(text="手机", thread="题3")] * 5
    conn = make_archive(":memory:", rows)
    results = search(conn, "手机", by_thread=True)
    assert [
        (hit.thread, hit.more, [each.thread for each in hit.others])
        for hit in results.hits
    ] == [
        ("题0", 2, ["题0"] * 2),
        ("题2", 2, ["题2"] * 2),
        ("题1", 2, ["题1"] * 2),
        ("题3", 4, ["题3"] * 2),
    ]
    assert [hit.post_id for hit in results.hits[:1]] + [
        each.post_id for each in results.hits[0].others
    ] == [9, 6, 3]
    assert (results.threads, results.are_threads_all, results.total) == (4, True, 14)
    second = search(conn, "手机", by_thread=True, limit=1, offset=1)
    assert [hit.thread for hit in second.hits] == ["题2"]
    assert [each["post_id"] for each in second.hits[0].as_json()["others"]] == [5, 2]  # type: ignore[attr-defined]
    assert search(conn, "手机").threads is None


def test_nothing_found_says_why_and_what_was_perhaps_meant() -> None:
    rows = [
        Row(text="去图书馆看书"),
        Row(text="消费者协会"),
        Row(text="iPhone手机"),
        Row(text="iPhone电脑"),
    ]
    conn = make_archive(":memory:", rows)
    assert hints(conn, parse("图书管")) == (Hint("图书管", 0, ("图书馆",)),)
    assert hints(conn, parse("去图馆")) == (Hint("去图馆", 0, ("去图书", "去图书馆")),)
    assert hints(conn, parse("图书管！\x00")) == (Hint("图书管！\x00", 0, ("图书馆",)),)
    assert hints(conn, parse("图书大馆")) == (Hint("图书大馆", 0, ("图书馆",)),)
    assert hints(conn, parse("图大馆")) == (Hint("图大馆", 0, ("图书馆",)),)
    assert hints(conn, parse("手大机")) == (Hint("手大机", 0, ("手机",)),)
    assert hints(conn, parse("消费协会")) == (Hint("消费协会", 0, ("消费者协会",)),)
    assert hints(conn, parse("ihpone")) == (Hint("ihpone", 0, ("iphone",)),)
    assert hints(conn, parse("作者:ＺＨＡＮＧ 手机")) == (
        Hint("ＺＨＡＮＧ", 0, kind="author"),
        Hint("手机", 1),
    )
    assert hints(conn, parse("版块:數马")) == (
        Hint("數马", 0, ("版块:数码",), "board"),
    )
    assert hints(conn, parse("手机 图书馆")) == (Hint("手机", 1), Hint("图书馆", 1))


def test_posts_with_a_word_are_counted_up_to_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(":memory:", [Row(text="手机和猫") for _ in range(9)])
    assert hints(conn, parse("手机 猫 狗")) == (
        Hint("手机", 9),
        Hint("猫", 9),
        Hint("狗", 0),
    )
    for name in ("FEW_MATCHES", "COUNTED_MATCHES", "SMALL_POSTS"):
        monkeypatch.setattr(limits, name, 3)
    monkeypatch.setattr("archive.search.hints.COUNTED_POSTS", 2)
    assert hints(conn, parse("手机 狗")) == (
        Hint("手机", 4, or_more=True),
        Hint("狗", 0),
    )


def test_a_long_word_that_is_nowhere_is_proposed_in_its_pieces() -> None:
    texts = ("半夜的服务器又罢工了", "昨天天气好", "显卡RTX 4090评测")
    conn = make_archive(":memory:", [Row(text=text) for text in texts])
    assert hints(conn, parse("半夜的服务器昨天罢工了")) == (
        Hint("半夜的服务器昨天罢工了", 0, ("半夜的服务器",)),
    )
    assert hints(conn, parse("夜的服务器昨天天气")) == (
        Hint("夜的服务器昨天天气", 0, ("夜的服务器",)),
    )
    assert hints(conn, parse("半夜服务器罢工")) == (
        Hint("半夜服务器罢工", 0, ("半夜 服务器 罢工",)),
    )
    assert hints(conn, parse("4090显卡的评测")) == (
        Hint("4090显卡的评测", 0, ("4090 显卡 评测",)),
    )
    assert hints(conn, parse("全然无关")) == (Hint("全然无关", 0),)


def test_authors_are_found_in_other_characters_and_proposed_for_words() -> None:
    rows = [
        Row(text="猫", author="張三"),
        Row(text="狗", author="ＡＢ c"),
        Row(text="张三丰"),
    ]
    conn = make_archive(":memory:", rows)
    assert [hit.post_id for hit in search(conn, "作者:张三").hits] == [
        3
    ]  # just so written goes first
    assert [hit.post_id for hit in search(conn, "-猫 作者:張三").hits] == []
    assert [hit.post_id for hit in search(conn, '作者:"ab C"').hits] == [2]
    assert [hit.post_id for hit in search(conn, "作者:AB*").hits] == [2]
    assert hints(conn, parse('"Ab c" 猫'))[0].meant == ('author:"ＡＢ c"',)
    assert hints(conn, parse("数码"))[0].meant == ("board:数码",)


def test_in_a_small_archive_all_that_fits_is_counted() -> None:
    conn = make_archive(
        ":memory:", [Row(text=f"猫{'的' * (number % 2)}手机") for number in range(700)]
    )
    insert(conn, "quotes", post_id=1, position=1, text="新出的手機很好")
    conn.execute(
        "INSERT INTO quotes(post_id, position, author, text) SELECT id, 2, '', "
        "'电脑' FROM posts WHERE id > 9"
    )
    catch_up(conn)
    for query, count in (
        ("的", 350),
        ("-的", 350),
        ("手机 的", 350),
        ("手机 -的", 350),
        ("引用:电脑", 691),
    ):
        for order in ("best", "newest", "oldest"):
            found = search(conn, query, order=order)  # type: ignore[arg-type]
            assert (found.total, found.is_total_exact) == (count, True), (query, order)


def test_tallies_count_all_that_fits(conn: sqlite3.Connection) -> None:
    found = count_facets(conn, parse("手机 OR 猫"))
    assert found.posts == 3
    assert found.boards == (("宠物", 2), ("数码", 1))
    assert found.authors == (("王五", 2), ("张三", 1))
    assert found.years == (("?", 1), ("2024", 1), ("2025", 1))


def test_a_search_that_takes_too_long_is_stopped_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(
        ":memory:", [Row(text=f"第{number}个", floor=number) for number in range(400)]
    )
    monkeypatch.setattr(budget, "MAX_STEPS", 500)
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 100)
    results = search(conn, "floor:3")
    assert [notice.kind for notice in results.notices] == ["stopped"]
    assert "posts may be missing" in str(results.notices[0])
    assert "name an author" not in str(results.notices[0])
    assert not results.is_total_exact
    assert conn.execute("SELECT count(*) FROM posts").fetchone()[0] == 400


def test_a_search_is_stopped_by_the_clock_where_its_steps_are_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(
        ":memory:", [Row(text=f"第{number}个", floor=number) for number in range(400)]
    )
    monkeypatch.setattr(budget, "MAX_CPU_S", 0.0)
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 100)
    assert [notice.kind for notice in search(conn, "floor:3").notices] == ["stopped"]


def test_what_is_dear_to_ask_for_is_not_asked_for_post_by_post(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stats, "COMMON_MATCHES", 1)
    conn = make_archive(
        ":memory:",
        [Row(text="4090的手机，windows"), Row(text="4090的手机", author="李四")],
    )
    for query, is_expensive in (("4090的", True), ("win*", True), ("手机", False)):
        root = parse(f"作者:李四 OR {query}").root
        assert root
        assert (
            "EXISTS" in planner.plan(root, stats.IndexStats(conn)).filters.sql
        ) != is_expensive
        assert search(conn, f"作者:李四 OR {query}").total == 2


def test_changes_are_found_and_old_words_are_not() -> None:
    conn = make_archive(":memory:", [Row(text="旧的话")])
    conn.execute("UPDATE posts SET text = '新的话'")
    add_post(conn, Row(text="另一个"))
    catch_up(conn)
    assert [search(conn, query).total for query in ("旧的话", "新的话", "另一")] == [
        0,
        1,
        1,
    ]


ALPHABET = "淘宝開开店发發手机 abC1２，\n😂é"
TEXTS = st.lists(
    st.text(st.sampled_from(ALPHABET), min_size=1, max_size=30), min_size=1, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.data())
def test_any_substring_finds_its_post_and_no_other(
    texts: list[str], data: st.DataObject
) -> None:
    conn = make_archive(":memory:", [Row(text=text) for text in texts])
    text = data.draw(st.sampled_from(texts))
    start = data.draw(st.integers(0, len(text) - 1))
    words = Words(text[start : data.draw(st.integers(start + 1, len(text)))])
    expected = {
        number
        for number, each in enumerate(texts, 1)
        if holds_words(fold_post(each, ""), words)
    }
    if words.phrase:
        hits = search(conn, f'"{words.text}"').hits
        assert {hit.post_id for hit in hits} == expected
        assert all(PLAIN.start in hit.snippet.marked() for hit in hits)
    folded = normalise(words.text)
    if len(folded) > 1 and all(
        (run := segment.RUN.match(char)) and run.lastindex == 1 for char in folded
    ):
        assert expected == {
            number for number, each in enumerate(texts, 1) if folded in normalise(each)
        }
    conn.close()


@pytest.fixture(scope="module")
def any_conn() -> Iterator[sqlite3.Connection]:
    conn = make_archive(":memory:", ROWS)
    yield conn
    conn.close()


def test_an_empty_archive_gives_an_answer_to_everything() -> None:
    conn = make_archive(":memory:")
    for query in (
        "的",
        "手机",
        "-的",
        "手机 -的",
        "作者:张三",
        "版块:x 手机",
        "引用:手机",
        "手机 in:quotes",
        "iph*",
        "date:0001 手机",
        "before:0001",
        "after:9998 手机",
        "date:9998.. 手机",
        "date:..0001",
    ):
        for order in ("best", "newest", "oldest"):
            assert search(conn, query, order=order).hits == ()  # type: ignore[arg-type]
        assert count_facets(conn, parse(query)).posts == 0
        assert hints(conn, parse(query)) is not None


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text()
    | st.text(
        st.sampled_from('淘宝的a1*-"“()（） OR|NOT:：+.#^{}~作者日期is\ud800\0'),
        max_size=60,
    ),
    st.sampled_from(["best", "newest", "oldest"]),
)
def test_any_text_gives_an_answer_or_names_a_filter(
    any_conn: sqlite3.Connection, text: str, order: str
) -> None:
    assert ":" in refusal(lambda: search(any_conn, text, order=order))  # type: ignore[arg-type]


COMMON = "的了是我不在有就也都他这说要去你会着看好和人"
LONG = st.sampled_from(
    (
        " OR ".join(f"词{number}" for number in range(3_000)),
        "(" * 4_000 + "手机" + ")" * 4_000,
        "手机" * 3_000,
        "-" * 3_000,
        "手机 " + " ".join(f"-{char}" for char in COMMON),
        "\0手\0机\ud800\udfff",
        " ".join(COMMON),
        "NEAR(手机 店, 5) {body} : ^手 + 机",
        "posts_fts MATCH 'x' --",
        '"' * 999,
        "作者:" * 400,
        "iph* " * 70,
        "(a OR -(b OR -(c OR -(d OR -猫))))",
        "date:2024..2024..2024",
        "“" * 7 + "手机",
        "'; DROP TABLE posts; --",
        "手机\n\t\x0b\u3000\u2028的",
        "rank:1 rowid:2 body:手机 手机 AND",
        "*",
        "﷽" * 500,
        "👨‍👩‍👧" * 300,
    )
)


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    LONG,
    LONG | st.text(max_size=5),
    st.sampled_from(["best", "newest", "oldest"]),
    st.booleans(),
)
def test_whatever_is_typed_is_answered_counted_and_helped(
    any_conn: sqlite3.Connection, first: str, more: str, order: str, by_thread: bool
) -> None:
    text = f"{first} {more}"

    def ask() -> None:
        results = search(any_conn, text, order=order, by_thread=by_thread)  # type: ignore[arg-type]
        count_facets(any_conn, results.query)
        hints(any_conn, results.query)
        any_conn.execute(
            "SELECT 1 FROM posts_fts WHERE posts_fts MATCH ?", (match_expression(text),)
        ).fetchall()

    assert ":" in refusal(ask)


def test_tallies_of_common_words_are_of_posts_from_all_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(
        ":memory:",
        [
            Row(
                text="收音机",
                thread=f"主题{number}",
                posted_at=f"20{10 + number // 10}-12-31T17:00:00Z",
            )
            for number in range(100)
        ],
    )
    monkeypatch.setattr(facets, "COUNTED_POSTS", 50)
    found = count_facets(conn, parse("收音机"))
    assert found.was_cut
    assert found.posts == 50
    assert found.years == tuple((str(2011 + decade), 5) for decade in range(10))
