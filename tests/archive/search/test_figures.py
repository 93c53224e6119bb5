"""Within a thread, by the replies and views of threads, and in their order."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from archive_of_posts import Row, insert, make_archive, refusal
from click.testing import CliRunner

from archive.cli import cli
from archive.index.writer import catch_up
from archive.search import limits
from archive.search.api import Order, search
from archive.search.explain import explain
from archive.search.hints import hints
from archive.search.query import parse

FIGURES = {
    "甲题": (3, 900),
    "乙题": (30, 10),
    "丙题": (None, None),
    "丁题": (11, 0),
    "戊题": (10, 901),
}
"""Replies and views of each thread; its posts are numbered from 1, two a thread."""


def fill(path: Path | str) -> sqlite3.Connection:
    rows = [
        Row(
            text=f"手机 {said}", thread=thread, posted_at=f"2024-05-0{number}T00:00:00Z"
        )
        for number, thread in enumerate(FIGURES, 1)
        for said in ("猫", "狗")
    ]
    conn = make_archive(path, rows)
    for thread, (replies, views) in FIGURES.items():
        sql = "UPDATE threads SET replies = ?, views = ? WHERE title = ?"
        conn.execute(sql, (replies, views, thread))
    return conn


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    return fill(":memory:")


@pytest.fixture(params=["small", "large", "walked"])
def sized(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """An archive that is taken for small, for large, or whose threads are gone through."""
    if request.param != "small":
        monkeypatch.setattr(limits, "LARGE_POSTS", 1)
    if request.param == "walked":
        monkeypatch.setattr(limits, "LISTED_IN_LARGE", 0)
        monkeypatch.setattr(limits, "LISTED_MATCHES", 0)
    return str(request.param)


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("主题:2", {3, 4}),
        ("主题：2", {3, 4}),
        ("thread:2 猫", {3}),
        ("tid:2 -猫", {4}),
        ("主题:99", set()),
        ("回复:>10", {3, 4, 7, 8}),
        ("回复:＞10", {3, 4, 7, 8}),
        ("回复:>=10", {3, 4, 7, 8, 9, 10}),
        ("回复:≥10", {3, 4, 7, 8, 9, 10}),
        ("回复:10", {9, 10}),
        ("回复:10+", {3, 4, 7, 8, 9, 10}),
        ("回复:10..", {3, 4, 7, 8, 9, 10}),
        ("回复:10..11", {7, 8, 9, 10}),
        ("回复:<10", {1, 2}),
        ("回复:≤10", {1, 2, 9, 10}),
        ("replies:..10 狗", {2, 10}),
        ("replies:>10 -狗", {3, 7}),
        ("-回复:>10", {1, 2, 5, 6, 9, 10}),
        ("回复:>100", set()),
        ("查看:>100", {1, 2, 9, 10}),
        ("views:0", {7, 8}),
        ("浏览:..10 猫", {3, 7}),
        ("主题:2 OR 主题:3", {3, 4, 5, 6}),
    ],
)
def test_filters(
    conn: sqlite3.Connection, query: str, right: set[int], sized: str
) -> None:
    for order in ("best", "newest", "replies", "views"):
        found = search(conn, query, order=order)  # type: ignore[arg-type]
        assert {hit.post_id for hit in found.hits} == right, order


@pytest.mark.parametrize(
    "query", ["手机", "机", "手机 -鸟", "楼层:1 OR 手机", "回复:0.. OR 猫 OR 狗"]
)
@pytest.mark.parametrize(
    ("order", "right"),
    [
        ("replies", [4, 3, 8, 7, 10, 9, 2, 1, 6, 5]),
        ("views", [10, 9, 2, 1, 4, 3, 8, 7, 6, 5]),
    ],
)
def test_orders(
    conn: sqlite3.Connection, query: str, order: Order, right: list[int], sized: str
) -> None:
    found = search(conn, query, order=order)
    assert [hit.post_id for hit in found.hits] == right
    paged: list[int] = []
    for offset in range(0, 12, 3):
        page = search(conn, query, order=order, limit=3, offset=offset)
        paged += [hit.post_id for hit in page.hits]
        if page.is_total_exact:
            assert page.total == len(right)
        assert page.total <= len(right)
    assert paged == right
    threads = search(conn, query, order=order, by_thread=True)
    assert [hit.post_id for hit in threads.hits] == right[::2]


def test_posts_with_some_words_are_ordered_so_too(conn: sqlite3.Connection) -> None:
    for order, right in (("replies", [3, 7, 9, 1, 5]), ("views", [9, 1, 3, 7, 5])):
        found = search(conn, "猫 彗星", order=order)  # type: ignore[arg-type]
        assert found.is_partial
        assert [hit.post_id for hit in found.hits] == right


def test_explain_tells_it(conn: sqlite3.Connection, sized: str) -> None:
    ways = explain(conn, "手机", order="replies").ways
    assert ("by_figure" in ways) == (sized == "walked")
    assert explain(conn, "主题:2 回复:>3").understood == "thread:2 AND replies:>3"


def test_a_long_thread_is_searched_within() -> None:
    rows = [Row(text=f"手机 {number}", thread="长题") for number in range(60)]
    conn = make_archive(":memory:", [*rows, Row(text="手机 5", thread="短题")])
    assert search(conn, "主题:1 手机").total == 60
    assert [hit.post_id for hit in search(conn, "主题:1 5").hits] == [6]


def test_threads_of_several_forums_may_have_the_number() -> None:
    conn = make_archive(":memory:", [Row(text="手机"), Row(text="手机", thread="又")])
    second = insert(conn, "sites", name="又一", base_url="https://b.example/")
    conn.execute("UPDATE threads SET site_id = ?, tid = 1 WHERE id = 2", (second,))
    conn.execute("UPDATE posts SET site_id = ? WHERE id = 2", (second,))
    catch_up(conn)
    assert search(conn, "主题:1").total == 2
    assert [hit.post_id for hit in search(conn, "主题:1 站点:又一").hits] == [2]


def test_what_means_nothing_is_named(conn: sqlite3.Connection) -> None:
    for query in ("主题:手机", "thread:4x", "主题:"):
        said = refusal(lambda: parse(query))  # noqa: B023 -- called at once
        assert "thread" in said or "no value" in said
    for query in ("回复:很多", "replies:>", "回复:1..2..3", "查看:..", "楼层:>x"):
        assert "is no number" in refusal(lambda: parse(query))  # noqa: B023 -- the same
    (hint,) = hints(conn, parse("主题:99"))
    assert (hint.kind, hint.posts, hint.meant) == ("thread", 0, ())


def test_floors_are_compared_too() -> None:
    rows = [Row(text="手机", floor=number) for number in range(1, 6)]
    conn = make_archive(":memory:", rows)
    for query, count in (("楼层:>3", 2), ("楼层:<=3", 3), ("floor:3", 1)):
        assert search(conn, query).total == count


def test_every_door_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "forum.db"
    fill(path).close()
    argv = ["search", str(path), "--json", "--order", "views", "回复:>5", "猫"]
    said = CliRunner().invoke(cli, argv, standalone_mode=False)
    hits = [json.loads(line)["post_id"] for line in said.stdout.splitlines()]
    assert hits == [9, 3, 7]
    argv = ["search", str(path), "主题:99"]
    said = CliRunner().invoke(cli, argv, standalone_mode=False)
    assert "99” is the number of no thread" in said.stderr

    pytest.importorskip("datasette")
    from tests.web_client import pages_of

    pages = pages_of(path)
    page = pages.get("/search", {"q": "回复:>5 猫", "order": "views"}).text
    assert page.index("戊题") < page.index("乙题") < page.index("丁题")
    assert "甲题" not in page
    feed = pages.get("/search.atom", {"q": "主题:2"}).text
    assert feed.count("<entry>") == 2
    given = {"_search": "回复:>5 猫", "_shape": "objects"}
    rows = pages.get("/forum/posts.json", given).json()["rows"]
    assert {row["id"] for row in rows} == {3, 7, 9}
    rows = pages.get("/forum/posts.json", {**given, "_search": "主题:2"}).json()["rows"]
    assert {row["id"] for row in rows} == {3, 4}
