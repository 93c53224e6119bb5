"""Index pages without tables and members' pages without the usual heading, as skins and
other versions print them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.core.errors import PageError
from scraper.core.records import (
    BoardRow,
    Capture,
    Content,
    Field,
    IndexPage,
    Other,
    ProfilePage,
)
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 1, tzinfo=UTC)
HEAD = '<head><meta charset="utf-8"><title>{} - Powered by Discuz!</title></head>'
X_INDEX = '<body id="nv_forum" class="pg_index">'
OLD_INDEX = '<body id="index">'
FRAME = (
    '<div id="nv"><ul><li><a href="forum-98-1.html">导航</a></li></ul></div>'
    '<div id="pt"><a href="forum-97-1.html">路径</a></div>'
    '<ul id="forum_menu"><li><a href="forum-96-1.html">跳转</a></li></ul>'
)
FOOT = '<div id="ft"><a href="forum-95-1.html">页脚</a></div>'


def _read(markup: str, url: str, title: str = "论坛") -> Content:
    page = HEAD.format(title) + markup
    return parse_capture(Capture(url, AT, page.encode())).content


def _boards(body: str, lists: str) -> tuple[BoardRow, ...]:
    content = _read(
        f"{body}{FRAME}<div id='ct'>{lists}</div>{FOOT}", "https://b.example/"
    )
    assert isinstance(content, IndexPage)
    return content.boards


@pytest.mark.parametrize("body", [X_INDEX, OLD_INDEX])
@pytest.mark.parametrize(
    "lists",
    [
        '<div class="bm_h"><h2><a href="forum.php?gid=1">甲区</a></h2></div><div id="category_1">'
        '<div class="fl_g"><a href="forum-2-1.html"><img src="f.gif"></a><a href="forum-2-1.html">乙</a>'
        "<p>主题: <em>8</em> 帖数: <em>12</em></p></div>"
        '<div class="fl_g"><a href="forum-3-1.html">丙</a><p>主题: <em>5</em> 帖数: 6</p></div></div>',
        '<h3><a href="index.php?gid=1">甲区</a></h3>'
        '<div class="forum_block"><h2><a href="forumdisplay.php?fid=2">乙</a></h2><p>说明</p>'
        "<p>主题: 8, 帖数: 12</p></div>"
        '<div class="forum_block"><h2><a href="forumdisplay.php?fid=3">丙</a></h2>主题: 5, 帖数: 6</div>',
        '<table><tr><td><h3><a href="forum.php?gid=1">甲区</a></h3></td></tr><tr><td id="category_1"><ul>'
        '<li><a href="forum-2-1.html">乙</a> <span>Threads: 8 Posts: 12</span></li>'
        '<li><a href="forum-3-1.html">丙</a> Threads: 5 Posts: 6</li></ul></td></tr></table>',
        '<section><header><a href="forum.php?gid=1">甲区</a></header><a class="card" href="forum-2-1.html">乙</a>'
        "</section>"
        '<section><div class="card"><a href="forum-3-1.html"><b>丙</b></a></div></section>',
    ],
)
def test_boards_that_stand_in_no_table(body: str, lists: str) -> None:
    rows = _boards(body, lists)
    assert [(row.fid, row.name, row.category, row.category_fid) for row in rows] == [
        (2, "乙", "甲区", 1),
        (3, "丙", "甲区", 1),
    ]
    if "12" in lists:
        assert [(row.threads, row.posts) for row in rows] == [(8, 12), (5, 6)]


def test_a_category_without_a_link_is_named_by_its_heading() -> None:
    rows = _boards(
        X_INDEX,
        '<div><h2>甲区</h2><div id="category_1"><a href="forum-2-1.html">乙</a></div></div>'
        '<div><h2>丁区</h2><div id="category_9"><a href="forum-3-1.html">丙</a></div></div>',
    )
    assert [(row.name, row.category) for row in rows] == [
        ("乙", "甲区"),
        ("丙", "丁区"),
    ]


def test_an_index_of_frame_links_alone_is_an_error() -> None:
    with pytest.raises(PageError, match="without boards"):
        _boards(X_INDEX, "<p>空</p>")


SPACE_X = '<body id="nv_home" class="pg_space">'
PROFILE_7 = '<body id="profile"><div id="header"><h2>论坛</h2></div>'
MEMBER = "https://b.example/home.php?mod=space&uid=500"


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        (
            f"{PROFILE_7}<div><div><h1>某甲 <img></h1><ul><li>(UID: 500)</li></ul></div>",
            "某甲的个人资料",
        ),
        (
            f"{PROFILE_7}<div><h1>某甲的个人资料</h1><p>UID: 500</p></div>",
            "某甲的个人资料",
        ),
        (
            f"{SPACE_X}<div><h2>某甲</h2><ul><li><em>UID</em>500</li></ul></div>",
            "某甲的个人资料",
        ),
        (
            f"{SPACE_X}<h2>某甲</h2><div><h3>资料</h3><ul><li>UID：500</li></ul></div>",
            "某甲 - 空间",
        ),
        (
            f"{SPACE_X}<div><h2>资料</h2><ul><li><em>UID</em>500</li></ul></div>",
            "某甲的個人資料",
        ),
    ],
)
def test_a_member_whose_number_stands_in_a_list(markup: str, title: str) -> None:
    markup += "<ul><li><em>积分</em>7</li></ul>"
    content = _read(markup, MEMBER, title)
    assert isinstance(content, ProfilePage)
    assert (content.uid, content.name) == (500, "某甲")
    assert all(field.name != "UID" for field in content.fields)


def test_a_number_beside_headings_that_name_nobody() -> None:
    markup = f"{SPACE_X}<div><h2>资料</h2><ul><li><em>UID</em>500</li></ul></div>"
    with pytest.raises(PageError, match="names nobody"):
        _read(markup, MEMBER, "论坛")


FOLLOW = (
    '<body id="nv_home" class="pg_follow"><div id="pt"><a href="./" class="nvhm">论坛</a>'
    '<a href="home.php?mod=space&amp;uid=500">某甲</a><a href="home.php?mod=follow&amp;uid=500&amp;do=view">广播</a>'
    '</div><div class="flw_hd"><table><tr><th><p><a>3</a></p><span>广播</span></th>'
    "<td><p><a>9</a></p><span>听众</span></td></tr></table></div>"
)


@pytest.mark.parametrize(
    "url",
    [
        "https://b.example/home.php?mod=follow&uid=500",
        "https://b.example/home.php?mod=follow&uid=500&do=view&from=space",
        "https://b.example/home.php?mod=space&uid=500",
        "https://b.example/?500",
    ],
)
def test_a_member_as_their_broadcasts_show_them(url: str) -> None:
    assert _read(FOLLOW, url, "某甲的广播") == ProfilePage(
        uid=500,
        name="某甲",
        fields=(Field(name="广播", value="3"), Field(name="听众", value="9")),
    )


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        (FOLLOW, "https://b.example/home.php?mod=follow&do=follower&uid=500"),
        (FOLLOW, "https://b.example/home.php?mod=follow&do=following&uid=500"),
        (
            '<body id="nv_home" class="pg_follow"><p>大厅',
            "https://b.example/home.php?mod=follow&view=other",
        ),
    ],
)
def test_other_pages_of_broadcasts_show_no_member(markup: str, url: str) -> None:
    assert isinstance(_read(markup, url), Other)
