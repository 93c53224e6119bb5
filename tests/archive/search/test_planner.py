"""What a query is planned to ask: of the index, of SQL, and of the posts themselves."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

import pytest
from archive_of_posts import Row, insert, make_archive

from archive.index.writer import catch_up
from archive.search import char_selectivity, planner, stats
from archive.search.conditions import ALWAYS, NEVER, Condition, all_of, negated, one_of
from archive.search.explain import describe
from archive.search.expressions import (
    both,
    is_expensive,
    is_words,
    residual,
    within_months,
)
from archive.search.plan import Plan
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats
from archive.search.tree import Node, Words, parts_of, without_not


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    rows = [
        Row(text="手机壳，iphone15 iphoto", author="张三", board="数码"),
        Row(text="電腦 windows", subject="标题", author="李四", board="闲聊"),
    ]
    conn = make_archive(":memory:", rows)
    insert(conn, "quotes", post_id=1, position=1, text="电脑")
    catch_up(conn)
    return conn


def planned(conn: sqlite3.Connection, query: str) -> Plan:
    root = parse(query).root
    assert root
    return plan(root, IndexStats(conn))


def text_of(node: Node | None) -> str:
    return describe(node) if node else ""


@dataclass(frozen=True, slots=True)
class Case:
    """A query and the parts of its plan that hold words; empty for none."""

    query: str
    match: str = ""
    check: str = ""
    full_match: str = ""
    full_check: str = ""
    required: int = 0
    excluded: int = 0
    words: str = ""
    scored: str = ""


CASES = (
    Case("手机", '"手机"', "", '"手机"', "", 0, 0, "手机", "手机"),
    Case("手", "", "", '"手" *', "", 1, 0, "手", "手"),
    Case("-手", "", "", "", "", 0, 1, "NOT 手", ""),
    Case("-手机", "", "NOT 手机", "", "NOT 手机", 0, 0, "NOT 手机", ""),
    Case(
        "手机 -壳",
        '"手机"', "", '"手机"', "", 0, 1,
        "手机 AND NOT 壳", "手机",
    ),
    Case(
        "手机 壳 的",
        '"手机"', "", '("手机" AND "壳" * AND "的" *)', "", 2, 0,
        "手机 AND 壳 AND 的", "手机 壳 的",
    ),
    Case(
        "手机 -电脑",
        '("手机" NOT "电脑")', "", '("手机" NOT "电脑")', "", 0, 0,
        "手机 AND NOT 电脑", "手机",
    ),
    Case(
        "手机15的",
        '"手机 机 15"', "手机15的", '"手机 机 15 的" *', "", 0, 0,
        "手机15的", "手机15的",
    ),
    Case(
        "手机 OR 壳",
        "", "手机 OR 壳", '("手机" OR "壳" *)', "", 0, 0,
        "手机 OR 壳", "手机 壳",
    ),
    Case(
        "手机 OR 电脑",
        '("手机" OR "电脑")', "", '("手机" OR "电脑")', "", 0, 0,
        "手机 OR 电脑", "手机 电脑",
    ),
    Case(
        "电脑 -(手机 -壳)",
        '"电脑"', "NOT (手机 AND NOT 壳)", '("电脑" NOT ("手机" NOT "壳" *))', "", 0, 0,
        "电脑 AND NOT (手机 AND NOT 壳)", "电脑",
    ),
    Case(
        "电脑 (手机 OR -壳)",
        '"电脑"', "手机 OR NOT 壳", '"电脑"', "手机 OR NOT 壳", 0, 0,
        "电脑 AND (手机 OR NOT 壳)", "电脑 手机",
    ),
    Case(
        "电脑 -(-手机 -壳)",
        '"电脑"', "NOT (NOT 手机 AND NOT 壳)", '"电脑"', "NOT (NOT 手机 AND NOT 壳)",
        0, 0, "电脑 AND NOT (NOT 手机 AND NOT 壳)", "电脑",
    ),
    Case(
        "电脑 -手机15的",
        '"电脑"', "NOT 手机15的", '("电脑" NOT "手机 机 15 的" *)', "", 0, 0,
        "电脑 AND NOT 手机15的", "电脑",
    ),
    Case(
        "标题:手机 正文:壳",
        '{title} : "手机"', "", '({title} : "手机" AND {body} : "壳" *)', "", 1, 0,
        "title:手机 AND text:壳", "title:手机 text:壳",
    ),
    Case("C++", '"c＋＋"', "", '"c＋＋"', "", 0, 0, "C++", "C++"),
    Case(
        "手机C++", '("手机 机 c" AND "c＋＋")', "", '("手机 机 c" AND "c＋＋")', "",
        0, 0, "手机C++", "手机C++",
    ),
    Case(
        "iph*",
        '("iphone" OR "iphoto")', "", '("iphone" OR "iphoto")', "", 0, 0,
        "iph*", "iph*",
    ),
    Case("引用:电脑", "", "", "", "", 0, 0, "", ""),
    Case("手机 作者:张三", '"手机"', "", '"手机"', "", 0, 0, "手机", "手机"),
    Case("手机 OR 作者:张三", "", "", "", "", 0, 0, "", "手机"),
    Case(
        "手机 引用:电脑 -引用:猫",
        '"手机"', "", '"手机"', "", 0, 0, "手机", "手机",
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.query)
def test_words_are_shared_out(conn: sqlite3.Connection, case: Case) -> None:
    found = planned(conn, case.query)
    assert case == Case(
        query=case.query,
        match=found.match,
        check=text_of(found.check),
        full_match=found.full_match,
        full_check=text_of(found.full_check),
        required=len(found.required_chars),
        excluded=len(found.excluded_chars),
        words=text_of(found.words),
        scored=" ".join(map(describe, found.scored)),
    )
    is_covered = not (case.check or case.required or case.excluded)
    assert found.is_covered_by_index == is_covered
    assert found.has_full_plan == (case.full_match not in ("", case.match))


@pytest.mark.parametrize(
    ("query", "sql", "params", "is_selective", "is_by_name"),
    [
        ("手机", "1", (), False, False),
        ("作者:张三", "p.author = ?", ("张三",), True, True),
        ("作者:張三", "p.author = ?", ("张三",), True, True),
        ("-作者:张三", "NOT coalesce(p.author = ?, 0)", ("张三",), False, False),
        ("作者:张三 楼层:2", "p.author = ? AND p.floor >= ? AND p.floor <= ?",
         ("张三", 2, 2), True, True),
        ("作者:张三 OR 楼层:..2", "(p.author = ? OR p.floor <= ?)", ("张三", 2), False, False),
        ("(作者:张三 楼层:2..) OR 是:主楼",
         "((p.author = ? AND p.floor >= ?) OR p.opening)", ("张三", 2), False, False),
        ("日期:2024", "p.posted_at >= ? AND p.posted_at < ?",
         ("2023-12-31T16:00:00Z", "2024-12-31T16:00:00Z"), True, False),
        ("之后:2024", "p.posted_at >= ?", ("2024-12-31T16:00:00Z",), True, False),
        ("楼层:3", "p.floor >= ? AND p.floor <= ?", (3, 3), False, False),
        ("站点:没有", "0", (), False, False),
        ("站点:试论坛", "p.site_id IN (1)", (), False, False),
        ("手机 OR 作者:张三",
         "(p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?) OR p.author = ?)",
         ('"手机"', "张三"), False, False),
        ("-(手机 作者:张三)",
         "NOT coalesce((p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)"
         " AND p.author = ?), 0)", ('"手机"', "张三"), False, False),
        ("引用:电脑",
         "p.id IN (SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH ?)",
         ('"电脑"',), True, False),
    ],
)  # fmt: skip
def test_filters_are_sql(
    conn: sqlite3.Connection,
    query: str,
    sql: str,
    params: tuple[object, ...],
    is_selective: bool,
    is_by_name: bool,
) -> None:
    found = planned(conn, query)
    assert (found.filters.sql, found.filters.params) == (sql, params)
    assert (found.is_selective, found.is_by_name) == (is_selective, is_by_name)
    assert found.has_filters == (sql != "1")
    assert found.filters.asks_index == ("MATCH" in sql)


def test_a_location_is_a_name_whose_posts_an_index_has(
    conn: sqlite3.Connection,
) -> None:
    found = planned(conn, "来自:广东")
    assert (found.is_selective, found.is_by_name) == (True, True)
    assert not planned(conn, "-来自:广东").is_by_name


@pytest.mark.parametrize(
    "query", ["是:隐藏", "版块:数码", "有:图", "引用:电脑", "是:精华", "来自:广东"]
)
def test_lists_of_few_posts_are_selective(conn: sqlite3.Connection, query: str) -> None:
    assert planned(conn, query).is_selective
    assert not planned(conn, f"-{query}").is_selective


def test_a_common_word_beside_a_filter_is_asked_for_post_by_post(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats, "COMMON_MATCHES", 0)
    found = planned(conn, "手机 OR 作者:张三").filters
    assert "EXISTS (SELECT 1 FROM posts_fts" in found.sql
    assert found.asks_index
    assert "EXISTS" not in planned(conn, "手机15的 OR 作者:张三").filters.sql
    one = planned(conn, "机 OR 作者:张三").filters
    assert "instr(p.text, ?)" in one.sql
    assert not one.asks_index


def test_dates_narrow_the_index_and_the_months(conn: sqlite3.Connection) -> None:
    found = planned(conn, "手机 日期:2024-05 日期:2024-05-10..2024-07 楼层:1")
    assert found.span == ("2024-05-09", "2024-06-02")
    assert found.months == (
        '(("¦202404" OR "¦202405" OR "¦202406")'
        ' AND ("¦202405" OR "¦202406" OR "¦202407" OR "¦202408"))'
    )
    assert found.narrowed == f'("手机" AND {found.months})'
    long = planned(conn, "手机 日期:2010..2020")
    assert (long.months, long.span) == ("", ("2009-12-31", "2021-01-02"))
    negative = planned(conn, "手机 -日期:2024-05")
    assert (negative.months, negative.span, negative.is_selective) == (
        "",
        ("", "~"),
        False,
    )


@pytest.mark.parametrize("query", ["手机 日期:..2024-02", "手机 日期:2024.."])
def test_an_open_span_has_no_months(conn: sqlite3.Connection, query: str) -> None:
    assert planned(conn, query).months == ""


def test_the_full_plan_leaves_two_characters_to_the_index(
    conn: sqlite3.Connection,
) -> None:
    found = planned(conn, "手机 壳 的 电脑15我 -了")
    full = found.with_expensive_words()
    assert full.match == '("手机" AND "电脑 脑 15 我" * AND "壳" * AND "的" *)'
    assert (full.check, len(full.required_chars), full.is_full) == (None, 0, True)
    assert full.excluded_chars == found.excluded_chars
    assert (found.is_full, full.has_full_plan) == (False, False)
    bare = found.without_characters()
    assert (bare.required_chars, bare.excluded_chars) == ((), ())
    assert bare.match == found.match


def test_of_many_characters_the_rarest_are_left_to_the_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(char_selectivity, "SAMPLED_POSTS", 20)
    texts = ["天，地，玄，黄"[: 1 + 2 * (number % 4)] for number in range(20)]
    conn = make_archive(":memory:", [Row(text=text) for text in texts])
    found = planned(conn, "天 黄 地 玄")
    assert found.full_match == '("黄" * AND "玄" *)'
    assert [each.params[0] for each in found.required_chars] == ["黄", "玄", "地", "天"]
    assert len(found.with_expensive_words().required_chars) == 2
    two = planned(conn, "天 黄")
    assert two.full_match == '("天" * AND "黄" *)'


def test_characters_are_one_condition(conn: sqlite3.Connection) -> None:
    found = planned(conn, "标题:壳 -正文:的").characters
    assert found.sql.startswith("(instr(p.subject, ?)")
    assert ") AND NOT (instr(p.text, ?)" in found.sql
    assert len(found.params) == found.sql.count("?")
    assert found.params[0] == "壳"
    assert "殼" in found.params
    assert planned(conn, "手机").characters == ALWAYS


def test_a_beginning_is_spelt_out_where_its_words_are_few(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert planned(conn, "标题:win*").match == '({title} : "windows")'
    assert planned(conn, "-iph* 手机").match == '("手机" NOT ("iphone" OR "iphoto"))'
    assert planned(conn, "(iph* OR 手机) 电脑").match == (
        '((("iphone" OR "iphoto") OR "手机") AND "电脑")'
    )
    assert planned(conn, "xyz*").match == ""
    assert text_of(planned(conn, "xyz*").check) == "xyz*"
    assert planned(conn, "windows15*").match == '"windows"'
    assert planned(conn, "windows15*").full_match == '"windows 15" *'
    assert planned(conn, "手机15ip*").match == '"手机 机 15"'
    assert planned(conn, "iphone15ip*").full_match == '"iphone 15 ip" *'
    quoted = planned(conn, "引用:iph*")
    assert (quoted.match, quoted.filters.params) == ("", ('"iph" *',))
    monkeypatch.setattr(stats, "MAX_TERMS", 1)
    assert planned(conn, "iph*").match == ""
    monkeypatch.setattr(stats, "MAX_TERMS", 60)
    monkeypatch.setattr(planner, "COMMON_POSTS", 1)
    assert planned(conn, "iph*").match == ""
    assert planned(conn, "iph*").full_match == '"iph" *'


@pytest.mark.parametrize(
    ("words", "is_so"),
    [
        (Words("手"), True),
        (Words("手机"), False),
        (Words("手机", is_prefix=True), False),
        (Words("iph", is_prefix=True), True),
        (Words("iph"), False),
        (Words("15手"), True),
        (Words("15", is_prefix=True), True),
        (Words("😂", is_prefix=True), True),
        (Words("C++"), False),
        (Words("C++", is_prefix=True), False),
        (Words("手机C++", is_prefix=True), True),
    ],
)
def test_what_is_expensive(words: Words, is_so: bool) -> None:
    assert is_expensive(words) == is_so


def test_conditions_join() -> None:
    a = Condition("a = ?", (1,), asks_index=True)
    b = Condition("b = ?", ("x",), is_listed=True)
    assert all_of([]) == ALWAYS
    assert one_of([]) == NEVER
    assert all_of([a, b]) == Condition("a = ? AND b = ?", (1, "x"), asks_index=True)
    assert one_of([b, a]) == Condition("(b = ? OR a = ?)", ("x", 1), asks_index=True)
    assert negated(b) == Condition("NOT coalesce(b = ?, 0)", ("x",))
    assert negated(a).asks_index


def test_trees_are_taken_apart() -> None:
    root = parse("手机 -电脑").root
    assert root
    words, unwanted = parts_of(root)
    assert parts_of(words) == (words,)
    assert without_not(unwanted) == Words("电脑")
    assert without_not(words) == words
    assert is_words(root)
    assert both("", "a", "") == "a"
    assert both("a", "", "b") == "(a AND b)"
    assert within_months("a", ["2024-05", ""]) == '(a AND {month} : ("¦202405" OR "¦"))'
    assert residual([words], "", expensive=True) is not None
    assert residual([words], "x", expensive=False) is None
