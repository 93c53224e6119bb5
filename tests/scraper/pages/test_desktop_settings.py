"""Desktop thread pages of forums that are set up otherwise: where authors stand, words of
their own, what they add."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from desktop_markup import SEVEN, SIX, X, only, six_post, thread, words, x_post

from scraper.core.records import as_json


@pytest.mark.parametrize(
    ("side", "head", "author"),
    [
        (
            '<div class="authi"><a href="home.php?mod=space&amp;uid=5">甲</a></div>',
            "",
            ("甲", 5, False),
        ),
        (
            '<div class="avatar"><a href="home.php?mod=space&amp;uid=5"><img src="a"></a></div>',
            '<img src="x"> <a href="home.php?mod=space&amp;uid=5">甲</a> <a href="home.php?mod=spacecp"><img></a> ',
            ("甲", 5, False),
        ),
        ('<div class="pi">匿名</div>', "匿名&nbsp; ", ("", None, True)),
        ('<div class="pi">老友 <em>该用户已被删除</em></div>', "", ("老友", 77, False)),
        ('<div class="pi">路人甲</div>', "路人甲&nbsp; ", ("", None, True)),
        (
            '<div class="pi"><a href="javascript:;">路人甲 <em>1.2.3.*</em></a></div>',
            "路人甲&nbsp; ",
            ("", None, True),
        ),
        (
            '<div class="pi"><a href="home.php?mod=space&amp;uid=5">匿名</a></div>',
            "匿名&nbsp; ",
            ("", None, True),
        ),
        (
            '<div class="pi">老友 <em>account is gone</em></div>',
            "",
            ("老友", 77, False),
        ),
        (
            '<div class="pi"><div class="authi"><a href="javascript:;" class="xw1">微博客</a></div></div>',
            "&nbsp;",
            ("微博客", 77, False),
        ),
        (
            '<div class="pi">老友 <em>該用戶已被刪除</em></div>',
            '<em title="楼主"></em> 楼主<span class="pipe">|</span> ',
            ("老友", 77, False),
        ),
    ],
)
def test_authors_beside_the_post_or_in_its_head(
    side: str, head: str, author: tuple[str, int | None, bool]
) -> None:
    post = only(thread(X + x_post(9, words(9), side, head)))
    assert (post.author, post.uid, post.anonymous) == author
    assert (post.pid, post.floor, post.signature) == (9, 1, "签名档")
    assert post.posted_at == datetime(2012, 3, 3, 21, 6, 7, tzinfo=UTC)


def test_a_deleted_placeholder_has_its_number_only() -> None:
    page = thread(
        X
        + x_post(8, words(8))
        + '<table id="pid9"><tr><td class="pls"></td><td class="plc"><div class="pi">'
        '<a id="postnum9">2#</a></div></td></tr></table>'
    )
    assert as_json(page.posts[1]) == {"pid": 9, "floor": 2}


def test_what_stands_for_a_deleted_post_is_a_withheld_one() -> None:
    page = thread(
        X
        + x_post(8, words(8))
        + '<table id="pid9"><tbody><tr><td class="pls"></td><td class="plc"><div '
        'class="pi"><strong><a><em>2</em><sup>#</sup></a></strong></div><div class="pct">此帖已被删除</div>'
        "</td></tr></tbody></table>"
    )
    assert as_json(page.posts[1]) == {
        "pid": 9,
        "floor": 2,
        "withheld": "此帖已被删除",
        "withheld_reason": "deleted",
    }


@pytest.mark.parametrize(
    ("name", "author"),
    [
        (
            '<a href="home.php?mod=space&amp;uid=5" class="xi2">甲</a><a href="home.php?mod=spacecp&amp;ac=profile">实名</a> ',
            ("甲", 5, False),
        ),
        (
            '<em class="authicn"></em> &nbsp;楼主<span class="pipe">|</span> <a href="space-uid-5.html">甲</a> ',
            ("甲", 5, False),
        ),
        ("路人甲&nbsp; ", ("", None, True)),
        (
            "",
            ("", 77, False),
        ),  # authors on the left, and the left closed: only the link to their posts is there
    ],
)
def test_authors_where_the_left_column_is_closed(
    name: str, author: tuple[str, int | None, bool]
) -> None:
    head = f'<a href="home.php?mod=space&amp;uid=77" class="xi2 z avt"><img src="a"></a> {name}'
    page = X + x_post(9, words(9), head=head if author[1] == 77 else name)
    page = page.replace('<td class="pls" rowspan="2">', "<!--")
    page = page.replace('</td><td class="plc">', '--><td class="plc">', 1)
    post = only(thread(page))
    assert (post.author, post.uid, post.anonymous) == author
    assert (post.pid, post.floor, post.text, post.signature) == (9, 1, "话", "签名档")


@pytest.mark.parametrize(
    ("label", "floor"),
    [
        ("<em>5</em><sup>#</sup>", 5),
        ("<em>5</em>层楼主义", 5),
        ("5楼层", 5),
        ("No.5", 5),
        ("首层", 1),
        ('<img src="settop.png" title="回帖置顶"> 来自 7<sup>#</sup>', 7),
        ('<em title="Pinned" class="replystick">▲</em> из 7 этаж', 7),
        ("推荐", 1),
    ],
)
def test_floors_in_words_of_the_forum(label: str, floor: int | None) -> None:
    assert only(thread(X + x_post(9, words(9), floor=label))).floor == floor


def test_a_prize_is_no_side() -> None:
    prize = (
        '<label class="pdbts pdbts_1"><a href="forum.php?mod=viewthread&amp;tid=1&amp;checkrush=1" class="v">恭喜'
        '</a><a class="b" href="#">抢中本楼</a></label>'
    )
    assert only(thread(X + x_post(9, words(9), line=prize))).side == ""


def test_advertisements_are_no_words_of_the_poster() -> None:
    assert (
        only(
            thread(
                X + x_post(9, words(9, '<div class="a_pr"><a href="#">买</a></div>话'))
            )
        ).text
        == "话"
    )


def test_a_comment_made_of_a_reply_leads_to_it() -> None:
    row = (
        '<div class="pstl"><div class="psta"><a href="space-uid-2.html">乙</a></div><div class="psti">同意&nbsp; '
        '<a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=5&amp;ptid=1" class="xi2">详情</a> '
        '<a href="forum.php?mod=post&amp;action=reply&amp;repquote=5" class="xi2">回复</a> '
        '<span class="xg1">发表于 2012-3-5 05:06</span></div></div>'
    )
    post = only(
        thread(X + x_post(9, words(9) + f'<div id="comment_9" class="cm">{row}</div>'))
    )
    assert [(said.author, said.uid, said.text) for said in post.comments] == [
        ("乙", 2, "同意")
    ]


def seven_post(pid: int, author: str, line: str, beside: str = "") -> str:
    """A post in the markup of 7.0 and 7.2."""
    return (
        f'<table id="pid{pid}"><tr><td class="postauthor">{author}</td><td class="postcontent"><div '
        'class="postinfo">'
        f'<strong><a id="postnum{pid}"><em>1</em><sup>#</sup></a></strong><div class="posterinfo"><div '
        f'class="pagecontrol">{beside}</div><div class="authorinfo"><img class="authicon">{line}<em '
        f'id="authorposton{pid}">发表于 2010-1-12 08:20</em> | <a href="viewthread.php?tid=1&amp;page=1&amp;'
        'authorid=5">只看该作者</a></div></div></div><div class="defaultpost"><div class="postmessage firstpost">'
        '<div id="threadtitle"><h1>题</h1><div class="threadtags"><a href="tag.php?name=x">茶</a><span '
        'class="postkeywords"><a href="search.php?x">不是</a></span></div></div><div class="t_msgfontfix"><table>'
        f'<tr><td class="t_msgfont" id="postmessage_{pid}">话</td></tr></table></div></div></div></td></tr>'
        "</table>"
    )


@pytest.mark.parametrize(
    ("beside", "line", "author"),
    [
        (
            '<div class="avatar"><a href="space.php?uid=5"><img></a></div>',
            '<a href="space.php?uid=5" class="posterlink">甲</a>',
            ("甲", 5, False),
        ),
        (
            '<div class="postinfo"><a target="_blank" href="space.php?uid=5" style="x">甲</a></div><div class="avatar"></div>',
            "",
            ("甲", 5, False),
        ),
        (
            '<div class="avatar"><a href="javascript:;">游客 <em>1.2.3.*</em></a></div>',
            "游客 ",
            ("", None, True),
        ),
        ('<div class="avatar">匿名</div>', "匿名 ", ("", None, True)),
        (
            '<div class="avatar">老友 <em>该用户已被删除</em></div>',
            "",
            ("老友", 5, False),
        ),
    ],
)
def test_authors_of_seven(
    beside: str, line: str, author: tuple[str, int | None, bool]
) -> None:
    page = thread(
        SEVEN + seven_post(9, beside, line),
        "https://bbs.example.net/viewthread.php?tid=1",
    )
    post = only(page)
    assert (post.author, post.uid, post.anonymous) == author
    assert (page.title, page.tags, post.text) == ("题", ("茶",), "话")


def test_a_side_of_seven() -> None:
    side = (
        '<span class="debatevote poststand_2"><label><a href="viewthread.php?tid=1&amp;stand=2">反方</a></label>'
        '<span><a href="misc.php?action=debatevote">支持</a>3</span></span>'
    )
    assert only(thread(SEVEN + seven_post(9, "", "匿名 ", side))).side == "反方"


def test_a_list_of_threads_is_no_list_of_ratings() -> None:
    related = '<fieldset><legend>相关主题</legend><ul><li><a href="viewthread.php?tid=2">别的</a></li></ul></fieldset>'
    tags = '<p class="posttags">关键字 <a href="tag.php?name=x">茶</a></p>'
    page = thread(
        SIX
        + six_post(
            8,
            "老友",
            f'<div id="postmessage_8" class="t_msgfont">话</div>{tags}{related}',
        ),
        "https://bbs.example.net/viewthread.php?tid=1",
    )
    assert (only(page).ratings, page.tags) == ((), ("茶",))


def test_sorted_information_is_no_thread_type() -> None:
    for kind in (
        '<a href="forum.php?mod=forumdisplay&amp;fid=2&amp;filter=typeid&amp;typeid=1">[求购]</a>',
        "[求购]",
    ):
        head = (
            f'<h1>{kind} <a href="forum.php?mod=forumdisplay&amp;fid=2&amp;filter=sortid&amp;sortid=3">[二手]</a> '
            '<span id="thread_subject">题</span></h1>'
        )
        assert thread(X + head + x_post(9, words(9))).type == "求购"


def test_pictures_as_a_robot_sees_them() -> None:
    listed = (
        '<div class="pattl"><ignore_js_op><dl class="tattl attm"><dd><p>说明</p><img src="data/attachment/a.jpg" '
        'alt="a"></dd></dl></ignore_js_op></div>'
    )
    post = only(thread(X + x_post(9, words(9) + listed)))
    assert (post.images, post.attachments, post.text) == (
        ("data/attachment/a.jpg",),
        (),
        "话",
    )


def test_a_thread_of_a_group() -> None:
    bar = '<div id="pt"><a href="forum.php?mod=group&amp;fid=36">茶友</a></div>'
    page = thread(X.replace("nv_forum", "nv_group") + bar + x_post(9, words(9)))
    assert (page.fid, page.board, only(page).text) == (36, "茶友", "话")


def test_what_the_umpire_of_a_debate_said() -> None:
    judged = (
        '<div id="umpirepoint"><p class="dbresult"><label class="winner_1"><strong>正方</strong>获胜</label><em>'
        '</em></p><p class="umpirepoint"><strong>裁判观点</strong>: 甜</p><p class="bestdebater"><strong>最佳辩手'
        '</strong>: 甲</p></div><div class="ds"></div>'
    )
    page = thread(X + x_post(7, judged + words(7, box="pcbs")))
    assert [(field.name, field.value) for field in page.fields] == [
        ("裁判评判", "正方获胜"),
        ("裁判观点", "甜"),
        ("最佳辩手", "甲"),
    ]


def test_a_skin_with_rows_of_its_own_in_a_post() -> None:
    page = (
        f'{X}<div id="post_9"><table id="pid9"><tr><td class="bar"></td></tr><tr><td class="pls"><div '
        'class="authi"><a href="space-uid-5.html">甲</a></div></td></tr><tr><td class="plc"><a id="postnum9">'
        '<em>1</em></a><em id="authorposton9">发表于 2012-3-4 05:06</em></td></tr><tr><td>'
        f"{words(9)}</td></tr></table></div>"
    )
    post = only(thread(page))
    assert (post.author, post.uid, post.floor, post.text) == ("甲", 5, 1, "话")


def test_a_post_whose_first_row_is_something_else() -> None:
    advertised = '<tr class="threadad"><td class="postauthor"></td><td class="adcontent"><h2>广告</h2></td></tr>'
    page = X + x_post(9, words(9)).replace("<tr>", advertised + "<tr>", 1)
    post = only(thread(page))
    assert (post.author, post.floor, post.text, post.subject, post.signature) == (
        "甲",
        1,
        "话",
        "",
        "签名档",
    )


def test_a_word_for_a_floor_tells_it_only_on_the_first_page() -> None:
    second = (
        X + '<div class="pg"><a href="thread-1-1-1.html">1</a><strong>2</strong></div>'
    )
    assert only(thread(second + x_post(9, words(9), floor="首层"))).floor is None
    page = thread(
        X + x_post(7, words(7), floor="首层") + x_post(8, words(8), floor="二层")
    )
    assert [post.floor for post in page.posts] == [1, None]
    descending = "https://bbs.example.net/forum.php?mod=viewthread&tid=1&ordertype=1"
    assert only(thread(X + x_post(9, words(9), floor="首层"), descending)).floor is None


def test_a_title_that_is_cut_off() -> None:
    page = thread(
        X
        + '<h1 class="ts">[求购] <span id="thread_subject"></span></h1>'
        + x_post(9, words(9))
    )
    assert (page.title, page.type) == ("", "求购")


def test_a_tool_of_moderators_before_a_guest_is_no_author() -> None:
    """6.0 puts the link to the address (查看 IP) before the name."""
    tool = '<label><a href="topicadmin.php?action=getip&amp;pid=9" title="查看 IP">IP</a></label>'
    guest = '<a href="javascript:;">游客 <em>1.2.3.*</em></a>'
    post = only(thread(SIX + six_post(9, tool + guest, "话") + "</div>"))
    assert (post.author, post.anonymous) == ("", True)
