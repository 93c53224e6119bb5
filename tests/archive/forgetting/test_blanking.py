"""A page without one of its posts: nothing of that is left, and all others are as they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pairs import PAIRS, capture_of

from archive.forgetting.blanking import blanked
from archive.forgetting.judging import Judge
from archive.forgetting.pages import Shown
from archive.forgetting.sources import source_of
from archive.forgetting.views import text_of
from archive.store.forgotten import (
    IS_REMOVED,
    REMOVED,
    Tombstones,
    is_nothing,
    minute_of,
    pieces_of,
    squeeze,
)
from scraper.core.errors import PageError
from scraper.core.records import Capture, Page, Post, ThreadPage
from scraper.parsing import parse_capture

SITE = 1
KEYED = Tombstones(b"a key")
THREADS = [path for path in PAIRS if path.stem.startswith("thread")]
QUOTED_CHARS = 16
WHOLLY_REMOVED = {"wap/thread"}
"""Pages of which a name is left that nothing marks as one: their whole body goes."""


def read(capture: Capture) -> Page | PageError:
    try:
        return parse_capture(capture)
    except PageError as error:
        return error


def marks_of(post: Post) -> Tombstones:
    """What an archive keeps of a post that it has forgotten."""
    marks = set[tuple[str, bytes]]()
    words = squeeze(post.text)
    if post.pid is not None:
        marks.add(("post", KEYED.mark("post", SITE, post.pid)))
    minute = minute_of(post.posted_at)
    if post.author and minute:
        moment = (SITE, squeeze(post.author), minute)
        marks.add(("moment", KEYED.mark("moment", *moment)))
        marks.add(("said", KEYED.mark("said", *moment, words)))
    for piece in pieces_of(post.text):
        marks.add(("words", KEYED.mark_of_words(piece)))
    return replace(KEYED, marks=frozenset(marks), lengths=(QUOTED_CHARS,))


def marks_of_author(post: Post) -> Tombstones:
    """What it keeps of a member."""
    marks = {("name", KEYED.mark("name", SITE, squeeze(post.author)))}
    if post.uid is not None:
        marks.add(("user", KEYED.mark("user", SITE, post.uid)))
    return replace(KEYED, marks=frozenset(marks))


def thread_in(page: Page | PageError) -> ThreadPage | None:
    if isinstance(page, PageError) or not isinstance(page.content, ThreadPage):
        return None
    return page.content


def others(thread: ThreadPage, forgotten: Tombstones) -> Iterator[tuple[object, ...]]:
    """Who else wrote when on a page."""
    for post in forgotten.allowed(thread, SITE).posts:
        yield (post.pid, post.author, post.posted_at, post.floor)


@pytest.mark.parametrize(
    "path", THREADS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_nothing_of_a_post_is_left_on_any_page(path: Path) -> None:
    capture = capture_of(path)
    page = read(capture)
    thread = thread_in(page)
    if thread is None:
        assert isinstance(page, PageError)
        return
    for post in thread.posts[:2]:
        if not post.author or not post.posted_at or is_nothing(squeeze(post.text)):
            continue
        forgotten = marks_of(post)
        found = Judge(forgotten, read).judge(capture, SITE, page)
        assert found is not None
        left = text_of(
            source_of(found.capture.body, capture.header("content-type")).text
        )
        for piece in pieces_of(post.text):
            assert piece not in left
        new = thread_in(read(found.capture))
        assert new is not None, "the page cannot be read any more"
        assert list(others(new, forgotten)) == list(others(thread, forgotten))


@pytest.mark.parametrize(
    "path", THREADS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_no_name_of_a_member_is_left(path: Path) -> None:
    capture = capture_of(path)
    page = read(capture)
    thread = thread_in(page)
    named = [post for post in thread.posts if post.author] if thread else []
    for post in named[:1]:
        forgotten = marks_of_author(post)
        found = Judge(forgotten, read).judge(capture, SITE, page)
        assert found is not None
        if found.capture.body == REMOVED.encode():
            assert (
                f"{path.parent.name}/{path.stem.removesuffix('-2')}" in WHOLLY_REMOVED
            )
            continue
        new = thread_in(read(found.capture))
        assert new is not None
        for each in new.posts:
            assert each.author != post.author
            assert each.edited_by != post.author
            assert post.author not in [quote.author for quote in each.quotes]


def test_a_page_that_shows_nothing_of_it_stays_byte_for_byte() -> None:
    elsewhere = Post(
        pid=77, author="谁也不是", text="从来没有人在哪里说过的一句很长的话。"
    )
    for path in THREADS:
        capture = capture_of(path)
        judge = Judge(marks_of(elsewhere), read)
        assert judge.judge(capture, SITE, read(capture)) is None


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5hkscs", "utf-16"])
@pytest.mark.parametrize(
    "markup",
    [
        "<p>量一下電壓再說</p>",
        "<p>量一下<b>電</b>壓&nbsp;再\n說</p>",
        "<p>&#37327;&#x4e00;下電壓再說</p>",
        "<p>&amp;#37327;一下電壓再說</p>",
        '<a title="量一下電壓再說">看</a>',
        '<script>x = {"m": "\\u91cf\\u4e00\\u4e0b\\u96fb\\u58d3\\u518d\\u8aaa"}</script>',
        "<p>量 一 下 電 壓 再 說</p>",
    ],
)
def test_words_are_found_however_they_are_written(markup: str, encoding: str) -> None:
    body = f"<p>前面</p>{markup}<p>後面</p>".encode(encoding)
    source = source_of(body, f"text/html; charset={encoding}")
    shown = Shown(words={squeeze("量一下电压再说")})
    text = blanked(source.text, shown, SITE, KEYED, is_markup=True)
    again = source.encoded(text).decode(encoding)
    assert REMOVED in again
    assert "前面" in again
    assert "後面" in again
    for char in "量壓說":
        assert char not in again
    assert "u91cf" not in again


def test_tags_stay_where_words_are_those_of_tags() -> None:
    text = '<button class="button">button</button><p>button</p>'
    shown = Shown(words={"button"})
    assert (
        blanked(text, shown, SITE, KEYED, is_markup=True)
        == f'<button class="{REMOVED}">{REMOVED}</button><p>{REMOVED}</p>'
    )


def test_bytes_that_are_no_text_stay_as_they_are() -> None:
    body = "<p>好天气真好</p>".encode("gb18030") + b"\xff\x81 \xfe<p>ok</p>"
    source = source_of(body, "text/html; charset=gbk")
    assert source.is_faithful
    shown = Shown(words={squeeze("好天气真好")})
    text = blanked(source.text, shown, SITE, KEYED, is_markup=True)
    assert source.encoded(text) == (
        f"<p>{REMOVED}</p>".encode() + b"\xff\x81 \xfe<p>ok</p>"
    )


def test_marks_are_of_one_archive_alone() -> None:
    other = Tombstones(b"another key")
    assert KEYED.mark("post", 1, 2) != other.mark("post", 1, 2)
    assert KEYED.mark_of_words("x" * 16) != other.mark_of_words("x" * 16)


def test_folding_of_marks_leaves_the_marker_known() -> None:
    assert squeeze(REMOVED) == IS_REMOVED
    assert is_nothing(IS_REMOVED + IS_REMOVED + ":lol")
    assert not is_nothing(IS_REMOVED + "更多")
