"""Archiver pages as owners and old versions make them: titles of their own, the layout of
5.0, threads of which no post can be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rendered import (
    FOOT_7,
    FOOT_X,
    NAV_7,
    NAV_X,
    archived,
    head_x,
    old_thread,
    read,
    thread,
)

from scraper.core.errors import PageError
from scraper.core.records import BoardPage, Notice

TITLE = "茶 - 茶摊 - 茶 & 酒 -  Powered by Discuz! Archiver"
NAV_5 = (
    '<center><div class="tableborder"><div class="subtable bold altbg1">'
    '<a href="archiver/">茶 & 酒</a> <b>&raquo;</b> '
    '<a href="archiver/fid-2.html">茶摊</a> <b>&raquo;</b> {title}</div><br><br>'
)
FOOT_5 = (
    '<br><b>页: </b>{pages}<br><div style="width: 99%"><div class="subtable bold">'
    '<font color="#333333">查看完整版本: </font>'
    '<a href="viewthread.php?tid=7" target="_blank">{title}</a></div></div></div>'
)


def _post_5(author: str, message: str, subject: str = "") -> str:
    line = f"<b>{subject}</b><br><br>" if subject else ""
    return (
        '<div class="simpletable smalltxt" style="width: 99%"><div class="subtable altbg1">'
        f'<span class="right">2003-5-29 09:07</span><b>{author}</b></div>'
        '<div class="subtable altbg2 t_msg" style="width: auto;height: auto">'
        f"{line}{message}</div></div>"
    )


def _page_5(*posts: str, title: str = "茶", pages: str = "<b>[1]</b> ") -> str:
    return archived(
        "5",
        NAV_5.format(title=title) + "".join(posts),
        FOOT_5.format(title=title, pages=pages),
    )


def test_a_thread_of_5() -> None:
    page = thread(
        _page_5(_post_5("甲", "一<br />\n二", "茶"), _post_5("<i>匿名</i>", "三"))
    )
    assert (page.tid, page.fid, page.board, page.title) == (7, 2, "茶摊", "茶")
    assert (page.page, page.pages) == (1, 1)
    assert [
        (post.author, post.anonymous, post.subject, post.text) for post in page.posts
    ] == [
        ("甲", False, "", "一\n二"),
        ("", True, "", "三"),
    ]
    assert page.posts[0].posted_at == datetime(2003, 5, 29, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pages", "numbers"),
    [
        ("<b>[1]</b> <a href=archiver/?tid-7-page-2.html>2</a> ", (1, 2)),
        ("<a href=archiver/tid-7.html>1</a> <b>[2]</b> ", (2, 2)),
        ("<b>[1]</b> ", (1, 1)),
    ],
)
def test_a_title_of_figures_is_no_page_of_5(
    pages: str, numbers: tuple[int, int]
) -> None:
    page = thread(_page_5(_post_5("甲", "一", "2004"), title="2004", pages=pages))
    assert (page.title, page.page, page.pages) == ("2004", *numbers)


def test_a_withheld_post_and_a_quote_of_5() -> None:
    quote = "[quote]原帖由 [i]乙[/i] 于 2003-5-29 08:20 发表<br />\n旧话[/quote]<br />\n新话"
    page = thread(
        _page_5(
            _post_5("甲", "**** 作者被禁止或删除 内容自动屏蔽 ****"),
            _post_5("丙", quote),
        )
    )
    assert [(post.text, post.withheld_reason) for post in page.posts] == [
        ("", "banned"),
        ("新话", None),
    ]
    assert [quote.author for quote in page.posts[1].quotes] == ["乙"]


@pytest.mark.parametrize(
    "title",
    [
        "茶<< 站 >> - Powered by Discuz! Archiver",
        "a < b - 茶摊 - 茶 & 酒 -  Powered by Discuz! Archiver",
        "茶</b> - powered by Discuz! Archiver",
        "茶" * 3_000 + " - Powered by Discuz! Archiver\n",
    ],
)
@pytest.mark.parametrize("layout", ["x", "4", "6", "7"])
def test_an_archiver_page_whatever_its_title_holds(title: str, layout: str) -> None:
    source = old_thread(layout, "一", "二")
    if layout == "x":
        source = archived(
            "x", NAV_X + head_x("甲", "茶") + "一" + head_x("乙") + "二", FOOT_X
        )
    page = thread(source.replace(TITLE, title))
    assert [post.text for post in page.posts] == ["一", "二"]


@pytest.mark.parametrize("title", ["茶 | 某站档案", "某站 <archive>", ""])
@pytest.mark.parametrize(
    "foot", ["Discuz! Archiver", "Discuz! X2 Archiver", "Discuz! X3.4 Archiver"]
)
def test_an_archiver_page_with_a_title_of_the_owners_own(title: str, foot: str) -> None:
    source = archived("x", NAV_X + head_x("甲", "茶") + "一", FOOT_X)
    source = source.replace(TITLE, title).replace("Discuz! Archiver</a>", f"{foot}</a>")
    page = thread(source, "http://b.example/bbs/archiver/?tid-7.html")
    assert [(post.author, post.text) for post in page.posts] == [("甲", "一")]


@pytest.mark.parametrize("url", ["", "http://b.example/bbs/archiver/?tid-7.html"])
@pytest.mark.parametrize(
    "source",
    [
        archived("7", NAV_7 + "<div>甲 2006-1-12 一篇长文</div>", FOOT_7),
        archived("x", NAV_X + "<section>甲 2013-1-12<p>一篇长文</p></section>", FOOT_X),
        _page_5("<div>甲 2003-5-29 一篇长文</div>"),
    ],
)
def test_a_thread_of_an_unknown_layout_is_no_notice(source: str, url: str) -> None:
    with pytest.raises(PageError, match="without a single post"):
        read(source, url)


def test_what_is_missing_stays_a_notice() -> None:
    missing = archived("7", NAV_7 + "<div>指定主题不存在</div>")
    content = read(missing, "http://b.example/bbs/archiver/?tid-9.html")
    assert isinstance(content, Notice)
    assert content.reason == "not_found"


def test_a_board_of_sub_boards_alone_is_a_board() -> None:
    content = read(
        archived(
            "7",
            '<div id="nav"><a href="archiver/">茶 & 酒</a> &raquo; 茶摊</div><div id="content">'
            '<ul><li><a href="archiver/?fid-3.html">早茶</a></li></ul></div>',
            '<div id="footer">完整版本: <a href="forumdisplay.php?fid=2">茶摊</a></div>',
        ),
        "http://b.example/bbs/archiver/?fid-2.html",
    )
    assert isinstance(content, BoardPage)
    assert (content.fid, content.name) == (2, "茶摊")
    assert [board.fid for board in content.boards] == [3]
