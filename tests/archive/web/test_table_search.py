"""Datasette's `?_search=` on posts asks the same query as every other door, or is refused."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from datasette.utils import detect_fts
from sqlite_utils import Database

from archive.schema import open_to_read
from archive.search.api import search
from tests.archive_of_posts import ROWS, make_archive
from tests.web_client import Pages, pages_of


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "forum.db"
    make_archive(path, ROWS).close()
    return path


@pytest.fixture(scope="module")
def pages(archive: Path) -> Pages:
    return pages_of(archive)


def found(pages: Pages, **given: str) -> list[int]:
    answer = pages.get("/forum/posts.json", {"_shape": "objects", **given}).json()
    return sorted(row["id"] for row in answer["rows"])


@pytest.mark.parametrize(
    "query",
    [
        "手机 作者:李四",
        "手机 日期:1999",
        "作者:张三",
        "作者:王五 -狗",
        "-手机",
        "版块:寵物",
        "来自:广东",
        "标题: 淘宝",
        "猫 OR 作者:李四",
        "是:主楼",
        "引用:手机",
        "a?b",
        "淘宝 楼层:1..2",
        "。。",
    ],
)
def test_the_table_finds_what_the_search_finds(
    archive: Path, pages: Pages, query: str
) -> None:
    right = sorted(hit.post_id for hit in search(open_to_read(archive), query).hits)
    assert found(pages, _search=query) == right


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"_search": "作者:"}, "has no value"),
        ({"_search": "日期:昨儿"}, "is no date"),
        ({"_search_body": "手机 作者:李四"}, "knows nothing of authors"),
        ({"_search_title": "is:op"}, "knows nothing of authors"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(
    pages: Pages, given: dict[str, str], said: str
) -> None:
    answer = pages.get("/forum/posts.json", given)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_one_column_is_searched(pages: Pages) -> None:
    assert found(pages, _search_body="手机") == [1, 4]
    assert found(pages, _search_title="淘宝") == [1]


def test_other_filters_of_the_table_stay(pages: Pages) -> None:
    assert found(pages, _search="作者:王五", posted_at__isnull="1") == [4]


@pytest.mark.parametrize("query", ["手机 作者:李四", "作者:", "日期:昨儿"])
def test_a_function_for_words_refuses_filters(pages: Pages, query: str) -> None:
    sql = "select rowid from posts_fts where posts_fts match dz_match(:q)"
    answer = pages.get("/forum.json", {"sql": sql, "q": query})
    assert answer.status_code == 400
    said = answer.json()["error"]
    assert "no such column" in said
    assert "knows nothing of" in said or "no value" in said or "no date" in said


def test_the_search_box_of_the_table_is_there_with_us_and_not_without(
    archive: Path, pages: Pages
) -> None:
    assert 'name="_search"' in pages.get("/forum/posts").text
    with closing(open_to_read(archive)) as conn:
        assert detect_fts(conn, "posts") is None
        assert Database(conn)["posts"].detect_fts() is None
