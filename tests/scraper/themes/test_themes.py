"""Themes are found, not registered; a page that no template claims is read by what all
generations share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desktop_markup import X, words, x_post

import scraper.themes as package
from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    Capture,
    Comment,
    Poll,
    PollOption,
    Post,
    Rating,
    ThreadPage,
    Unknown,
)
from scraper.markup.snapshot import take_snapshot
from scraper.markup.text import Message
from scraper.pages.desktop.parts import DESKTOP_PARTS, PostParts
from scraper.pages.desktop.thread import read_thread
from scraper.pages.person import Person
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
BYLINE_SKIN = '''
"""Discuz! X in a skin that signs posts below their words."""
from dataclasses import replace

from scraper.markup.html import words
from scraper.pages.desktop.parts import DESKTOP_PARTS
from scraper.pages.person import Person
from scraper.themes import SURE, Theme
from scraper.themes.x import read_page


def _author(nodes, context):
    return Person(words(nodes.table.css_first("p.byline b")))


PARTS = replace(DESKTOP_PARTS, author=_author)
THEME = Theme(
    "byline",
    lambda page: SURE + 1 if "skin_byline" in page.body_tag else 0,
    lambda page: read_page(page, PARTS),
)
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


@pytest.fixture
def add_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str], None]]:
    """Adds a theme's file, by its name and source, for one test."""

    def add(name: str, source: str) -> None:
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
        package.themes.cache_clear()

    yield add
    package.themes.cache_clear()


def test_a_new_file_is_a_new_theme(add_theme: Callable[[str, str], None]) -> None:
    add_theme("my_skin", NEW_THEME)
    page = parse_capture(
        capture("<html><body class='my-skin'><article>你好</article></body></html>")
    )
    assert page.theme == "my_skin"
    assert isinstance(page.content, ThreadPage)
    assert [post.text for post in page.content.posts] == ["你好"]


EMPTY_BOARD_SKIN = '''
"""A skin whose boards are read, whatever comes out."""
from scraper.core.records import BoardPage, BoardRow
from scraper.themes import SURE, Theme


def _read(page):
    rows = (BoardRow(fid=9),) if "sub-board" in page.text else ()
    named = "named" in page.text
    return BoardPage(fid=2 if "numbered" in page.text else None, name="版" * named, boards=rows)


THEME = Theme("empty_board", lambda page: SURE if "empty-board" in page.text else 0, _read)
'''


@pytest.mark.parametrize("shown", ["", "named", "numbered"])
def test_a_board_of_any_theme_that_says_nothing_is_an_error(
    add_theme: Callable[[str, str], None], shown: str
) -> None:
    add_theme("empty_board", EMPTY_BOARD_SKIN)
    with pytest.raises(PageError, match="without rows"):
        parse_capture(capture(f"<html><body class='empty-board'>{shown}</body></html>"))


@pytest.mark.parametrize("shown", ["named numbered", "sub-board"])
def test_an_empty_board_that_says_which_it_is_and_one_with_rows_are_none(
    add_theme: Callable[[str, str], None], shown: str
) -> None:
    add_theme("empty_board", EMPTY_BOARD_SKIN)
    page = parse_capture(
        capture(f"<html><body class='empty-board'>{shown}</body></html>")
    )
    assert isinstance(page.content, BoardPage)


def test_a_skin_replaces_the_reader_of_one_part(
    add_theme: Callable[[str, str], None],
) -> None:
    add_theme("byline", BYLINE_SKIN)
    markup = '<body id="nv_forum" class="pg_viewthread skin_byline">'
    for pid, name, floor in ((7, "老王", "1#"), (9, "小李", "2#")):
        byline = f'<p class="byline">文：<b>{name}</b></p>'
        markup += x_post(pid, words(pid, "话") + byline, side="头像", floor=floor)
    page = parse_capture(capture(markup))

    assert page.theme == "byline"
    assert isinstance(page.content, ThreadPage)
    assert [post.author for post in page.content.posts] == ["老王", "小李"]
    for number, post in enumerate(page.content.posts, start=1):
        assert (post.floor, post.text, post.signature) == (number, "话", "签名档")
        assert post.posted_at == datetime(2012, 3, 3, 21, 6, 7, tzinfo=UTC)


REPLACED = {
    "author": Person("丙", uid=3),
    "floor": 88,
    "posted_at": datetime(2020, 1, 1, tzinfo=UTC),
    "subject": "题外",
    "message": Message(text="另一句"),
    "signature": "另一档",
    "ratings": (Rating(author="丁", score=5),),
    "comments": (Comment(author="戊", text="点评"),),
    "poll": Poll(options=(PollOption(text="甲"),)),
    "side": "正方",
    "location": "广东",
}


@pytest.mark.parametrize("part", [part.name for part in fields(PostParts)])
def test_each_part_of_a_post_can_be_read_by_another(part: str) -> None:
    posts = x_post(7, words(7, "话")) + x_post(9, words(9, "话"), floor="2#")
    page = take_snapshot(capture(X + posts))
    _, stock = read_thread(page).posts
    value = REPLACED[part]
    readers = {part: lambda nodes, context: value}

    _, post = read_thread(page, replace(DESKTOP_PARTS, **readers)).posts

    changed = {
        field.name
        for field in fields(Post)
        if getattr(post, field.name) != getattr(stock, field.name)
    }
    if isinstance(value, Person):
        assert (post.author, post.uid) == (value.name, value.uid)
        assert changed == {"author", "uid"}
    elif isinstance(value, Message):
        assert post.text == value.text
        assert changed == {"text", "html"}
    else:
        assert getattr(post, part) == value
        counted = {f"{part}_total"}  # how many there are at least
        assert changed - counted == {part}


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
