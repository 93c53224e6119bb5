"""The browser pages of an archive: the way from the home page to a post, old addresses, and
what a search shows."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args, get_type_hints
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from archive.cli import cli
from archive.schema import open_archive
from archive.warc.captures import Captures
from scraper.core.records import Capture
from scraper.policy.scope import Kind
from tests.archive_of_posts import Row, insert, make_archive

pytest.importorskip("datasette")
pytest.importorskip("nh3")
from archive.reading.forums import get_forum
from archive.reading.on_this_day import on_this_day
from archive.search.api import Results
from archive.search.hints import Hint
from archive.search.query import parse
from archive.store.post_columns import POST_COLUMNS
from archive.web import strings
from archive.web.archive_source import ArchiveSource
from archive.web.language import language_of
from archive.web.metadata import metadata
from archive.web.templates import render
from archive.web.values import PageRequest, TemplateResponse
from archive.web.visitors import HOSTS
from tests.web_client import Pages, pages_of

CHINESE = {"accept_language": "zh-CN,zh;q=0.9,en;q=0.5"}
ENGLISH = {"accept_language": "en-GB,en;q=0.9"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive."""
    folder = tmp_path_factory.mktemp("web")
    assert CliRunner().invoke(cli, ["demo", str(folder)]).exit_code == 0
    return folder / "demo.db"


def main_of(page: str) -> str:
    """What a page shows, without what leads elsewhere."""
    main = re.search(r"<main.*</main>", page, re.S)
    assert main
    return main[0]


@pytest.fixture
def pages(demo: Path) -> Pages:
    return pages_of(demo)


@pytest.fixture
def one(tmp_path: Path) -> Path:
    """An archive of one forum with a thread of 25 posts that quote, and one that changed."""
    path = tmp_path / "one.db"
    conn = make_archive(
        path,
        [
            Row(
                text=f"第{number}楼的话",
                subject="收音机" if number == 1 else "",
                floor=number,
                opening=number == 1,
                posted_at=f"2024-05-01T00:{number:02}:00Z",
                author=f"客{number % 3}",
            )
            for number in range(1, 26)
        ],
    )
    insert(
        conn,
        "post_versions",
        post_id=3,
        first_seen_at="2024-05-02T00:00:00Z",
        last_seen_at="2024-05-03T00:00:00Z",
        text="第3楼原来的话",
        subject="",
        html="",
        rank=5,
    )
    conn.execute("UPDATE posts SET gone_at = '2024-06-01T00:00:00Z' WHERE id = 5")
    conn.execute(
        """UPDATE posts SET withheld = '提示: 作者被禁止', withheld_reason = 'banned',
        text = '' WHERE id = 6"""
    )
    link = "forum.php?mod=redirect&amp;goto=findpost&amp;pid=2&amp;ptid=1"
    quote = f'<blockquote><a href="{link}">客2 发表</a></blockquote>'
    html = f'<div class="quote">{quote}</div>嗯'
    conn.execute("UPDATE posts SET html = ? WHERE id = 7", (html,))
    conn.commit()
    conn.close()
    return path


def test_several_forums_are_listed(pages: Pages) -> None:
    page = pages.get("/").text
    assert "青石巷" in page
    assert "老槐树下" in page


def test_one_forum_shows_its_boards_at_once(one: Path) -> None:
    assert "数码" in pages_of(one).get("/").text


def test_the_way_from_home_to_a_members_posts(pages: Pages) -> None:
    board = href(pages.get("/f/1").text, r"/f/1/board/\d+")
    assert "/f/1/thread/110" in pages.get(board).text + pages.get("/f/1/board/6").text
    user = href(pages.get("/f/1/thread/110").text, r"/f/1/user/\d+")
    assert "/f/1/post/" in pages.get(user).text


def test_every_page_answers_in_both_languages(pages: Pages) -> None:
    for path in (
        "/",
        "/f/1",
        "/f/1/board/2",
        "/f/1/thread/110",
        "/search?q=收音机",
        "/pictures",
        "/health",
        "/search",
    ):
        for headers, language in ((CHINESE, 'lang="zh-CN"'), (ENGLISH, 'lang="en"')):
            answer = pages.get(path, **headers)
            assert answer.status_code == 200, (path, answer.text[:500])
            assert language in answer.text


def test_every_string_is_used_somewhere() -> None:
    folder = Path(strings.__file__).parent
    text = "\n".join(
        path.read_text("utf-8")
        for pattern in ("*.py", "pages/*", "templates/*")
        for path in folder.glob(pattern)
        if not path.name.startswith("strings")
    )
    composed = (
        "sort_",
        "show_",
        "why_",
        "order_",
        "counted_",
        "facet_",
        "picture_",
        "state_",
        "no_",
        "floor_",
        "hint_",
        "list_",
        "site_",  # said by a site's own script
        "field_",
    )
    unused = [
        key
        for key in strings.known()
        if f'"{key}"' not in text
        and f"'{key}'" not in text
        and not key.startswith(composed)
    ]
    assert unused == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh"),
        ("zh-TW", "zh-hant"),
        ("en", "en"),
        ("fr,en;q=0.2", "en"),
        ("fr", "en"),
        ("en;q=0.4,zh;q=0.6", "zh"),
        ("*", "zh"),
        ("en;q=x", "en"),
    ],
)
def test_the_language_is_the_readers(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


@pytest.mark.parametrize(
    "old",
    [
        "/thread-110-1-1.html",
        "/forum.php?mod=viewthread&tid=110",
        "/bbs/thread-110-1-1.html",
        "/viewthread.php?tid=110",
        "/archiver/?tid-110.html",
        "/archiver/tid-110.html",
        "/?tid-110.html",
        "/bbs/archiver/index.php?tid-110.html",
        "/bbs/viewthread.php?tid=110&extra=page%3D1",
        "/forum.php?mod=viewthread&action=printable&tid=110",
        "/forum.php?mod=post&action=reply&fid=2&tid=110",
        "/redirect.php?tid=110&goto=newpost",
        "/thread-110.html",
        "/wap/index.php?action=thread&tid=110",
        "/api/mobile/index.php?version=4&module=viewthread&tid=110",
        "/forum.php?mod=viewthread&tid=110&extra=page%3D1",
    ],
)
def test_old_addresses_of_threads_lead_to_ours(pages: Pages, old: str) -> None:
    assert pages.get(old).headers["location"] == "/f/1/thread/110"


@pytest.mark.parametrize(
    "old",
    [
        "/forum.php?mod=redirect&goto=findpost&ptid=110&pid=1011",
        "/redirect.php?goto=findpost&pid=1011&ptid=110",
        "/forum.php?mod=viewthread&tid=110&pid=1011",
    ],
)
def test_old_addresses_of_posts_lead_to_the_post(pages: Pages, old: str) -> None:
    first = pages.get(old).headers["location"]
    assert first == "/f/1/post/1011"
    assert re.fullmatch(r"/f/1/thread/110#p\d+", pages.get(first).headers["location"])


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ("/forum-2-1.html", "/f/1/board/2"),
        ("/forum.php?mod=forumdisplay&fid=2", "/f/1/board/2"),
        ("/index.php", "/"),
    ],
)
def test_old_addresses_of_boards(pages: Pages, old: str, ours: str) -> None:
    assert pages.get(old).headers["location"] == ours


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ("/forum.php?mod=viewthread&tid=150&page=2", "?page=2"),
        ("/thread-150-3-1.html", "?page=3"),
        ("/viewthread.php?tid=150&page=2&extra=page%3D1", "?page=2"),
        ("/archiver/?tid-150-page-2.html", "?page=2"),
        ("/redirect.php?goto=lastpost&tid=150", "?page=3"),
        ("/forum.php?mod=redirect&tid=150&goto=lastpost", "?page=3"),
        ("/bbs/forum.php?mod=viewthread&tid=150&extra=page%3D7&page=2", "?page=2"),
    ],
)
def test_old_addresses_of_later_pages_lead_to_those(
    pages: Pages, old: str, ours: str
) -> None:
    assert pages.get(old).headers["location"] == f"/f/1/thread/150{ours}"


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ("/space-uid-7.html", "/f/1/user/7"),
        ("/home.php?mod=space&uid=7", "/f/1/user/7"),
        ("/space.php?uid=7", "/f/1/user/7"),
        ("/viewpro.php?uid=7", "/f/1/user/7"),
        ("/profile-uid-7.html", "/f/1/user/7"),
    ],
)
def test_old_addresses_of_members(pages: Pages, old: str, ours: str) -> None:
    assert pages.get(old).headers["location"] == ours


def test_an_address_that_two_forums_know_offers_both(pages: Pages) -> None:
    answer = pages.get("/space-uid-3.html", **CHINESE)
    assert answer.status_code == 300
    assert 'href="/f/1/user/3"' in answer.text
    assert 'href="/f/2/user/3"' in answer.text
    assert "青石巷" in answer.text
    assert "老槐树下" in answer.text


def test_the_old_host_tells_which_forum_is_meant(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOSTS, "bbs.laohuaishu.example")
    answer = pages.get("/bbs/forum-10-1.html", host="bbs.laohuaishu.example")
    assert answer.headers["location"] == "/f/2/board/10"


@pytest.mark.parametrize(
    "address",
    [
        f"/redirect.php?goto=findpost&pid={10**20}",
        f"/thread-{10**20}-1-1.html",
        f"/thread-110-{10**20}-1.html",
        f"/forum-2-{10**20}.html",
        f"/home.php?mod=space&uid={10**20}",
        f"/forum.php?mod=viewthread&tid=110&authorid={10**20}",
        f"/f/1/thread/110?page={10**20}&by={10**20}",
        f"/f/1/board/2?page={10**15 - 1}",
        f"/f/1/user/3?posts=~{10**20}&threads=~{10**20}",
        f"/f/1/thread/{10**18 - 1}",
        f"/pictures/growth?thread={10**20}",
        f"/data/attachment/forum.php?mod=attachment&aid={10**20}",
    ],
)
def test_no_number_is_too_large_for_a_page(pages: Pages, address: str) -> None:
    assert pages.at_last(address).status_code in (200, 404)


def test_what_is_missing_says_so_and_names_the_original(pages: Pages) -> None:
    answer = pages.get("/f/1/thread/99999")
    assert answer.status_code == 404
    assert (
        "https://bbs.qingshixiang.example/forum.php?mod=viewthread&amp;tid=99999"
        in answer.text
    )
    for path in (
        "/f/9",
        "/f/1/board/999",
        "/f/1/user/999999",
        "/f/1/post/5",
        "/nothing.php",
        "/-/media/99",
        "/f/1/author/nobody",
        "/thread-99999-1-1.html",
        "/pictures/none.svg",
    ):
        assert pages.get(path).status_code == 404, path


def test_a_thread_is_read_in_the_forums_zone_page_by_page(one: Path) -> None:
    pages = pages_of(one)
    first, last = (
        pages.get("/f/1/thread/1").text,
        pages.get("/f/1/thread/1?page=3").text,
    )
    assert "2024-05-01 08:01" in first
    assert "第1楼的话" in first
    assert "第25楼的话" in last
    assert "第20楼的话" not in last
    assert main_of(pages.get("/f/1/thread/1?page=99").text) == main_of(last)


def test_pages_are_as_long_as_the_forums(one: Path) -> None:
    conn = sqlite3.connect(one)
    conn.execute("UPDATE threads SET pages = 2")
    capture = insert(
        conn,
        "captures",
        site_id=1,
        url="u",
        fetched_at="2024",
        thread_id=1,
        page=2,
        kind="thread",
    )
    conn.execute(
        "UPDATE posts SET capture_id = ?, rank = 5 WHERE floor > 20", (capture,)
    )
    conn.commit()
    pages = pages_of(one)
    assert "第20楼的话" in pages.get("/f/1/thread/1").text
    assert pages.get("/f/1/post/21").headers["location"] == "/f/1/thread/1?page=2#p21"


def test_a_forum_remembers_what_was_opened_on_this_day(tmp_path: Path) -> None:
    conn = make_archive(
        tmp_path / "years.db",
        [
            Row(text="话", thread=f"{when}的主题", opening=True, posted_at=when)
            for when in (
                "2012-02-28T16:30:00Z",
                "2013-02-27T17:00:00Z",
                "2014-02-28T16:00:00Z",
                "2016-02-29T15:59:00Z",
                "2023-02-28T15:00:00Z",
                "2024-02-28T16:00:00Z",
            )
        ],
    )
    site = get_forum(conn, 1)
    years = [
        each.year
        for each in on_this_day(conn, site, datetime(2024, 2, 29, 3, tzinfo=UTC))
    ]
    assert years == [2016, 2012]  # leap years have a 29th, on the forum's clock
    years = [
        each.year
        for each in on_this_day(conn, site, datetime(2024, 2, 27, 17, tzinfo=UTC))
    ]
    assert years == [2023, 2013]
    assert (
        on_this_day(make_archive(":memory:"), site, datetime(2024, 2, 29, tzinfo=UTC))
        == []
    )


SHOWN_COLUMNS = {
    "pid": (778899, "/f/1/post/778899"),
    "floor": (3, "3 楼 · 板凳"),
    "author": ("某作者", ">某作者</a>"),
    "user_id": (1, "/f/1/user/4711"),
    "anonymous": (1, "匿名"),
    "posted_at": ("2019-03-04T05:06:07Z", "2019-03-04 13:06"),
    "location": ("广东", '来自 <span lang="zh">广东</span>'),
    "subject": ("某标题", "某标题"),
    "html": ("<b>某内容</b>", "<b>某内容</b>"),
    "text": ("某文字", "某文字"),
    "withheld": ("某提示", "某提示"),
    "withheld_reason": ("banned", "作者被禁言"),
    "edited_by": ("某编辑者", "某编辑者"),
    "ratings_total": (7, "评分（7 人中的 0 人）"),
    "comments_total": (7, "点评（0，至少有 7）"),
    "edited_at": ("2020-02-03T04:05:06Z", "2020-02-03 12:05"),
    "signature": ("某签名", "某签名"),
    "best_answer": (1, "最佳答案"),
    "side": ("正方", "正方"),
}
"""Columns of `posts` that a page of a thread shows: a value, and how it stands there."""
WITH_OTHERS: dict[str, dict[str, str]] = {
    "anonymous": {"author": ""},
    "withheld_reason": {"withheld": "提示"},
    "edited_by": {"edited_at": "2020-02-03T04:05:06Z"},
}
"""What such a column needs beside it."""


def test_every_column_that_is_to_be_shown_has_a_place_in_the_page() -> None:
    to_show = {each.column for each in POST_COLUMNS if each.shown}
    assert to_show == set(SHOWN_COLUMNS)


@pytest.mark.parametrize("column", SHOWN_COLUMNS)
def test_a_column_of_a_post_is_shown(tmp_path: Path, column: str) -> None:
    value, shown = SHOWN_COLUMNS[column]
    conn = make_archive(tmp_path / "one.db", [Row(author="客", posted_at=None)])
    insert(conn, "users", site_id=1, uid=4711, name="会员")
    assert shown not in pages_of(tmp_path / "one.db").get("/f/1/thread/1").text
    for name, given in {column: value, **WITH_OTHERS.get(column, {})}.items():
        conn.execute(f"UPDATE posts SET {name} = ?", (given,))
    conn.close()
    assert shown in pages_of(tmp_path / "one.db").get("/f/1/thread/1").text


def test_a_post_column_is_described_to_datasette() -> None:
    tables = metadata(["forum"])["databases"]["forum"]["tables"]
    described = tables["posts"]["columns"]
    assert {each.column for each in POST_COLUMNS} <= set(described)
    assert "where the forum says" in described["location"].lower()
    assert "location" in tables["post_list"]["columns"]


def test_a_quote_jumps_to_the_quoted_post(one: Path) -> None:
    assert 'href="#p2"' in pages_of(one).get("/f/1/thread/1").text


def test_vanished_and_withheld_posts_say_so(one: Path) -> None:
    page = pages_of(one).get("/f/1/thread/1", **ENGLISH).text
    assert "found missing 2024-06-01 08:00" in page
    assert "提示: 作者被禁止" in page
    assert "author banned" in page


def test_versions_stand_side_by_side_with_differences(one: Path) -> None:
    page = pages_of(one).get("/f/1/post/3/versions").text
    assert "第3楼<del>原来</del>的话" in page


def test_copies_of_a_post_are_found(tmp_path: Path) -> None:
    text = (
        "红灯牌收音机只剩下沙沙的声音了，调谐指针能走，指示灯也亮，"
        "就是一个台都收不到，请各位师傅帮忙看看"
    )
    make_archive(
        tmp_path / "copies.db",
        [
            Row(text=text, thread="原文", opening=True),
            Row(text=text.replace("师傅", "老师"), thread="转载"),
            Row(text="今天吃的是豆腐脑", thread="早饭"),
        ],
    ).close()
    pages = pages_of(tmp_path / "copies.db")
    assert 'href="/f/1/post/1/similar"' in pages.get("/f/1/thread/1").text
    page = pages.get("/f/1/post/1/similar").text
    assert "转载" in page
    assert "同一篇文字" in page
    assert "早饭" not in page
    assert pages.get("/f/1/post/99/similar").status_code == 404


def test_members_of_one_name_without_number(one: Path) -> None:
    page = pages_of(one).get("/f/1/author/%E5%AE%A21").text
    assert "第4楼的话" in page


def test_lists_go_on_behind_their_last_row(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    make_archive(
        path,
        [
            Row(
                text="话",
                thread=f"主题{number}",
                posted_at=f"2024-05-01T00:{number % 60:02}:00Z",
            )
            for number in range(130)
        ],
    ).close()
    pages, seen, at = pages_of(path), [], "/f/1/board/1?sort=start"
    while at:
        page = pages.get(at).text
        seen += re.findall(r'href="/f/1/thread/(\d+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        at = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 130


def test_a_board_has_numbered_pages_the_oldest_threads_on_the_last(
    tmp_path: Path,
) -> None:
    path = tmp_path / "many.db"
    conn = make_archive(
        path, [Row(text="话", thread=f"主题{number}") for number in range(130)]
    )
    conn.execute(
        """UPDATE threads SET sticky = tid = 7,
        last_post_at = printf('2024-05-%02dT00:00:00Z', tid % 28 + 1)"""
    )
    conn.execute(
        "UPDATE threads SET last_post_at = '2020-01-01T00:00:00Z' WHERE tid = 42"
    )
    conn.close()
    pages = pages_of(path)
    first, last = pages.get("/f/1/board/1").text, pages.get("/f/1/board/1?page=3").text
    assert re.findall(r"/f/1/thread/(\d+)", first)[0] == "7"
    assert re.findall(r"/f/1/thread/(\d+)", last)[-1] == "42"
    assert 'aria-label="第 3 页"' in first
    assert main_of(pages.get("/f/1/board/1?page=99").text) == main_of(last)
    assert pages.get("/forum-1-6.html").headers["location"] == "/f/1/board/1?page=3"
    assert pages.get("/f/1/board/1?show=gone&page=2").status_code == 200


@pytest.mark.parametrize("sort", ["reply", "start", "replies", "views"])
def test_boards_are_sorted_and_filtered(pages: Pages, sort: str) -> None:
    assert pages.get(f"/f/1/board/2?sort={sort}").text.count("/f/1/thread/") > 5
    assert pages.get(f"/f/1/board/2?sort={sort}&show=gone").status_code == 200


def test_boards_are_narrowed_to_a_year_of_the_forum(one: Path) -> None:
    pages = pages_of(one)
    conn = sqlite3.connect(one)
    conn.execute("DELETE FROM threads WHERE id NOT IN (SELECT min(id) FROM threads)")
    times = (
        "2011-12-31T15:59:59Z",
        "2011-12-31T16:00:00Z",
        "2013-05-01",
        "2012-12-31T16:00:00Z",
    )
    for tid, begun_at in enumerate(times, start=900):
        insert(
            conn,
            "threads",
            site_id=1,
            board_id=1,
            tid=tid,
            title=f"主题{tid}",
            created_at=begun_at,
            first_seen_at="2024-01-01T00:00:00Z",
            last_seen_at="2024-01-01T00:00:00Z",
        )
    conn.commit()
    conn.close()

    def shown(query: str) -> set[str]:
        page = main_of(pages.get(f"/f/1/board/1?{query}", **CHINESE).text)
        return set(re.findall(r"/f/1/thread/(9\d\d)", page))

    assert shown("year=2011") == {"900"}
    assert shown("year=2012") == {"901"}
    assert shown("year=2013") == {"902", "903"}
    assert shown("year=1999") == shown("") == {"900", "901", "902", "903"}
    page = pages.get("/f/1/board/1", **CHINESE).text
    assert "year=2012" in page
    assert "year=2010" not in page


def test_a_search_marks_words_counts_facets_and_links_posts(pages: Pages) -> None:
    page = pages.get("/search", {"q": "收音机"}, **CHINESE).text
    assert "<mark>收音机</mark>" in page
    assert "/f/1/post/" in page
    assert re.search(r'class="n">\d+<', page)
    narrowed = re.search(r'href="(/search\?q=[^"]*board[^"]*)"', page)
    assert narrowed
    assert pages.get(narrowed[1].replace("&amp;", "&")).status_code == 200


def test_hits_are_grouped_by_thread_where_asked_for(pages: Pages) -> None:
    page = pages.get("/search", {"q": "的", "list": "thread"}, **CHINESE).text
    threads = re.findall(r'<p class="hit-head"><a href="([^"]+)"', page)
    assert (
        1
        < len(threads)
        < pages.get("/search", {"q": "的"}).text.count('class="hit-head"')
    )
    assert re.search(r"此主题另有 \d+ 个帖子", page)
    assert re.search(
        r'<p class="snippet other"[^>]*><a href="/f/1/post/\d+">[^<]+</a>.*<mark>的</mark>',
        page,
    )
    assert re.search(r'href="/search\?q=[^"]*board[^"]*list=thread"', page)
    assert re.search(r"\d+ 个主题", page)


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Posts of fifteen places, most from the first."""
    path = tmp_path / "places.db"
    names = [f"地{number}" for number in range(15)]
    conn = make_archive(path, [Row(text="手机")] * 20)
    for number, name in enumerate([*names, *["地0"] * 5], 1):
        conn.execute("UPDATE posts SET location = ? WHERE id = ?", (name, number))
    conn.close()
    return path


def test_a_search_is_narrowed_by_place_and_says_how_many_are_left_out(
    places: Path,
) -> None:
    pages = pages_of(places)
    page = pages.get("/search", {"q": "手机"}, **CHINESE).text
    assert "<h2>来自</h2>" in page
    assert "另有 3 个未列出" in page
    narrowed = re.search(r'href="(/search\?q=[^"]*location[^"]*)">地0<', page)
    assert narrowed
    found = pages.get(narrowed[1].replace("&amp;", "&"), **CHINESE).text
    assert "找到 6 个帖子" in found
    assert re.search(r'class="set">地0', found)
    nothing = pages.get("/search", {"q": "手机 来自:海南"}, **CHINESE).text
    assert "没有来自“海南”的帖子" in nothing


def test_every_kind_of_hint_has_words() -> None:
    literals = get_args(get_type_hints(Hint)["kind"])
    kinds = {kind for literal in literals for kind in get_args(literal)}
    assert {"words", "author"} <= kinds
    assert {f"hint_{kind}" for kind in kinds} <= strings.known()


def test_a_hint_that_was_stopped_claims_nothing() -> None:
    stopped = Hint("手机", 0, or_more=True)
    words = render(
        TemplateResponse(
            template="search.html",
            values={
                "q": "手机",
                "order": "best",
                "orders": ("best",),
                "by": "post",
                "lists": ("post",),
                "fields": (),
                "page": 1,
                "problem": "",
                "results": Results(parse("手机"), (), 0),
                "lines": (),
                "has_more": False,
                "hints": (stopped,),
                "also": (),
                "searched": None,
                "facets": (),
                "facet_notices": (),
                "counted": 0,
                "feed": "",
            },
        ),
        PageRequest(
            source=ArchiveSource(sqlite3.connect(":memory:")), database="forum"
        ),
    )
    assert "可能有帖子含有它" in words
    assert "没有帖子含有“手机”" not in words


@pytest.mark.parametrize(
    ("query", "chinese", "english"),
    [
        ("收音机 作者:没有此人", "没有叫“没有此人”的作者", "“没有此人” is no author"),
        ("收音机 没有的词", "没有帖子含有“没有的词”", "“没有的词” is in no post"),
        (
            "没有的词",
            "个帖子（2013-01-12 至 2024-05-20）中什么也没找到",
            "posts of 2013-01-12 to 2024-05-20",
        ),
        (
            "收音机 floor:99",
            "个帖子含有“收音机”，但其中没有一个符合其余条件",
            "posts, but in none with all the rest",
        ),
        (
            "日期:foo",
            "日期:foo 不是日期；请写成 日期:2024",
            "日期:foo is no date; write 日期:2024",
        ),
        ("is:foo", "is:foo 没有意义", "is:foo means nothing"),
        ("楼层:x", "不是数字", "is no number"),
        ("作者: ", "后面没有内容", "has no value"),
        ("autor:x", "是不是 author:", "did you mean author:"),
        (
            "！！",
            "搜索词中没有可以查找的字",
            "there is no word in the query to look for",
        ),
    ],
)
def test_why_nothing_is_found_is_said_in_the_readers_language(
    pages: Pages, query: str, chinese: str, english: str
) -> None:
    assert chinese in pages.get("/search", {"q": query}, **CHINESE).text
    assert english in pages.get("/search", {"q": query}, **ENGLISH).text


@pytest.mark.parametrize(
    "query",
    ["外婆 -收音机", '"', "<script>", "作者:", "is:xyz", "a" * 3000, "%", "\x00", "🙂"],
)
def test_no_query_breaks_the_page(pages: Pages, query: str) -> None:
    answer = pages.get("/search", {"q": query})
    assert answer.status_code in (200, 400)
    assert "<script" not in answer.text
    assert pages.get("/search.atom", {"q": query}).status_code in (200, 400)


def test_any_search_is_a_feed(pages: Pages) -> None:
    feed = pages.get("/search.atom", {"q": "收音机"})
    assert feed.headers["content-type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(feed.text)
    entries = root.findall("{http://www.w3.org/2005/Atom}entry")
    assert entries
    assert all(
        entry.find("{http://www.w3.org/2005/Atom}id") is not None for entry in entries
    )


def test_pictures_show_their_statement_and_data(pages: Pages) -> None:
    page = pages.get("/pictures", **ENGLISH).text
    assert "GROUP BY" in page
    csv = re.search(r'href="(/demo\.csv[^"]+)"', page)
    assert csv
    assert pages.get(csv[1].replace("&amp;", "&")).text.startswith("month,posts")
    for image in re.findall(r'src="([^"]+\.svg[^"]*)"', page):
        drawn = pages.get(image.replace("&amp;", "&"))
        ElementTree.fromstring(drawn.text)
        assert "<script" not in drawn.text
        assert not re.search(r'(?:href|src)="(?:https?:)?//', drawn.text)


def test_the_growth_of_a_thread(one: Path) -> None:
    pages = pages_of(one)
    assert "2024-05-01" in pages.get("/pictures/growth?thread=1").text
    assert pages.get("/pictures/growth.svg?thread=1").status_code == 200


def test_the_functions_of_the_search_serve_users_queries(pages: Pages) -> None:
    sql = (
        "select dz_snippet(p.text, '收音机') as words, dz_fold('收音機 ＡＢ') as folded "
        "from posts p where p.id in "
        "(select rowid from posts_fts where posts_fts match dz_match('收音机'))"
    )
    rows = pages.get("/demo.json", {"sql": sql, "_shape": "objects"}).json()["rows"]
    assert "【收音机】" in rows[0]["words"]
    assert rows[0]["folded"] == "收音机 ab"


def test_datasettes_own_search_finds_chinese(pages: Pages) -> None:
    found = pages.get(
        "/demo/posts.json", {"_search": "外婆", "_shape": "objects"}
    ).json()
    sql = "select count(*) as n from posts where text like '%外婆%'"
    want = pages.get("/demo.json", {"sql": sql, "_shape": "objects"})
    assert found["filtered_table_rows_count"] >= want.json()["rows"][0]["n"] > 0


def test_health_tells_of_runs_and_failures(one: Path) -> None:
    conn = open_archive(one).conn
    insert(
        conn, "runs", command="crawl", started_at="2024-05-01T00:00:00Z", outcome="done"
    )
    insert(
        conn,
        "frontier",
        site_id=1,
        kind="thread",
        item=7,
        page=1,
        state="given_up",
        message="status 500 <b>",
    )
    insert(
        conn,
        "crawls",
        site_id=1,
        address="https://bbs.example/",
        begun_at="2024-05-01T00:00:00Z",
        stopped="robots: all of it",
    )
    insert(
        conn,
        "media",
        site_id=1,
        name="a.png",
        url="https://bbs.example/a.png",
        state="given_up",
        message="status 404",
        tries=3,
    )
    page = pages_of(one).get("/health", **CHINESE).text
    assert "status 500 &lt;b&gt;" in page
    assert "<code>https://bbs.example/forum.php?mod=viewthread&amp;tid=7</code>" in page
    assert "<code>https://bbs.example/a.png</code>" in page
    assert "status 404" in page
    assert "crawl" in page
    assert "<td>完成 </td>" in page
    assert "robots.txt 不允许: all of it" in page
    assert "2024-05-01 08:00" in page, "by the clock of the only forum"
    assert "done" in pages_of(one).get("/health", **ENGLISH).text


def test_every_kind_of_page_has_a_word_in_both_languages() -> None:
    for kind in get_args(Kind):
        assert strings.word(kind, "zh") != kind
    assert strings.word("unheard_of", "zh") == "unheard_of"
    assert strings.word("robots: all", "en") == "robots.txt: all"


def test_health_says_what_no_reader_came_by(one: Path) -> None:
    conn = open_archive(one).conn
    assert "Printed on pages and not read" not in pages_of(one).get("/health").text
    insert(
        conn,
        "captures",
        url="https://bbs.example/thread-1-1-1.html",
        fetched_at="2024-05-01T00:00:00Z",
        digest="x",
        outcome="stored",
        theme="x",
        kind="thread",
        field_counts='{"posts.author": [0, 570]}',
    )
    page = pages_of(one).get("/health").text
    assert "author on 0 of 570 posts (1 thread pages, layout x)" in page


def test_a_file_that_is_no_archive_keeps_datasettes_own_pages(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "else.db")
    conn.execute("CREATE TABLE things(x)")
    conn.close()
    assert "things" in pages_of(tmp_path / "else.db").get("/else").text


def href(page: str, pattern: str) -> str:
    """The first link of that form."""
    found = re.search(rf'href="({pattern})"', page)
    assert found, pattern
    return found[1]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"GIF89a....", "image/gif"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', ""),
        (b"<script>alert(1)</script>", ""),
        (b"%PDF-1.4 ....", ""),
    ],
)
def test_a_kept_picture_is_shown_and_any_other_file_is_to_be_saved(
    one: Path, body: bytes, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOSTS, "bbs.example")
    address = "https://bbs.example/data/attachment/x.png"
    conn = sqlite3.connect(one, isolation_level=None)
    with Captures(conn) as captures:
        headers = (("Content-Type", "image/svg+xml"),)
        kept = captures.keep(
            Capture(
                url=address,
                fetched_at=datetime.now(UTC),
                status=200,
                headers=headers,
                body=body,
            )
        )
    insert(
        conn,
        "media",
        site_id=1,
        name=address,
        url=address,
        state="done",
        capture_id=kept.id,
    )
    insert(conn, "images", post_id=8, position=1, url=address)
    conn.execute(
        "UPDATE posts SET html = ? WHERE id = 8", (f'<img src="{address}" alt="图">',)
    )
    pages = pages_of(one)
    ours = f"/-/media/{kept.id}"
    assert f'src="{ours}"' in pages.get("/f/1/thread/1").text
    answer = pages.get(ours)
    assert answer.content == body
    assert (
        pages.get("/data/attachment/x.png", host="bbs.example").headers["location"]
        == ours
    )
    assert answer.headers["content-type"] == (kind or "application/octet-stream")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert ("content-disposition" in answer.headers) == (not kind)
