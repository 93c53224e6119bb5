"""What a reader chooses of a thread: its order, some of its posts, a floor or a day in it, and
the threads beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("datasette")

from archive.schema import open_archive
from archive.web.thread_choice import MOST_WHOLE
from tests.archive_of_posts import Row, insert, make_archive
from tests.web_client import Pages, pages_of

CHINESE = {"accept_language": "zh"}


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    """Three threads of a board; the second has 35 posts over five days, by three members."""
    rows = [
        Row(
            text=f"第{floor}楼的话",
            thread="收音机",
            floor=floor,
            opening=floor == 1,
            author=f"客{floor % 3}",
            # eight in the morning by the forum's clock, seven posts a day
            posted_at=f"2024-05-{(floor - 1) // 7 + 1:02}T00:{floor:02}:00Z",
        )
        for floor in range(1, 36)
    ]
    rows += [Row(text="早", thread="茶单", posted_at="2024-01-01T00:00:00Z")]
    rows += [Row(text="晚", thread="修表", posted_at="2024-09-01T00:00:00Z")]
    path = tmp_path / "forum.db"
    conn = make_archive(path, rows)
    for number in (1, 2):
        user_id = insert(conn, "users", site_id=1, uid=number, name=f"客{number}")
        sql = "UPDATE posts SET user_id = ? WHERE author = ?"
        conn.execute(sql, (user_id, f"客{number}"))
    insert(conn, "images", post_id=12, position=1, url="a.png")
    for title, time in (
        ("收音机", "2024-05-05T00:35:00Z"),
        ("茶单", "2024-01-01T00:00:00Z"),
        ("修表", "2024-09-01T00:00:00Z"),
    ):
        sql = "UPDATE threads SET last_post_at = ? WHERE title = ?"
        conn.execute(sql, (time, title))
    conn.commit()
    conn.close()
    return pages_of(path)


def floors(page: str) -> list[int]:
    """The floors of the posts that a page shows, in order."""
    return [int(number) for number in re.findall(r">第(\d+)楼的话<", page)]


def shown(pages: Pages, query: str = "") -> list[int]:
    return floors(pages.get(f"/f/1/thread/1{query}", **CHINESE).text)


def test_newest_first_goes_on_over_the_pages(pages: Pages) -> None:
    assert shown(pages, "?order=newest") == list(range(35, 25, -1))
    assert shown(pages, "?order=newest&page=4") == list(range(5, 0, -1))
    page = pages.get("/f/1/thread/1?order=newest&page=2", **CHINESE).text
    assert 'href="/f/1/thread/1?order=newest&amp;page=3"' in page
    assert 'href="/f/1/thread/1">顺序浏览' in page


def test_one_author_newest_first(pages: Pages) -> None:
    page = pages.get("/f/1/thread/1?by=1&order=newest", **CHINESE).text
    assert floors(page) == [34, 31, 28, 25, 22, 19, 16, 13, 10, 7]
    assert 'href="/f/1/thread/1?order=newest">' in page  # all authors, order kept


def test_posts_with_pictures(pages: Pages) -> None:
    assert shown(pages, "?only=pictures") == [12]


def test_a_thread_on_one_page(pages: Pages) -> None:
    assert "whole=1" in pages.get("/f/1/thread/1", **CHINESE).text
    assert shown(pages, "?whole=1") == list(range(1, 36))


def test_a_long_thread_stays_in_pages(tmp_path: Path) -> None:
    rows = [Row(text="话", floor=number + 1) for number in range(MOST_WHOLE + 1)]
    make_archive(tmp_path / "forum.db", rows).close()
    pages = pages_of(tmp_path / "forum.db")
    assert "whole=1" not in pages.get("/f/1/thread/1", **CHINESE).text
    page = pages.get("/f/1/thread/1?whole=1&page=2", **CHINESE).text
    assert page.count('<article class="post"') == 1  # asked for all the same


@pytest.mark.parametrize(
    ("words", "page", "post"),
    [
        ("1", 1, 1),
        ("25", 3, 25),
        ("25楼", 3, 25),
        ("#25", 3, 25),
        (" 11 ", 2, 11),
        ("2024-05-03", 2, 15),
        ("2024年5月5日", 3, 29),
        ("2024-05", 1, 1),
        ("2024", 1, 1),
        ("20240503", 2, 15),
        ("last", 4, 35),
        ("2023-12-31", 1, 1),
    ],
)
def test_to_a_floor_or_a_day(pages: Pages, words: str, page: int, post: int) -> None:
    answer = pages.get("/f/1/thread/1/jump", params={"to": words})
    asked = f"?page={page}" if page > 1 else ""
    assert answer.headers["location"] == f"/f/1/thread/1{asked}#p{post}"
    assert post in shown(pages, asked)


@pytest.mark.parametrize(
    "words",
    ["", "36", "天气", "2025", "2024-13", "0001-01-01x", "9999-12-31", "9" * 400, "٣"],
)
def test_what_is_no_place_leads_to_the_thread(pages: Pages, words: str) -> None:
    answer = pages.get("/f/1/thread/1/jump", params={"to": words})
    assert answer.headers["location"] == "/f/1/thread/1"


def test_the_first_day_of_all_is_before_any_post(pages: Pages) -> None:
    answer = pages.get("/f/1/thread/1/jump", params={"to": "0001-01-01"})
    assert answer.status_code == 302


def test_the_threads_beside_one(pages: Pages) -> None:
    page = pages.get("/f/1/thread/1", **CHINESE).text
    beside = re.search(r'<nav class="beside".*?</nav>', page, re.S)
    assert beside
    assert re.findall(r'href="([^"]+)".*?>([^<>]+)</span>', beside[0]) == [
        ("/f/1/thread/3", "修表"),
        ("/f/1/thread/2", "茶单"),
    ]
    first = pages.get("/f/1/thread/3", **CHINESE).text
    assert "上一主题" not in first
    assert "下一主题" in first


@pytest.mark.parametrize(
    ("software", "address"),
    [
        ("", "forum.php?mod=viewthread&amp;tid=1"),
        ("Discuz! X3.4", "forum.php?mod=viewthread&amp;tid=1"),
        ("Discuz! 7.2", "viewthread.php?tid=1"),
    ],
)
def test_the_forums_own_address(tmp_path: Path, software: str, address: str) -> None:
    conn = make_archive(tmp_path / "forum.db", [Row(text="话")])
    conn.execute("UPDATE sites SET software = ?", (software,))
    conn.commit()
    base = conn.execute("SELECT base_url FROM sites").fetchone()[0]
    conn.close()
    page = pages_of(tmp_path / "forum.db").get("/f/1/thread/1", **CHINESE).text
    assert f'href="{base}{address}"' in page


@pytest.mark.parametrize("words", ["第7楼", "第7楼 OR 没有的词", "第7楼 | 没有的词"])
def test_words_are_looked_for_in_the_thread_alone(pages: Pages, words: str) -> None:
    answer = pages.get("/f/1/thread/1/find", params={"words": words})
    found = pages.get(answer.headers["location"], **CHINESE).text
    assert "收音机" in found
    assert found.count("hit-head") == 1
    elsewhere = pages.get("/f/1/thread/2/find", params={"words": words})
    assert "hit-head" not in pages.get(elsewhere.headers["location"]).text


def test_no_words_lead_to_the_thread(pages: Pages) -> None:
    answer = pages.get("/f/1/thread/1/find", params={"words": " "})
    assert answer.headers["location"] == "/f/1/thread/1"


def test_a_board_leads_into_its_long_threads(pages: Pages, tmp_path: Path) -> None:
    conn = open_archive(tmp_path / "forum.db").conn
    conn.execute("UPDATE threads SET replies = 34 WHERE title = '收音机'")
    conn.execute("UPDATE threads SET replies = 99 WHERE title = '修表'")
    conn.commit()
    conn.close()
    page = pages.get("/f/1/board/1", **CHINESE).text
    links = re.findall(r'href="/f/1/thread/(\d+)\?page=(\d+)"', page)
    assert [number for tid, number in links if tid == "1"] == ["2", "3", "4"]
    assert [number for tid, number in links if tid == "3"] == ["2", "3", "4", "10"]
    assert not [number for tid, number in links if tid == "2"]
    assert 'href="/f/1/thread/1/jump?to=last"' in page
    assert 'aria-current="true">最后回复</a>' in page
