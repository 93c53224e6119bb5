"""Whom a page shows as logged in, whether its reader may see files, whether a browser saved
it."""

from __future__ import annotations

import pytest

from scraper.markup.circumstances import hides_files, is_saved_copy, reader_uid
from scraper.markup.decode import decode

PAGE = "<html><head><title>题</title></head><body>{}</body></html>"


@pytest.mark.parametrize(
    ("page", "uid"),
    [
        ("<script>var STYLEID = '1', discuz_uid = '0', cookiepre = 'a_';</script>", 0),
        ("<script>var discuz_uid = '8';</script>", 8),
        ("<script>discuz_uid = 8;</script>", 8),
        ("<script>discuz_uid=parseInt('8')</script>", 8),
        ('{"Version":"4","Variables":{"member_uid":"8","member_username":"己"}}', 8),
        ('{"Variables":{"member_uid" : "0"}}', 0),
        ('{"Variables":{"member_uid":0}}', 0),
        ('{"Variables":{"member_uid":null}}', None),
        ("<script>var discuz_uid = '';</script>", None),
        ("<p>Powered by Discuz! Archiver</p>", None),
        ("", None),
    ],
)
def test_whom_a_page_shows_as_its_reader(page: str, uid: int | None) -> None:
    assert reader_uid(page) == uid


@pytest.mark.parametrize(
    ("words", "hidden"),
    [
        (
            '<div class="attach_nopermission">您需要 <a>登录</a> 才可以下载或查看</div>',
            True,
        ),
        ("您需要<a>登录</a>才可以下载或查看附件。没有帐号？", True),
        ("附件: <em>您所在的用户组无法下载或查看附件</em>", True),
        ("您需要<a>登錄</a>才可以下載或查看附件。沒有帳號？", True),
        ("下载次数: 4, 点击查看", False),
        ("点击或查看，看完或查看更多", False),
        ("点击或查看。您所在的用户组无法下载或查看附件", True),
        ("", False),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_whether_a_reader_may_see_files(
    words: str, hidden: bool, encoding: str
) -> None:
    body = PAGE.format(words).encode(encoding, "ignore")
    text, _ = decode(body, f"text/html; charset={encoding}")
    is_spelled = words in text
    assert hides_files(text) == (hidden and is_spelled)


@pytest.mark.parametrize(
    ("page", "saved"),
    [
        ("<!-- saved from url=(0054)http://a.example/ -->\n" + PAGE, True),
        ("<html><!--\n Page saved with SingleFile \n url: http://a.example/", True),
        (PAGE.format('<img src="./题_files/lol.gif">'), True),
        (PAGE.format('<img src="题_files/lol.gif">'), True),  # Firefox
        (PAGE.format("<link href='t.files/style.css'>"), True),
        (PAGE.format('<link rel="stylesheet" href="cid:css-1@mhtml.blink">'), True),
        (PAGE.format('<img src="static/image/smiley/default/lol.gif">'), False),
        (PAGE.format('<a href="http://a.example/my_files/a.zip">件</a>'), False),
        (PAGE.format('<img src="//a.example/my_files/a.png">'), False),
        (PAGE.format("放在 my_files/ 里，cid:5"), False),
        (PAGE.format("x" * 20_000 + "Page saved with SingleFile"), False),
        ("", False),
    ],
)
def test_whether_a_browser_saved_a_page(page: str, saved: bool) -> None:
    assert is_saved_copy(page) == saved
