"""`search --explain` tells what happened: the way, what was asked, what was counted and cut."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import get_args

import pytest
from archive_of_posts import ROWS, Row, make_archive
from click.testing import CliRunner

from archive.cli import cli
from archive.search import char_selectivity, limits
from archive.search.api import search
from archive.search.context import Order
from archive.search.explain import Explanation, describe, explain
from archive.search.pages import Way
from archive.search.query import parse

MONTHS = [f"20{10 + number % 9}-{1 + number % 12:02}-01" for number in range(60)]


@pytest.fixture
def conn(monkeypatch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """Sixty posts of three authors; bounds so low that they meet them."""
    for name, value in {
        "EXACT_MATCHES": 25,
        "RANKED_MATCHES": 4,
        "RANKED_CHECKED": 4,
        "RANKED_IN_SMALL": 4,
        "FEW_MATCHES": 3,
        "LISTED_MATCHES": 8,
        "SCANNED_POSTS": 10,
        "READ_POSTS": 10,
        "SMALL_POSTS": 3,
        "COUNTED_MATCHES": 40,
    }.items():
        monkeypatch.setattr(limits, name, value)
    monkeypatch.setattr(char_selectivity, "SAMPLED_POSTS", 60)
    rows = [
        Row(
            text=("手机的" if number % 2 else "电脑的") + "壳" * (number % 30 == 1),
            author=f"人{number % 3}",
            posted_at=time,
            location="广东" if number % 20 == 7 else "",
        )
        for number, time in enumerate(MONTHS)
    ]
    return make_archive(
        ":memory:", [*rows, Row(text="猫", author="少", posted_at=None)]
    )


@pytest.mark.parametrize(
    ("query", "order", "ways"),
    [
        ("猫咪 OR 少有", "newest", ("few_matches",)),
        ("电脑", "best", ("newest_ranked", "by_month")),
        ("电脑", "newest", ("by_month",)),
        ("电脑 作者:人1", "newest", ("by_name",)),
        ("手机 来自:广东", "newest", ("few_posts", "post_filter")),
        ("电脑 作者:少", "best", ("few_posts", "post_filter")),
        ("的", "newest", ("scan",)),
        ("作者:人1", "oldest", ("scan",)),
        ("-(手机 -壳)", "newest", ("scan", "post_filter")),
        ("手机 -(电脑 -手)", "newest", ("by_month", "post_filter")),
        ("手机 的", "best", ("newest_ranked", "by_month", "post_filter")),
        ("手机 壳", "best", ("index_for_rare", "few_matches")),
        ("壳", "newest", ("index_after_reading", "few_matches", "scan")),
    ],
)
def test_the_way_is_told(
    conn: sqlite3.Connection, query: str, order: Order, ways: tuple[Way, ...]
) -> None:
    told = explain(conn, query, order=order, limit=5)
    assert set(told.ways) == set(ways)
    assert len(told.ways) == len(ways)
    shown = search(conn, query, order=order, limit=5)
    assert (told.shown, told.total) == (len(shown.hits), shown.total)
    assert told.is_total_exact == shown.is_total_exact
    assert told.notices == shown.notices


def test_bm25_is_told(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "EXACT_MATCHES", 30)
    assert explain(conn, "手机").ways == ("bm25",)


def test_characters_that_are_left_are_sorted_at_once(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SMALL_POSTS", 100)
    monkeypatch.setattr(limits, "LISTED_MATCHES", 1)
    told = explain(conn, "手 机 的", order="newest")
    assert told.ways == ("index_for_rare", "sorted")
    assert told.match == '("手" * AND "机" *)'
    assert (told.total, told.is_total_exact) == (21, False)


def test_every_way_is_told_in_words(conn: sqlite3.Connection) -> None:
    for way in get_args(Way):
        told = Explanation("手机", "手机", ways=(way,))
        (line,) = (line for line in told.lines() if line.startswith("way"))
        assert len(line) > 30
        assert told.as_json()["ways"] == {way: line[12:]}


def test_what_was_asked_is_told(conn: sqlite3.Connection) -> None:
    told = explain(conn, "手机 -的 作者:人1 日期:2012", order="newest")
    assert told.understood == "手机 AND NOT 的 AND author:人1 AND date:2012"
    assert (
        told.match
        == '("手机" AND ("¦201112" OR '
        + " OR ".join(f'"¦2012{month:02}"' for month in range(1, 13))
        + ' OR "¦201301"))'
    )
    assert told.filters.sql.startswith("p.author = ?")
    assert told.characters.sql.startswith("NOT (instr(p.text, ?)")
    lines = list(told.lines())
    assert "filters     p.author = '人1' AND p.posted_at >= '2011-12-31T16:00:00Z'" in (
        line[: line.index(" AND p.posted_at <")] for line in lines if "filters" in line
    )
    assert any(
        line == "characters  NOT (instr(p.text, '的') OR instr(p.subject, '的'))"
        for line in lines
    )


def test_what_was_counted_and_cut_is_told(conn: sqlite3.Connection) -> None:
    told = explain(conn, "电脑", limit=5)
    lines = list(told.lines())
    assert any("count(*)" in line and "→ gave 26" in line for line in lines)
    assert any(line.startswith("SQL") and "times, " in line for line in lines)
    assert any(line.startswith("found       at least 26") for line in lines)
    assert any(line.startswith("cut         about 30 posts") for line in lines)
    data = told.as_json()
    assert data["fts"] == '"电脑"'
    assert data["total"] == 26
    assert data["is_total_exact"] is False
    assert [each for each in data["statements"] if each.get("number") == 26]  # type: ignore[attr-defined]
    assert [each for each in data["statements"] if each.get("rows")]  # type: ignore[attr-defined]


def test_values_stand_where_they_are_asked_for() -> None:
    conn = make_archive(":memory:", [Row(text="字", author="a?b?"), Row(text="字")])
    told = explain(conn, "字 作者:a?b* 楼层:..7")
    (line,) = (line for line in told.lines() if line.startswith("filters"))
    assert line.endswith(
        "p.author >= 'a?b' AND p.author < 'a?b\\U0010ffff' AND p.floor <= 7"
    )


def test_long_values_are_cut() -> None:
    conn = make_archive(":memory:", ROWS)
    told = explain(conn, "长" * 90)
    assert all(len(line) < 500 for line in told.lines() if line.startswith("SQL"))
    assert "characters)" in str(told.as_json()["statements"])


def test_a_query_without_words_is_explained(conn: sqlite3.Connection) -> None:
    told = explain(conn, "，。")
    assert [notice.kind for notice in told.notices] == ["wordless"]
    assert "nothing to look for" in "\n".join(told.lines())
    assert told.statements == ()


def test_threads_are_explained_as_they_are_asked_for(conn: sqlite3.Connection) -> None:
    assert explain(conn, "的", by_thread=True).shown > explain(conn, "的").shown


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("(a OR b) c", "(a OR b) AND c"),
        ("-(a b)", "NOT (a AND b)"),
        ("a OR -b", "a OR NOT b"),
        ("标题:iph* 引用:x", "title:iph* AND quotes:x"),
        ("有:图 楼层:2..", "has:image AND floor:2.."),
    ],
)
def test_a_tree_is_described(query: str, text: str) -> None:
    root = parse(query).root
    assert root
    assert describe(root) == text


def test_the_command_explains(tmp_path: Path) -> None:
    db = str(tmp_path / "forum.db")
    make_archive(db, ROWS).close()

    def run(*args: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["search", db, *args], standalone_mode=False)
        return result.return_value, result.stdout

    code, text = run("手机", "--explain")
    assert code == 0
    assert text.startswith(
        "query       手机\nunderstood  手机\nway         few posts match"
    )
    code, text = run("手机", "--explain", "--json", "--order", "newest", "--limit", "1")
    told = json.loads(text)
    assert (code, told["query"], told["shown"], told["total"]) == (0, "手机", 1, 2)
    assert run("没有的词", "--explain")[0] == 1
    with pytest.raises(Exception, match="means nothing"):
        CliRunner().invoke(
            cli,
            ["search", db, "is:foo", "--explain"],
            standalone_mode=False,
            catch_exceptions=False,
        )
