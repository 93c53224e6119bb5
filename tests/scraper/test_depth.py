"""Markup nested beyond reason is refused before it costs time; pages that only look so are read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.core.errors import PageError
from scraper.core.records import Capture, ThreadPage
from scraper.markup.excess import MOST_DEEP, refuse_excess
from scraper.parsing import parse_capture

HEAD = (
    '<html><body id="nv_forum" class="pg_viewthread"><div id="postlist">'
    '<table id="pid1"><tr><td class="pls"></td><td>'
)


def page(message: str) -> Capture:
    """A thread page with one message."""
    text = f'{HEAD}<table><tr><td class="t_f" id="postmessage_1">{message}</td></tr></table></td></tr></table></div>'
    return Capture(
        "https://bbs.example.net/thread-1-1-1.html",
        datetime(2026, 1, 2, tzinfo=UTC),
        text.encode(),
    )


@pytest.mark.parametrize(
    "tag",
    [
        "<div>",
        "<b>",
        "<font color='red'>",
        '<div class="quote"><blockquote>',
        "<ul><li>",
    ],
)
def test_markup_nested_beyond_reason_is_refused(tag: str) -> None:
    with pytest.raises(PageError, match="nested"):
        parse_capture(page(tag * (MOST_DEEP + 10)))


@pytest.mark.parametrize(
    "message",
    [
        "一行<br>" * 50_000,
        "<li>行" * 20_000,
        "<b>字</b>" * 20_000,
        "<img src='a.png'>" * 20_000,
        "1 < 2 && 3 > 2 " * 9_000,
    ],
)
def test_long_pages_are_not_deep(message: str) -> None:
    refuse_excess(message.encode())
    content = parse_capture(page(message)).content
    assert isinstance(content, ThreadPage)
    assert len(content.posts) == 1


def test_the_depth_that_is_allowed_is_read() -> None:
    assert isinstance(parse_capture(page("<div>" * 10_000 + "底")).content, ThreadPage)


def test_posts_within_posts_are_refused() -> None:
    within = '<table id="pid{n}"><tr><td class="plc"><div id="postmessage_{n}">字<b>'
    message = "".join(within.format(n=number) for number in range(2, 400))
    with pytest.raises(PageError, match="posts within it"):
        parse_capture(page(message))


def test_a_few_posts_that_a_broken_page_nests_are_read() -> None:
    message = '<div id="postmessage_2">二<b>字</b><div id="postmessage_3">三'
    assert isinstance(parse_capture(page(message)).content, ThreadPage)


def test_a_header_of_very_many_lines_on_a_phone_is_read() -> None:
    """With code that needs the square of its lines this test does not end."""
    lines = "<li>行" * 40 + "<ul><li>" * 5_000
    text = (
        '<body id="forum" class="pg_viewthread"><div class="postlist"><div class="plc cl" '
        f'id="pid1"><ul class="authi">{lines}</ul><div class="message">词</div></div></div>'
    )
    capture = Capture(
        "https://bbs.example.net/forum.php?mod=viewthread&tid=1&mobile=2",
        datetime(2026, 1, 2, tzinfo=UTC),
        text.encode(),
    )
    assert parse_capture(capture).url == capture.url
