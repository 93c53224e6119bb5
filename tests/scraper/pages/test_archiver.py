"""Archiver pages of 4.0 to X3.5: threads, boards, the index, notices."""

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
from scraper.core.records import BoardPage, IndexPage, Notice
from scraper.core.site import SiteLine
from scraper.pages.archiver_pages import site_of_archiver


def test_an_archiver_thread_of_x() -> None:
    posts = (
        head_x("甲", "茶")
        + "一&nbsp;&nbsp;二<br />\r\n&lt;三&gt;\t\t"
        + head_x("<i>Anonymous</i>")
        + "四"
        + head_x("乙", None)
        + head_x("丙", time='<span title="2013-1-13 08:20:37">昨天&nbsp;08:20</span>')
        + " 本帖最后由 丙 于 2013-1-13 09:00 编辑 <br />\n<br />\n五"
    )
    page = thread(archived("x", NAV_X + posts, FOOT_X))
    assert (page.tid, page.fid, page.board, page.title, page.page, page.pages) == (
        7,
        2,
        "茶摊",
        "茶",
        2,
        3,
    )
    assert [(post.author, post.anonymous, post.text) for post in page.posts] == [
        ("甲", False, "一  二\n<三>"),
        ("", True, "四"),
        ("乙", False, ""),
        ("丙", False, "五"),
    ]
    assert page.posts[3].edited_at == datetime(2013, 1, 13, 1, tzinfo=UTC)
    assert page.posts[3].posted_at == datetime(2013, 1, 13, 0, 20, 37, tzinfo=UTC)


def test_stripped_quotes_end_where_the_quoted_post_or_the_cut_ends() -> None:
    long = "山" * 48
    posts = (
        head_x("甲")
        + "今天天气很好"
        + head_x("乙")
        + "甲 发表于 2013-1-12 08:20<br />\n今天天气很好<br />\n是的"
        + head_x("丙")
        + f"丁 发表于 2012-1-12 08:20<br />\n{long} ...<br />\n不对 ..."
        + head_x("戊")
        + "丁 发表于 2012-1-12 08:20 static/image/common/back.gif<br />\n短短一句我也是"
    )
    page = thread(archived("x", NAV_X + posts, FOOT_X))
    assert [post.text for post in page.posts[:3]] == [
        "今天天气很好",
        "是的",
        "不对 ...",
    ]
    assert [
        [(quote.author, quote.text) for quote in post.quotes] for post in page.posts
    ] == [
        [],
        [("甲", "今天天气很好")],
        [("丁", f"{long} ...")],
        [("丁", "")],
    ]
    assert page.posts[3].text.endswith("短短一句我也是")


@pytest.mark.parametrize("layout", ["4", "6", "7"])
def test_archiver_threads_with_bbcode_as_typed(layout: str) -> None:
    quote = (
        "[quote]原帖由 [i]甲[/i] 于 2006-1-12 08:20 发表 [url=http://b/redirect.php?goto=findpost&amp;pid=102&amp;ptid=1]"
        "[img]http://b/images/common/back.gif[/img][/url]<br />\n旧话 [/quote]<br />\n新话 [b]粗[/b]"
    )
    hidden = '<b>**** Hidden Message *****</b><br />\n公开<br /><span style="display:none">x[b]y</span>见下'
    page = thread(old_thread(layout, hidden, quote))
    assert (page.tid, page.fid, page.board, page.title, page.page, page.pages) == (
        7,
        2,
        "茶摊",
        "茶",
        1,
        2,
    )
    first, second = page.posts
    assert (first.author, first.subject, first.text) == ("甲", "", "公开\n见下")
    assert (second.anonymous, second.text) == (True, "新话 粗")
    assert [(quote.pid, quote.author, quote.text) for quote in second.quotes] == [
        (102, "甲", "旧话")
    ]
    assert first.posted_at == datetime(2006, 1, 12, 0, 20, tzinfo=UTC)


@pytest.mark.parametrize("layout", ["6", "7"])
def test_old_archivers_print_the_forums_words_for_a_withheld_post(layout: str) -> None:
    page = thread(
        old_thread(
            layout,
            "**** 作者被禁止或删除 内容自动屏蔽 ****",
            "<b>**** Hidden Message *****</b>",
        )
    )
    assert [(post.text, post.withheld_reason) for post in page.posts] == [
        ("", "banned"),
        ("", "other"),
    ]


def test_archiver_boards_and_their_sub_boards() -> None:
    rows = (
        '<ul>\n<li><a href="?fid-22.html">子版 &amp; 图</a></li></ul>\n<ul type="1" start="1">\n'
        '<li><a href="?tid-8.html">[分享]一</a> (3篇回复)\n<li><a href="?tid-9.html">移走</a> (-篇回复)\n</ul>\n'
        '<div class="page">页: \n<strong>[1]</strong></div></div>'
    )
    foot = '<div id="end">:\n<a href="../forum.php?mod=forumdisplay&fid=2" target="_blank"><strong>茶摊</strong></a></div>'
    nav = '<div id="nav"><a href="./">论坛</a> &rsaquo; 茶摊</div><div id="content">'
    page = read(
        archived("x", nav + rows, foot), "http://b.example/archiver/?fid-2.html"
    )
    assert isinstance(page, BoardPage)
    assert (page.fid, page.name, page.pages) == (2, "茶摊", 1)
    assert [(row.tid, row.title, row.replies) for row in page.threads] == [
        (8, "[分享]一", 3),
        (9, "移走", None),
    ]
    assert [(board.fid, board.name, board.parent_fid) for board in page.boards] == [
        (22, "子版 & 图", 2)
    ]
    empty = read(archived("x", nav + '<ul type="1" start="1">\n</ul></div>', foot))
    assert isinstance(empty, BoardPage)
    assert empty.threads == ()


def test_the_archivers_index_tells_boards_from_sub_boards() -> None:
    boards = (
        '<h3>一</h3>\n<ul>\n<li><a href="archiver/?fid-2.html">茶摊</a>\n'
        '<li><a href="archiver/?fid-3.html">酒 <b>红</b></a>\n<ul>\n'
        '<li><a href="archiver/?fid-4.html">黄酒</a></li>\n</ul></li>\n</li></ul>\n<h3>二</h3>\n'
        '<ul>\n<li><a href="archiver/?fid-5.html">水'
        "</a>\n</li></ul>\n</div>"
    )
    nav = '<div id="nav"><a href="archiver/"><strong>茶 & 酒</strong></a> </div>\n<div id="content">\n'
    foot = '<div id="footer">: <strong><a href="index.php" target="_blank">茶 & 酒</a></strong></div>'
    page = read(archived("7", nav + boards, foot))
    assert isinstance(page, IndexPage)
    assert [
        (row.fid, row.name, row.category, row.parent_fid) for row in page.boards
    ] == [
        (2, "茶摊", "一", None),
        (3, "酒 红", "一", None),
        (4, "黄酒", "一", 3),
        (5, "水", "二", None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        '<div id="nav"><a href="archiver/">茶</a> </div>\n<div id="content">\n'
        "指定的主题不存在或已被删除或正在被审核，请返回。</div>"
        '<div id="footer">: <strong><a href="index.php" target="_blank">茶</a></strong></div>',
        '<div id="nav"><a href="archiver/">茶</a></div><br />\n'
        '<div class="simpletable smalltxt"><div class="subtable altbg2">'
        "<br />指定的主题不存在或已被删除或正在被审核，请返回。<br /><br /></div></div>"
        '<div class="archiver_fullversion">: <a href="index.php">茶</a></div>',
    ],
)
def test_notices_of_the_old_archivers(content: str) -> None:
    notice = read(archived("7", content), "http://b.example/archiver/?tid-7.html")
    assert notice == Notice(
        reason="not_found", message="指定的主题不存在或已被删除或正在被审核，请返回。"
    )


def test_an_archiver_that_is_off() -> None:
    notice = read(
        "Sorry, Discuz! Archiver is not available.", "http://b.example/archiver/"
    )
    assert notice == Notice(
        reason="closed", message="Sorry, Discuz! Archiver is not available."
    )


def test_an_archiver_page_past_the_end_is_an_error() -> None:
    with pytest.raises(PageError):
        read(
            archived("7", NAV_7, FOOT_7.replace("[1]", "[9]")),
            "http://b.example/archiver/?tid-7-page-9.html",
        )


def test_the_archiver_names_its_forum() -> None:
    assert site_of_archiver(archived("7", NAV_7, FOOT_7)) == SiteLine(
        "茶 & 酒", "http://b.example/bbs/", "Discuz! 7.2"
    )
    assert site_of_archiver(
        archived("x", "<h2>茶 & 酒's Archiver </h2>" + NAV_X, FOOT_X)
    ) == SiteLine("茶 & 酒", "http://b.example/bbs/", "Discuz! X3.4")
