"""Messages as words, quotes, links, pictures and files, in the markup of each generation."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scraper.core.records import Attachment, Quote
from scraper.core.site import DEFAULT_SITE
from scraper.markup.attachments import aid_of_link, size_bytes
from scraper.markup.code import Code, arrange
from scraper.markup.dates import Clock
from scraper.markup.floors import floor_number
from scraper.markup.text import Message, read_message
from scraper.markup.withheld import is_anonymous, locked_words, withheld_reason

CLOCK = Clock(datetime(2026, 1, 2, tzinfo=UTC), DEFAULT_SITE.zone)
MARKUP = st.lists(
    st.sampled_from(
        [
            "字",
            " ",
            "\n",
            "<br />",
            "<b>",
            "</b>",
            "<div>",
            "</div>",
            '<div class="quote">',
            "<blockquote>",
            "<ul><li>",
            "</ul>",
            '<div class="blockcode"><ol><li>',
            "</ol>",
            "<table><tr><td>",
            "</table>",
            "&nbsp;",
            "&#128512;",
            "<i>本帖最后由 甲 于 2012-3-4 05:06 编辑</i>",
            "<ignore_js_op>",
            '<img src="a.gif">',
            '<a href="x">',
            "</a>",
            '<font class="jammer">x</font>',
        ]
    )
).map("".join)

BACK = '<a href="redirect.php?goto=findpost&amp;pid=7&amp;ptid=1"><img src="images/common/back.gif" /></a>'


def read(markup: str, unescape: bool = False) -> Message:
    """A message's inner markup, read."""
    box = LexborHTMLParser(f'<div id="m">{markup}</div>').css_first("#m")
    assert box is not None
    return read_message(box, CLOCK, unescape)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("一<br />\n二<br />\n<br />\n三", "一\n二\n\n三"),
        ("<ul><li>甲<li>乙</ul>丙", "甲\n乙\n丙"),
        (
            "<table><tr><td>位置</td><td>耐压</td></tr><tr><td>C12</td><td>450V</td></tr></table>",
            "位置\t耐压\nC12\t450V",
        ),
        ("<p>段一</p><p>段二</p>", "段一\n\n段二"),
        (
            '字<font class="jammer">d#k2</font>节<span style="display:none">x9</span>',
            "字节",
        ),
        (
            '<img src="static/image/smiley/default/lol.gif" smilieid="12" alt="" />',
            ":lol",
        ),
        ('<div class="showhide"><h4>本帖隐藏的内容</h4>芝麻开门</div>', "芝麻开门"),
        ("&nbsp;&nbsp;首行", "首行"),
        ("<script>x()</script>前<style>p{}</style>后", "前后"),
        ('上<div class="aimg_tip"><p>下载附件</p></div>下', "上\n下"),
    ],
)
def test_the_poster_s_own_words(markup: str, text: str) -> None:
    assert read(markup).text == text


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="blockcode"><div id="code0"><ol><li>if x:<li>&nbsp; &nbsp; y()<li><li>z</ol></div>'
        "<em>复制代码</em></div>",
        '<div class="blockcode"><ol><li>if x:<br />\n<li>    y()<br />\n<li><br />\n<li>z</ol><em>复制代码</em></div>',
        '<div class="blockcode"><span class="headactions">复制</span><h5>代码:</h5><code>if x:<br />\n    y()<br '
        "/>\n<br />\nz"
        "</code></div>",
    ],
)
def test_code_is_kept_line_by_line(markup: str) -> None:
    assert read(f"看：{markup}完").text == "看：\nif x:\n    y()\n\nz\n完"


def test_code_keeps_references_that_a_gbk_page_would_escape() -> None:
    message = read(
        '&amp;#9829;<div class="blockcode"><ol><li>&amp;#9829;</ol></div>',
        unescape=True,
    )
    assert message.text == "♥\n&#9829;"


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="quote"><h5>引用:</h5><blockquote>原帖由 <i>张 三</i> 于 2012-3-4 05:06 发表 '
        f"{BACK}<br />话</blockquote></div>",
        '<div class="quote"><blockquote>话<br /><font>张 三 发表于 2012-3-4 05:06</font> '
        f"{BACK}</blockquote></div>",
        '<div class="quote"><blockquote><a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=7&amp;ptid=1">'
        "張 三 發表於 2012-3-4 05:06</a><br />话</blockquote></div>".replace(
            "張", "张"
        ),
    ],
)
def test_a_quote_tells_whom_and_which(markup: str) -> None:
    message = read(markup + "我的话")
    posted_at = datetime(2012, 3, 3, 21, 6, tzinfo=UTC)
    assert message.quotes == (
        Quote(pid=7, author="张 三", posted_at=posted_at, text="话"),
    )
    assert (message.text, message.images, message.links) == ("我的话", (), ())


def test_an_answer_without_a_quote_names_the_post_it_answers() -> None:
    link = (
        '<a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid=9&amp;ptid=1">3#</a>'
    )
    message = read(f"回复 {link} <i>李四</i><br />好")
    assert message.quotes == (Quote(pid=9, author="李四"),)
    assert message.links == ()


@pytest.mark.parametrize(
    "markup",
    [
        '<i class="pstatus"> 本帖最后由 甲 于 2012-3-4 05:06 编辑 </i><br />正文',
        '<i class="pstatus"> 本帖最後由 甲 於 <span title="2012-3-4 05:06">前天&nbsp;05:06</span> 編輯 </i><br />正文',
        "正文<br />[<i> 本帖最后由 甲 于 2012-3-4 05:06 编辑 </i>]",
    ],
)
def test_an_edit_mark_is_not_the_poster_s(markup: str) -> None:
    message = read(markup)
    assert (message.text, message.edited_by) == ("正文", "甲")
    assert message.edited_at == datetime(2012, 3, 3, 21, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("markup", "links"),
    [
        (
            '<a href="http://a.example/">甲</a><a href="javascript:;">乙</a><a href="mailto:a@b.c">丙</a>',
            ("http://a.example/",),
        ),
        (
            '<object><param name="url" value="http://a.example/a.mp3"><embed src="http://a.example/a.mp3"></object>',
            ("http://a.example/a.mp3",),
        ),
        (
            '<iframe src="//player.example/x.html"></iframe>',
            ("//player.example/x.html",),
        ),
        (
            "<script>$('s').innerHTML=AC_FL_RunContent('width', '500', 'src', encodeURI('http://a.example/b.swf'));</script>",
            ("http://a.example/b.swf",),
        ),
        ("<script>replyreload += ',' + 108;</script>", ()),
    ],
)
def test_links_and_what_plays(markup: str, links: tuple[str, ...]) -> None:
    assert read(markup).links == links


FILE = "forum.php?mod=attachment&amp;aid=" + base64.b64encode(b"6|8d|17|1|2").decode()
SEVEN = (
    '<img src="none.gif" file="a/b.jpg" id="aimg_6" />'
    '<div class="t_attach" id="aimg_6_menu" style="display: none">'
    f'<a href="{FILE}&amp;nothumb=yes" title="b.jpg"><strong>下载</strong></a> (12 KB)<br />图一<br /></div>'
)
X15 = (
    '<img src="none.gif" file="a/b.jpg" id="aimg_6" alt="图一" /><div class="tatt" id="aimg_6_menu">'
    '<div class="crly"><div class="y">2011-1-23 08:41 上传</div>'
    f'<a href="{FILE}&amp;nothumb=yes" title="b.jpg 下载次数:3">'
    "<strong>下载附件</strong> <span>(12 KB)</span></a><br />图一</div></div>"
)
X3 = (
    '<ignore_js_op><img id="aimg_6" aid="6" src="none.gif" zoomfile="a/b.jpg" file="a/b.jpg" />'
    '<div class="tip aimg_tip">'
    f'<p><strong>b.jpg</strong> <em>(12 KB, 下载次数: 3)</em></p><p><a href="{FILE}">下载附件</a></p><p>图一</p>'
    '<p class="y">2011-1-23 08:41 上传</p></div></ignore_js_op>'
)


@pytest.mark.parametrize(("markup", "downloads"), [(SEVEN, None), (X15, 3), (X3, 3)])
def test_a_picture_s_menu_tells_the_rest_of_it(
    markup: str, downloads: int | None
) -> None:
    message = read(f"前{markup}后")
    assert message.attachments == (
        Attachment(
            aid=6,
            name="b.jpg",
            url="a/b.jpg",
            size_bytes=12_288,
            image=True,
            downloads=downloads,
            description="图一",
        ),
    )
    assert message.images == ("a/b.jpg",)
    assert message.text == "前\n后"


def test_a_file_in_the_text() -> None:
    message = read(
        '<ignore_js_op><img src="static/image/filetype/zip.gif" /><span id="attach_6">'
        f'<a href="{FILE}">源 & 码.zip</a> <em>(291 Bytes, 下载次数: 9)</em></span></ignore_js_op>'
    )
    assert message.attachments == (
        Attachment(
            aid=6,
            name="源 & 码.zip",
            url=FILE.replace("&amp;", "&"),
            size_bytes=291,
            downloads=9,
        ),
    )
    assert message.images == ()


def test_a_picture_from_elsewhere_is_no_attachment() -> None:
    message = read(
        '<img id="aimg_70421" class="zoom" src="http://img.example/a.jpg" />'
    )
    assert (message.images, message.attachments) == (("http://img.example/a.jpg",), ())


def test_hidden_parts_are_told_and_left_out() -> None:
    message = read(
        '公开<div class="locked">游客，如果您要查看本帖隐藏内容请<a href="#">回复</a></div>尾'
    )
    assert (message.text, message.hidden) == (
        "公开\n尾",
        ("游客，如果您要查看本帖隐藏内容请回复",),
    )


@pytest.mark.parametrize(
    "opening",
    [
        "<div>",
        '<div class="quote"><blockquote>',
        "<ul><li>",
        "<i>",
        "<ignore_js_op>",
        '<font class="x">',
        "<table><tr><td>",
        '<div class="blockcode"><ol><li>',
        '<div class="locked">',
        '<span id="attach_1">',
    ],
)
def test_a_message_nested_deeply_is_read_in_one_walk(opening: str) -> None:
    assert isinstance(read("头" + opening * 2_000 + "底").text, str)


@given(MARKUP)
def test_any_markup_is_read_and_leaves_tidy_lines(markup: str) -> None:
    text = read(markup).text
    assert text == text.strip("\n")
    assert not {"\v", "\x1e", "\x1f"} & set(text)


@given(st.lists(st.text(alphabet="字 a&#;128512\v", max_size=8)), st.booleans())
def test_pieces_are_arranged_once(pieces: list[str], unescape: bool) -> None:
    once = arrange(pieces, coded=False, unescape=unescape)
    assert arrange([*pieces, Code("")], coded=True, unescape=unescape).strip() == once


@pytest.mark.parametrize(
    ("label", "floor"),
    [
        ("楼主", 1),
        ("樓主", 1),
        ("沙发", 2),
        ("地板", 4),
        ("5#", 5),
        ("12 楼", 12),
        ("第7楼", 7),
        ("顶 来自 7#", 7),
        ("推荐", None),
        ("本座", None),
        ("", None),
    ],
)
def test_floor_labels(label: str, floor: int | None) -> None:
    assert floor_number(label) == floor


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("提示: 作者被禁止或删除 内容自动屏蔽", "banned"),
        ("提示: 該帖被管理員或版主屏蔽", "blocked"),
        ("此帖仅作者可见", "author"),
        ("本帖为密码帖 ，请输入密码", "password"),
        ("本主题需向作者支付 15 金钱 才能浏览", "paid"),
        ("游客，如果您要查看本帖隐藏内容请回复", "reply"),
        ("您需要登录才可以查看", "login"),
        ("……", "other"),
        ("", None),
    ],
)
def test_why_a_post_is_withheld(said: str, reason: str | None) -> None:
    assert withheld_reason(said) == reason


def test_a_lock_s_words_are_without_its_buttons() -> None:
    box = LexborHTMLParser(
        '<div class="locked"><a class="viewpay" href="#">购买主题</a>'
        '<em class="right">已购买人数:0</em>'
        "本主题需向作者支付 <strong>10 金钱</strong> 才能浏览</div>"
    ).css_first("div")
    assert box is not None
    assert locked_words(box) == "本主题需向作者支付 10 金钱 才能浏览"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("(120.56 KB)", 123_453),
        ("2 MB", 2_097_152),
        ("999 Bytes", 999),
        ("很大", None),
    ],
)
def test_sizes(text: str, size: int | None) -> None:
    assert size_bytes(text) == size


@pytest.mark.parametrize(
    ("href", "aid"),
    [
        (FILE.replace("&amp;", "&"), 6),
        ("attachment.php?aid=41", 41),
        ("attachment.php?aid=%%%", None),
        ("x", None),
        ("attachment.php?aid=" + "9" * 40, None),
    ],
)
def test_the_number_in_a_download_link(href: str, aid: int | None) -> None:
    assert aid_of_link(href) == aid


def test_who_hides_a_name() -> None:
    assert is_anonymous("匿名")
    assert not is_anonymous("匿名侠")
