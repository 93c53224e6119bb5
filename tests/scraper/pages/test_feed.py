"""RSS: read by its marks, whatever is broken in it; no entity is ever expanded."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from corpus import FIXTURES
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome

from scraper.core.errors import PageError
from scraper.core.records import Capture, FeedPage, Notice, ThreadRow, Unknown
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 20, 13, 30, tzinfo=UTC)
URL = "https://bbs.example.net/forum.php?mod=rss&fid=2"
BOARD = (FIXTURES / "feed" / "board.txt").read_text("utf-8")
HEAD = "<?xml version='1.0' encoding='utf-8'?>\n<rss version='2.0'><channel><title>a & b</title>"


def rows(source: str, url: str = URL) -> tuple[ThreadRow, ...]:
    """The threads of a feed."""
    content = parse_capture(Capture(url, AT, source.encode("utf-8", "replace"))).content
    assert isinstance(content, FeedPage)
    return content.threads


def item(inner: str) -> str:
    """A feed with one item."""
    return f"{HEAD}<item>{inner}</item></channel></rss>"


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Sat, 18 May 2024 17:10:05 +0000", date(2024, 5, 19)),
        ("Sat, 18 May 2024 10:10:05 +0000", date(2024, 5, 18)),
        ("", None),
        ("gestern", None),
    ],
)
def test_the_day_is_that_of_the_forums_zone(printed: str, day: date | None) -> None:
    assert (
        rows(item(f"<link>thread-7-1-1.html</link><pubDate>{printed}</pubDate>"))[
            0
        ].created_on
        == day
    )


def test_titles_are_escaped_once_and_openings_as_html() -> None:
    row = rows(
        item(
            "<title>1 &lt; 2 &amp;amp; 3 & 4</title><link>x/forum.php?mod=viewthread&amp;tid=7</link>"
            "<description><![CDATA[a &lt;b&gt;<br />\n<b>c</b>]]></description>"
        )
    )[0]
    assert (row.tid, row.title, row.excerpt) == (7, "1 < 2 &amp; 3 & 4", "a <b>\nc")


def test_entities_of_the_feed_itself_stay_as_typed() -> None:
    assert (
        rows(item("<title>&lol9;</title><link>thread-7-1-1.html</link>"))[0].title
        == "&lol9;"
    )


def test_a_feed_with_a_document_type_is_no_forums() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'
    assert isinstance(
        parse_capture(Capture("https://example.net/feed", AT, bomb.encode())).content,
        Unknown,
    )


def test_a_feed_of_another_kind_of_site_is_no_forums() -> None:
    body = item("<link>https://example.net/post/1</link>").encode()
    assert isinstance(
        parse_capture(Capture("https://example.net/feed", AT, body)).content, Unknown
    )


def test_an_empty_feed_says_that_there_is_nothing() -> None:
    assert rows(HEAD + "</channel></rss>") == ()


@pytest.mark.parametrize(
    "source", [HEAD, item("<link>https://elsewhere.example/</link>"), item("<link>")]
)
def test_a_feed_without_a_thread_that_can_be_read_is_an_error(source: str) -> None:
    with pytest.raises(PageError):
        rows(source)


def test_a_feed_that_opens_items_without_end_takes_no_longer() -> None:
    assert len(rows(item("<link>thread-7-1-1.html</link>") + "<item>" * 200_000)) == 1


@given(
    st.integers(0, len(BOARD)),
    st.text(max_size=20),
    st.sampled_from(["", "<item>", "]]>", "<![CDATA[", "&#0;"]),
)
def test_a_feed_cut_and_garbled_is_read_or_a_page_error(
    at: int, garbage: str, mark: str
) -> None:
    for source in (BOARD[:at], BOARD[:at] + garbage + mark + BOARD[at:]):
        outcome(Capture(URL, AT, source.encode("utf-8", "replace")))


def test_a_refusal_in_plain_words_is_a_notice() -> None:
    page = parse_capture(Capture(URL, AT, b"Specified forum not found"))
    assert page.content == Notice(
        reason="not_found", message="Specified forum not found"
    )
    assert isinstance(
        parse_capture(
            Capture(
                "https://bbs.example.net/about.html", AT, b"Specified forum not found"
            )
        ).content,
        Unknown,
    )
