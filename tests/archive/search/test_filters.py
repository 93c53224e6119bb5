"""Every filter, in English and Chinese, finds its posts: where they are few, and where they
are too many to list."""

from __future__ import annotations

import sqlite3

import pytest
from archive_of_posts import Row, insert, make_archive

from archive.index.writer import catch_up
from archive.search import stats
from archive.search.api import search
from archive.search.budget import BoundedConnection
from archive.search.facets import count_facets
from archive.search.hints import hints
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    """Post n has the nth property; they all say 手机."""
    rows = [
        Row(text="手机", thread=f"题{number}", floor=number, opening=number == 13)
        for number in range(1, 14)
    ]
    conn = make_archive(":memory:", rows)
    insert(conn, "images", post_id=1, position=1, url="a.jpg")
    insert(conn, "attachments", post_id=2, position=1, name="a.zip")
    insert(conn, "attachments", post_id=3, position=1, name="b.png", image=1)
    insert(conn, "polls", post_id=4)
    insert(conn, "links", post_id=5, position=1, url="https://a.example/")
    insert(conn, "quotes", post_id=6, position=1, text="电脑")
    changes = {
        7: "withheld = '被屏蔽'",
        8: "edited_by = '张三'",
        9: "edited_at = '2024-05-02'",
        10: "gone_at = '2024-06-01'",
        11: "anonymous = 1",
    }
    for number, change in changes.items():
        conn.execute(f"UPDATE posts SET {change} WHERE id = {number}")
    for number, location in ((1, "广东省深圳市"), (2, "廣東"), (3, "New York")):
        sql = "UPDATE posts SET location = ? WHERE id = ?"
        conn.execute(sql, (location, number))
    conn.execute("UPDATE threads SET digest = 1 WHERE title = '题12'")
    catch_up(conn)
    return conn


FILTERS = [
    ("has:image", "有:图", {1, 3}),
    ("has:attachment", "有:附件", {2, 3}),
    ("has:poll", "有:投票", {4}),
    ("has:link", "有:链接", {5}),
    ("has:quote", "有:引用", {6}),
    ("is:withheld", "是:隐藏", {7}),
    ("is:edited", "是:编辑", {8, 9}),
    ("is:gone", "是:删除", {10}),
    ("is:anonymous", "是:匿名", {11}),
    ("is:digest", "是:精华", {12}),
    ("is:op", "是:主楼", {13}),
    ("floor:3..4", "楼层:3..4", {3, 4}),
    ("floor:13", "楼：13", {13}),
    ("quote:电脑", "引用:電腦", {6}),
    ("title:没有", "标题:没有", set()),
    ("site:bbs.example floor:1", "论坛:试论坛 楼:1", {1}),
    ("site:nowhere", "站点:没有", set()),
    ("board:数码 floor:2", "版块:数码 楼层:2", {2}),
    ("board:1 floor:2", "板块:1 楼层:2", {2}),
    ("board:none", "版:没有", set()),
    ("author:张三 floor:5", "作者:張三 楼层:5", {5}),
    ("author:张* floor:5", "作者:張＊ 楼层:5", {5}),
    ("after:2023 floor:..2", "之后:2023 楼层:..2", {1, 2}),
    ("before:2024", "之前:2024", set()),
    ("date:2024-05-01 floor:4", "日期:2024年5月1日 楼层:4", {4}),
    ("location:广东", "来自:廣東", {1, 2}),
    ("location:深圳", "归属地：深圳", {1}),
    ("location:广东*", "属地:广东＊", {1, 2}),
    ("location:深圳*", "IP属地:深圳*", set()),
    ("location:ＮＥＷ", "来自:new", {3}),
    ("location:北京", "来自:北京", set()),
    ("location:广东 floor:2", "来自:广东 楼层:2", {2}),
]


@pytest.mark.parametrize("words", ["", "手机 ", "的 OR 手机 "])
@pytest.mark.parametrize("listed", [0, 5_000])
@pytest.mark.parametrize(("english", "chinese", "found"), FILTERS)
def test_filters_find(
    conn: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    english: str,
    chinese: str,
    found: set[int],
    listed: int,
    words: str,
) -> None:
    monkeypatch.setattr(stats, "COMMON_MATCHES", listed)
    words = f"({words.strip()}) " if "OR" in words else words
    for query in (english, chinese):
        for order in ("best", "newest"):
            hits = search(conn, words + query, order=order).hits  # type: ignore[arg-type]
            assert {hit.post_id for hit in hits} == found, query
    if "title" not in english and "quote:" not in english:
        others = search(conn, f"手机 -{english.split()[-1]}").hits
        assert not {hit.post_id for hit in others} & found


@pytest.mark.parametrize("listed", [-1, 5_000])
def test_rare_properties_are_found_by_their_index(
    conn: sqlite3.Connection, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats, "COMMON_MATCHES", listed)
    for query in ("is:withheld", "is:edited", "is:gone", "is:anonymous"):
        root = parse(query).root
        assert root
        where = plan(root, IndexStats(conn)).filters.sql
        sql = (
            f"SELECT id FROM posts p WHERE {where} AND p.posted_at IS NOT NULL ORDER BY "
            f"p.posted_at DESC, p.id DESC"
        )
        steps = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert any(
            f"posts_{query[3:]}" in step
            for step in (steps[:1] if listed < 0 else steps)
        )
        assert ("p.id IN" in where) == (listed > 0)


def test_posts_of_a_location_are_found_by_its_index(conn: sqlite3.Connection) -> None:
    root = parse("手机 来自:广东").root
    assert root
    planned = plan(root, IndexStats(conn))
    assert (planned.is_selective, planned.is_by_name) == (True, True)
    sql = f"SELECT id FROM posts p WHERE {planned.filters.sql}"
    steps = conn.execute(f"EXPLAIN QUERY PLAN {sql}", planned.filters.params)
    assert "posts_by_location" in steps.fetchone()[3]


def test_locations_are_shown_counted_and_proposed(conn: sqlite3.Connection) -> None:
    hits = search(conn, "来自:广东", order="oldest").hits
    assert [hit.as_json()["location"] for hit in hits] == ["广东省深圳市", "廣東"]
    assert "location" not in search(conn, "floor:9").hits[0].as_json()
    found = count_facets(conn, parse("手机"))
    assert found.locations == (("New York", 1), ("广东省深圳市", 1), ("廣東", 1))
    assert hints(conn, parse("来自:广西"))[0].meant == ("来自:廣東",)
    assert hints(conn, parse("来自:广东 没有")) == hints(conn, parse("没有"))
    assert hints(conn, parse("深圳"))[0].meant == ("location:深圳",)
    assert hints(conn, parse("地区:广东"))[0].meant == ("来自:广东",)


def test_from_is_a_word_and_no_filter(conn: sqlite3.Connection) -> None:
    assert parse("from:广东").filters() == ()


def test_names_that_all_authors_begin_with_are_no_reason_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        Row(
            text="手机",
            author=f"用户{number}",
            posted_at=f"{2010 + number % 8}-{1 + number // 8 % 12:02}-01",
        )
        for number in range(2_000)
    ]
    conn = make_archive(":memory:", rows)
    monkeypatch.setattr("archive.search.budget.MAX_STEPS", 8_000)
    monkeypatch.setattr("archive.search.budget._STEPS_BETWEEN_LOOKS", 1_000)
    found = search(conn, "手机 作者:用*", order="newest")
    assert len(found.hits) == 20
    assert BoundedConnection(conn).number("SELECT count(*) FROM posts") == 2_000


def test_many_single_characters_are_all_needed() -> None:
    texts = ("，".join("天地玄黄宇宙洪荒"[: 1 + number % 8]) for number in range(1_600))
    conn = make_archive(":memory:", [Row(text=text) for text in texts])
    for query, count in (
        ("荒 洪 宙 宇 黄 玄 地 天", 200),
        ("天 地 宙 -荒", 400),
        ("天 地 玄 黄 盈", 0),
    ):
        for order in ("best", "newest"):
            found = search(conn, query, order=order, all_words=True)  # type: ignore[arg-type]
            assert (found.total, found.is_total_exact) == (count, True), query


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("版快:数码", "版块:数码"),
        ("作者呢：张三", "作者:张三"),
        ("标提:手机", ""),
        ("楼主:张三", "作者:张三"),
        ("楼主:李四", ""),
        ("日其:2024", "日期:2024"),
        ("网址:a.example", ""),
        ("答:没有", ""),
        ("abc:没有", ""),
    ],
)
def test_a_misspelt_chinese_filter_is_proposed_where_nothing_is_found(
    conn: sqlite3.Connection, typed: str, meant: str
) -> None:
    query = parse(typed)
    assert search(conn, typed).hits == ()
    assert hints(conn, query)[0].meant == ((meant,) if meant else ())
