"""Dates that count from the day of asking: by the forum's own day, from a clock handed in."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta

import pytest
from archive_of_posts import Row, insert, make_archive
from hypothesis import given
from hypothesis import strategies as st

from archive.index.writer import catch_up
from archive.search.api import search
from archive.search.explain import explain
from archive.search.facets import count_facets
from archive.search.hints import hints
from archive.search.query import parse
from archive.search.relative_days import relative_days
from scraper.core.errors import QueryError

TODAY = date(2026, 11, 27)
"""A Friday."""


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("今天", "2026-11-27", "2026-11-27"),
        ("today", "2026-11-27", "2026-11-27"),
        ("昨天", "2026-11-26", "2026-11-26"),
        ("Yesterday", "2026-11-26", "2026-11-26"),
        ("前天", "2026-11-25", "2026-11-25"),
        ("本周", "2026-11-23", "2026-11-29"),
        ("这周", "2026-11-23", "2026-11-29"),
        ("上周", "2026-11-16", "2026-11-22"),
        ("上个星期", "2026-11-16", "2026-11-22"),
        ("last-week", "2026-11-16", "2026-11-22"),
        ("本月", "2026-11-01", "2026-11-30"),
        ("这个月", "2026-11-01", "2026-11-30"),
        ("上月", "2026-10-01", "2026-10-31"),
        ("上个月", "2026-10-01", "2026-10-31"),
        ("今年", "2026-01-01", "2026-12-31"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("前年", "2024-01-01", "2024-12-31"),
        ("5月", "2026-05-01", "2026-05-31"),
        ("五月", "2026-05-01", "2026-05-31"),
        ("11月", "2026-11-01", "2026-11-30"),
        ("12月", "2025-12-01", "2025-12-31"),
        ("十二月", "2025-12-01", "2025-12-31"),
        ("5月17日", "2026-05-17", "2026-05-17"),
        ("12月5号", "2025-12-05", "2025-12-05"),
        ("2月29日", "2024-02-29", "2024-02-29"),
        ("最近7天", "2026-11-21", "2026-11-27"),
        ("近七天", "2026-11-21", "2026-11-27"),
        ("过去两周", "2026-11-14", "2026-11-27"),
        ("近三个月", "2026-08-28", "2026-11-27"),
        ("近3月", "2026-08-28", "2026-11-27"),
        ("近半年", "2026-05-28", "2026-11-27"),
        ("近半个月", "2026-11-13", "2026-11-27"),
        ("近一年", "2025-11-28", "2026-11-27"),
        ("近十二个月", "2025-11-28", "2026-11-27"),
        ("最近二十天", "2026-11-08", "2026-11-27"),
        ("last-3-months", "2026-08-28", "2026-11-27"),
        ("last-1-year", "2025-11-28", "2026-11-27"),
        ("last-10-days", "2026-11-18", "2026-11-27"),
    ],
)
def test_words_for_days(said: str, first: str, last: str) -> None:
    found = relative_days(said, TODAY)
    assert found
    since, after = found
    until = after - timedelta(days=1)
    assert (since.isoformat(), until.isoformat()) == (first, last)


def test_the_ends_of_months_and_years() -> None:
    assert relative_days("上月", date(2024, 1, 31)) == (
        date(2023, 12, 1),
        date(2024, 1, 1),
    )
    assert relative_days("近一个月", date(2024, 3, 30)) == (
        date(2024, 2, 29),
        date(2024, 3, 31),
    )
    assert relative_days("昨天", date(2024, 1, 1)) == (
        date(2023, 12, 31),
        date(2024, 1, 1),
    )
    assert relative_days("上周", date(2024, 1, 1)) == (
        date(2023, 12, 25),
        date(2024, 1, 1),
    )


@pytest.mark.parametrize(
    "said", ["2024", "昨儿", "月", "近", "近天", "天", "半年", "5", "近月"]
)
def test_what_is_no_word_for_days(said: str) -> None:
    assert relative_days(said, TODAY) is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_what_is_past_is_before_what_is_now(today: date) -> None:
    for past, now in (
        ("昨天", "今天"),
        ("前天", "昨天"),
        ("上周", "本周"),
        ("上月", "本月"),
        ("去年", "今年"),
        ("前年", "去年"),
    ):
        earlier = relative_days(past, today)
        later = relative_days(now, today)
        assert earlier
        assert later
        assert earlier[1] == later[0]
    for said in ("今天", "本周", "本月", "今年", "近三个月", "最近7天", "近一年"):
        span = relative_days(said, today)
        assert span
        assert span[0] <= today < span[1]
    for month in range(1, 13):
        span = relative_days(f"{month}月", today)
        assert span
        assert span[0] <= today
        assert today < span[0] + timedelta(days=366)


@pytest.mark.parametrize(
    "query",
    [
        "日期:昨儿",
        "日期:13月",
        "日期:0月",
        "日期:2月30日",
        "日期:20241301",
        "日期:近9999年",
        "日期:今天..昨..前天",
        "date:last-x-days",
        "日期:近半周",
        "日期:..",
    ],
)
def test_what_is_no_date_is_an_error(query: str) -> None:
    with pytest.raises(QueryError, match="is no date"):
        parse(query)


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    """Two forums; it is 23 hours of the 26th in London, and the 27th in China."""
    conn = make_archive(
        ":memory:",
        [
            Row(text="手机", posted_at="2026-11-26T15:59:59Z"),  # 23:59 of the 26th
            Row(text="手机", posted_at="2026-11-26T16:00:00Z"),  # 0:00 of the 27th
            Row(text="手机", posted_at="2026-11-26T22:00:00Z"),
            Row(text="手机", posted_at="2026-11-25T15:59:59Z"),
            Row(text="手机", posted_at="2025-12-31T16:00:00Z"),
            Row(text="手机", posted_at="2025-12-31T15:59:59Z"),
            Row(text="手机", posted_at=None),
            Row(text="手机", posted_at="2024-05-01"),
        ],
    )
    conn.execute("UPDATE sites SET utc_offset_minutes = 480")
    insert(
        conn,
        "sites",
        name="英伦",
        base_url="https://uk.example/",
        utc_offset_minutes=0,
    )
    conn.execute("UPDATE posts SET site_id = 2 WHERE id = 3")
    catch_up(conn)
    return conn


NOW = datetime(2026, 11, 26, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("日期:今天", {2, 3}),
        ("日期:昨天", {1}),
        ("日期:前天", {4}),
        ("date:today", {2, 3}),
        ("date:yesterday", {1}),
        ("日期:今年", {1, 2, 3, 4, 5}),
        ("日期:去年", {6}),
        ("日期:近三个月", {1, 2, 3, 4}),
        ("日期:昨天..今天", {1, 2, 3}),
        ("日期:..昨天", {1, 4, 5, 6, 8}),
        ("日期:去年..", {1, 2, 3, 4, 5, 6}),
        ("日期:2025..昨天", {1, 4, 5, 6}),
        ("之后:昨天", {2, 3}),
        ("之前:今天", {1, 4, 5, 6, 8}),
        ("since:昨天", {1, 2, 3}),
        ("日期:20261127", {2}),
        ("日期:202611", {1, 2, 3, 4}),
        ("日期:11月", {1, 2, 3, 4}),
        ("日期:5月", set()),
        ("-日期:今年", {6, 7, 8}),
        ("手机 OR 日期:今天", {1, 2, 3, 4, 5, 6, 7, 8}),
    ],
)
def test_each_forum_has_its_own_day(
    conn: sqlite3.Connection, query: str, right: set[int]
) -> None:
    for order in ("best", "newest", "oldest", "replies"):
        for words in ("", "手机 "):
            if words and "OR" in query:
                continue
            found = search(conn, words + query, order=order, now=NOW)  # type: ignore[arg-type]
            assert {hit.post_id for hit in found.hits} == right, (words, order)
    facets = count_facets(conn, parse(query, NOW))
    assert facets.posts == len(right)
    assert explain(conn, query, now=NOW).total == len(right)


def test_a_later_day_finds_other_posts(conn: sqlite3.Connection) -> None:
    later = NOW + timedelta(days=1)
    hits = search(conn, "日期:昨天", now=later).hits
    assert {hit.post_id for hit in hits} == {2, 3}
    assert not search(conn, "日期:今天", now=later).hits


def test_proposals_are_asked_at_the_same_time(conn: sqlite3.Connection) -> None:
    (hint,) = hints(conn, parse("日其:昨天", NOW))
    assert hint.meant == ("日期:昨天",)


def test_no_hidden_clock_is_asked(conn: sqlite3.Connection) -> None:
    with pytest.raises(QueryError, match="counts from a day, and none was said"):
        search(conn, "之后:今天")
