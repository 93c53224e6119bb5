"""Datasette's own pages of an archive: the way back, names in Chinese, a table that can be
seen at once."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, served
from web_client import Pages, pages_of

from archive.web.paths import TABLE_STYLE
from tests.archive_of_posts import Row, make_archive

CHINESE = {"accept_language": "zh-CN"}
ENGLISH = {"accept_language": "en"}
LONG = "很长的一句话，" * 400


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of 120 long posts, more than a page of the table shows."""
    path = tmp_path_factory.mktemp("tables") / "forum.db"
    rows = [
        Row(
            text=LONG,
            subject=f"第{number}帖",
            author=f"客{number % 40}",
            floor=number,
            posted_at=f"2024-05-01T{number // 60:02}:{number % 60:02}:00Z",
        )
        for number in range(1, 121)
    ]
    make_archive(path, rows).close()
    return path


@pytest.fixture
def pages(archive: Path) -> Pages:
    return pages_of(archive)


@pytest.mark.parametrize(
    "path", ["/forum", "/forum/posts", "/forum/posts/1", "/forum?sql=select+1"]
)
def test_there_is_a_way_back(pages: Pages, path: str) -> None:
    page = pages.get(path, **CHINESE).text
    assert '<a href="/"><strong>论坛存档</strong></a>' in page
    assert f'href="{TABLE_STYLE}"' in page


def test_the_stylesheet_is_there(pages: Pages) -> None:
    answer = pages.get(TABLE_STYLE)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")


def test_columns_have_a_name_in_the_readers_language(pages: Pages) -> None:
    page = pages.get("/forum/posts", **CHINESE).text
    assert '<span class="archive-label">作者</span>' in page
    assert '<span class="archive-label">主题</span>' in page
    assert "archive-label" not in pages.get("/forum/posts", **ENGLISH).text


def test_what_columns_mean_is_folded(pages: Pages) -> None:
    page = pages.get("/forum/posts", **CHINESE).text
    folded = page.partition('<details class="archive-columns">')[2].partition(
        "</details>"
    )[0]
    assert "各列的含义" in folded
    assert "Number of the post in this file" in folded


def test_other_files_keep_datasettes_own_pages(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE things(name TEXT)")
    conn.execute("INSERT INTO things VALUES ('a')")
    conn.commit()
    conn.close()
    page = pages_of(path).get("/other/things", **CHINESE).text
    assert "archive-" not in page


@pytest.mark.parametrize(("width", "most"), [(1280, 3_000), (390, 8_000)])
def test_the_first_row_is_on_the_first_screen(
    archive: Path, width: int, most: int
) -> None:
    with chromium() as browser, served(archive) as address:
        page: Any = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{address}/forum/posts")
        rows = page.locator(".rows-and-columns tbody tr")
        assert rows.count() == 50
        box = rows.first.bounding_box()
        assert box["y"] + box["height"] < 900
        assert page.evaluate("document.documentElement.scrollHeight") < most
        assert page.evaluate("document.documentElement.scrollWidth") <= width
