"""Print pages and their plain text: every generation's layout, the traps in them, and mere
garbage."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rendered import (
    FOOT_7,
    NAV_7,
    NAV_X,
    NOW,
    PRINT,
    RULE,
    archived,
    head_x,
    post_6,
    post_x3,
    printed,
    read,
    thread,
)

from scraper.core.errors import PageError
from scraper.core.records import Capture
from scraper.core.site import SiteLine
from scraper.markup.snapshot import take_snapshot
from scraper.pages.print_messages import read_messages
from scraper.pages.printed import site_of_print

NAMES = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs")),
    min_size=1,
    max_size=15,
)
WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"))
    | st.sampled_from("\n作者时间:<>&[]"),
    max_size=60,
)


@given(st.lists(st.tuples(NAMES, WORDS), min_size=1, max_size=5))
@example(
    [
        ("?.SK.ゞ偉尐", "作者: 某人 时间: 2024-5-14 23:41"),
        ("100%", "<hr>"),
        ("[方括号]", ""),
        ("null", "作者:\n时间:"),
    ]
)
def test_whatever_people_are_called_and_write_is_read_back(
    posts: list[tuple[str, str]],
) -> None:
    lines = [html.escape(words).replace("\n", "<br />\n") for _, words in posts]
    page = thread(
        printed(
            *(
                post_x3(html.escape(name), line)
                for (name, _), line in zip(posts, lines, strict=True)
            )
        ),
        PRINT,
    )
    assert [
        ("".join(post.author.split()), "".join(post.text.split()))
        for post in page.posts
    ] == [
        (
            "" if name in ("匿名", "匿名者") else "".join(name.split()),
            "".join(words.split()),
        )
        for name, words in posts
    ]


def test_a_print_page_prints_title_times_and_subjects() -> None:
    page = thread(
        printed(
            post_x3("甲", "一<br />\n二", subject="茶"),
            post_x3("匿名", "三", subject="Re: 茶"),
            post_x3("乙", "四", '<span title="2024-5-31 03:40">昨天&nbsp;03:40</span>'),
        ),
        PRINT,
    )
    assert (page.tid, page.title, [post.subject for post in page.posts]) == (
        7,
        "茶",
        ["", "Re: 茶", ""],
    )
    assert [post.text for post in page.posts] == ["一\n二", "三", "四"]
    assert (page.posts[1].author, page.posts[1].anonymous) == ("", True)
    assert page.posts[2].posted_at == datetime(2024, 5, 30, 19, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "labels",
    ["作者 时间 标题", "作者 時間 標題", "Author Time Subject", "Автор Время Тема"],
)
def test_labels_in_any_language(labels: str) -> None:
    page = thread(
        printed(
            post_6("甲", "一", subject="茶", labels=labels),
            post_6("乙", "二", labels=labels),
        )
    )
    assert [(post.author, post.subject, post.text) for post in page.posts] == [
        ("甲", "", "一"),
        ("乙", "", "二"),
    ]
    assert page.posts[0].posted_at == datetime(2010, 1, 12, 0, 20, tzinfo=UTC)


def test_a_thread_type_stands_before_the_title_in_6_and_7() -> None:
    type_ = '<a href="forumdisplay.php?fid=10&amp;filter=type&amp;typeid=1">[原创]</a> '
    page = thread(printed(post_6("甲", "一"), head=type_, title="[分享]茶"))
    assert (page.type, page.fid, page.title) == ("原创", 10, "[分享]茶")


def test_saved_in_upper_case_by_an_old_browser() -> None:
    page = thread(
        '<HTML><BODY><B>标题: </B>茶 <B><A onclick="window.print()" href="http://b/#">[打印本页]</A></B><BR>'
        "<HR noShade SIZE=2><B>作者: </B>甲&nbsp; &nbsp; <B>时间: </B>2010-1-12 08:20<BR><BR>一<BR>二"
        "<HR noShade SIZE=2><TABLE><TR><TD>欢迎光临"
    )
    assert (page.title, [post.text for post in page.posts]) == ("茶", ["一\n二"])


def test_rules_and_heads_inside_messages_stay_there() -> None:
    fake = '前<hr class="l" />中<b>作者: </b>丙&nbsp; &nbsp; <b>时间: </b>2024-5-14 21:46<br />后'
    page = thread(printed(post_x3("甲", fake), post_x3("乙", "二")))
    assert [post.author for post in page.posts] == ["甲", "乙"]
    assert page.posts[0].text.startswith("前")
    assert page.posts[0].text.endswith("后")


@pytest.mark.parametrize(
    "broken",
    [
        "<table><tr><td>开",
        "<div>开",
        "</div>开</div>",
        "<b>开",
        "<a href='x'>开",
        "<!-- 开",
        "<textarea>开",
        "开</applet>",
        "<font class='jammer'>开",
        "<select>开",
        "<script>开",
        "<i class='pstatus'>开",
    ],
)
def test_broken_markup_spoils_its_own_message_only(broken: str) -> None:
    page = thread(
        printed(
            post_x3("甲", "<i>一</i>"),
            post_x3("乙", broken),
            post_x3("丙", "<i>三</i>"),
            post_x3("丁", "<u>四</u>"),
        )
    )
    assert [post.author for post in page.posts] == ["甲", "乙", "丙", "丁"]
    assert [page.posts[at].text for at in (0, 2, 3)] == ["一", "三", "四"]
    assert page.posts[2].links == page.posts[3].links == ()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("提示: <em>作者被禁止或删除 内容自动屏蔽</em>\n", "banned"),
        ("提示: <em>該帖被管理員或版主屏蔽</em>", "blocked"),
        ("本主题需向作者支付 <strong>15 金钱</strong> 才能浏览\n", "paid"),
    ],
)
def test_withheld_posts_keep_the_forums_words(words: str, reason: str) -> None:
    post = thread(printed(post_x3("甲", words))).posts[0]
    assert (post.text, post.withheld_reason) == ("", reason)
    assert post.withheld == " ".join(
        html.unescape(words)
        .replace("<em>", "")
        .replace("</em>", "")
        .replace("<strong>", "")
        .replace("</strong>", "")
        .split()
    )
    assert (
        thread(printed(post_x3("甲", "我说<strong>不</strong>"))).posts[0].text
        == "我说不"
    )


def test_files_listed_below_a_message_in_the_old_print_pages() -> None:
    listed = (
        '正文<br /><br /><img src="images/attachicons/zip.gif" border="0" /> 附件: [手册] <b>manual.zip</b> '
        "(2010-1-23 08:41, 12.3 KB) / 下载次数 5<br />http://b.example/attachment.php?aid=31&amp;k=ab&amp;t=12"
    )
    post = thread(
        printed(
            post_6("甲", listed),
            post_6("乙", "见 [attach]8[/attach] 与 [attachimg]9[/attachimg]。"),
        )
    ).posts
    file = post[0].attachments[0]
    assert (
        post[0].text,
        file.aid,
        file.name,
        file.size_bytes,
        file.downloads,
        file.description,
    ) == (
        "正文",
        31,
        "manual.zip",
        12595,
        5,
        "手册",
    )
    assert (post[1].text, [(a.aid, a.image) for a in post[1].attachments]) == (
        "见 与 。",
        [(8, False), (9, True)],
    )


def test_a_whole_print_page_without_posts_is_a_moved_threads() -> None:
    assert thread(printed(), PRINT).title == "茶"
    with pytest.raises(PageError):
        read(printed(foot=False), PRINT)


def test_a_saved_print_page_knows_its_thread_by_the_address_in_its_script() -> None:
    script = "<script>REPORTURL = 'aHR0cDovL2IuZXhhbXBsZS9mb3J1bS5waHA/bW9kPXZpZXd0aHJlYWQmYWN0aW9uPXByaW50YWJsZSZ0aWQ9NTQ3'"
    assert (
        thread(
            printed(post_x3("甲", "一")).replace("</head>", script + "</script></head>")
        ).tid
        == 547
    )


@given(WORDS)
def test_a_message_without_markup_reads_as_from_a_tree(words: str) -> None:
    source = html.escape(words).replace("\n", "<br />\n")
    page = take_snapshot(Capture("", NOW, b""))
    plain, marked = read_messages([source, f"<b></b>{source}"], page)
    assert plain.text == marked.text


def test_the_closing_line_names_the_forum() -> None:
    expected = SiteLine("茶 & 酒", "http://b.example/bbs/", "Discuz! X3.4")
    assert site_of_print(printed(post_x3("甲", "一"))) == expected
    assert (
        site_of_print(
            "作者:\n甲\n欢迎光临 茶 & 酒 (http://b.example/bbs/)\nPowered by Discuz! X3.4\n"
        )
        == expected
    )
    assert site_of_print("茶 & 酒\n标题:\n茶\n").name == "茶 & 酒"
    assert site_of_print("") == SiteLine()


TEXT = """
茶 & 酒
标题:
茶
[打印本页]
作者:
甲
时间:
2024-5-14 21:46
标题:
茶
作者: 是谁?
作者:
时间: 不知道
第二段
作者:
?.SK.ゞ偉尐
时间:
2024-5-14 23:41
好
欢迎光临 寒舍
欢迎光临 茶 & 酒 (http://b.example/)
Powered by Discuz! X3.3
"""
EXPECTED = [
    ("甲", "作者: 是谁?\n作者:\n时间: 不知道\n第二段"),
    ("?.SK.ゞ偉尐", "好\n欢迎光临 寒舍"),
]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        "\n\n" + TEXT,
        TEXT.replace("[打印本页]\n", ""),
        TEXT.partition("欢迎光临 茶 &")[0],
        TEXT.replace("作者:\n甲\n时间:\n", "作者: 甲\xa0 \xa0 时间: ")
        .replace("标题:\n", "标题: ")
        .replace("\n[打印", " [打印"),
        TEXT.replace("时间", "時間")
        .replace("标题", "標題")
        .replace("打印本页", "打印本頁")
        .replace("欢迎光临 茶", "歡迎光臨 茶"),
    ],
)
def test_the_plain_text_of_a_print_page(text: str) -> None:
    page = thread(text, kind="text/plain")
    posts = [(post.author, post.text.replace("時間", "时间")) for post in page.posts]
    assert (page.title, page.tid, posts) == ("茶", None, EXPECTED)


def test_the_text_that_the_project_began_with(shared: Path) -> None:
    text = (shared / "source-post.txt").read_text("utf-8")
    page = thread(text, kind="text/plain")
    assert len(page.posts) == 18
    assert page.title == "《2024抖音电商斲丧者体验陈诉》发布"
    assert [post.author for post in page.posts][::17] == ["淘宝代运营", "w332074969"]
    assert page.posts[-1].posted_at == datetime(2024, 10, 20, 0, 7, tzinfo=UTC)
    opening = text.partition("标题:\n《2024抖音电商斲丧者体验陈诉》发布\n5月13日")[
        2
    ].partition("\n作者:\n")[0]
    assert page.posts[0].text.split("\n")[1:] == [
        line.strip() for line in opening.split("\n")[1:]
    ]
    assert site_of_print(text) == SiteLine(
        "淘宝卖家开店运营论坛_淘宝卖家经验交流学习社区",
        "https://tao92.com/",
        "Discuz! X3.3",
    )
    assert not any("欢迎光临" in post.text for post in page.posts)


@pytest.mark.parametrize(
    "garbage",
    [
        RULE * 20_000,
        "<hr " * 50_000,
        "<b>" * 50_000,
        "<div>" * 10_000,
        '<p class="author"><strong>' * 10_000,
        "<a href=" * 30_000,
        "<hr noshade>\n<b>x</b>" * 10_000,
        '<div class="page">' * 10_000,
        "<h3>" * 20_000,
        "作者:\n" * 30_000,
        "作者: 甲 时间: " * 20_000,
        '<td class="bold">' * 10_000,
        "<li><a href='?tid-1.html'>" * 10_000,
    ],
)
def test_garbage_raises_page_errors_only(garbage: str) -> None:
    for page in (
        printed(post_x3("甲", garbage)),
        archived("x", NAV_X + garbage),
        archived("7", NAV_7 + head_x("甲") + garbage, FOOT_7),
        garbage,
    ):
        try:
            read(page, PRINT)
        except PageError:
            continue
