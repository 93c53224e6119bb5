"""Words that the software puts into a message are not the poster's."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.core.site import DEFAULT_SITE
from scraper.markup.dates import Clock
from scraper.markup.text import Message, read_message

CLOCK = Clock(datetime(2026, 1, 2, tzinfo=UTC), DEFAULT_SITE.zone)


def read(markup: str) -> Message:
    """A message's inner markup, read."""
    box = LexborHTMLParser(f'<div id="m">{markup}</div>').css_first("#m")
    assert box is not None
    return read_message(box, CLOCK)


@pytest.mark.parametrize(
    ("markup", "images"),
    [
        (
            '<div class="guestviewthumb"><img id="aimg_x1" class="guestviewthumb_cur" '
            'file="http://a.example/1.jpg" /><br><a href="member.php?mod=logging&amp;'
            'action=login">登录/注册后可看大图</a></div>',
            ("http://a.example/1.jpg",),
        ),
        (
            '<div class="guestviewthumb"><img class="guestviewthumb_cur" '
            'src="http://a.example/2.jpg"><br><a href="member.php?mod=logging">Log in to '
            "see the picture</a></div>",
            ("http://a.example/2.jpg",),
        ),
        (
            '<div class="mbm guestviewthumb"><img file="http://a.example/3.jpg"><br>'
            '<a href="javascript:;">登錄/註冊後可看大圖</a></div>',
            ("http://a.example/3.jpg",),
        ),
        (
            '<img src="http://a.example/4.jpg"><a href="javascript:;" '
            "onclick=\"popup.open('login')\">登录/注册后可看大图</a>",
            ("http://a.example/4.jpg",),
        ),
    ],
)
def test_an_invitation_to_log_in_below_a_picture(
    markup: str, images: tuple[str, ...]
) -> None:
    message = read(f"图前{markup}图后")
    assert message.text == "图前图后"
    assert message.images == images
    assert message.links == ()


def test_a_poster_may_say_the_same_words() -> None:
    words = "登录/注册后可看大图"
    link = f'<a href="http://a.example/big">{words}</a>'
    message = read(f"{words}，{link}")
    assert message.text == f"{words}，{words}"
    assert message.links == ("http://a.example/big",)


@pytest.mark.parametrize(
    "tip",
    ["如果无法播放，请点击此处在新窗口打开", "無法播放請點此", "Open in a new window"],
)
def test_a_player_s_tip_is_a_link_without_words(tip: str) -> None:
    message = read(
        '前<ignore_js_op><div id="mp4_a" class="media"><div class="media_container"></div>'
        '<div id="mp4_a_tips" class="media_tips">'
        f'<a href="http://a.example/a.mp4">{tip}</a></div></div>'
        '<script>detectPlayer("mp4_a", "mp4", "http://a.example/a.mp4", "500");</script>'
        "</ignore_js_op>后"
    )
    assert message.text == "前\n后"
    assert message.links == ("http://a.example/a.mp4",)


def test_what_a_player_shows_where_it_cannot_play_is_not_said() -> None:
    message = read(
        '前<video src="http://a.example/a.mp4">您的浏览器不支持 video</video>'
        '<audio src="http://a.example/b.mp3">Your browser is too old</audio>'
        '<object data="http://a.example/c.swf"><p>请安装 Flash</p></object>后'
    )
    assert message.text == "前后"
