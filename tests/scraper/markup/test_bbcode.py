"""Raw BBCode: as a person reads it, whatever its nesting."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.core.site import DEFAULT_SITE
from scraper.markup.bbcode import read_bbcode, tidy
from scraper.markup.dates import Clock

CLOCK = Clock(datetime(2024, 6, 1, 4, tzinfo=UTC), DEFAULT_SITE.zone)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("[b]粗[/b] [size=3][color=#f00]红[/color][/size]", "粗 红"),
        ("[url=http://a/?x[]=1]链[/url] [url]http://b/[/url]", "链 http://b/"),
        ("[code]a[i] = [b]1[/b][/code]后", "a[i] = [b]1[/b]\n后"),
        ("[list]\n[*]一\n[*]二\n[/list]", "一\n\n二"),
        ("[原创] [求助] [sigh] a[0]", "[原创] [求助] [sigh] a[0]"),
        ("[ruby]字[/ruby] [/lone]", "字 [/lone]"),
        ("[quote]没关上", "[quote]没关上"),
        ("[img=320,240]http://i/b.png[/img][media=x,1,2]http://v/[/media]图", "图"),
        ("[attach]1[/attach]附", "附"),
        ("[table][tr][td]甲[/td][td]乙[/td][/tr][/table]", "甲 乙"),
        ("[code]没关上", "[code]没关上"),
    ],
)
def test_bbcode_as_a_person_reads_it(typed: str, text: str) -> None:
    assert read_bbcode(typed, CLOCK).text == text


def test_nested_quotes_are_one_quote_and_edit_marks_go() -> None:
    message = read_bbcode(
        "[i=s] 本帖最后由 [方括号] 于 2010-1-12 08:30 编辑 [/i]\n\n[quote]外[quote]内[/quote]外[/quote]我的",
        CLOCK,
    )
    assert (message.text, message.edited_by) == ("我的", "[方括号]")
    assert message.edited_at == datetime(2010, 1, 12, 0, 30, tzinfo=UTC)
    assert [quote.text for quote in message.quotes] == ["外\n内\n外"]


@given(st.text(max_size=200).map(lambda text: text.replace("[", "")))
def test_words_without_bbcode_stay_as_they_are(text: str) -> None:
    assert (
        "".join(read_bbcode(text, CLOCK).text.split()) == "".join(text.split())
        or "编" in text
    )


@given(
    st.lists(
        st.sampled_from(
            [
                "[quote]",
                "[/quote]",
                "[b]",
                "[/b]",
                "[code]",
                "[/code]",
                "[url=x]",
                "[/url]",
                "[x]",
                "[/x]",
                "[img]",
                "[/img]",
                "[*]",
                "字",
                "\n",
                "[",
                "]",
            ]
        ),
        max_size=40,
    )
)
def test_no_bbcode_however_crossed_loses_prose_outside_of_code_and_quotes(
    parts: list[str],
) -> None:
    source = "".join(parts)
    message = read_bbcode(source, CLOCK)
    kept = (
        message.text.count("字")
        + sum(quote.text.count("字") for quote in message.quotes)
        + sum(address.count("字") for address in message.images)
    )
    assert kept == source.count("字")
    assert tidy(message.text) == message.text


@pytest.mark.parametrize(
    "deep",
    [
        "[quote]" * 10_000 + "字" + "[/quote]" * 10_000,
        "[quote]" * 20_000,
        "[code]" * 20_000 + "[/code]",
        "[b=" * 50_000,
        "[/b]" * 20_000,
        "[url=" + "[]" * 50_000,
        "[" * 100_000,
        "[i]本帖最后由" * 5_000,
        "本帖最后由 a 于 2010-1-1 08:00 编辑\n" * 5_000,
    ],
)
def test_bbcode_nested_deep_or_mere_garbage(deep: str) -> None:
    read_bbcode(deep, CLOCK)
