"""The fields of the search form: each is a filter of the query."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("datasette")

from archive.search.query import parse
from archive.web.search_fields import with_fields
from tests.archive_of_posts import Row, make_archive
from tests.web_client import Pages, pages_of

CHINESE = {"accept_language": "zh"}


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    rows = [
        Row(text="收音机", author="张 三", posted_at="2024-05-01T00:00:00Z"),
        Row(text="收音机", author="李四", posted_at="2023-05-01T00:00:00Z"),
    ]
    make_archive(tmp_path / "forum.db", rows).close()
    return pages_of(tmp_path / "forum.db")


@pytest.mark.parametrize(
    ("given", "query"),
    [
        ({"author": "李四"}, "收音机 作者:李四"),
        ({"author": "张 三"}, '收音机 作者:"张 三"'),
        ({"board": "数码", "author": ""}, "收音机 版块:数码"),
        ({"since": "2024-01-01"}, "收音机 日期:2024-01-01.."),
        ({"until": "2024-01-01"}, "收音机 日期:..2024-01-01"),
        ({"since": "2024-05-01", "until": "2024-05-01"}, "收音机 日期:2024-05-01"),
        ({"author": "a* OR (b)"}, '收音机 作者:"a* OR (b)"'),
        ({"author": " "}, "收音机"),
    ],
)
def test_a_field_is_a_filter(given: dict[str, str], query: str) -> None:
    assert with_fields("收音机", given, "zh") == query
    assert parse(query).root


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        ("收音机 OR 茶", "(收音机 OR 茶) 作者:李四 日期:2024-01-01.."),
        ("收音机 | 茶", "(收音机 | 茶) 作者:李四 日期:2024-01-01.."),
        ("楼层:x", "楼层:x 作者:李四 日期:2024-01-01.."),
    ],
)
def test_a_filter_holds_for_the_whole_query(query: str, whole: str) -> None:
    given = {"author": "李四", "since": "2024-01-01"}
    assert with_fields(query, given, "zh") == whole


def test_in_english_the_filter_is_english() -> None:
    assert with_fields("", {"author": "li"}, "en") == "author:li"


def test_the_address_is_that_of_the_query(pages: Pages) -> None:
    given = {"q": "收音机", "author": "张 三", "order": "newest", "since": "2024-01-01"}
    answer = pages.get("/search", given, **CHINESE)
    location = urlsplit(answer.headers["location"])
    asked = parse_qs(location.query)
    assert asked["q"] == ['收音机 作者:"张 三" 日期:2024-01-01..']
    assert asked["order"] == ["newest"]
    found = pages.get(answer.headers["location"], **CHINESE).text
    assert found.count("hit-head") == 1


def test_empty_fields_change_nothing(pages: Pages) -> None:
    given = {"q": "收音机", "author": "", "board": "", "since": "", "until": ""}
    page = pages.get("/search", given, **CHINESE)
    assert page.status_code == 200
    assert page.text.count("hit-head") == 2
    assert 'type="date"' in page.text


def test_the_board_of_a_hit_is_a_link(tmp_path: Path) -> None:
    conn = make_archive(tmp_path / "one.db", [Row(text="一只猫", board="宠物")])
    conn.execute("UPDATE boards SET fid = 40")
    conn.commit()
    pages = pages_of(tmp_path / "one.db")
    link = '<a href="/f/1/board/40">宠物</a>'
    assert link in pages.get("/search", params={"q": "一只猫"}).text
    conn.execute("UPDATE boards SET fid = NULL")
    conn.commit()
    link = '<a href="/f/1/board/~1">宠物</a>'
    assert link in pages.get("/search", params={"q": "一只猫"}).text
    conn.execute("UPDATE threads SET board_id = NULL")
    conn.commit()
    conn.close()
    assert "/board/" not in pages.get("/search", params={"q": "一只猫"}).text
