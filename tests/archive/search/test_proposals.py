"""What is said where nothing is found: the days that were searched, and proposals that are
queries which find something."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from archive_of_posts import Row, insert, make_archive
from click.testing import CliRunner

from archive.cli import cli
from archive.index.writer import catch_up
from archive.search.api import search
from archive.search.hints import hints, with_proposal
from archive.search.query import parse
from archive.search.searched import searched

ROWS = (
    Row(text="图书馆的电视", author='她说"好"', board="家电 (旧)", thread="一"),
    Row(
        text="时间：2024-05-17 作者：无名",
        author="a b",
        board="数码",
        thread="二",
    ),
    Row(
        text="手机",
        author="張三",
        board="“二手”市场",
        subject="出手机",
        thread="三",
    ),
    Row(
        text="图书馆",
        author="李四",
        board="空*版",
        location="广东 深圳",
        thread="四",
    ),
)


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    conn = make_archive(":memory:", ROWS)
    insert(conn, "boards", site_id=1, fid=77, name="没有帖子的版")
    catch_up(conn)
    return conn


@pytest.mark.parametrize(
    "typed",
    [
        "图书管",
        "标题:出手几",
        '标题:"出手几"',
        "作者:她说好",
        '作者:"她说 好"',
        "作者:a",
        "作者:張四",
        "用户名:张三",
        "楼主:张三",
        "楼主:没有这个人",
        "版块:家店",
        "版块：二首市场",
        "版块:没有帖子的板",
        "没有帖子",
        "来自:广东深证",
        "深圳",
        "张三",
        "a　b",
        "时间：2024-05-17",
        "作者：无名",
        "-狗 图书管 作者:李四",
    ],
)
def test_every_proposal_is_a_query_that_finds_something(
    conn: sqlite3.Connection, typed: str
) -> None:
    query = parse(typed)
    for hint in hints(conn, query):
        for proposal in hint.meant:
            assert search(conn, proposal).hits, proposal
            parse(with_proposal(typed, hint, proposal))


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("图书管 -狗", "图书馆 -狗"),
        ("标题:出手几", "标题:出手机"),
        ('作者:"她说 好" 图书馆', '作者:“她说"好"” 图书馆'),
        ("版块:二首市场", '版块:"“二手”市场"'),
        ("来自:广东深证", '来自:"广东 深圳"'),
        ("楼主:張三", "作者:張三"),
        ("标提:出手机", "标题:出手机"),
        ("作者：无名", '"作者：无名"'),
        ("时间：2024-05-17", '"时间：2024-05-17"'),
    ],
)
def test_a_proposal_takes_the_place_of_what_was_typed(
    conn: sqlite3.Connection, typed: str, then: str
) -> None:
    proposed: list[str] = []
    for hint in hints(conn, parse(typed)):
        proposed += [with_proposal(typed, hint, each) for each in hint.meant]
    assert then in proposed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("版块:家電", [1]),
        ("版块:數碼", [2]),
        ("版块:ＳＨＵ", []),
        ('版块:"空*版"', [4]),
        ("站点:試論壇 手机", [3]),
        ("站点:ＢＢＳ.EXAMPLE 手机", [3]),
        ("版块:家電 OR 版块:數碼", [1, 2]),
        ("-版块:數碼 -版块:家電", [3, 4]),
    ],
)
def test_boards_and_forums_are_found_in_other_characters(
    conn: sqlite3.Connection, query: str, found: list[int]
) -> None:
    assert [hit.post_id for hit in search(conn, query, order="oldest").hits] == found


@pytest.mark.parametrize(
    ("offset_minutes", "first", "last", "days"),
    [
        (480, "2024-04-30T16:00:00Z", "2024-05-02T15:59:00Z", "2024-05-01 2024-05-02"),
        (480, "2024-04-30T15:59:00Z", "2024-05-02T16:00:00Z", "2024-04-30 2024-05-03"),
        (-300, "2024-05-01T04:00:00Z", "2024-05-02", "2024-04-30 2024-05-02"),
        (0, "2024-05-01T23:59:59Z", "2024-05-01T23:59:59Z", "2024-05-01 2024-05-01"),
    ],
)
def test_the_days_that_were_searched_are_the_forums_own(
    offset_minutes: int, first: str, last: str, days: str
) -> None:
    conn = make_archive(":memory:", [Row(posted_at=first), Row(posted_at=last)])
    conn.execute("UPDATE sites SET utc_offset_minutes = ?", (offset_minutes,))
    assert searched(conn) == (2, *days.split())


def test_nothing_was_searched_where_there_is_nothing() -> None:
    assert searched(make_archive(":memory:")) == (0, "", "")
    assert searched(make_archive(":memory:", [Row(posted_at=None)])) == (1, "", "")


CASES = [
    ("board-filter-not-folded", "版块:家電", "1–1 of 1"),
    ("board-filter-not-folded", "版块:數碼", "1–1 of 1"),
    ("hint-that-is-an-error", "楼主:张三", "did you mean “作者:张三”?"),
    ("hint-that-is-an-error", "用户:张三", "did you mean “作者:张三”?"),
    ("searched-range-in-utc", "雪", "in 2 posts of 2024-05-01 to 2024-05-03"),
    ("title-filter-with-blank", "标题: 退货", "1–1 of 1"),
]


@pytest.mark.parametrize(("case", "query", "said"), CASES)
def test_cases_that_readers_met(
    shared: Path, tmp_path: Path, case: str, query: str, said: str
) -> None:
    page = shared / "cases/search" / case / "thread-1-1-1.html"
    if not page.exists():
        pytest.skip("no such case here")
    archive = str(tmp_path / "case.db")
    run = CliRunner()
    assert run.invoke(cli, ["ingest", archive, str(page)]).exit_code == 0
    assert said in run.invoke(cli, ["search", archive, query]).output
