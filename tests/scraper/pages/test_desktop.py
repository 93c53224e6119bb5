"""Desktop thread pages of every generation and setting: each test shows one thing a forum
may print otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from desktop_markup import SEVEN, SIX, X, only, six_post, thread, words, x_post

from scraper.core.records import Field, Rating


def test_a_reply_printed_out_of_place_is_one_post() -> None:
    page = thread(
        X
        + x_post(9, words(9), floor="推荐")
        + x_post(7, words(7))
        + x_post(9, words(9), floor="5#")
    )
    assert [(post.pid, post.floor) for post in page.posts] == [(9, 5), (7, 1)]


@pytest.mark.parametrize(
    ("bar", "numbers"),
    [
        (
            '<strong>2</strong><a href="thread-1-1-1.html">1</a><a href="thread-1-3-1.html">3</a>',
            (2, 3),
        ),
        (
            '<a href="thread-1-1-1.html">1</a><strong>2</strong><label><span title="共 31 页"> / 31</span></label>',
            (2, 31),
        ),
        (
            '<strong>1</strong><a class="last" href="forum.php?mod=viewthread&amp;tid=1&amp;page=12">... 12</a>',
            (1, 12),
        ),
    ],
)
def test_page_lists(bar: str, numbers: tuple[int, int]) -> None:
    page = thread(f'{X}<div class="pg">{bar}</div>' + x_post(9, words(9)))
    assert (page.page, page.pages) == numbers


def test_what_hides_a_post_and_what_hides_a_part() -> None:
    lock = '<div class="locked">提示: <em>该帖被管理员或版主屏蔽</em></div>'
    paid = (
        '<div class="locked"><a class="viewpay" href="#">购买主题</a>'
        "本主题需向作者支付 <strong>15 金钱</strong> 才能浏览</div>"
    )
    page = thread(
        X
        + x_post(7, words(7, "免费") + paid)
        + x_post(8, lock)
        + x_post(9, words(9, "甲" + lock))
    )
    assert [
        (post.text, post.withheld_reason, len(post.hidden)) for post in page.posts
    ] == [("免费", None, 1), ("", "blocked", 0), ("甲", None, 1)]
    assert page.price == 15


RATL = (
    '<dl id="ratelog_9" class="rate"><dd><table class="ratl"><tr><th>参与人数 <span>1</span></th><th>威望 <i>'
    "<span>+5</span></i>"
    '</th><th>金钱 <i>+0</i></th><th><i>理由</i></th></tr><tbody><tr id="rate_9_2"><td><a '
    'href="space-uid-2.html"><img></a> '
    '<a href="space-uid-2.html">乙</a></td><td> + 5</td><td></td><td>给力+1</td></tr></tbody></table></dd></dl>'
)
TIPS = (
    '<dl id="ratelog_9" class="rate"><dd><ul class="cl"><li><p id="rate_9_2" '
    'tip="&lt;strong&gt;给力+1&lt;/strong&gt;&amp;nbsp;'
    '&lt;em class=\'xi1\'&gt;威望 + 5 点&lt;/em&gt;"><a href="space-uid-2.html"><img></a></p>'
    '<p><a href="space-uid-2.html">乙</a></p></li></ul></dd></dl>'
)
MENUS = (
    '<dl class="newrate"><dd><ul><li><div id="rate_9_2_menu" class="attach_popup"><p '
    'class="cornerlayger">给力+1 &nbsp;&nbsp;'
    '<em>威望 + 5 点</em></p></div><p id="rate_9_2"><a href="space.php?uid=2"><img></a></p><p><a '
    'href="space.php?uid=2">乙</a></p>'
    "</li></ul></dd></dl>"
)


@pytest.mark.parametrize("box", [RATL, TIPS, MENUS])
def test_ratings_in_every_form(box: str) -> None:
    post = only(thread(X + x_post(9, words(9) + box)))
    assert post.ratings == (
        Rating(author="乙", uid=2, score=5, credit="威望", reason="给力+1"),
    )


@pytest.mark.parametrize(
    "row",
    [
        '<div class="pstl xs1 cl"><div class="psta"><a href="space-uid-2.html"><img></a> <a href="space-uid-2.html">乙'
        "</a></div>"
        '<div class="psti">同意&nbsp;<span class="xg1">发表于 2012-3-5 05:06</span></div></div>',
        '<div class="pstl xs1"><div class="psta"><a href="space-uid-2.html"><img></a></div><div class="psti">'
        '<a href="space-uid-2.html">乙</a> &nbsp;同意&nbsp;<span class="xg1">發表於 2012-3-5 05:06</span></div></div>',
    ],
)
def test_comments(row: str) -> None:
    averages = '<div class="pstl">画质: <i class="cmstarv">4.5</i></div>'
    post = only(
        thread(
            f'{X}{x_post(9, words(9) + f"""<div id="comment_9" class="cm">{averages}{row}</div>""")}'
        )
    )
    assert [(c.author, c.uid, c.text) for c in post.comments] == [("乙", 2, "同意")]
    assert post.comments[0].posted_at == datetime(2012, 3, 4, 21, 6, tzinfo=UTC)


ROWS = (
    '<tr><td class="{cell}"><label for="o1">1. &nbsp;红茶</label></td></tr><tr><td>&nbsp;</td><td>40% <em>(2)'
    "</em></td></tr>"
    '<tr><td class="{cell}"><label for="o2">2. &nbsp;绿茶</label></td></tr><tr><td>&nbsp;</td><td>60% <em>(3)'
    "</em></td></tr>"
)
BARE_ROWS = (
    "<tr><td>1. 红茶</td><td>40% (2)</td></tr><tr><td>2. 绿茶</td><td>60% (3)</td></tr>"
)
PICTURES = (
    '<tr><td id="polloption_1"><p><label>红茶</label></p><p><span>2票</span><span>40%</span></p></td>'
    '<td id="polloption_2"><p><label>绿茶</label></p><p><span>3票</span><span>60%</span></p></td></tr>'
)


@pytest.mark.parametrize(
    "form",
    [
        '<div class="pinf"><strong>多选投票</strong>, 共有 5 人参与投票</div><p class="ptmr">投票已经结束</p><div '
        'class="pcht"><table>' + ROWS.format(cell="pvt") + "</table></div>",
        '<div class="pollinfo"><strong>多选投票</strong>, 共有 5 人参与投票</div><p class="polltimer">投票已经结束</p>'
        '<div class="pollchart"><table>'
        + ROWS.format(cell="polloption vote")
        + "</table></div>",
        '<div class="pinf"><strong>多选投票</strong>, 共有 5 人参与投票</div><p class="ptmr">投票已经结束</p>'
        f"<table>{PICTURES}</table>",
        '<div class="pinf"><strong>多选投票</strong>, 共有 5 人参与投票</div><p class="ptmr">投票已经结束</p>'
        f"<table><tr><td><table>{BARE_ROWS}</table></td></tr></table>",
    ],
)
def test_polls(form: str) -> None:
    page = thread(
        X + x_post(9, words(9, box="pcbs") + f'<form id="poll">{form}</form>')
    )
    poll = only(page).poll
    assert poll is not None
    assert [(o.text, o.votes, o.percent) for o in poll.options] == [
        ("红茶", 2, 40.0),
        ("绿茶", 3, 60.0),
    ]
    assert (page.special, poll.voters, poll.multiple, poll.ended) == (
        "poll",
        5,
        True,
        True,
    )


def test_the_best_answer_is_marked_by_its_number_or_by_its_words() -> None:
    reward = '<div class="rwd"><div class="rsld">悬赏<cite>30</cite>金钱<em>已解决</em></div></div>'
    by_number = (
        '<div class="rwdbst"><div class="psta"><a href="space-uid-5.html">甲</a></div><a onclick="window.open('
        '\'forum.php?mod=redirect&goto=findpost&ptid=1&pid=8\')">查看</a><div class="mtn">标楷体</div></div>'
    )
    by_words = (
        '<table id="bestpost"><tr><th>最佳答案</th><td><a href="space-uid-5.html">甲</a></td></tr><tr><td>'
        '<div class="t_msgfont">标楷体</div></td></tr></table>'
    )
    for box in (by_number, by_words):
        page = thread(
            X
            + x_post(7, words(7, box="pcbs") + reward + box)
            + x_post(8, words(8, "标楷体", "pcbs"))
        )
        assert [post.best_answer for post in page.posts] == [False, True]
        assert page.fields == (
            Field(name="悬赏", value="30金钱"),
            Field(name="状态", value="已解决"),
        )
    elsewhere = thread(X + x_post(7, words(7, box="pcbs") + reward + by_number))
    assert elsewhere.fields[-1] == Field(name="最佳答案", value="甲: 标楷体")


def test_sides_and_views_of_a_debate() -> None:
    views = (
        '<p class="dtm">结束时间: 2012-12-14 05:06 裁判: 老张</p><div class="ds"><table><tr><td><div '
        'class="point">'
        "<strong>正方观点 (30)</strong><p>甜</p></div></td></tr></table></div>"
    )
    side = '<label class="pdbts pdbts_2"><a class="v" href="#">反方</a><a class="b" href="#">支持 5</a></label>'
    page = thread(
        X
        + x_post(7, words(7, box="pcbs") + views)
        + x_post(8, words(8, box="pcbs"), line=side)
    )
    assert page.special == "debate"
    assert page.fields == (
        Field(name="结束时间", value="2012-12-14 05:06"),
        Field(name="裁判", value="老张"),
        Field(name="正方观点 (30)", value="甜"),
    )
    assert [post.side for post in page.posts] == ["", "反方"]


def test_sorted_information() -> None:
    box = (
        '<div class="typeoption"><table><tr><th>转让价格:</th><td>70 元</td></tr><tr><th>邮箱:</th><td></td></tr>'
        "</table></div>"
    )
    page = thread(X + x_post(9, box + words(9)))
    assert (page.special, page.fields) == ("", (Field(name="转让价格", value="70 元"),))


def test_a_post_of_seven() -> None:
    page = thread(
        SEVEN
        + '<div id="nav"><a href="index.php">论坛</a> &raquo; <a href="forumdisplay.php?fid=10">版</a> '
        "&raquo; 题</div>"
        '<div id="post_9"><table id="pid9"><tr><td class="postauthor">x</td><td class="postcontent"><div '
        'class="postinfo"><strong>'
        '<a id="postnum9"><em>12</em><sup>#</sup></a></strong><div class="authorinfo"><img> 游客 <em '
        'id="authorposton9">'
        '发表于 2010-1-12 08:20</em></div></div><div class="postmessage"><h2>Re: 题</h2><div class="t_msgfontfix">'
        "<table><tr>"
        '<td class="t_msgfont" id="postmessage_9">话</td></tr></table></div></div></td></tr></table></div>'
    )
    post = only(page)
    assert (page.title, page.board, page.fid) == ("题", "版", 10)
    assert (post.author, post.anonymous, post.floor, post.subject, post.text) == (
        "",
        True,
        12,
        "Re: 题",
        "话",
    )
    assert post.posted_at == datetime(2010, 1, 12, 0, 20, tzinfo=UTC)


def test_posts_of_six() -> None:
    rates = (
        '<fieldset><ul><li><cite><a href="space.php?uid=2">乙</a></cite> 威望 <strong>+5</strong> <em>给力'
        "</em> 2010-1-12 08:25"
        "</li></ul></fieldset>"
    )
    page = thread(
        SIX
        + six_post(
            8,
            '<label><a href="topicadmin.php?x">IP</a></label> <a href="space.php?uid=5">甲</a>',
            f'<h2>题</h2><div id="postmessage_8" class="t_msgfont">话</div>{rates}',
        )
        + six_post(
            9,
            "老友",
            '<div class="notice">提示: <em>作者被禁止或删除 内容自动屏蔽</em></div>',
        ),
        "https://bbs.example.net/viewthread.php?tid=1",
    )
    first, second = page.posts
    assert (page.title, page.type) == ("题", "原创")
    assert (first.author, first.uid, first.floor, first.subject, first.signature) == (
        "甲",
        5,
        3,
        "",
        "签名档",
    )
    assert first.posted_at == datetime(2010, 1, 12, 0, 20, tzinfo=UTC)
    assert first.ratings == (
        Rating(
            author="乙",
            uid=2,
            score=5,
            credit="威望",
            reason="给力",
            rated_at=datetime(2010, 1, 12, 0, 25, tzinfo=UTC),
        ),
    )
    assert (second.author, second.uid, second.withheld_reason) == ("老友", 77, "banned")


def test_the_opening_post_of_a_poll_of_six_has_no_number() -> None:
    page = thread(
        '<head><title>Powered by Discuz!</title></head><body><div class="mainbox viewthread specialthread '
        'pollthread"><table><tr>'
        '<td class="postcontent"><label>投票已经结束</label><h1>题</h1><div class="postmessage">请投<form '
        'id="poll"><div class="box">'
        '<h4><span>投票项目 ( 多选 )</span> 参与人数 5</h4><table><tr><td style="x">1. &nbsp;红茶</td><td><p>2 '
        "(40.00%)</p></td></tr>"
        '</table></div></form></div></td><td class="postauthor"><dl><dt>发起人</dt><dd><a '
        'href="space.php?username=x">甲</a></dd>'
        "<dt>开始时间</dt><dd>2010-2-10 08:00</dd></dl></td></tr></table></div>",
        "https://bbs.example.net/viewthread.php?tid=3",
    )
    post = only(page)
    assert (post.pid, post.floor, post.author, post.text) == (None, None, "甲", "请投")
    assert post.posted_at == datetime(2010, 2, 10, tzinfo=UTC)
    assert post.poll is not None
    assert (
        post.poll.voters,
        post.poll.multiple,
        post.poll.ended,
        post.poll.options[0].votes,
    ) == (5, True, True, 2)
    assert (page.tid, page.title, page.special) == (3, "题", "poll")


@pytest.mark.parametrize(
    "opening",
    [
        '<table id="pid1"><tr><td>',
        '<dl class="tattl"><dd>',
        '<div class="locked">',
        '<dl class="newrate"><dd>',
        '<div class="ptg">',
        "<div>",
    ],
)
def test_boxes_nested_deeply_are_read_once(opening: str) -> None:
    page = thread(X + x_post(9, words(9) + opening * 2_000))
    assert (page.posts[0].pid, page.posts[0].text) == (9, "话")
