"""Desktop thread pages as owners make them: addresses, breadcrumbs, page lists and floors of
their own. What a part is, its place tells, not its address or its words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.core.records import Capture, Post, ThreadPage
from scraper.parsing import parse_capture

PAGE_LIST = '<div class="pg"><strong>1</strong><a href="thread-77-2-1.html">2</a></div>'
CRUMBS = (
    '<div id="pt"><a href="./" class="nvhm">论坛</a> <a href="forum-5-1.html">版块</a> '
    '<a href="thread-77-1-1.html">题目</a></div>'
)
COUNTS = (
    '<div class="hm"><span class="xg1">查看:</span> <span class="xi1">289</span>'
    '<span class="xg1">回复:</span> <span class="xi1">6</span></div>'
)


def post(pid: int, author: str, floor: str = "1#", line: str = "") -> str:
    """A post in the markup of X, with what stands in its author's cell."""
    return (
        f'<div id="post_{pid}"><table id="pid{pid}"><tr>'
        f'<td class="pls"><div class="pi"><div class="authi">{author}</div></div></td>'
        f'<td class="plc"><strong><a id="postnum{pid}">{floor}</a></strong>'
        f'<div class="authi">{line}<em id="authorposton{pid}">发表于 2014-1-1 12:00:01</em></div>'
        f'<table><tr><td class="t_f" id="postmessage_{pid}">正文</td></tr></table>'
        "</td></tr></table></div>"
    )


def read(
    *posts: str,
    crumbs: str = CRUMBS,
    counts: str = COUNTS,
    pages: str = "",
    uid: str = "0",
) -> ThreadPage:
    """A page with these parts, read."""
    body = f"""<html><head><meta charset="utf-8"><title>题目 - 论坛 - Powered by Discuz!</title>
<script>var STYLEID = '1', discuz_uid = '{uid}';</script></head>
<body id="nv_forum" class="pg_viewthread">
<script>var fid = parseInt('5'), tid = parseInt('77');</script>{crumbs}{pages}
<div id="postlist"><table><tr><td class="pls">{counts}</td>
<td class="plc"><h1><a id="thread_subject">题目</a></h1></td></tr></table>{"".join(posts)}</div>
</body></html>"""
    fetched_at = datetime(2014, 1, 2, tzinfo=UTC)
    capture = Capture(
        "https://bbs.example.net/thread-77-1-1.html", fetched_at, body.encode()
    )
    content = parse_capture(capture).content
    assert isinstance(content, ThreadPage)
    return content


def only(page: ThreadPage) -> Post:
    (found,) = page.posts
    return found


@pytest.mark.parametrize(
    ("link", "name", "uid"),
    [
        ('<a href="suid-901" class="xw1">木鱼</a>', "木鱼", 901),
        ('<a href="https://user.example.com/902" class="xw1">青石</a>', "青石", 902),
        ('<a href="/u/903/">小李</a>', "小李", 903),
        ('<a href="people/lao-wang" class="xw1">老王</a>', "老王", None),
        ('<a href="/member/12/34">两个数</a>', "两个数", None),
        ('<a href="suid-9" class="xw1">匿名</a>', "匿名", 9),
    ],
)
def test_the_first_link_of_the_cell_is_the_author(
    link: str, name: str, uid: int | None
) -> None:
    found = only(read(post(1, link)))
    assert (found.author, found.uid, found.anonymous) == (name, uid, False)


def test_a_link_to_a_page_that_is_no_members_is_no_author() -> None:
    found = only(read(post(1, '<a href="thread-3-1-1.html">看帖</a>')))
    assert found.author == ""


def test_an_author_of_own_form_may_stand_in_the_head_line() -> None:
    link = '<a href="suid-904" class="xi2">林下</a>'
    found = only(read(post(1, "", line=link)))
    assert (found.author, found.uid) == ("林下", 904)


@pytest.mark.parametrize("name", ["匿名", "匿名用户", "Anonymous", "游客"])
def test_a_guest_sees_a_link_only_for_a_member_of_that_name(name: str) -> None:
    link = f'<a href="space-uid-9011.html" class="xw1">{name}</a>'
    found = only(read(post(1, link)))
    assert (found.author, found.uid, found.anonymous) == (name, 9011, False)


def test_a_moderator_sees_the_stand_in_of_an_anonymous_member_linked() -> None:
    link = '<a href="space-uid-9011.html" class="xw1">匿名</a>'
    found = only(read(post(1, link), uid="3"))
    assert (found.author, found.uid, found.anonymous) == ("", None, True)


@pytest.mark.parametrize(
    ("floor", "number"),
    [
        ("楼主<sup>#</sup>", 1),
        ("沙发#", 2),
        ("板凳 #", 3),
        ("地板楼", 4),
        ("沙發＃", 2),
        ("7楼", 7),
        ("顶楼王者", None),
    ],
)
def test_floors_have_names_with_a_sign_behind(floor: str, number: int | None) -> None:
    page = read(post(1, "甲", "1#"), post(2, "乙", floor))
    assert page.posts[1].floor == number


@pytest.mark.parametrize(
    "counts",
    [
        COUNTS,
        '<div class="hm">请 <a href="javascript:;">登录</a> 后使用快捷导航</div>'
        + COUNTS,
        '<div class="ptm pbw hm"><span class="xi1">1</span> 条新提醒</div>' + COUNTS,
        '<div class="hm"></div><div class="hm">广告</div>' + COUNTS,
    ],
)
def test_counts_stand_in_one_of_several_centred_boxes(counts: str) -> None:
    page = read(post(1, "甲"), counts=counts)
    assert (page.views, page.replies) == (289, 6)


@pytest.mark.parametrize(
    ("pages", "numbers"),
    [
        (PAGE_LIST, (1, 2)),
        (
            '<div class="pg"><label><span title="共 8 页"> / 8</span></label>'
            '<a href="thread-77-8-1.html">8 ...</a><strong>2</strong>'
            '<a href="thread-77-1-1.html">1</a></div>',
            (2, 8),
        ),
        (
            '<div class="pg"><a href="thread-77-3-1.html">3</a><strong>2</strong>'
            '<a href="thread-77-1-1.html">1</a></div>',
            (2, 3),
        ),
        (
            '<div class="pg"><strong>9</strong><label><span title="جەمئىي 9 بەت">9</span></label>'
            '<a href="thread-77-1-1.html">1</a></div>',
            (9, 9),
        ),
    ],
)
def test_page_lists_run_either_way(pages: str, numbers: tuple[int, int]) -> None:
    page = read(post(1, "甲"), pages=pages)
    assert (page.page, page.pages) == numbers


@pytest.mark.parametrize(
    "crumbs",
    [
        '<div class="crumbs"><a href="./">论坛</a> <a href="forum-5-1.html">版块</a></div>',
        '<nav><a href="forum-1-1.html">分区</a><a href="forum.php?mod=forumdisplay&fid=5">版块</a></nav>',
        '<ul><li><a href="forum-5-1.html"><img src="i.png"></a></li>'
        '<li><a href="forum-5-1.html">版块</a></li></ul>',
    ],
)
def test_a_breadcrumb_without_the_usual_id_names_the_board(crumbs: str) -> None:
    page = read(post(1, "甲"), crumbs=crumbs)
    assert (page.fid, page.board) == (5, "版块")


def test_a_link_to_another_board_names_none() -> None:
    page = read(post(1, "甲"), crumbs='<div><a href="forum-6-1.html">别的版</a></div>')
    assert (page.fid, page.board) == (5, "")
