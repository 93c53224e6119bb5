"""Laws of every answer: two characters that stand together find their post; counts are the
hits paged through; all doors find the same; a search stopped anywhere is a part that says so."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from random import Random

import feedparser
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from archive.cli import cli, run
from archive.index.writer import catch_up
from archive.schema import open_archive
from archive.search import budget
from archive.search.api import Order, Results, match_expression, search
from archive.search.budget import BoundedConnection
from archive.search.context import ORDERS
from archive.search.facets import count_facets
from archive.search.query import parse
from scraper.core.errors import QueryError
from tests.archive_of_posts import Row, add_post, make_archive

QUIET = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
JOINED = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF) | st.sampled_from(
    "々かがカガー妳甚麼⻓ㄅ𠮷"
)
"""Characters between which one break is none."""
APART = st.sampled_from("가힣ไทยລາວខမြ")
BREAKS = st.sampled_from(("", "", "", "\n", " ", "\r\n", "\u3000", " \n "))
WORDS = (
    "手机",
    "電腦",
    "相机",
    "服务器",
    "罢工",
    "天气",
    "猫",
    "狗",
    "的",
    "wifi",
    "C++",
    "rtx4090",
)
ASKED = st.sampled_from(
    (
        *WORDS,
        "手機",
        "电脑",
        "脑",
        "服务",
        "彗星",
        "4090",
        "Wi-Fi",
        "win*",
        "服务器罢工怎么办",
        "今天天气怎么样",
        '"手机 相机"',
        "作者:张三",
        "作者:李*",
        "标题:天气",
        "主题:2",
        "回复:>1",
        "查看:..5",
        "日期:2024",
        "日期:2023-02",
        "楼层:..3",
        "是:主楼",
        "版块:闲聊",
        "引用:手机",
    )
)


def queries(most: int = 3) -> st.SearchStrategy[str]:
    """Some words and filters, also left out or one of two."""
    part = (
        ASKED
        | ASKED.map("-{}".format)
        | st.tuples(ASKED, ASKED).map("({0[0]} OR {0[1]})".format)
    )
    return st.lists(part, min_size=1, max_size=most).map(" ".join)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    random = Random(19)
    path = tmp_path_factory.mktemp("laws") / "forum.db"
    conn = make_archive(path)
    rows = [
        Row(
            text="，".join(random.choices(WORDS, k=random.randint(1, 4))),
            subject=random.choice(WORDS) if number % 4 == 0 else "",
            author=random.choice(("张三", "李四", "李五")),
            posted_at=f"202{number % 3 + 2}-0{number % 9 + 1}-03T00:00:00Z",
            thread=f"题{number % 5}",
            board=random.choice(("数码", "闲聊")),
            floor=number % 6,
            opening=number % 6 == 0,
        )
        for number in range(18)
    ]
    conn.close()
    path.unlink()
    conn = make_archive(path, [*rows, Row(text="手机", posted_at=None)])
    conn.execute("UPDATE threads SET replies = id % 4, views = id * 3")
    conn.close()
    return path


@pytest.fixture(scope="module")
def conn(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path)


@pytest.fixture(scope="module")
def empty() -> sqlite3.Connection:
    return make_archive(":memory:")


def stored(conn: sqlite3.Connection, *rows: Row) -> set[int]:
    """The numbers of these posts, the only ones of the archive."""
    conn.execute("DELETE FROM posts")
    numbers = {add_post(conn, row) for row in rows}
    catch_up(conn)
    return numbers


@QUIET
@given(st.lists(st.tuples(JOINED, BREAKS), min_size=2, max_size=12), st.data())
def test_any_two_characters_that_stand_together_find_their_post(
    empty: sqlite3.Connection, chars: list[tuple[str, str]], data: st.DataObject
) -> None:
    text = "".join(char + gap for char, gap in chars)
    at = data.draw(st.integers(0, len(chars) - 2))
    asked = chars[at][0] + chars[at + 1][0]
    posts = stored(empty, Row(text=text), Row(subject=text))
    for query in (asked, f'"{asked}"', f"在:正文 {asked} OR 标题:{asked}"):
        hits = search(empty, query, all_words=True).hits
        assert {hit.post_id for hit in hits} == posts, (text, query)
    sql = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
    matched = {row[0] for row in empty.execute(sql, (match_expression(asked),))}
    viewed = empty.execute("SELECT id FROM search WHERE q = ?", (json.dumps(asked),))
    assert matched == {row[0] for row in viewed} == posts


@QUIET
@given(st.text(APART, min_size=2, max_size=12), st.data())
def test_so_do_those_of_other_scripts_within_their_runs(
    empty: sqlite3.Connection, text: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(text) - 2))
    posts = stored(empty, Row(text=f"無關 {text} x"))
    hits = search(empty, text[at : at + 2], all_words=True).hits
    assert {hit.post_id for hit in hits} == posts


@QUIET
@given(queries(), st.sampled_from(ORDERS), st.integers(1, 7), st.booleans())
def test_every_count_is_the_number_of_hits_paged_through(
    conn: sqlite3.Connection, query: str, order: Order, size: int, by_thread: bool
) -> None:
    whole = search(conn, query, order=order, limit=100)
    ids = [hit.post_id for hit in whole.hits]
    assert len(ids) == len(set(ids))
    assert (whole.total, whole.is_total_exact) == (len(ids), True)
    paged: list[int] = []
    for offset in range(0, len(ids) + size, size):
        page = search(conn, query, order=order, limit=size, offset=offset)
        assert page.total == len(ids)
        assert page.is_partial == whole.is_partial
        paged += [hit.post_id for hit in page.hits]
    assert paged == ids
    facets = count_facets(conn, parse(query))
    assert (facets.posts, facets.part) == (len(ids), "all")
    for counted in (facets.boards, facets.authors, facets.years):
        assert sum(count for _, count in counted) == len(ids)
    if by_thread:
        grouped = search(conn, query, order=order, by_thread=True, limit=100)
        assert grouped.threads == len(grouped.hits)
        assert sum(1 + hit.more for hit in grouped.hits) == len(ids)
        assert grouped.total == len(ids)


@settings(QUIET, max_examples=30)
@given(queries() | st.sampled_from(("作者:", "日期:x", "回复:很多", "-", "。。")))
def test_what_one_door_finds_all_doors_find(
    path: Path, conn: sqlite3.Connection, query: str
) -> None:
    pytest.importorskip("datasette")
    from tests.web_client import pages_of

    pages = pages_of(path)
    argv = ["search", str(path), "--json", "--", query]
    table = pages.get("/forum/posts.json", {"_search": query, "_shape": "objects"})
    page = pages.get("/search", {"q": query}, accept_language="en")
    feed = pages.get("/search.atom", {"q": query})
    try:
        results = search(conn, query, limit=20)
    except QueryError:
        assert run(lambda: cli(argv, standalone_mode=False)) == 9
        assert (table.status_code, page.status_code, feed.status_code) == (400,) * 3
        return
    ids = {hit.post_id for hit in results.hits}
    said = CliRunner().invoke(cli, argv, standalone_mode=False)
    hits = [json.loads(line) for line in said.stdout.splitlines()]
    assert {hit["post_id"] for hit in hits} == ids
    assert all(("has_only" in hit) == results.is_partial for hit in hits)
    assert {row["id"] for row in table.json()["rows"]} == ids
    shown = re.findall(r'<a href="/site/\d+/post/(?:row-)?(\d+)"', page.text)
    assert len(feedparser.parse(feed.text).entries) == len(ids)
    notice = "no post has all of these words"
    assert (notice in page.text) == (notice in said.stderr) == results.is_partial
    assert set(map(int, shown)) <= ids or not shown


@pytest.fixture
def stop(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """[looks, at]: how often SQLite was looked at, and at which look everything stops."""
    state = [0, -1]
    look = BoundedConnection._look

    def counted(bounded: BoundedConnection) -> bool:
        state[0] += 1
        if 0 <= state[1] < state[0]:
            bounded._running.was_stopped = True
            return True
        return look(bounded)

    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 3)
    monkeypatch.setattr(BoundedConnection, "_look", counted)
    return state


@settings(QUIET, max_examples=150)
@given(queries(), st.sampled_from(ORDERS), st.floats(0, 1))
def test_a_search_stopped_at_any_step_is_a_part_that_says_so(
    conn: sqlite3.Connection, stop: list[int], query: str, order: Order, part: float
) -> None:
    def ask(at: int) -> Results:
        stop[:] = [0, at]
        return search(conn, query, order=order, limit=100)

    whole = ask(-1)
    assume(stop[0])
    right = {hit.post_id for hit in whole.hits}
    at = int(part * stop[0])
    found = ask(at)
    ids = {hit.post_id for hit in found.hits}
    if whole.is_partial and not found.is_partial:
        assert not ids
    assert ids <= right
    assert found.total <= whole.total
    if ids != right:
        assert found.was_stopped
        assert not found.is_total_exact
    if found.is_total_exact:
        assert found.total == whole.total

    stop[:] = [0, at]
    facets = count_facets(conn, parse(query))
    assert facets.posts <= whole.total
    if facets.posts < whole.total:
        assert facets.was_cut or facets.was_stopped


def test_posts_that_come_are_in_the_next_answer(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(path.read_bytes())
    conn = open_archive(copy).conn
    before = search(conn, "服务器 彗星")
    assert before.is_partial
    new = add_post(conn, Row(text="服务器里有彗星"))
    catch_up(conn)
    after = search(conn, "服务器 彗星")
    assert not after.is_partial
    assert [hit.post_id for hit in after.hits] == [new]
