"""Hand-held pages: what their pairs in `fixtures/` do not say, such as other wording,
damage, and rounded times."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from corpus import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    Capture,
    IndexPage,
    Notice,
    Other,
    Page,
    ThreadPage,
    as_json,
)
from scraper.core.site import DEFAULT_SITE
from scraper.markup.dates import Clock
from scraper.markup.snapshot import take_snapshot
from scraper.pages.handheld.post_header import certain_time
from scraper.pages.handheld.site_name import site_of_handheld
from scraper.pages.handheld.wml import after_label, lines_of, page_numbers
from scraper.parsing import parse_capture
from scraper.themes import claims

FOLDER = FIXTURES
LAYOUTS = {"touch34": "touch", "touch35": "touch", "mobile": "mobile", "wap": "wap"}
PAGES = sorted(path for name in LAYOUTS for path in (FOLDER / name).glob("*.html"))
NOW = datetime(2024, 5, 20, 4, tzinfo=UTC)


def capture(path: Path, text: str | None = None) -> Capture:
    """A fixture's page as it was captured, or with other text."""
    known = json.loads(path.with_suffix(".json").read_text("utf-8"))["capture"]
    body = path.read_bytes() if text is None else text.encode("utf-8", "surrogatepass")
    return Capture(
        known["url"],
        NOW,
        body,
        known.get("status", 200),
        (("Content-Type", known["content_type"]),),
    )


def said(name: str, *changes: tuple[str, str]) -> Page:
    """What a fixture's page says once some of its words are others."""
    path = FOLDER / f"{name}.html"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text, f"{name} has no {old}"
        text = text.replace(old, new)
    return parse_capture(capture(path, text))


def thread(name: str, *changes: tuple[str, str]) -> ThreadPage:
    content = said(name, *changes).content
    assert isinstance(content, ThreadPage)
    return content


@pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_each_page_is_claimed_by_its_own_layout(path: Path) -> None:
    names = [theme.name for theme in claims(take_snapshot(capture(path)))]
    notice = "notice" in path.stem and path.parent.name != "wap"
    assert names[0] == ("notice" if notice else LAYOUTS[path.parent.name])


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("x3*/thread-*.html")), ids=lambda path: path.stem
)
def test_no_desktop_page_is_claimed(path: Path) -> None:
    names = {theme.name for theme in claims(take_snapshot(capture(path)))}
    assert not names & {"touch", "mobile", "wap"}


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("2024-5-2 09:15:30", True),
        ("发表于 2024-5-4 07:21", True),
        ("昨天\xa021:05", True),
        ("前天 00:06", True),
        ("刚刚", True),
        ("3\xa0天前", False),
        ("2\xa0小时前", False),
        ("半小时前", False),
        ("半小時前", False),
        ("4 分鐘前", False),
        ("5 days ago", False),
        ("1 hour(s) ago", False),
        ("half an hour ago", False),
        ("", False),
    ],
)
def test_a_rounded_time_is_no_time(text: str, certain: bool) -> None:
    assert (certain_time(text, Clock(NOW, DEFAULT_SITE.zone)) is not None) is certain


def test_relative_times_with_the_exact_one_in_a_title_are_certain() -> None:
    page = thread(
        "touch35/thread",
        ("2&nbsp;小时前", '<span title="2024-5-20 09:31:00">2&nbsp;小时前</span>'),
    )
    assert page.posts[4].posted_at == datetime(2024, 5, 20, 1, 31, tzinfo=UTC)


OTHER_WORDS = {
    "traditional": (
        ("楼主", "樓主"),
        ("作者被禁止或删除 内容自动屏蔽", "作者被禁止或刪除 內容自動屏蔽"),
        ("该用户已被删除", "該用戶已被刪除"),
        ("游客", "遊客"),
        ("此帖仅作者可见", "此帖僅作者可見"),
    ),
    "english": (
        ("楼主", "Thread starter"),
        ("作者被禁止或删除 内容自动屏蔽", "Author banned, post hidden"),
        ("该用户已被删除", "user deleted"),
        ("游客", "Guest"),
        ("此帖仅作者可见", "For its author only"),
    ),
}


@pytest.mark.parametrize("language", OTHER_WORDS)
@pytest.mark.parametrize("layout", ["touch35/thread", "touch34/thread"])
def test_authors_and_withheld_posts_need_no_words(layout: str, language: str) -> None:
    text = (FOLDER / f"{layout}.html").read_text("utf-8")
    plain, other = (
        thread(layout),
        thread(layout, *(pair for pair in OTHER_WORDS[language] if pair[0] in text)),
    )
    for before, after in zip(plain.posts, other.posts, strict=True):
        assert (after.author, after.uid, after.anonymous) == (
            before.author,
            before.uid,
            before.anonymous,
        )
        assert bool(after.withheld) == bool(before.withheld)
        assert (after.text, after.posted_at) == (before.text, before.posted_at)


def test_what_moderators_see_is_no_withheld_post() -> None:
    post = thread("touch34/thread").posts[4]
    assert (post.text, post.withheld) == ("版主看得见的原话。", "")


def test_a_tag_left_open_after_an_anonymous_author_loses_no_post() -> None:
    path = FOLDER / "touch34" / "thread.html"
    assert "<b>\n匿名\n</li>" in path.read_text("utf-8")
    assert [post.pid for post in thread("touch34/thread").posts] == [
        301,
        302,
        303,
        304,
        305,
        306,
    ]


def test_posts_without_ids_have_the_number_of_their_reply_button() -> None:
    assert [post.pid for post in thread("touch34/thread-poll").posts] == [320, 321]


def test_repeated_replies_stand_once_and_keep_their_floor() -> None:
    floors = {post.pid: post.floor for post in thread("touch35/thread").posts}
    assert list(floors) == [401, 402, 403, 404, 405, 406]
    assert floors[402] == 2


def test_an_anonymous_author_that_a_moderator_sees_stays_anonymous() -> None:
    link = '<a href="home.php?mod=space&amp;uid=9" target="_blank">匿名</a>'
    post = thread("touch34/thread", ("匿名\n</li>", f"{link}\n</li>")).posts[1]
    assert (post.author, post.uid, post.anonymous) == ("", None, True)


def test_a_skin_that_keeps_the_boxes_is_read() -> None:
    page = said(
        "touch35/thread",
        ('<body id="forum" class="pg_viewthread">', '<body class="my-skin">'),
    )
    assert page.theme == "touch"
    assert isinstance(page.content, ThreadPage)


def test_other_pages_of_the_layout_are_recognised_as_such() -> None:
    form = said(
        "touch35/index",
        ('id="forum" class="pg_index"', 'id="member" class="pg_logging"'),
        ("sub-forum", "x"),
    )
    assert isinstance(form.content, Other)


def test_a_board_without_threads_keeps_its_name() -> None:
    content = said(
        "touch34/board", ('<a href="forum.php?mod=viewthread', '<a href="x.html?')
    ).content
    assert isinstance(content, BoardPage)
    assert (content.fid, content.name, content.threads) == (12, "摄影 & 暗房", ())


def test_pages_past_all_reading_say_so() -> None:
    with pytest.raises(PageError):
        said(
            "touch34/thread",
            ('id="pid', 'id="q'),
            ("#replybtn_", "#q"),
            ('class="authi"', 'class="q"'),
        )
    with pytest.raises(PageError):
        said("mobile/thread", ('id="post_', 'id="q_'), ('id="postmessage_', 'id="p_'))


def test_a_mobile_thread_without_a_title_is_read() -> None:
    assert thread("mobile/thread", (">[原创]旧镜头的霉</a>", "></a>")).type == ""


def test_wap_cards_name_what_they_are() -> None:
    assert isinstance(said("wap/index").content, IndexPage)
    notice = said("wap/notice-not-found").content
    assert isinstance(notice, Notice)
    assert notice.reason == "not_found"


def test_a_card_is_its_lines() -> None:
    card = '<p>标题:甲：乙<br /> 1 <a href="?action=thread&amp;page=2">2</a><br />2/13页<input /></p>'
    paragraph = LexborHTMLParser(card).css_first("p")
    assert paragraph is not None
    lines = lines_of(paragraph)
    assert after_label(lines[0]) == "甲：乙"
    assert lines[1][1].number("page") == 2
    assert page_numbers(lines) == (2, 13)
    assert page_numbers(lines[:2]) == (1, 2)


def test_the_forum_is_named_before_the_layouts_own_word() -> None:
    assert (
        site_of_handheld(
            "<title>帖 - 版 -  某社 -  手机版 - Powered by Discuz!</title>"
        ).name
        == "某社"
    )
    assert (
        site_of_handheld(
            "<title>Post - Board -  A - B -  Mobile - Powered by Discuz!</title>"
        ).name
        == "A - B"
    )
    assert (
        site_of_handheld("<title>帖 - 版 -  某社 -  Powered by Discuz!</title>").name
        == ""
    )


def test_a_message_nested_deeply_is_read() -> None:
    page = thread(
        "touch35/thread", ("刚路过。", "<div>" * 10_000 + "深" + "</div>" * 10_000)
    )
    assert any(post.text == "深" for post in page.posts)


@pytest.mark.parametrize(
    "name", ["touch34/thread", "touch34/board", "touch35/board", "touch35/index"]
)
def test_deeply_nested_posts_and_lists_are_read_once(name: str) -> None:
    path = FOLDER / f"{name}.html"
    text = path.read_text("utf-8").replace(
        '<div id="mask"',
        '<div class="plc cl" id="pid7">' * 3_000
        + "<ul><li>" * 3_000
        + '<div id="mask"',
    )
    content = parse_capture(capture(path, text)).content
    assert isinstance(content, ThreadPage)
    assert sum(post.pid == 7 for post in content.posts) == 1


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(PAGES),
    seed=st.integers(0, 2**32),
    kind=st.sampled_from(["cut", "drop", "swap", "garble"]),
)
def test_no_damage_raises_anything_but_a_page_error(
    path: Path, seed: int, kind: str
) -> None:
    text, chance = path.read_text("utf-8"), random.Random(seed)
    at, to = sorted((chance.randrange(len(text)), chance.randrange(len(text))))
    if kind == "cut":
        text = text[:at]
    elif kind == "drop":
        text = text[:at] + text[min(to, at + 400) :]
    elif kind == "swap":
        pieces = text.split('"')
        one, two = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[one], pieces[two] = pieces[two], pieces[one]
        text = '"'.join(pieces)
    else:
        text = "".join(
            chance.choice("<>&\"'\0é中9") if chance.random() < 0.01 else char
            for char in text
        )
    assert "broke" not in why_unread(capture(path, text))


def why_unread(page: Capture) -> str:
    """What the page error says; empty for a page that was read."""
    try:
        parse_capture(page)
    except PageError as error:
        return str(error)
    return ""


def test_a_reply_printed_out_of_place_has_the_floor_of_its_own() -> None:
    post = (
        '<div class="plc cl" id="pid{0}"><div class="display pi"><ul class="authi"><li class="mtit">'
        '<span class="y">{1}</span><span class="z"><a href="home.php?mod=space&amp;uid=5">甲</a></span></li>'
        '<li class="mtime">2024-5-2 09:15</li></ul><div class="message">话</div></div></div>'
    )
    content = thread(
        "touch35/thread",
        (
            '<div class="viewthread">',
            '<div class="viewthread">'
            + post.format(7, "推荐")
            + post.format(8, '<img src="settop.png"> из 9 этаж')
            + post.format(7, "3楼层"),
        ),
    )
    assert [(post.pid, post.floor) for post in content.posts[:2]] == [(7, 3), (8, 9)]


def test_posts_before_x32_have_no_number() -> None:
    post = (
        '<div class="plc cl"><span class="avatar"><img src="a"></span><div class="pi"><ul class="authi"><li class='
        '"grey"><em>{0}</em><b><a href="home.php?mod=space&amp;uid={1}" class="blue">甲{1}</a></b></li><li '
        'class="grey rela">2012-5-2 09:15</li></ul><div class="message">话{1}</div></div></div>'
    )
    text = (
        '<html><head><link href="static/image/mobile/style.css"></head><body class="bg"><header class="header">'
        '<div class="nav"><span class="y"><button>回复</button></span><a class="z" '
        'href="forum.php?mod=forumdisplay&amp;fid=2"><img></a><span>茶摊</span></div></header>'
        '<div class="postlist"><h2>茶</h2>'
        + post.format("楼主", 5)
        + post.format("2<sup>#</sup>", 6)
        + '<div class="plc cl"><form><ul class="fastpost"></ul></form></div></div></body></html>'
    )
    content = parse_capture(
        Capture(
            "http://b.example/forum.php?mod=viewthread&tid=7&mobile=2",
            NOW,
            text.encode(),
        )
    ).content
    assert isinstance(content, ThreadPage)
    assert (content.tid, content.title, content.board) == (7, "茶", "茶摊")
    assert [
        (one.pid, one.floor, one.author, one.uid, one.text) for one in content.posts
    ] == [(None, 1, "甲5", 5, "话5"), (None, 2, "甲6", 6, "话6")]


def test_an_element_left_open_before_a_post_is_looked_through() -> None:
    plain = thread("touch35/thread")
    path = FOLDER / "touch35" / "thread.html"
    text = path.read_text("utf-8").replace(
        '<li class="mtit">', '<li class="mtit"><strong><font color="red">'
    )
    text = text.replace('<li class="mtime">', '<li class="mtime"><font color="red">')
    content = parse_capture(capture(path, text)).content
    assert isinstance(content, ThreadPage)
    assert [
        (one.pid, one.floor, one.author, one.posted_at) for one in content.posts
    ] == [(one.pid, one.floor, one.author, one.posted_at) for one in plain.posts]


@pytest.mark.parametrize(
    "name",
    [
        "touch34/thread",
        "touch34/board",
        "touch34/index",
        "touch35/thread",
        "touch35/board",
        "mobile/thread",
        "mobile/board",
        "mobile/index",
    ],
)
def test_pages_in_single_quotes_and_with_more_classes_say_the_same(name: str) -> None:
    path = FOLDER / f"{name}.html"
    text = path.read_text("utf-8")
    single = re.sub(r'="([^"\'<>]*)"', r"='\1'", text)
    more = re.sub(
        r'class="(plc cl|by|num|mtime|mtit|vt|tl|fl)"', r'class="\1 skin"', text
    )
    said_plain = as_json(parse_capture(capture(path)).content)
    for changed in (single, more):
        assert without_html(
            as_json(parse_capture(capture(path, changed)).content)
        ) == without_html(said_plain)


def without_html(value: object) -> object:
    """A record without messages as served, which differ by what was changed."""
    if isinstance(value, dict):
        return {
            key: without_html(item)
            for key, item in value.items()
            if key not in ("html", "links")
        }
    return [without_html(item) for item in value] if isinstance(value, list) else value


TOUCH_TIME = "2024-5-8 10:30:00 来自 浙江省杭州市"


@pytest.mark.parametrize(
    ("printed", "location"),
    [
        ("2024-5-8 10:30:00 IP归属地:四川", "四川"),
        ("2024-5-8 10:30:00 · 广东", ""),
        ("IP屬地：臺灣 2024-5-8 10:30:00", "臺灣"),
        ("2024-5-8 10:30:00 <em>IP:北京市 联通</em>", "北京市"),
        ("2024-5-8 10:30:00 <em>IP:203.0.113.7:443</em>", ""),
        ("2024-5-8 10:30:00 来自手机", ""),
        ("2024-5-8 10:30:00 来自: Android客户端", ""),
        ("2024-5-8 10:30:00 IP属地未知", ""),
        ("2024-5-8 10:30:00 <a>来自小米社区</a>", ""),
    ],
)
def test_a_location_beside_the_time(printed: str, location: str) -> None:
    post = thread("touch35/thread-locations", (TOUCH_TIME, printed)).posts[1]
    assert post.location == location
    assert post.posted_at == datetime(2024, 5, 8, 2, 30, tzinfo=UTC)
    assert post.author == "胶片老张"


def test_a_location_beside_an_anonymous_author_makes_no_member() -> None:
    named = '<a href="home.php?mod=space&amp;uid=7&amp;mobile=2">胶片老张</a>'
    for stand_in in ("匿名", "Anonymous", "某人"):
        hidden = f"{stand_in} <em>IP属地:江西</em>"
        post = thread("touch35/thread-locations", (named, hidden)).posts[1]
        assert (post.author, post.anonymous, post.location) == ("", True, "江西")


def test_a_deleted_account_keeps_its_name_beside_a_location() -> None:
    named = '<a href="home.php?mod=space&amp;uid=7&amp;mobile=2">胶片老张</a>'
    deleted = "老友 <em>该用户已被删除</em>"
    post = thread("touch35/thread-locations", (named, deleted)).posts[1]
    assert (post.author, post.uid, post.anonymous) == ("老友", None, False)
    assert post.location == "浙江省杭州市"


@pytest.mark.parametrize(
    ("printed", "location"),
    [
        ("IP归属地:湖南", "湖南"),
        ("<br />来自: 中国 湖南 长沙", "中国 湖南 长沙"),
        ("来自手机", ""),
        ("第3页", ""),
    ],
)
def test_a_location_in_the_simple_mobile_layout(printed: str, location: str) -> None:
    post = thread("mobile/thread-locations", ("IP归属地:湖南", printed)).posts[2]
    assert (post.author, post.location) == ("阿满", location)
