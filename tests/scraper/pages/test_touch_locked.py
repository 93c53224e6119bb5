"""Posts behind a password or a price on hand-held pages: the forum's box stands in place of
the message; a hidden part of a message does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from scraper.core.records import Capture, Post, ThreadPage
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 1, tzinfo=UTC)
SCRIPT = '<script src="data/cache/md5.js"></script>'
BUTTON = (
    '<button type="button" onclick="submitpostpw(31)"><strong>提交</strong></button>'
)
FIELD = '<input type="text" id="postpw_31" class="px" />'


def _touch(message: str) -> str:
    return (
        '<head><title>题 - 论坛 - Powered by Discuz!</title></head><body id="forum" class="pg_viewthread">'
        '<div class="viewthread"><div class="view_tit">题</div><div class="plc cl" id="pid31">'
        '<ul class="authi"><li class="mtit"><span class="y">楼主</span><span class="z">'
        '<a href="home.php?mod=space&amp;uid=6">甲</a></span></li><li class="mtime">2024-3-14 06:23:22</li></ul>'
        f'<div class="message">{message}</div></div></div></body>'
    )


def _mobile(message: str) -> str:
    return (
        '<!DOCTYPE html PUBLIC "-//WAPFORUM//DTD XHTML Mobile 1.0//EN" "x.dtd"><html><head></head><body>'
        '<div class="vt"><div class="bm"><div class="bm_h">题</div><div class="bm_inf"></div>'
        '<div id="post_31" class="bm_c"><div class="bm_user"><em>1</em><sup>#</sup>'
        '<a href="home.php?mod=space&amp;uid=6">甲</a><em id="authorposton31">2013-5-2 09:15:30</em></div></div>'
        f'<div><div class="pbody"><div class="mes">{message}</div></div></div></div></div></body></html>'
    )


def _post(page: str) -> Post:
    url = "https://b.example/forum.php?mod=viewthread&tid=5&mobile=2"
    content = parse_capture(Capture(url, AT, page.encode())).content
    assert isinstance(content, ThreadPage)
    return content.posts[0]


@pytest.mark.parametrize(
    "words",
    [
        "本帖为密码帖 ，请输入密码",
        "本帖為密碼帖，請輸入密碼",
        "This post needs a password",
    ],
)
@pytest.mark.parametrize("beside", [f"{SCRIPT}|{BUTTON}", f"|{BUTTON}", "|"])
@pytest.mark.parametrize("layout", [_touch, _mobile])
def test_a_post_behind_a_password(
    words: str, beside: str, layout: Callable[[str], str]
) -> None:
    before, after = beside.split("|")
    message = f'{before}<div class="locked">{words}{FIELD}</div>{after}'
    post = _post(layout(message))
    assert (post.text, post.html, post.withheld_reason) == ("", "", "password")
    assert post.withheld == words


def test_a_password_in_a_language_that_no_pattern_knows() -> None:
    post = _post(_touch(f'<div class="locked">ئىم كىرگۈزۈڭ{FIELD}</div>{BUTTON}'))
    assert (post.text, post.withheld) == ("", "ئىم كىرگۈزۈڭ")


def test_a_hidden_part_is_no_post_behind_a_password() -> None:
    post = _post(
        _touch(
            '正文<div class="locked">游客，如果您要查看本帖隐藏内容请<a>回复</a></div>'
        )
    )
    assert (post.text, post.withheld) == ("正文", "")
    assert len(post.hidden) == 1
