"""Where a post was written, in each place that desktop pages print it in; and what looks
like a location there and is none."""

from __future__ import annotations

import pytest
from desktop_markup import SEVEN, SIX, X, only, six_post, thread, words, x_post

from scraper.core.records import Post

AUTHOR = '<div class="authi"><a href="home.php?mod=space&amp;uid=5">甲</a></div>'
AFTER_TIME = '<span class="pipe">|</span>'


def x_reply(body: str = "", *, side: str = AUTHOR, after_time: str = "") -> Post:
    """A post in the markup of X, with more in the author's cell or after its time."""
    markup = x_post(9, body or words(9), side=side)
    markup = markup.replace("</em>" + AFTER_TIME, f"</em>{after_time}{AFTER_TIME}")
    return only(thread(X + markup))


@pytest.mark.parametrize(
    ("after_time", "location"),
    [
        (' <span class="xg1">来自 广东</span>', "广东"),
        (' <span class="xg1">来自: 浙江</span>', "浙江"),
        ("&nbsp;IP属地：广东", "广东"),
        (
            ' <span class="pipe">|</span> <font color="#999">IP归属地：四川成都</font>',
            "四川成都",
        ),
        (' 來自 <a href="plugin.php?id=ip" target="_blank">臺灣</a>', "臺灣"),
        (' <span class="xg1">来自手机</span> 来自 江苏', "江苏"),
        ('<span class="xg1">来自手机</span>', ""),
        (
            '<span class="xg1"><a href="misc.php?mod=mobile">来自安卓客户端</a></span>',
            "",
        ),
        (" 来自 iPhone 15 Pro", ""),
        (" IP属地：未知", ""),
        ('<span class="xg1">来自 广东论坛</span>', ""),
        (" 楼主热帖", ""),
    ],
)
def test_beside_the_time(after_time: str, location: str) -> None:
    post = x_reply(after_time=after_time)
    assert post.location == location
    assert (post.author, post.uid, post.floor) == ("甲", 5, 1)


def test_at_the_end_of_the_line_of_the_time() -> None:
    """The hook viewthread_postheader comes after the links."""
    markup = x_post(9, words(9)).replace(
        "只看该作者</a>", "只看该作者</a> 来自 中国四川眉山"
    )
    assert only(thread(X + markup)).location == "中国四川眉山"


def test_within_the_time_itself() -> None:
    markup = x_post(9, words(9)).replace("05:06:07</em>", "05:06:07 来自 北京</em>")
    post = only(thread(X + markup))
    assert post.location == "北京"
    assert str(post.posted_at) == "2012-03-03 21:06:07+00:00"


def test_before_the_time() -> None:
    post = only(thread(X + x_post(9, words(9), head="<span>IP属地：海南</span>")))
    assert post.location == "海南"


def test_an_author_in_the_line_of_the_time_is_no_location() -> None:
    named = '<a href="home.php?mod=space&amp;uid=5">来自 北京</a>'
    post = only(thread(X + x_post(9, words(9), side="", head=named)))
    assert (post.author, post.location) == ("来自 北京", "")


@pytest.mark.parametrize(
    ("side", "location"),
    [
        ('<dl class="pil cl"><dt>IP属地</dt><dd>广东</dd></dl>', "广东"),
        ('<dl class="pil cl"><dt>归属地</dt><dd>广东 深圳</dd></dl>', "广东 深圳"),
        ("<p>IP属地：广东</p>", "广东"),
        ('<p class="xg1">IP 归属地: <em>香港</em></p>', "香港"),
        ("<p><span>属地</span>：<b>上海</b></p>", "上海"),
        ("<p>VIP属地主会员</p>", ""),
        ("<p>来自 北京</p>", ""),
        ('<dl class="pil cl"><dt>来自</dt><dd>北京</dd></dl>', ""),
        (
            '<dl class="pil cl"><dt>IP属地</dt><dd>未知</dd><dt>来自</dt><dd>北京</dd></dl>',
            "",
        ),
        ('<dl class="pil cl"><dt>IP属地</dt><dd>保密</dd></dl>', ""),
        ("<p>归属地研究员</p>", ""),
    ],
)
def test_in_the_cell_of_the_author(side: str, location: str) -> None:
    """`来自` there is the member's residence, a field of the profile."""
    assert x_reply(side=AUTHOR + side).location == location


def test_in_the_traditional_script() -> None:
    cell = AUTHOR + '<ul><li><i class="icon"></i>IP屬地: 臺灣</li></ul>'
    markup = x_post(9, words(9), side=cell).replace("发表于", "發表於")
    assert only(thread(X + markup)).location == "臺灣"


def test_a_member_who_is_called_as_a_label_is() -> None:
    name = '<div class="authi"><a href="home.php?mod=space&amp;uid=5">IP属地：火星</a></div>'
    assert x_reply(side=name).location == ""
    assert x_reply(side=name + "<p>IP属地：广东</p>").location == "广东"


def test_the_place_that_a_phone_sent() -> None:
    """X's own, bare words below the post."""
    box = '<div class="mobile-location">深圳市南山区科技园</div>'
    markup = x_post(9, words(9)).replace(
        '<div class="sign">', box + '<div class="sign">'
    )
    post = only(thread(X + markup))
    assert (post.location, post.signature) == ("深圳市南山区科技园", "签名档")


@pytest.mark.parametrize("text", ["来自 广东", "IP属地：广东", "<p>IP属地：广东</p>"])
def test_words_of_the_message_are_no_location(text: str) -> None:
    post = x_reply(words(9, text))
    assert post.text
    assert post.location == ""


def test_words_of_the_signature_are_no_location() -> None:
    markup = x_post(9, words(9)).replace("签名档", "IP属地：广东")
    assert only(thread(X + markup)).location == ""


def test_a_sticky_reply_from_another_floor_is_no_location() -> None:
    floor = '<em class="replystick">顶</em> 来自 7<sup>#</sup>'
    post = only(thread(X + x_post(9, words(9), floor=floor)))
    assert (post.floor, post.location) == (7, "")


def seven_post(after_time: str, side: str = "") -> str:
    """A post in the markup of 7.x."""
    return (
        '<div id="post_9"><table id="pid9"><tr><td class="postauthor" rowspan="2">'
        '<div class="postinfo"><a href="space.php?uid=5">甲</a></div>'
        f'{side}</td><td class="postcontent"><div class="postinfo"><strong><a id="postnum9">'
        '<em>2</em><sup>#</sup></a></strong><div class="posterinfo"><div class="authorinfo">'
        f'<em id="authorposton9">发表于 2010-1-12 08:20</em>{after_time}</div></div></div>'
        '<div class="postmessage"><td class="t_msgfont" id="postmessage_9">话</td></div>'
        "</td></tr></table></div>"
    )


def test_7_prints_it_in_the_same_places() -> None:
    assert only(thread(SEVEN + seven_post(" | 来自 湖北武汉"))).location == "湖北武汉"
    side = "<p>IP归属地：吉林</p>"
    assert only(thread(SEVEN + seven_post("", side))).location == "吉林"
    residence = '<dl class="profile"><dt>来自</dt><dd>北京</dd></dl>'
    assert only(thread(SEVEN + seven_post("", residence))).location == ""


def test_6_prints_it_in_the_text_of_the_time() -> None:
    cite = '<a href="space.php?uid=5">甲</a>'
    markup = six_post(9, cite, "话").replace(
        "08:20&nbsp;", "08:20&nbsp;来自 云南&nbsp;"
    )
    post = only(thread(SIX + markup + "</div>"))
    assert post.location == "云南"
    assert str(post.posted_at) == "2010-01-12 00:20:00+00:00"


def test_a_skin_of_its_own_prints_it_beside_the_time() -> None:
    page = thread(
        "<html><head><title>帖子 - 论坛</title></head><body><h1>题</h1>"
        "<script>var cookiepre = 'ab_', discuz_uid = '0';</script>"
        '<section id="pid901"><header><a href="space-uid-5.html">老王</a> '
        '<i id="authorposton901">发表于 2012-3-4 05:06</i> <small>IP属地：广东</small></header>'
        '<div id="postmessage_901">来自 北京的货</div></section>'
        "<p>Powered by <b>Discuz!</b></p></body></html>"
    )
    assert (only(page).author, only(page).location) == ("老王", "广东")
