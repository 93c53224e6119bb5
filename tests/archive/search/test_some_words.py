"""Where no post has all words of a query: the posts with the rarest and most of them, under a
line that says so, in every door."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner, Result

from archive.cli import cli
from archive.search import budget, limits
from archive.search.api import Order, search
from archive.search.explain import explain
from archive.search.facets import count_facets
from archive.search.pieces import pieces
from archive.search.query import parse
from archive.search.stats import IndexStats
from tests.archive_of_posts import Row, make_archive

SAID = (
    "机房的服务器昨晚宕机了，求助",
    "工会说下周罢工，大家怎么看",
    "半夜服务器又重启。后来公交罢工，去年的事",
    "今天天气不错",
    "北京的天气怎么样",
    "今天吃什么",
    "这个软件怎么办",
    "怎么办，怎么办",
    "大家好，今天吃了吗",
    "大家怎么看今天的比赛",
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("some") / "forum.db"
    rows = [
        Row(
            text=text,
            author="李四" if number == 3 else "张三",
            posted_at=f"2024-05-{number:02}T00:00:00Z",
            thread=f"题{number}",
        )
        for number, text in enumerate(SAID, 1)
    ]
    fillers = [Row(text="无关的灌水帖子", thread=f"水{number}") for number in range(40)]
    make_archive(path, [*rows, *fillers]).close()
    return path


@pytest.fixture(scope="module")
def conn(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path)


def found(conn: sqlite3.Connection, query: str, order: Order = "best") -> list[int]:
    results = search(conn, query, order=order)
    assert results.is_partial
    assert results.is_total_exact
    assert results.total == len(results.hits)
    return [hit.post_id for hit in results.hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("服务器 罢工 怎么办", [3]),
        ("服务器罢工怎么办", [3]),
        ("服务器罢工怎么办？", [3]),
        ("請問伺服器罷工怎麼辦", [2, 3]),
        ("今天天气怎么样", [4]),
        ("今天天气怎么样？？", [4]),
        ("今天 天气 怎么样 啊啊", [4]),
        ("北京今天天气", [5]),
        ("服务器宕机怎么办", [1]),
        ("服务器宕机 nginx", [1]),
    ],
)
def test_a_question_finds_the_posts_with_the_rarest_and_most_words(
    conn: sqlite3.Connection, query: str, first: list[int]
) -> None:
    assert found(conn, query)[: len(first)] in (first, first[::-1])


def test_each_hit_tells_which_words_it_has(conn: sqlite3.Connection) -> None:
    hits = search(conn, "服务器 罢工 彗星").hits
    held = {hit.post_id: set(hit.has_only) for hit in hits}
    assert held == {3: {"服务器", "罢工"}, 1: {"服务器"}, 2: {"罢工"}}
    assert "【服务器】" in hits[0].snippet.marked()


def test_words_in_one_clause_go_before_words_apart() -> None:
    conn = make_archive(
        ":memory:",
        [
            Row(text="收音机坏了，后来在旧货市场见到一台", posted_at="2020-01-01"),
            Row(text="收音机还好。别的东西，去年都坏了", posted_at="2024-01-01"),
            *[Row(text="水")] * 9,
        ],
    )
    assert found(conn, "收音机 坏了 彗星") == [1, 2]


def test_other_orders_order_the_same_posts(conn: sqlite3.Connection) -> None:
    best = found(conn, "服务器 罢工 怎么办")
    assert found(conn, "服务器 罢工 怎么办", "newest") == sorted(best, reverse=True)
    assert found(conn, "服务器 罢工 怎么办", "oldest") == sorted(best)


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("服务器 罢工 彗星 作者:李四", [3]),
        ("服务器 罢工 彗星 -半夜", [1, 2]),
        ("服务器 罢工 彗星 之前:2024-05-03", [1, 2]),
        ("服务器 彗星 (公交 OR 工会)", [3]),
        ('服务器 彗星 "公交罢工"', [3]),
        ("标题:题3 服务器 彗星", [3]),
    ],
)
def test_what_is_no_word_stays_as_it_is(
    conn: sqlite3.Connection, query: str, right: list[int]
) -> None:
    if query.startswith("标题"):
        conn = make_archive(
            ":memory:",
            [
                Row(text="服务器"),
                Row(text="水"),
                Row(text="服务器", subject="题3"),
            ],
        )
    assert sorted(found(conn, query))[-len(right) :] == right


@pytest.mark.parametrize(
    "query",
    [
        "彗星",
        "彗星 陨石",
        '"服务器罢工怎么办"',
        '服务器 "罢工怎么办"',
        "服务器 罢工 彗星 作者:王五",
        "服务器 作者:王五",
        "标题:服务器 罢工",
        "服务器 OR 罢工 -半夜 -服务 -工",
        "-的 -水 -今天 -怎么 -服务器 -罢工 -天气 作者:李四",
        "引用:服务器",
        "罢工吧",
    ],
)
def test_where_nothing_may_be_left_out_or_nothing_is_left_nothing_is_found(
    conn: sqlite3.Connection, query: str
) -> None:
    results = search(conn, query)
    assert not results.is_partial
    if "OR" not in query:
        assert not results.hits


def test_posts_with_all_words_are_shown_alone(conn: sqlite3.Connection) -> None:
    results = search(conn, "服务器 罢工")
    assert not results.is_partial
    assert [hit.post_id for hit in results.hits] == [3]
    assert not results.hits[0].has_only


def test_only_posts_with_all_words_where_that_is_asked(path: Path) -> None:
    conn = sqlite3.connect(path)
    assert not search(conn, "服务器 彗星", all_words=True).hits
    assert not count_facets(conn, parse("服务器 彗星"), all_words=True).posts
    said = run(path, "服务器 彗星", "--all-words")
    assert said.return_value == 1
    assert "nothing found in 50 posts" in said.stderr


def test_pages_hold_each_post_once(conn: sqlite3.Connection) -> None:
    whole = found(conn, "今天 怎么 服务器 彗星")
    paged: list[int] = []
    for offset in range(0, len(whole) + 2, 2):
        page = search(conn, "今天 怎么 服务器 彗星", limit=2, offset=offset)
        assert page.total == len(whole)
        paged += [hit.post_id for hit in page.hits]
    assert paged == whole


def test_of_many_posts_the_weightiest_are_shown_and_the_rest_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apart = [Row(text="服务器"), Row(text="罢工")]
    rows = [*apart * 10, Row(text="服务器，罢工"), *[Row(text="水")] * 300]
    conn = make_archive(":memory:", rows)
    for bound, large in (("SOME_POSTS", 60_000), ("SOME_IN_LARGE", 1)):
        monkeypatch.setattr(limits, bound, 10)
        monkeypatch.setattr(limits, "LARGE_POSTS", large)
        results = search(conn, "服务器 罢工 彗星", limit=50)
        assert (results.total, results.is_total_exact) == (10, False)
        assert results.hits[0].post_id == 21
        facets = count_facets(conn, parse("服务器 罢工 彗星"))
        assert (facets.posts, facets.part, facets.is_total_exact) == (10, "best", False)


def test_common_words_alone_are_left_out_beside_rare_ones() -> None:
    rows = (
        [Row(text="大家好")] * 60
        + [Row(text="彗星来了，望远镜")]
        + [Row(text="水")] * 30
    )
    conn = make_archive(":memory:", rows)
    assert found(conn, "大家 彗星 望远镜 陨石") == [61]


def test_a_stopped_search_shows_a_part_and_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conn = sqlite3.connect(path)
    right = set(found(conn, "服务器 罢工 彗星 -水"))
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 5)
    parts = 0
    for steps in range(0, 3_000, 50):
        monkeypatch.setattr(budget, "MAX_STEPS", steps)
        results = search(conn, "服务器 罢工 彗星 -水")
        ids = {hit.post_id for hit in results.hits}
        if results.is_partial and ids != right:
            assert ids <= right
            assert results.was_stopped
            assert not results.is_total_exact
        parts += ids == right
    assert parts


def test_sentences_are_cut_where_the_archive_does(conn: sqlite3.Connection) -> None:
    stats = IndexStats(conn)
    assert pieces(stats, "服务器罢工怎么办") == ["服务器", "罢工", "怎么办"]
    assert pieces(stats, "今天天气怎么样？") == ["今天", "天气", "怎么样"]
    assert pieces(stats, "iPhone15手机") == ["iphone", "15", "手机"]
    assert pieces(stats, "") == []


def test_a_pasted_article_costs_no_more_than_a_few_sentences(path: Path) -> None:
    conn = sqlite3.connect(path)
    statements: list[str] = []
    conn.set_trace_callback(statements.append)
    chars = "".join(map(chr, range(0x4E00, 0x4E00 + 1_900)))
    blanks = " ".join(chars[at : at + 9] for at in range(0, len(chars), 9))
    for article in (chars, blanks, f"服务器罢工怎么办 {blanks}"):
        statements.clear()
        search(conn, article)
        asked = [each for each in statements if "posts_fts MATCH" in each]
        assert 0 < len(asked) < 300


def test_the_command_says_so_and_marks_each_hit(path: Path) -> None:
    said = run(path, "服务器", "罢工", "彗星", "--json")
    assert said.return_value == 0
    hits = [json.loads(line) for line in said.stdout.splitlines()]
    assert hits[0]["has_only"] == ["服务器", "罢工"]
    assert "note: no post has all of these words" in said.stderr
    assert "1–3 of 3" in said.stderr
    assert "“彗星” is in no post" in said.stderr
    said = run(path, "服务器 罢工", "--json")
    assert "has_only" not in said.stdout
    said = run(path, "服务器 罢工 彗星", "--counts", "--json")
    assert json.loads(said.stdout)["posts"] == 3
    assert json.loads(said.stdout)["partial"] is True
    assert "no post has all of these words" in said.stderr
    said = run(path, "服务器 罢工 彗星", "--threads")
    assert "3 threads" in said.stderr


def test_explain_tells_which_choices_were_asked(conn: sqlite3.Connection) -> None:
    told = explain(conn, "服务器 罢工 彗星")
    assert told.ways == ("some_words",)
    assert any("罢工" in str(each.params) for each in told.statements)
    assert explain(conn, "服务器 罢工 彗星", all_words=True).total == 0


def test_the_web_says_so(path: Path) -> None:
    pytest.importorskip("datasette")
    from tests.web_client import pages_of

    pages = pages_of(path)
    page = pages.get("/search", {"q": "服务器 罢工 彗星"}, accept_language="zh-CN").text
    assert "没有帖子含有所有这些词" in page
    assert page.count("没有帖子含有所有这些词") == 1
    assert "没有帖子含有“彗星”" in page
    assert "找到 3 个帖子" in page
    page = pages.get("/search", {"q": "服务器 罢工"}, accept_language="zh-CN").text
    assert "没有帖子含有所有这些词" not in page

    feed = pages.get("/search.atom", {"q": "服务器 罢工 彗星"}, accept_language="en")
    read = feedparser.parse(feed.text)
    assert "no post has all of these words" in read.feed.subtitle
    assert len(read.entries) == 3

    given = {"_search": "服务器 罢工 彗星", "_shape": "objects"}
    answer = pages.get("/forum/posts.json", given).json()
    assert sorted(row["id"] for row in answer["rows"]) == [1, 2, 3]
    assert answer["filtered_table_rows_count"] == 3
    assert "没有帖子含有所有这些词" in pages.get("/forum/posts", given).text
    narrowed = pages.get("/forum/posts.json", {**given, "author": "李四"}).json()
    assert [row["id"] for row in narrowed["rows"]] == [3]
    none = pages.get("/forum/posts.json", {"_search": "彗星 陨石"}).json()
    assert not none["rows"]


def run(path: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["search", str(path), *words], standalone_mode=False)
