"""Desktop lists, members' pages and notices of every generation: each test shows one thing
printed otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    Capture,
    Content,
    Field,
    IndexPage,
    Notice,
    Other,
    ProfilePage,
)
from scraper.parsing import parse_capture
from scraper.themes.notice import reason_of

AT = datetime(2026, 1, 2, tzinfo=UTC)


def read(
    markup: str, url: str = "https://bbs.example.net/forum.php?mod=viewthread&tid=1"
) -> Content:
    """What a page says."""
    return parse_capture(Capture(url, AT, markup.encode())).content


def board(
    rows: str, body: str = '<body id="nv_forum" class="pg_forumdisplay">'
) -> BoardPage:
    """What a board page of these rows says."""
    content = read(
        f"{body}<script>var fid = parseInt('10'), tid = parseInt('0');</script><table>{rows}</table>",
        "https://bbs.example.net/forum.php?mod=forumdisplay&fid=10",
    )
    assert isinstance(content, BoardPage)
    return content


X_ROW = (
    '<tbody id="normalthread_9"><tr><td class="icn"><a href="#" title="投票 - 新窗口打开"><i '
    'class="fico-vote"></i></a></td>'
    '<th class="common">{th}<a href="thread-{to}-1-1.html" class="s xst">题</a> <span class="tbox '
    'tdigest">精华1</span></th>'
    '<td class="by"><cite><a href="space-uid-5.html">甲</a></cite><em><span>2012-3-4</span></em></td>'
    '<td class="num"><a href="#">{count}</a><em>{count}</em></td><td class="by"><cite><a '
    'href="space-username-x.html">乙</a>'
    '</cite><em><a href="#"><span title="2012-3-5 06:07">前天&nbsp;06:07</span></a></em></td></tr></tbody>'
)


def test_a_row_of_x() -> None:
    (row,) = board(
        X_ROW.format(
            th='<em>[<a href="forum-10-1.html">闲聊</a>]</em> ', to=9, count=12
        )
    ).threads
    assert (row.tid, row.title, row.author, row.uid, row.type) == (
        9,
        "题",
        "甲",
        5,
        "闲聊",
    )
    assert (row.replies, row.views, row.last_author, row.special, row.digest) == (
        12,
        12,
        "乙",
        "poll",
        True,
    )
    assert (row.created_on, row.last_post_at) == (
        date(2012, 3, 4),
        datetime(2012, 3, 4, 22, 7, tzinfo=UTC),
    )
    assert row.moved_to is None


def test_a_skin_may_add_classes_to_a_row() -> None:
    row = X_ROW.format(th="", to=9, count=12)
    assert board(row.replace('class="', 'class="my ')).threads == board(row).threads


def test_marks_of_a_row_that_say_something_else() -> None:
    stamp = '<img src="static/image/stamp/010.small.gif" alt="精华">'
    page = X_ROW.format(th="", to=9, count=1).replace(
        '<span class="tbox tdigest">精华1</span>', stamp
    )
    page = page.replace(
        '<i class="fico-vote"></i>', '<img src="template/debate_2012/folder_new.gif">'
    )
    (row,) = board(page.replace("投票 - ", "")).threads
    assert (row.special, row.digest) == ("", False)


def test_a_type_and_a_kind_of_sorted_information() -> None:
    sort, kind = (
        '<em>[<a href="forumdisplay.php?fid=1&amp;filter=sort&amp;sortid=3">二手</a>]</em>',
        '<em>[<a href="forumdisplay.php?fid=1&amp;filter=type&amp;typeid=1">求购</a>]</em>',
    )
    for marks, name in ((sort + kind, "求购"), (kind + sort, "求购"), (sort, "二手")):
        (row,) = board(X_ROW.format(th=marks, to=9, count=1)).threads
        assert row.type == name


def test_what_stands_for_a_hidden_name_is_no_name() -> None:
    (row,) = board(
        X_ROW.format(th="", to=9, count=1)
        .replace('<a href="space-uid-5.html">甲</a>', "路人甲")
        .replace('<a href="space-username-x.html">乙</a>', "路人甲")
    ).threads
    assert (row.author, row.uid, row.last_author) == ("", None, "")


def test_a_list_of_a_group_has_its_replies_bare() -> None:
    page = X_ROW.format(th="", to=9, count=1).replace(
        '<a href="#">1</a><em>1</em>', "\n7<em>12</em>"
    )
    (row,) = board(page, '<body id="nv_group" class="pg_forumdisplay">').threads
    assert (row.replies, row.views) == (7, 12)


def test_the_pictures_of_a_thread_alone_are_no_thread() -> None:
    url = "https://bbs.example.net/forum.php?mod=viewthread&tid=1&from=album"
    assert isinstance(
        read('<body id="nv_forum" class="pg_viewthread"><div id="album"></div>', url),
        Other,
    )


def test_a_board_in_a_template_of_its_own() -> None:
    page = board(
        "</table><div id='threadlist'><div class='goods'><a href='thread-9-1-1.html'><img></a><h4><a "
        "href='thread-9-1-1.html'>题</a></h4><a href='thread-9-2-1.html'>2</a></div></div><table>"
    )
    assert [(row.tid, row.title) for row in page.threads] == [(9, "题")]


@pytest.mark.parametrize(("to", "moved_to"), [(12, 12), (9, 9)])
def test_a_pointer_to_a_moved_thread(to: int, moved_to: int) -> None:
    (row,) = board(X_ROW.format(th="移动: ", to=to, count="-")).threads
    assert (row.tid, row.moved_to, row.replies, row.views) == (9, moved_to, None, None)


@pytest.mark.parametrize(
    ("link", "known"),
    [
        ("<cite>匿名</cite>", ("", None)),
        ('<cite><a href="space.php?action=viewpro&amp;uid=5">甲</a></cite>', ("甲", 5)),
    ],
)
def test_a_row_of_six_and_seven(link: str, known: tuple[str, int | None]) -> None:
    (row,) = board(
        '<tbody id="stickthread_9"><tr><td class="folder"><a href="viewthread.php?tid=9"><img '
        'src="images/default/folder_lock.gif">'
        '</a></td><td class="icon"><img src="images/default/rewardsmall.gif" alt="悬赏"></td><th class="lock">'
        "<label><img "
        'src="images/default/digest_1.gif" alt="精华 1">&nbsp;</label><span id="thread_9"><a '
        'href="viewthread.php?tid=9">题</a></span>'
        '<span class="threadpages"><a href="viewthread.php?tid=9&amp;page=2">2</a></span></th><td '
        f'class="author">{link}'
        '<em>2010-3-19</em></td><td class="nums"><strong>1</strong> / <em>187</em></td><td class="lastpost"><em><a '
        'href="#">'
        '2010-3-19 11:10</a></em><cite>by <a href="space.php?username=x">乙</a></cite></td></tr></tbody>',
        '<head><title>Powered by Discuz!</title></head><body id="forumdisplay">',
    ).threads
    assert (row.author, row.uid) == known
    assert (row.title, row.replies, row.views, row.last_author) == ("题", 1, 187, "乙")
    assert (row.sticky, row.digest, row.closed, row.special) == (
        True,
        True,
        True,
        "reward",
    )
    assert row.last_post_at == datetime(2010, 3, 19, 3, 10, tzinfo=UTC)


def test_a_picture_board() -> None:
    (row,) = board(
        '</table><ul id="waterfall" class="ml waterfall cl"><li><div class="c"><a '
        'href="thread-9-1-1.html"><img></a></div>'
        '<h3><a href="thread-9-1-1.html">题</a></h3><div class="auth"><cite>喜欢: 4 &nbsp; 回复: <a '
        'href="thread-9-1-1.html">'
        '3</a></cite><a href="space-uid-5.html">甲</a></div></li></ul><table>'
    ).threads
    assert (row.tid, row.title, row.author, row.uid, row.replies, row.views) == (
        9,
        "题",
        "甲",
        5,
        3,
        None,
    )


WIDE = (
    '<h2><a href="forum.php?gid=1">分区</a></h2><table class="fl_tb"><tr><td class="fl_icn"></td><td><h2>'
    '<a href="forum-10-1.html">版</a></h2><p class="xg2">说明</p><p>版主: <a href="space-username-x.html">甲'
    "</a></p>"
    '<p>子版块: <a href="forum-12-1.html">子版</a></p></td><td class="fl_i"><span class="xi2">15</span><span '
    'class="xg1"> / '
    '<span title="50123">5万</span></span></td></tr></table>'
)
NARROW = (
    '<h2><a href="forum.php?gid=1">分区</a></h2><table class="fl_tb"><tr><td class="fl_g"><dl><dt><a '
    'href="forum-10-1.html">版'
    '</a></dt><dd><em>主题: 15</em>, <em>帖数: <span title="50123">5万</span></em></dd></dl></td></tr></table>'
)
CLASSIC7 = (
    '<h3><a href="index.php?gid=1">分区</a></h3><table id="category_1"><tbody><tr><th><h2><a '
    'href="forumdisplay.php?fid=10">版'
    '</a></h2><p>说明</p><p>版主: <a href="space.php?username=x">甲</a></p></th><td class="forumnums">'
    "<em>15</em> / 50123</td>"
    "</tr></tbody></table>"
)
CLASSIC6 = CLASSIC7.replace(
    '<td class="forumnums"><em>15</em> / 50123</td>',
    '<td class="nums">15</td><td class="nums">50123</td>',
)


@pytest.mark.parametrize("markup", [WIDE, NARROW, CLASSIC7, CLASSIC6])
def test_boards_in_rows_and_in_columns(markup: str) -> None:
    content = read(
        f'<body id="nv_forum" class="pg_index"><div>{markup}</div>',
        "https://bbs.example.net/forum.php",
    )
    assert isinstance(content, IndexPage)
    row = content.boards[0]
    assert (row.fid, row.name, row.category, row.threads, row.posts) == (
        10,
        "版",
        "分区",
        15,
        50_123,
    )
    if markup != NARROW:
        assert (row.description, row.moderators) == ("说明", ("甲",))
    assert [(b.fid, b.parent_fid) for b in content.boards[1:]] == (
        [(12, 10)] if markup == WIDE else []
    )


def test_a_board_whose_address_has_a_word_for_its_number() -> None:
    content = read(
        f'<body id="nv_forum" class="pg_index"><div>{WIDE.replace("forum-10-1", "forum-the_end-1")}</div>'
    )
    assert isinstance(content, IndexPage)
    assert [(row.fid, row.name, row.threads) for row in content.boards] == [
        (None, "版", 15),
        (12, "子版", None),
    ]


@pytest.mark.parametrize(
    "body", ['<body id="nv_home" class="pg_space">', '<body id="space">']
)
def test_a_member_s_page(body: str) -> None:
    page = read(
        body
        + '<div id="ct"><div class="u_profile"><div><h2>a (b) c<span class="xw0">(UID: 22)</span></h2>'
        "<ul><li>"
        "<em>邮箱状态</em>已验证</li><li><em>统计信息</em><a>好友数 3</a><span>|</span><a>回帖数 26</a>"
        "</li></ul></div><div>"
        "<ul><li><em>用户组&nbsp;&nbsp;</em><a>元老</a></li><li>没有名称</li></ul></div></div></div>",
        "https://bbs.example.net/home.php?mod=space&uid=22&do=profile",
    )
    assert page == ProfilePage(
        uid=22,
        name="a (b) c",
        fields=(
            Field(name="邮箱状态", value="已验证"),
            Field(name="统计信息", value="好友数 3, 回帖数 26"),
            Field(name="用户组", value="元老"),
        ),
    )


def test_a_member_s_other_pages_are_nothing_to_keep() -> None:
    page = read(
        '<body id="nv_home" class="pg_space"><p>x',
        "https://bbs.example.net/home.php?mod=space&uid=2&do=blog",
    )
    assert isinstance(page, Other)
    with pytest.raises(PageError):
        read(
            '<body id="nv_home" class="pg_space"><p>x',
            "https://bbs.example.net/home.php?mod=space&uid=2&do=profile",
        )


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("抱歉，指定的主题不存在或已被删除或正在被审核", "not_found"),
        ("抱歉，您尚未登录，没有权限访问该版块", "login"),
        ("抱歉，本帖要求阅读权限高于 50 才能浏览", "forbidden"),
        ("抱歉，站点正在維護中", "closed"),
        ("本版块需要密码，您必须在下面输入正确的密码才能浏览", "password"),
        ("您的操作過於頻繁，請稍後再試", "throttled"),
        ("请输入验证码后继续", "captcha"),
        ("Sorry, the thread does not exist", "not_found"),
        ("You must log in to view this forum", "login"),
        ("You have no permission to do this", "forbidden"),
        ("未定义操作，请返回。", "other"),
    ],
)
def test_why_the_forum_refuses(message: str, reason: str) -> None:
    assert reason_of(message) == reason


@pytest.mark.parametrize(
    "markup",
    [
        '<body id="nv_forum" class="pg_viewthread"><div id="messagetext" class="alert_error"><p>指定的主题不存在</p></div>',
        "<BODY id=nv_forum class=pg_viewthread><DIV id=messagetext><P>指定的主题不存在</P></DIV>",
        '<body id="viewthread"><div class="fcontent alert_win"><div class="postbox"><div class="alert_error">'
        "<p>指定的主题不存在</p></div>",
        '<body onkeydown="x"><div class="box message"><h1>提示信息</h1><p>指定的主题不存在</p></div>',
    ],
)
def test_notices_of_every_generation(markup: str) -> None:
    notice = read(markup)
    assert isinstance(notice, Notice)
    assert notice.reason == "not_found"
    assert "指定的主题不存在" in notice.message


def test_a_hidden_window_of_a_login_page_is_no_notice() -> None:
    page = read(
        '<head><title>Powered by Discuz!</title></head><body id="logging"><div class="fcontent alert_win" '
        'style="display: none;"><div class="postbox"><div class="alert_right"></div></div></div>'
    )
    assert isinstance(page, Other)


def test_moderators_and_sub_boards_in_any_language() -> None:
    content = read(
        '<body id="nv_forum" class="pg_index"><table class="fl_tb"><tr><td class="fl_icn"></td><td><h2><a '
        'href="forum-2-1.html">Tea</a></h2><p class="xg2">By <a href="space-uid-9.html">us</a></p><p>Обитатели: <a '
        'href="forum-3-1.html">Green</a>, <a href="forum-4-1.html">Black</a></p><p>Хозяева: <span><a '
        'href="space-username-x.html">X</a>, <a href="space-username-y.html">Y</a></span></p></td></tr></table>'
    )
    assert isinstance(content, IndexPage)
    assert [
        (board.fid, board.parent_fid, board.moderators) for board in content.boards
    ] == [(2, None, ("X", "Y")), (3, 2, ()), (4, 2, ())]
    assert content.boards[0].description == "By us"


def test_moderators_in_a_menu() -> None:
    content = read(
        '<head><title>Powered by Discuz!</title></head><body id="index"><table id="category_1"><tbody id="forum2"><tr>'
        '<th><h2><a href="forumdisplay.php?fid=2">茶</a></h2><span class="dropmenu" id="mod2">版主</span><ul '
        'id="mod2_menu"><li><a href="space.php?username=x">甲</a></li></ul></th><td class="forumnums"><em>1</em> / 2'
        "</td></tr></table>",
        "https://bbs.example.net/index.php",
    )
    assert isinstance(content, IndexPage)
    (board,) = content.boards
    assert (board.fid, board.threads, board.posts, board.moderators) == (
        2,
        1,
        2,
        ("甲",),
    )
