"""A member's page tells what was here, year by year, and leads into the search."""

from __future__ import annotations

import re
import sqlite3
from html import unescape
from pathlib import Path

import pytest

pytest.importorskip("datasette")
from archive.index.writer import catch_up
from tests.archive_of_posts import Row, insert, make_archive
from tests.web_client import Pages, pages_of

NAME = '老"周 修表'
"""A name that needs quotation marks in a query, and has one."""
BOARD = "数码 (旧)"


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    path = tmp_path / "one.db"
    conn = make_archive(
        path,
        [
            Row(text="电容", board=BOARD, posted_at="2012-12-31T15:00:00Z"),
            Row(text="手表", board=BOARD, posted_at="2013-03-01T00:00:00Z"),
            Row(text="一只猫", board="宠物", thread="猫", posted_at="2013-09-01"),
        ],
    )
    conn.execute("UPDATE sites SET utc_offset_minutes = 480")
    insert(conn, "users", site_id=1, uid=7, name=NAME)
    conn.execute("UPDATE posts SET user_id = 1, author = ?", (NAME,))
    conn.commit()
    catch_up(conn)
    conn.close()
    return pages_of(path)


def row_of(page: str, year: int) -> str:
    found = re.search(rf'<tr><th scope="row"><a[^>]*>{year}</a>.*?</tr>', page, re.S)
    assert found, f"no {year}"
    return found[0]


def test_each_year_says_how_much_where_and_from_when(pages: Pages) -> None:
    page = pages.get("/f/1/user/7").text
    assert page.index(">2013</a>") < page.index(">2012</a>")
    row = row_of(page, 2013)
    cells = re.findall(r'<td class="n"[^>]*>(.*?)</td>', row)
    assert cells == ["0", "2"]
    assert "2013-03-01" in row
    assert "2013-09-01" in row
    assert "猫" in row
    assert BOARD in row
    assert "抽取" not in page


def test_links_of_a_year_find_its_posts(pages: Pages) -> None:
    row = row_of(pages.get("/f/1/user/7").text, 2013)
    of_year, of_a_board, *_ = re.findall(r'href="(/search[^"]+)"', row)
    found = pages.get(unescape(of_year)).text
    assert "手表" in found
    assert "一只猫" in found
    assert "电容" not in found
    (board,) = re.findall(r'>([^<]+)</a> <span class="quiet">1</span> <a', row)
    found = pages.get(unescape(of_a_board)).text
    assert ("手表" in found) == (board == BOARD)
    assert ("一只猫" in found) == (board == "宠物")


def test_a_sample_is_marked_as_such(pages: Pages, tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "one.db")
    columns = [row[1] for row in conn.execute("PRAGMA table_info(posts)")]
    names = ", ".join(name for name in columns if name not in ("id", "pid"))
    for _ in range(12):
        conn.execute(
            f"INSERT INTO posts({names}) SELECT {names} FROM posts "
            "WHERE posted_at >= '2013-01-02'"
        )
    conn.commit()
    conn.close()
    page = pages_of(tmp_path / "one.db").get("/f/1/user/7").text
    row = row_of(page, 2013)
    assert "8,192" in row
    assert "≈ " in row
    assert "均匀抽取" in page
    english = pages_of(tmp_path / "one.db").get("/f/1/user/7", accept_language="en-GB")
    assert "taken evenly" in english.text


def test_further_pages_of_a_member_do_not_tell_it_again(pages: Pages) -> None:
    assert "历年" in pages.get("/f/1/user/7").text
    later = pages.get("/f/1/user/7?posts=2013-05-01T00:00:00Z~2")
    assert "历年" not in later.text


def test_a_member_without_posts_has_no_years(pages: Pages, tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "one.db")
    insert(conn, "users", site_id=1, uid=8, name="潜水员")
    conn.commit()
    conn.close()
    page = pages.get("/f/1/user/8")
    assert page.status_code == 200
    assert "历年" not in page.text
