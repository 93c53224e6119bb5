"""One set of questions through SQLite and ClickHouse: the same hits, totals and orders on the
same rows."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
from archive.clickhouse.api import search as search_index
from archive.clickhouse.facets import count_facets as count_in_index
from archive.clickhouse.index import Index
from archive.clickhouse.load import load
from archive.corpus.outputs import Output
from archive.index.writer import catch_up
from archive.schema import open_archive
from archive.search.api import Results, search
from archive.search.context import ORDERS, Order
from archive.search.facets import count_facets
from archive.search.query import parse
from tests.archive.search.test_doors import CASES, POSTS
from tests.archive_of_posts import Row, insert, make_archive
from tests.clickhouse_index import engine_in, exported

NOW = datetime(2025, 2, 1, 3, tzinfo=UTC)
AUTHORS = ("張三", "张三丰", "李'四\\", "猫Ａ", "")
PLACES = ("", "广东省深圳市", "廣東", "北京")
TALK = (
    *("淘宝", "店铺", "手机", "的", "猫", "狗", "极速", "退款", "软件", "iPhone15"),
    *("RTX4090", "wifi", "電腦", "微信", "，。！", "在", "问题", "很", "好"),
)
MORE = (
    *(
        "author:张三",
        "作者:張三",
        "作者:张*",
        "作者:李'四\\",
        "作者:谁",
        "-作者:张三 猫",
    ),
    *(
        "版块:数码",
        "版块:數碼",
        "board:1",
        "版块:没有",
        "版块:2 手机",
        "site:试",
        "站点:bbs",
    ),
    *("来自:深圳", "来自:广东", "来自:广东*", "归属地:北京 猫", "来自:火星"),
    *(
        "日期:2024",
        "日期:2024-05-01",
        "之前:2024-05",
        "之后:2024",
        "日期:2023..2024-06",
    ),
    *("日期:今天", "日期:去年", "近三个月", "日期:近三个月", "-日期:2024"),
    *("楼层:1", "楼层:2..3", "楼层:5..", "-楼层:1", "主题:1", "主题:2 猫", "主题:99"),
    *("replies:>10", "回复:..10", "查看:100..", "views:7", "-replies:>10 手机"),
    *("有:图", "有:附件", "有:投票", "有:链接", "有:引用", "-有:图 手机"),
    *("是:主楼", "是:隐藏", "是:编辑", "是:删除", "是:匿名", "是:精华", "是:精华 -猫"),
    *(
        "标题:手机",
        "在:标题 手机",
        "正文:手机",
        "标题:c++",
        "引用:退货",
        "在:引用 手机",
    ),
    *(
        "引用:沙沙",
        '"退货 可以"',
        '引用:"退货，可以"',
        "引用:wif*",
        "引用:blue*",
        "标题:iph*",
    ),
    *(
        "手机 OR 猫",
        "手机 -猫 -的",
        "(手机 OR 电脑) -淘宝",
        "-(手机 猫)",
        "淘* 猫",
        "i* OR 狗",
    ),
    *(
        "手机 很好",
        "猫狗",
        "的猫",
        "店铺极速退款",
        '"猫 狗"',
        '"手机，很"',
        "rtx40*",
        "40* 猫",
    ),
    *(
        "怎么办 手机 猫狗极速",
        "服务器罢工怎么办 手机",
        "",
        "，。",
        "'",
        "\\",
        "a\\'b",
        "%",
        "_",
    ),
    *(
        "𠮷",
        "한국",
        "ภาษา",
        "c++ 17",
        "iphone15*",
        "*",
        "手机*",
        "猫 狗 微信 退款 软件",
    ),
)
QUERIES = tuple(dict.fromkeys((*(case.query for case in CASES), *MORE)))


def _rows() -> Iterator[Row]:
    """Posts in which the words of talk stand in every order, some at one second."""
    chance = random.Random(5)
    for number in range(240):
        said = "".join(chance.choices(TALK, k=chance.randint(1, 12)))
        month = chance.randint(1, 12)
        day = f"202{chance.randint(3, 4)}-{month:02}-{chance.randint(1, 28):02}"
        time = chance.choice([day, f"{day}T16:00:00Z", f"{day}T15:59:59Z", None])
        yield Row(
            text=said,
            subject="".join(chance.choices(TALK, k=2)) if number % 9 == 0 else "",
            author=chance.choice(AUTHORS),
            posted_at=time,
            thread=f"第{number % 13}题",
            board=chance.choice(["数码", "宠物", "數碼三"]),
            floor=number % 7 or None,
            opening=number % 9 == 0,
            location=chance.choice(PLACES),
        )


def _archive(path: Path) -> sqlite3.Connection:
    conn = make_archive(path, (*POSTS, *_rows()))
    conn.executescript("""
        UPDATE threads SET replies = id * 3 % 17, views = id * 50 WHERE id % 4;
        UPDATE threads SET digest = 1 WHERE id % 5 = 0;
        UPDATE posts SET withheld = '作者被禁止' WHERE id % 31 = 0;
        UPDATE posts SET edited_at = '2024-09-01T00:00:00Z' WHERE id % 29 = 0;
        UPDATE posts SET edited_by = '张三' WHERE id % 37 = 0;
        UPDATE posts SET gone_at = '2024-10-01T00:00:00Z' WHERE id % 41 = 0;
        UPDATE posts SET anonymous = 1 WHERE author = '';
        UPDATE posts SET pid = NULL WHERE id % 3 = 0;
    """)
    for post_id in range(2, 200, 11):
        insert(conn, "quotes", post_id=post_id, position=1, text="退货，可以，手机")
    insert(conn, "quotes", post_id=2, position=2, text="只剩沙沙声 WiFi Bluetooth")
    for post_id in (3, 14, 60):
        insert(conn, "images", post_id=post_id, position=1, url="a.jpg")
    insert(conn, "attachments", post_id=5, position=1, url="b", name="b", image=1)
    insert(conn, "attachments", post_id=6, position=1, url="c", name="c", image=0)
    insert(conn, "links", post_id=7, position=1, url="https://example.com/")
    catch_up(conn)
    return conn


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("both") / "forum.db"
    _archive(path).close()
    conn: sqlite3.Connection = open_archive(path, create=False).conn
    return conn


@pytest.fixture(scope="module")
def index(
    db: sqlite3.Connection, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("index")
    (_, _, path) = db.execute("PRAGMA database_list").fetchone()
    tables = exported(Path(path), folder / "tables")
    with engine_in(folder / "chdb") as engine:
        loaded = load(engine, Output(str(tables)))
        posts = db.execute("SELECT count(*) FROM posts").fetchone()[0]
        assert (loaded.read, loaded.new) == (posts, posts)
        yield Index(engine)


def _answer(results: Results) -> tuple[object, ...]:
    hits = [hit.as_json() for hit in results.hits]
    notices = [notice.kind for notice in results.notices]
    return results.total, results.is_total_exact, results.threads, notices, hits


@pytest.mark.parametrize("query", QUERIES)
def test_both_engines_give_the_same(
    db: sqlite3.Connection, index: Index, query: str
) -> None:
    orders = ORDERS if query in MORE else ("best", "newest")
    for order in orders:
        one = search(db, query, limit=25, order=order, now=NOW)
        other = search_index(index, query, limit=25, order=order, now=NOW)
        assert _answer(other) == _answer(one), order


@pytest.mark.parametrize("order", ORDERS)
def test_later_pages_are_the_same(
    db: sqlite3.Connection, index: Index, order: Order
) -> None:
    for query in ("手机", "-手机", "日期:2024 OR 猫", "怎么办 手机 猫狗极速"):
        for offset in (7, 60, 150, 240, 300):
            one = search(db, query, limit=30, offset=offset, order=order, now=NOW)
            other = search_index(
                index, query, limit=30, offset=offset, order=order, now=NOW
            )
            assert _answer(other) == _answer(one), (query, offset)


@pytest.mark.parametrize(
    "query", ["手机", "猫 -狗", "作者:张三", "怎么办 手机 猫狗极速"]
)
def test_threads_and_counts_are_the_same(
    db: sqlite3.Connection, index: Index, query: str
) -> None:
    for order in ORDERS:
        one = search(db, query, order=order, by_thread=True, now=NOW)
        other = search_index(index, query, order=order, by_thread=True, now=NOW)
        assert _answer(other) == _answer(one), order
    asked = parse(query, NOW)
    assert count_in_index(index, asked) == count_facets(db, asked)
