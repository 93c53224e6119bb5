"""No bound of a search is silent: what was stopped is never taken for an answer."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import pytest
from archive_of_posts import ROWS, Row, add_post, insert, make_archive
from click.testing import CliRunner

from archive.cli import cli
from archive.index.writer import catch_up
from archive.search import budget, facets, hints, limits, names
from archive.search.api import search
from archive.search.budget import BoundedConnection
from archive.search.chronological import Chronological
from archive.search.counting import Counts
from archive.search.executor import look_up
from archive.search.facets import count_facets
from archive.search.hints import Hint
from archive.search.pages import Pager, Window
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats

LONG = """WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {})
SELECT x FROM n"""
"""A statement of some fifteen steps a row."""
COUNT = f"SELECT count(*) FROM ({LONG})"


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    yield conn
    conn.close()


@pytest.fixture
def few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand steps for each statement."""
    monkeypatch.setattr(budget, "MAX_STEPS", 1_000)
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 10)


def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of the search's time is over when it begins."""
    monkeypatch.setattr(budget, "MAX_S", -1.0)
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 1)


# The budget


@pytest.mark.usefixtures("few_steps")
def test_each_statement_has_its_own_steps(conn: sqlite3.Connection) -> None:
    with BoundedConnection(conn) as bounded:
        for _ in range(50):
            assert len(list(bounded.rows(LONG.format(20)))) == 20
            assert len(bounded.all_rows(LONG.format(20))) == 20
            assert bounded.number(COUNT.format(20)) == 20
        assert not bounded.was_stopped


@pytest.mark.usefixtures("few_steps")
def test_a_statement_is_not_charged_for_those_that_run_between_its_rows(
    conn: sqlite3.Connection,
) -> None:
    with BoundedConnection(conn) as bounded:
        for row in bounded.rows(LONG.format(30)):
            assert bounded.number(COUNT.format(30)) == 30
            assert len(bounded.all_rows(LONG.format(30))) == 30
            assert row
        assert not bounded.was_stopped
        for _ in bounded.rows(LONG.format(5_000)):
            assert bounded.number(COUNT.format(10)) == 10
        assert bounded.was_stopped


@pytest.mark.usefixtures("few_steps")
def test_rows_of_a_stopped_statement_are_kept_and_it_is_said(
    conn: sqlite3.Connection,
) -> None:
    with BoundedConnection(conn) as bounded:
        found = [row[0] for row in bounded.rows(LONG.format(5_000))]
        assert found == list(range(1, len(found) + 1))
        assert 10 < len(found) < 1_000
        assert bounded.was_stopped
        assert len(list(bounded.rows(LONG.format(20)))) == 20


@pytest.mark.usefixtures("few_steps")
def test_a_stopped_count_is_no_number(conn: sqlite3.Connection) -> None:
    with BoundedConnection(conn) as bounded:
        assert bounded.number(COUNT.format(5_000)) is None
        assert bounded.count(LONG.format(5_000), (), 3_000) is None
        assert bounded.first(COUNT.format(5_000)) is None
        assert not bounded.was_stopped, "whoever asks says what it means"
        assert bounded.number("SELECT NULL") == 0
        assert bounded.number("SELECT 1 WHERE 0") is None
        assert bounded.count(LONG.format(5), (), 3) == 3


@pytest.mark.usefixtures("few_steps")
def test_after_a_stop_an_sql_error_is_an_error(conn: sqlite3.Connection) -> None:
    wrong = "SELECT x FROM nowhere"
    with BoundedConnection(conn) as bounded:
        list(bounded.rows(LONG.format(5_000)))
        assert bounded.was_stopped
        for ask in (bounded.all_rows, bounded.number, bounded.first):
            with pytest.raises(sqlite3.OperationalError, match="nowhere"):
                ask(wrong)
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            list(bounded.rows(wrong))


@pytest.mark.usefixtures("few_steps")
def test_an_error_in_the_middle_of_rows_is_an_error(conn: sqlite3.Connection) -> None:
    too_large = "abs(iif(x = 3, -9223372036854775808, x))"
    with BoundedConnection(conn) as bounded:
        list(bounded.rows(LONG.format(5_000)))
        with pytest.raises(sqlite3.OperationalError, match="integer overflow"):
            list(bounded.rows(f"SELECT {too_large} FROM ({LONG.format(9)})"))


def test_a_stop_by_somebody_else_is_not_ours(conn: sqlite3.Connection) -> None:
    def interrupt() -> int:
        conn.interrupt()
        return 1

    conn.create_function("stop_it", 0, interrupt)
    sql = f"SELECT x + stop_it() FROM ({LONG.format(10_000)})"
    with BoundedConnection(conn) as bounded:
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            list(bounded.rows(sql))
        with pytest.raises(sqlite3.OperationalError, match="interrupted"):
            bounded.all_rows(sql)
        assert not bounded.was_stopped


@pytest.mark.usefixtures("few_steps")
def test_outside_of_the_search_nothing_is_stopped(conn: sqlite3.Connection) -> None:
    with BoundedConnection(conn) as bounded:
        with bounded.unbounded() as bare:
            assert len(bare.execute(LONG.format(5_000)).fetchall()) == 5_000
        assert bounded.number(COUNT.format(5_000)) is None
    assert len(conn.execute(LONG.format(5_000)).fetchall()) == 5_000


def test_when_the_time_is_over_every_statement_is_stopped(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_time(monkeypatch)
    with BoundedConnection(conn) as bounded:
        assert bounded.number(COUNT.format(50)) is None
        assert bounded.all_rows(LONG.format(50)) == []
        assert bounded.was_stopped


# Counts that a search decides by


def test_what_could_not_be_counted_is_not_small(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(":memory:", [Row(text="手机")])
    root = parse("手机 作者:张三").root
    assert root
    planned = plan(root, IndexStats(conn))
    with BoundedConnection(conn) as bounded:
        counts = Counts(bounded)
        assert counts.is_small
        assert counts.filters_leave_at_most(planned, 1)
        assert not counts.filters_leave_at_most(planned, 0)
    no_time(monkeypatch)
    with BoundedConnection(conn) as bounded:
        counts = Counts(bounded)
        assert not counts.is_small
        assert not counts.filters_leave_at_most(planned, 100)
        assert counts.matches(planned, 5) is None
        assert counts.posts(planned, 5) is None
        assert counts.fitting_matches(planned, 5) is None


def test_a_total_that_could_not_be_counted_is_at_least_what_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(":memory:", [Row(text="手机") for _ in range(9)])
    root = parse("手机 作者:张三").root
    assert root
    planned = plan(root, IndexStats(conn))
    rows = [(post_id, 0.0, None) for post_id in range(1, 10)]
    window = Window(0, 3, 3)
    with BoundedConnection(conn) as bounded:
        page = Pager(Counts(bounded), window, 100).page(planned, iter(rows), matches=9)
        assert (page.ids, page.total, page.is_total_exact) == ([1, 2, 3], 9, True)
    no_time(monkeypatch)
    with BoundedConnection(conn) as bounded:
        page = Pager(Counts(bounded), window, 100).page(planned, iter(rows), matches=9)
        assert (page.ids, page.total, page.is_total_exact) == ([1, 2, 3], 4, False)


def test_whether_undated_posts_come_now_is_not_guessed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(":memory:", [Row(text="字", posted_at=None)])
    root = parse("字").root
    assert root
    planned = plan(root, IndexStats(conn))
    with BoundedConnection(conn) as bounded:
        times = Chronological(bounded, planned, is_ascending=False, target_rows=9)
        assert [row[0] for row in times.scan(5)] == [1]
        assert not bounded.was_stopped
    no_time(monkeypatch)
    with BoundedConnection(conn) as bounded:
        times = Chronological(bounded, planned, is_ascending=False, target_rows=9)
        assert list(times.scan(5)) == []
        assert bounded.was_stopped


def test_a_scan_says_so_where_it_is_unknown_whether_there_is_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(":memory:", [Row(text="手机")] * 30)
    monkeypatch.setattr(limits, "READ_POSTS", 5)
    monkeypatch.setattr(Counts, "posts", lambda *_: None)
    root = parse("-(手机 -电)").root
    assert root
    found = look_up(conn, plan(root, IndexStats(conn)), "newest", 20, 0)
    assert [notice.kind for notice in found.notices] == ["stopped"]
    assert not found.is_total_exact


# Names


def with_many_authors(*others: Row) -> sqlite3.Connection:
    """An archive of 20,001 authors whose names come before all Chinese ones."""
    conn = make_archive(":memory:", [Row(text="字", author="user1"), *others])
    columns = [
        row[1]
        for row in conn.execute("PRAGMA table_info(posts)")
        if row[1] not in ("id", "pid", "author")
    ]
    names = ", ".join(columns)
    conn.execute("DROP TRIGGER posts_fts_replace")
    conn.execute("DROP TRIGGER posts_fts_insert")
    conn.execute(
        f"""WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 20001)
        INSERT INTO posts(pid, author, {names})
        SELECT 1000 + x, 'user' || x, {names} FROM posts, n WHERE posts.id = 1"""
    )
    return conn


def test_an_author_is_found_in_other_characters_however_many_there_are() -> None:
    conn = with_many_authors(
        Row(text="一", author="张三"),
        Row(text="二", author="ＺｈａｎｇＳａｎ\u200b"),
        Row(text="三", author="ZHANGSAN"),
        Row(text="四", author="张三丰"),
    )
    found = {
        query: [hit.post_id for hit in search(conn, query, order="oldest").hits]
        for query in ("作者:張三", "作者:zhangsan", "作者:張*", "作者:張三丰 四")
    }
    assert found == {
        "作者:張三": [2],
        "作者:zhangsan": [3, 4],
        "作者:張*": [2, 5],
        "作者:張三丰 四": [5],
    }
    assert search(conn, "一 -作者:張三").total == 0
    assert [hint.kind for hint in hints.hints(conn, parse("作者:張三 没有"))] == [
        "words"
    ]
    assert hints.hints(conn, parse("作者:张叁")) == (
        Hint("张叁", 0, ("作者:张三",), "author"),
    )


@pytest.mark.parametrize("ranges", [1, 60])
def test_beginnings_of_names_are_found_in_all_spellings(
    monkeypatch: pytest.MonkeyPatch, ranges: int
) -> None:
    monkeypatch.setattr("archive.search.filter_sql.MAX_RANGES", ranges)
    authors = ("Abc", "aBd", "ａb", "ab", "ABz", "b", "a", "À.b")
    conn = make_archive(":memory:", [Row(text="字", author=name) for name in authors])
    assert {hit.author for hit in search(conn, "作者:Ab*").hits} == {"Abc"}
    assert {hit.author for hit in search(conn, "作者:ＡＢ*").hits} == set(authors[:5])
    assert search(conn, "-作者:ＡＢ*").total == 3
    assert {hit.author for hit in search(conn, "作者:ＡＢ* OR 作者:ｂ").hits} == {
        *authors[:5],
        "b",
    }


def test_names_are_stepped_through_and_found_by_what_they_fold_to() -> None:
    authors = ("", "Å", "a", "ﬁsh", "fish", "張三", "张三\u200d", "张三", "王")
    conn = make_archive(":memory:", [Row(text="字", author=name) for name in authors])
    found = names.Names(conn, "author")
    assert list(found.each()) == sorted(authors)[1:]
    assert list(found.beginning_with("张")) == ["张三", "张三\u200d"]
    assert found.spelt_like("FISH") == ("fish", "ﬁsh")
    assert found.spelt_like("fish") == ("fish",)
    assert found.spelt_like("张叁") == ()
    assert found.spelt_like("\u200b") == ()
    assert found.spelt_like("ÀＡ") == ()
    assert found.spelt_like("Ａ") == ("a", "Å")
    assert found.spelt_like("张\u200b三") == ("张三", "张三\u200d", "張三")
    assert found.spelt_like("ｆｉ", is_prefix=True) == ("fi", "ﬁ")
    assert not found.has("张")
    assert found.has("张", is_prefix=True)
    assert not found.has("龍", is_prefix=True)


def test_names_that_are_compared_begin_alike_where_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hints, "COMPARED_NAMES", 2)
    authors = ("李一二三", "李一二四", "王一二三", "赵一二三")
    conn = make_archive(":memory:", [Row(text="字", author=name) for name in authors])
    assert hints.hints(conn, parse("作者:王一二五"))[0].meant == ("作者:王一二三",)
    assert hints.hints(conn, parse("作者:孙一二三"))[0].meant == ()


# What is counted beside the hits


def test_all_that_fits_is_counted_where_all_is_known() -> None:
    rows = [
        Row(
            text=f"{'的' * (number % 3 + 1)}字",
            author="甲乙"[number % 2],
            posted_at=f"{2022 + number % 3}-05-01T00:00:00Z",
            board="测试",
        )
        for number in range(210)
    ]
    conn = make_archive(":memory:", rows)
    for query in ("的", "日期:2022..2024", "版块:测试", "的 -猫", "是:主楼 OR 的"):
        found = count_facets(conn, parse(query))
        assert (found.posts, found.was_cut) == (210, False), query
        assert found.authors == (("乙", 105), ("甲", 105))
        assert found.years == (("2022", 70), ("2023", 70), ("2024", 70))
        assert found.boards == (("测试", 210),)


def test_a_part_that_is_counted_is_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    conn = make_archive(":memory:", [Row(text="的字", floor=1)] * 300)
    monkeypatch.setattr(facets, "COUNTED_POSTS", 250)
    found = count_facets(conn, parse("的"))
    assert (found.posts, found.was_cut, found.notices) == (200, True, ())
    monkeypatch.setattr(budget, "MAX_STEPS", 500)
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 100)
    found = count_facets(conn, parse("floor:1..2 楼层:1 的"))
    assert found.was_cut
    assert [notice.kind for notice in found.notices] == ["stopped"]


def test_names_that_are_not_listed_are_told(tmp_path: object) -> None:
    rows = [
        Row(
            text="手机",
            author=f"人{n}",
            board=f"板{n}",
            thread=f"题{n}",
            location=f"省{n}",
        )
        for n in range(15)
    ]
    db = f"{tmp_path}/forum.db"
    make_archive(db, rows).close()
    run = CliRunner().invoke(
        cli, ["search", db, "手机", "--counts"], standalone_mode=False
    )
    for names_ in ("authors", "boards", "locations"):
        assert f"3 more {names_} are not listed" in run.stderr
    assert "more posts fit" not in run.stderr
    whole = CliRunner().invoke(
        cli, ["search", db, "人1", "作者:人1", "--counts"], standalone_mode=False
    )
    assert "not listed" not in whole.stderr


def test_a_word_that_could_not_be_looked_for_is_not_said_to_be_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conn = make_archive(":memory:", [Row(text="的字")] * 900)
    no_time(monkeypatch)
    (hint,) = hints.hints(conn, parse("的"))
    assert (hint.posts, hint.or_more, hint.meant) == (0, True, ())


def test_a_board_of_that_number_is_no_name_that_is_missing() -> None:
    conn = make_archive(":memory:", [Row(text="字")])
    assert hints.hints(conn, parse("版块:1")) == ()
    assert hints.hints(conn, parse("版块:9"))[0].kind == "board"


@pytest.mark.parametrize(
    "typed", ["楼主:张三", "用户:张三", "用户名:张三", "会员：张三"]
)
def test_what_is_proposed_for_a_filter_that_is_none_is_right(typed: str) -> None:
    conn = make_archive(":memory:", [Row(text="字")])
    (hint,) = hints.hints(conn, parse(typed))
    assert hint.meant == ("作者:张三",)
    assert search(conn, hint.meant[0]).total == 1


def test_a_proposal_is_never_an_error() -> None:
    conn = make_archive(":memory:", [Row(text="字")])
    for typed in ("楼曾:张三", "有呢:张三", "日其:张三", "是的:张三"):
        for hint in hints.hints(conn, parse(typed)):
            for meant in hint.meant:
                search(conn, meant)


def test_a_search_that_was_stopped_is_said_on_the_command_line(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    db = f"{tmp_path}/forum.db"
    make_archive(db, ROWS).close()
    no_time(monkeypatch)
    run = CliRunner().invoke(cli, ["search", db, "floor:7"], standalone_mode=False)
    assert "note: stopped early" in run.stderr
    explained = CliRunner().invoke(
        cli, ["search", db, "floor:7", "--explain", "--json"], standalone_mode=False
    )
    told = json.loads(explained.stdout)
    assert not told["is_total_exact"]
    assert any(each.get("stopped") for each in told["statements"])
    assert any("stopped early" in notice for notice in told["notices"])


def test_a_post_without_words_is_no_reason_to_stop() -> None:
    conn = make_archive(":memory:", ROWS)
    add_post(conn, Row(text=""))
    insert(conn, "quotes", post_id=5, position=1, text="电脑")
    catch_up(conn)
    assert search(conn, "引用:电脑").total == 1
