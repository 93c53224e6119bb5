"""Input that no forum prints and an attacker may: long runs that a pattern could try from
each of their places. Nothing is timed: with a pattern that needs the square of its input
these tests do not end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.core.records import Capture
from scraper.markup.attachments import read_attachment, size_bytes
from scraper.markup.bbcode import read_bbcode
from scraper.markup.code import BREAK, CELL, EDGE, arrange
from scraper.markup.date_order import date_order
from scraper.markup.dates import Clock
from scraper.markup.signals import is_discuz
from scraper.markup.snapshot import take_snapshot
from scraper.markup.text import read_message
from scraper.markup.withheld import DELETED_AUTHOR, withheld_reason
from scraper.markup.zone import parse_zone
from scraper.parsing import site_name, software

LONG = 200_000
AT = datetime(2024, 5, 20, tzinfo=UTC)
CLOCK = Clock(AT, timezone(timedelta(hours=8)))


def element(markup: str) -> LexborNode:
    node = LexborHTMLParser(f'<div id="m">{markup}</div>').css_first("#m")
    assert node is not None
    return node


def test_a_size_after_digits_without_end() -> None:
    assert size_bytes("1" * LONG) is None
    assert size_bytes("1." * LONG + "KB") is None
    assert size_bytes("1" * LONG + " 下载 12.5 KB") == 12_800


def test_a_block_of_an_attachment_that_is_one_long_number() -> None:
    block = element('<a href="attachment.php?aid=7">' + "9" * LONG + "</a>")
    found = read_attachment(block)
    assert found is not None
    assert found.aid == 7


def test_runs_of_marks_between_words() -> None:
    assert arrange(["甲", CELL * LONG, "乙", EDGE], coded=False).startswith("甲\t")
    assert arrange(["甲", (CELL + " ") * LONG, "乙", EDGE], coded=False).endswith("乙")
    assert arrange(["甲", (EDGE + BREAK) * LONG, "乙"], coded=False) == "甲\n\n乙"


def test_an_edit_mark_without_end() -> None:
    message = read_message(element(f"<i>本帖最后由 {'甲 于 ' * LONG}</i>词"), CLOCK)
    assert message.edited_at is None
    assert message.text.endswith("词")
    marked = element(f'<i class="pstatus">last edited by {"at on " * LONG}</i>词')
    assert read_message(marked, CLOCK).text == "词"


def test_a_quote_of_one_long_line() -> None:
    quote = f'<div class="quote"><blockquote>甲{"&nbsp;" * LONG}乙</blockquote></div>'
    (found,) = read_message(element(quote), CLOCK).quotes
    assert (found.author, found.text[0], found.text[-1]) == ("", "甲", "乙")


@pytest.mark.parametrize("unit", ["[b]", "[quote]", "[url=", "[img]", "[", "[/b]"])
def test_bbcode_that_is_all_tags(unit: str) -> None:
    assert read_bbcode(unit * 20_000 + "词", CLOCK).text.endswith("词")


@pytest.mark.parametrize(
    "unit", ["<body ", "<table ", "Powered by <a>", "name=generator "]
)
def test_signs_of_discuz_in_tags_without_end(unit: str) -> None:
    page = take_snapshot(Capture("https://a.example/", AT, (unit * LONG).encode()))
    assert not is_discuz(page)


@pytest.mark.parametrize("unit", [" ", " - ", "[ ", "- Powered by "])
def test_a_title_without_end(unit: str) -> None:
    assert site_name(f"<title>{unit * LONG}</title>") == ""
    long_title = f"<title>{unit * 300}甲 - Powered by Discuz!</title>"
    assert site_name(long_title).endswith("甲")


@pytest.mark.parametrize(
    "unit", ["GMT+8, ", "2012-1-1 ", "1 分", "jan 1 ", "半 ", "昨天 at "]
)
def test_times_without_end(unit: str) -> None:
    text = unit * (LONG // 10)
    CLOCK.parse(text)
    CLOCK.parse_day(text)
    parse_zone(text)
    date_order(text, f"authorposton1>{text}", AT)


def test_footers_and_reasons_without_end() -> None:
    assert software("Powered by <a>" * LONG) == ""
    assert withheld_reason(" " * LONG) == "other"
    assert DELETED_AUTHOR.search(" " * LONG) is None
