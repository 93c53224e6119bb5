"""Themes are found, not registered; a page that no template claims is read by what all
generations share."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import scraper.themes as package
from scraper.core.errors import PageError
from scraper.core.records import Capture, ThreadPage, Unknown
from scraper.parsing import parse_capture

NEW_THEME = '''
"""A forum's own skin."""
from scraper.markup.html import words
from scraper.core.records import Post, ThreadPage
from scraper.themes import SURE, Theme


def _read(page):
    return ThreadPage(title="skin", posts=tuple(Post(text=words(node)) for node in page.tree.css("article")))


THEME = Theme("my_skin", lambda page: SURE if "my-skin" in page.text else 0, _read)
'''
OWN_SKIN = """<html><head><title>帖子 - 老论坛</title></head><body class="whatever"><h1>螺丝怎么选</h1>
<script>var cookiepre = 'ab_', discuz_uid = '0'; var fid = parseInt('7'), tid = parseInt('42');</script>
<section id="pid901"><header><a href="space-uid-5.html">老王</a> <i id="authorposton901">发表于 2012-3-4 05:06</i>
<b id="postnum901">1#</b></header><div id="postmessage_901">M3 的够用了</div></section>
<section id="pid902"><header><a href="space-uid-6.html">小李</a> <i id="authorposton902">发表于 2012-3-4 06:07</i>
<b id="postnum902">2#</b></header><div id="postmessage_902">谢谢</div></section>
<p>Powered by <b>Discuz!</b></p></body></html>"""


def capture(text: str) -> Capture:
    """A page as a forum might have served it."""
    return Capture(
        "https://bbs.example.net/thread-42-1-1.html",
        datetime(2026, 1, 2, tzinfo=UTC),
        text.encode(),
    )


def test_a_new_file_is_a_new_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my_skin.py").write_text(NEW_THEME, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    package.themes.cache_clear()
    try:
        page = parse_capture(
            capture("<html><body class='my-skin'><article>你好</article></body></html>")
        )
    finally:
        package.themes.cache_clear()
    assert page.theme == "my_skin"
    assert isinstance(page.content, ThreadPage)
    assert [post.text for post in page.content.posts] == ["你好"]


def test_a_skin_of_its_own_is_read_by_what_all_generations_share() -> None:
    page = parse_capture(capture(OWN_SKIN))
    assert page.theme == "generic"
    assert isinstance(page.content, ThreadPage)
    assert (page.content.tid, page.content.fid, page.content.title) == (
        42,
        7,
        "螺丝怎么选",
    )
    assert [(p.pid, p.floor, p.author, p.uid, p.text) for p in page.content.posts] == [
        (901, 1, "老王", 5, "M3 的够用了"),
        (902, 2, "小李", 6, "谢谢"),
    ]
    assert page.content.posts[0].posted_at == datetime(2012, 3, 3, 21, 6, tzinfo=UTC)


def test_an_article_pasted_from_a_forum_is_not_a_forum() -> None:
    pasted = parse_capture(
        capture(
            '<html><body><p>新闻</p><div id="postmessage_1" class="t_f">转自某论坛</div></body></html>'
        )
    )
    assert isinstance(pasted.content, Unknown)


def test_a_page_of_a_known_kind_that_yields_nothing_is_an_error() -> None:
    with pytest.raises(PageError):
        parse_capture(
            capture(
                '<html><body id="nv_forum" class="pg_viewthread"><p>Powered by Discuz!</p></body></html>'
            )
        )


@pytest.mark.parametrize(
    "body", [b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"hello", b"\xff" * 5000]
)
def test_what_is_no_page_is_unknown_and_says_why(body: bytes) -> None:
    page = parse_capture(
        Capture("https://example.net/x", datetime(2026, 1, 2, tzinfo=UTC), body)
    )
    assert isinstance(page.content, Unknown)
    assert page.content.message
