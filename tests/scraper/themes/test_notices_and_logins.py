"""What a forum answers in place of a page: notices of every form, in any words, login forms,
and pages that show nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.core.errors import PageError
from scraper.core.records import BoardPage, Capture, Notice, Page, Reason
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 1, tzinfo=UTC)
THREAD = "https://b.example/forum.php?mod=viewthread&tid=5"
BOARD = "https://b.example/forum.php?mod=forumdisplay&fid=5"
FORM = (
    '<form action="member.php?mod=logging&amp;action=login&amp;loginsubmit=yes" method="post">'
    '<input name="username" /><input type="password" name="password" /></form>'
)
OLD_FORM = FORM.replace(
    "member.php?mod=logging&amp;action=login", "logging.php?action=login"
)
TOUCH_HEAD = '<link rel="stylesheet" href="static/image/mobile/style.css" />'
MOBILE = '<!DOCTYPE html PUBLIC "-//WAPFORUM//DTD XHTML Mobile 1.0//EN" "x.dtd">'
TITLE = "<title>登录 - 论坛 - Powered by Discuz!</title>"


def _parsed(markup: str, url: str = THREAD, status: int = 200) -> Page:
    capture = Capture(url, AT, f'<meta charset="utf-8">{markup}'.encode(), status)
    return parse_capture(capture)


def _notice(markup: str, url: str = THREAD, status: int = 200) -> Notice:
    content = _parsed(markup, url, status).content
    assert isinstance(content, Notice)
    return content


LOGINS = {
    "touch": f'<head>{TITLE}</head><body id="member" class="pg_logging">{FORM}</body>',
    "touch-35": f'<head>{TITLE}{TOUCH_HEAD}</head><body id="member" class="pg_logging ios">{FORM}</body>',
    "touch-old": f'<head>{TITLE}{TOUCH_HEAD}</head><body class="bg">{FORM}</body>',
    "mobile": f"{MOBILE}<html><head>{TITLE}</head><body>{FORM}</body></html>",
    "x": f'<head>{TITLE}</head><body id="nv_member" class="pg_logging">{FORM}</body>',
    "7.2": f'<head>{TITLE}</head><body id="logging">{OLD_FORM}</body>',
    "6.0": (
        f'<head>{TITLE}</head><body onkeydown="x"><div class="mainbox formbox">{OLD_FORM}</div>'
        "Powered by Discuz!</body>"
    ),
}


@pytest.mark.parametrize("layout", LOGINS)
@pytest.mark.parametrize("url", [THREAD, BOARD, "https://b.example/thread-5-1-1.html"])
def test_a_login_form_in_place_of_a_page(layout: str, url: str) -> None:
    page = _parsed(LOGINS[layout], url)
    assert isinstance(page.content, Notice)
    assert page.content.reason == "login"
    assert (page.theme == "classic7") == (layout == "7.2")


@pytest.mark.parametrize("layout", LOGINS)
@pytest.mark.parametrize(
    "url",
    [
        "https://b.example/member.php?mod=logging&action=login",
        "https://b.example/logging.php?action=login",
    ],
)
def test_a_login_form_that_was_asked_for_is_no_notice(layout: str, url: str) -> None:
    assert _parsed(LOGINS[layout], url).content.kind == "other"


def test_a_touch_page_without_a_login_form_is_a_page_of_touch() -> None:
    page = _parsed(f'<head>{TITLE}</head><body id="misc" class="pg_faq">x</body>')
    assert (page.theme, page.content.kind) == ("touch", "other")


def _message_7(words: str) -> str:
    return (
        '<head><title>论坛 - Powered by Discuz!</title></head><body id="forumdisplay">'
        '<div id="nav"><a href="index.php">论坛</a> &raquo; 提示信息</div>'
        f'<div class="msgfix"><div class="showmessage"><h1>论坛 提示信息</h1>{words}</div></div></body>'
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("<p>本版块只有特定用户组可以访问。</p>", "forbidden"),
        ("<p>指定的版块不存在，请返回。</p>", "not_found"),
        (f"<p>原因如下</p><p><b>ئۇچۇر</b></p>{OLD_FORM}", "login"),
        (
            "<p>您无权进行当前操作</p><p><b>本帖要求阅读权限高于 100</b></p>",
            "forbidden",
        ),
        ("<p>搜索间隔过短，请返回。</p>", "throttled"),
    ],
)
@pytest.mark.parametrize("script", ["forumdisplay", "viewthread", "profile", "index"])
def test_a_notice_of_7_0(words: str, reason: Reason, script: str) -> None:
    page = _message_7(words).replace('id="forumdisplay"', f'id="{script}"')
    assert _notice(page, f"http://b.example/{script}.php").reason == reason


def _message_x(words: str, beside: str = "") -> str:
    return (
        f'<head><title>论坛 - Powered by Discuz!</title></head><body id="nv_forum" class="pg_x">'
        f'<div id="hd">{FORM}</div><div id="ct"><div class="nfl"><div class="f_c altw">'
        f'<div id="messagetext" class="alert_info"><p>{words}</p></div>{beside}</div></div></div></body>'
    )


@pytest.mark.parametrize(
    "words", ["ئالدى بىلەن كىرىڭ", "Vui lòng quay lại", "กรุณา", "……"]
)
@pytest.mark.parametrize("beside", ['<div id="messagelogin"></div>', FORM])
def test_words_that_say_nothing_beside_a_login_form(words: str, beside: str) -> None:
    assert _notice(_message_x(words, beside)).reason == "login"


def test_the_form_in_the_pages_own_head_is_no_reason() -> None:
    assert _notice(_message_x("……")).reason == "other"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "not_found"),
        (403, "forbidden"),
        (503, "closed"),
        (429, "throttled"),
        (200, "other"),
    ],
)
def test_words_that_say_nothing_under_a_status_that_does(
    status: int, reason: Reason
) -> None:
    assert _notice(_message_x("……"), status=status).reason == reason


def test_words_that_no_pattern_knows_above_the_form_of_a_password_board() -> None:
    form = '<form action="forum.php?mod=forumdisplay&amp;fid=5&amp;action=pwverify"><input type="password" name="pw" /></form>'
    assert _notice(_message_x("ئىم", form), BOARD).reason == "password"


@pytest.mark.parametrize(
    "words",
    [
        "本论坛暂停访问，整理旧帖，十二月一日重新开放",
        "机器搬家，明早八点恢复",
        "伺服器遷移中",
        "本社區停止服務",
        "The forum is temporarily offline",
    ],
)
def test_a_forum_closed_in_the_owners_own_words(words: str) -> None:
    assert (
        _notice(_message_x(words, '<div id="messagelogin"></div>')).reason == "closed"
    )


@pytest.mark.parametrize("words", ["本论坛暂停注册", "本站暂停上传附件"])
def test_a_forum_that_stops_one_thing_is_not_closed(words: str) -> None:
    assert _notice(_message_x(words)).reason == "other"


SCRIPT = "<script>var STYLEID = '1', discuz_uid = '0';</script>"
NAMELESS = {
    "x": f'<head>{TITLE}{SCRIPT}</head><body id="nv_forum" class="pg_forumdisplay"><p>提示</p></body>',
    "7.2": f'<head>{TITLE}{SCRIPT}</head><body id="forumdisplay"><p>提示</p></body>',
    "6.0": f'<head>{TITLE}</head><body onkeydown="x"><div class="mainbox threadlist"></div></body>',
    "touch": f'<head>{TITLE}</head><body id="forum" class="pg_forumdisplay"><div class="threadlist"></div></body>',
    "mobile": f'{MOBILE}<html><head>{TITLE}</head><body><div class="tl"></div></body></html>',
    "any skin": f"<head>{TITLE}{SCRIPT}</head><body><p>提示 forum.php?mod=</p></body>",
    "archiver": (
        "<head><title>Powered by Discuz! Archiver</title></head><body>"
        '<div id="content"><ul type="1"></ul></div></body>'
    ),
    "api": '{"Version":"4","Variables":{"fid":"5","forum_threadlist":[]}}',
}


@pytest.mark.parametrize("layout", NAMELESS)
def test_a_board_without_name_and_threads_is_an_error(layout: str) -> None:
    url = BOARD
    if layout == "archiver":
        url = "https://b.example/archiver/?fid-5.html"
    capture = Capture(url, AT, NAMELESS[layout].encode())
    with pytest.raises(PageError, match=r"without|nothing could be read"):
        parse_capture(capture)


@pytest.mark.parametrize(
    "page",
    [
        NAMELESS["x"].replace(
            "<p>", '<div id="pt"><a href="forum-5-1.html">空版</a></div><p>'
        ),
        NAMELESS["7.2"].replace(
            "<p>", '<div id="nav"><a href="forum-5-1.html">空版</a></div><p>'
        ),
        NAMELESS["touch"].replace(
            "<div ", '<div class="header"><h2>空版</h2></div><div ', 1
        ),
    ],
)
def test_an_empty_board_with_a_name_is_a_board(page: str) -> None:
    content = _parsed(page, BOARD).content
    assert isinstance(content, BoardPage)
    assert (content.fid, content.name, content.threads) == (5, "空版", ())
