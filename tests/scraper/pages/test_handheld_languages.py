"""Heads of quotes, edit marks and free parts on translated boards, in the layouts beside the
desktop: as the page's own words tell."""

from __future__ import annotations

import html
from datetime import UTC, datetime

import pytest
from corpus import FIXTURES

from scraper.core.records import Capture, Post, ThreadPage
from scraper.markup.wording_learning import read_bare_wording
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 20, 4, tzinfo=UTC)
LINK = "forum.php?mod=redirect&amp;goto=findpost&amp;pid=7&amp;ptid=1"
VERBS = ("يوللانغان ۋاقتى", "Post time", "โพสต์เมื่อ", "Đăng lúc", "Написано")
NAMES = ("Lan", "Lan Anh", "مۇختار")
FORMS = [
    "بۇ يازمىنى ئاخىرىدا {} {} دە تەھرىرلىدى",
    "This post was last edited by {} at {}",
    "แก้ไขครั้งสุดท้ายโดย {} เมื่อ {}",
    "Bài viết được {} sửa lúc {}",
]
TIME = "2024-5-2 09:15"
PRICE_END = "<!-- -->"
UTC_TIME = datetime(2024, 5, 2, 1, 15, tzinfo=UTC)


def quote(head: str, label: str = "") -> str:
    return (
        f'<div class="quote"><blockquote>{label}<font size="2"><a href="{LINK}">'
        f'<font color="#999999">{head}</font></a></font><br />引文</blockquote></div><br />我的话'
    )


def mark(line: str) -> str:
    return f'<i class="pstatus"> {line} </i><br />正文'


def touch(_verb: str, *posts: tuple[str, str]) -> str:
    """A page of the touch layout: X3.5 prints times without a verb."""
    boxes = "".join(
        f'<div class="plc cl" id="pid{number}"><div class="avatar"></div><div class="display pi">'
        f'<ul class="authi"><li class="mtit"><span class="y">{number}#</span><span class="z">'
        f'<a href="home.php?mod=space&amp;uid={number}&amp;mobile=2">{name}</a></span></li>'
        f'<li class="mtime">2024-5-3 20:30:00</li></ul><div class="message">{body}</div></div></div>'
        for number, (name, body) in enumerate(posts, 8)
    )
    source = (FIXTURES / "touch35" / "thread.html").read_text("utf-8")
    start = source.index('<div class="plc')
    return (
        f'{source[:start]}{boxes}</div></div><div class="footer"></div></body></html>'
    )


def mobile(_verb: str, *posts: tuple[str, str]) -> str:
    """A page of the simple mobile layout."""
    boxes = "".join(
        f'<div id="post_{number}" class="bm_c bm_c_bg"><div class="bm_user"><em>{number}</em><sup>#</sup> '
        f'<a href="home.php?mod=space&amp;uid={number}&mobile=yes" target="_blank" >{name}</a><br />'
        f'<em id="authorposton{number}"><font class="xs0 xg1">2024-5-3 20:30:00</font></em></div></div>'
        f'<div><div class="pbody"><div class="mes">{_boxed(number, body)}</div></div></div>'
        for number, (name, body) in enumerate(posts, 8)
    )
    source = (FIXTURES / "mobile" / "thread.html").read_text("utf-8")
    start = source.index('<div id="post_501"')
    return f"{source[:start]}{boxes}</div></body></html>"


def _boxed(number: int, body: str) -> str:
    """A message in its box; a price stands before that."""
    price, _, message = body.rpartition(PRICE_END)
    return f'{price}<div id="postmessage_{number}" class="postmessage">{message}</div>'


def printed(_verb: str, *posts: tuple[str, str]) -> str:
    """A print page: labels of a language around author and time."""
    blocks = "".join(
        f'<hr noshade size="2" width="100%" color="#808080"><b>By: </b>{name}&nbsp; &nbsp; '
        f"<b>On: </b>2024-5-3 20:30<br />\n{body}"
        for name, body in posts
    )
    return (
        "<html><head><title>t - Powered by Discuz!</title></head><body>"
        '<b>Title: </b>题 <b><a href="###" onclick="this.style.visibility=\'hidden\';window.print();'
        f"this.style.visibility='visible'\">[Print]</a></b></span><br />{blocks}"
        '<br /><br /><br /><br /><hr noshade size="2" width="100%" color="#808080">'
        "<table><tr><td>Welcome to F (http://a.example/)</td><td>Powered by Discuz! X3.4</td></tr>"
        "</table></body></html>"
    )


def archived(verb: str, *posts: tuple[str, str]) -> str:
    """An archiver page of X: markup and tags stripped, the verb printed."""
    blocks = "".join(
        f'<p class="author">\n<strong>{name}</strong>\n{verb} 2024-5-3 20:30:00 </p>\n<h3></h3>\n{body}'
        for name, body in posts
    )
    source = (FIXTURES / "archiver" / "thread-radio.html").read_text("utf-8")
    start, end = source.index('<p class="author">'), source.rindex('<div class="page')
    return source[:start] + blocks + source[end:]


ADDRESSES = {
    touch: "forum.php?mod=viewthread&tid=1&mobile=2",
    mobile: "forum.php?mod=viewthread&tid=1&mobile=yes",
    printed: "forum.php?mod=viewthread&tid=1&action=printable",
    archived: "archiver/?tid-1.html",
}
LAYOUTS = pytest.mark.parametrize(
    "layout", [touch, mobile, printed], ids=lambda layout: layout.__name__
)


def read(layout: object, verb: str, *posts: tuple[str, str]) -> tuple[Post, ...]:
    """The posts of a page in a layout, given as author and message."""
    source = layout(verb, *posts)  # type: ignore[operator]  # one of the above
    address = "https://bbs.example.net/" + ADDRESSES[layout]  # type: ignore[index]
    content = parse_capture(Capture(address, AT, source.encode())).content
    assert isinstance(content, ThreadPage)
    assert len(content.posts) == len(posts)
    return content.posts


@LAYOUTS
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", NAMES)
def test_the_head_of_a_quote_names_a_member_of_the_page(
    layout: object, verb: str, name: str
) -> None:
    (_, post) = read(layout, verb, (name, "话"), ("甲", quote(f"{name} {verb} {TIME}")))
    (quoted,) = post.quotes
    assert (quoted.pid, quoted.author, quoted.posted_at) == (7, name, UTC_TIME)
    assert (quoted.text, post.text) == ("引文", "我的话")


@LAYOUTS
@pytest.mark.parametrize("verb", VERBS)
def test_heads_of_strangers_tell_the_verb_together(layout: object, verb: str) -> None:
    bodies = [("甲", quote(f"{name} {verb} {TIME}")) for name in NAMES]
    posts = read(layout, verb, *bodies)
    assert tuple(post.quotes[0].author for post in posts) == NAMES


@pytest.mark.parametrize("label", ["Quote: ", "Trích dẫn: ", "อ้างอิง: "])
def test_a_label_before_the_head_is_no_part_of_it(label: str) -> None:
    head = f"Lan Đăng lúc {TIME}"
    (_, post) = read(touch, "", ("Lan", "话"), ("甲", quote(head, label)))
    assert (post.quotes[0].author, post.quotes[0].text) == ("Lan", "引文")


@LAYOUTS
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_an_edit_mark_names_a_member_of_the_page(
    layout: object, form: str, name: str
) -> None:
    (post,) = read(layout, "", (name, mark(form.format(name, TIME))))
    assert (post.edited_by, post.edited_at, post.text) == (name, UTC_TIME, "正文")


@LAYOUTS
@pytest.mark.parametrize("verb", VERBS)
def test_heads_and_marks_that_nothing_explains_are_no_words(
    layout: object, verb: str
) -> None:
    head, line = f"Zoë {verb} {TIME}", f"Mutavit Zoë {TIME}"
    posts = read(layout, verb, ("甲", quote(head)), ("乙", mark(line)))
    assert posts[0].quotes[0].author == ""
    assert posts[0].quotes[0].text == "引文"
    assert (posts[1].edited_by, posts[1].edited_at) == ("", UTC_TIME)
    assert posts[1].text == "正文"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", NAMES)
def test_a_quote_of_the_archiver_says_the_verb_of_its_page(
    verb: str, name: str
) -> None:
    body = f"{name} {verb} 2024-5-3 20:30<br />\n引文<br />\n我的话"
    (_, post) = read(archived, verb, (name, "引文"), ("甲", body))
    assert (post.quotes[0].author, post.quotes[0].text) == (name, "引文")
    assert post.text == "我的话"


@pytest.mark.parametrize(
    "line",
    ["I came home Đăng lúc 2024-5-3 20:30 or so", "Đăng lúc nào?", "发表于某处"],
)
def test_a_line_of_words_is_no_head(line: str) -> None:
    (post,) = read(archived, "Đăng lúc", ("甲", f"{line}<br />\n我的话"))
    assert post.quotes == ()
    assert post.text == f"{line}\n我的话"


@pytest.mark.parametrize("layout", [touch, mobile], ids=["touch", "mobile"])
@pytest.mark.parametrize(
    "price",
    [
        "付费主题, 价格: ",
        "付費主題, 價格: ",
        "Paid thread, price: ",
        "Chủ đề trả phí: ",
    ],
)
def test_the_free_part_of_a_post_that_was_paid_for(layout: object, price: str) -> None:
    sold = (
        f"{price}<strong>20 金钱 </strong> "
        f'<a href="forum.php?mod=misc&amp;action=viewpayments&amp;tid=1">记录</a>{PRICE_END}'
    )
    free = '<div class="quote"><blockquote>免费的话</blockquote></div>付费的话'
    (post,) = read(layout, "", ("甲", sold + free))
    assert post.text.split() == ["免费的话", "付费的话"]
    assert post.quotes == ()
    (unsold,) = read(layout, "", ("甲", free))
    assert [each.text for each in unsold.quotes] == ["免费的话"]


def test_wap_edit_marks_in_english() -> None:
    source = (FIXTURES / "wap" / "thread.html").read_text("utf-8")
    chinese = "本帖最后由 半格 于 2010-1-12 08:30 编辑"
    escaped = "".join(
        f"&#x{ord(char):x};" if ord(char) > 127 else char for char in chinese
    )
    assert escaped in source
    english = "[ Last edited by Lan Anh at 2010-1-12 08:30 ]"
    capture = Capture(
        "https://bbs.example.net/wap/index.php?action=thread&tid=61",
        AT,
        html.unescape(source.replace(escaped, english)).encode(),
    )
    content = parse_capture(capture).content
    assert isinstance(content, ThreadPage)
    post = content.posts[0]
    assert post.edited_by == "Lan Anh"
    assert post.edited_at == datetime(2010, 1, 12, 0, 30, tzinfo=UTC)
    assert "edited" not in post.text


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<p>no quotes here</p>",
        quote(f"甲 发表于 {TIME}"),
        mark(f"本帖最后由 甲 于 {TIME} 编辑"),
        '<font color="#999999">grey words</font>',
    ],
)
def test_a_page_in_chinese_or_without_a_line_has_no_wording(source: str) -> None:
    assert read_bare_wording(source) is None


def test_words_of_any_length_are_read_in_time() -> None:
    long = '<font color="#999999">' + "by " * 100_000 + f"{TIME}</font>"
    assert read_bare_wording(long + '<a href="?uid=1">' * 20_000) is None
