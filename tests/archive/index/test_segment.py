"""Laws of the segmentation: what a query is cut into stands in what a post is cut into."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index import charmap, segment

CHINESE = st.sampled_from(
    "淘宝開開店发發髮后後裏里气気著着的手机機軟软，。！ ｱｶﾞガ한글ㄅ〇々𠮷😂👨‍👩‍👧éÉＡａ１2.+#_-\n\t"
)
TEXT = st.text(CHINESE | st.characters(exclude_categories=["Cs"]), max_size=40)


def _fold_by_definition(text: str) -> str:
    return "".join(map(segment.fold, text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("軟體ＡＢＣ１２３", "软体abc123"),
        ("頭髮發現", "头发发现"),
        ("気になる図書館", "气になる图书馆"),
        ("接著 回覆 想像", "接着 回复 想象"),
        ("Café naïve ĞÖTTINGEN", "cafe naive gottingen"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("𠮷野家 ㎡ ①", "𠮷野家 m2 1"),
        ("予算 系统 万", "予算 系统 万"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert segment.normalise(text) == folded


def test_half_width_kana_with_its_mark_is_the_full_width_one() -> None:
    spellings = ("ｶﾞｷﾞ", "ガギ", unicodedata.normalize("NFD", "ガギ"))
    assert len(set(map(segment.normalise, spellings))) == 1


@given(TEXT)
def test_folding_is_done_character_by_character_and_once(text: str) -> None:
    assert segment.normalise(text) == _fold_by_definition(text)
    assert segment.normalise(segment.normalise(text)) == segment.normalise(text)
    assert sum(segment.folded_lengths(text)) == len(segment.normalise(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("淘宝开店", "淘宝 宝开 开店 店"),
        ("我的iPhone15手機", "我的 的 iphone 15 手机 机"),
        ("笑死😂😂", "笑死 死 😂 😂"),
        ("好", "好"),
        ("，。！", ""),
        ("a_b-c", "a b c"),
    ],
)
def test_tokens(text: str, expected: str) -> None:
    assert segment.tokens(text).split() == expected.split()


def test_a_row_ends_with_its_compounds() -> None:
    assert segment.row_tokens("用RTX4090写C++，.NET也行").split() == [
        "用",
        "rtx",
        "4090",
        "写",
        "c",
        "net",
        "也行",
        "行",
        "¦",
        "rtx4090",
        "c＋＋",
        "．net",
    ]
    assert segment.row_tokens("没有") == segment.tokens("没有")
    assert segment.month_token("2024-05-17T00:00:00Z") == "¦202405"


@given(TEXT)
def test_tokens_are_what_a_loop_over_runs_gives(text: str) -> None:
    expected: list[str] = []
    for run in segment.RUN.finditer(segment.normalise(text)):
        chars = run[0]
        expected += (
            [chars[i : i + 2] for i in range(len(chars))]
            if run.lastindex == 1
            else [chars]
        )
    assert segment.tokens(text).split() == expected


@given(TEXT, st.data())
def test_any_substring_of_two_cjk_characters_is_a_phrase_of_the_text(
    text: str, data: st.DataObject
) -> None:
    tokens = segment.tokens(text).split()
    runs = [
        run[0]
        for run in segment.RUN.finditer(segment.normalise(text))
        if run.lastindex == 1 and len(run[0]) > 1
    ]
    if not runs:
        return
    run = data.draw(st.sampled_from(runs))
    start = data.draw(st.integers(0, len(run) - 2))
    end = data.draw(st.integers(start + 2, len(run)))
    phrase = segment.phrase(run[start:end]).tokens
    assert any(tuple(tokens[i : i + len(phrase)]) == phrase for i in range(len(tokens)))


@given(TEXT)
def test_fts5_cuts_the_tokens_where_we_do(text: str) -> None:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE VIRTUAL TABLE f USING fts5(body, tokenize='ascii')")
    conn.execute("CREATE VIRTUAL TABLE v USING fts5vocab(f, instance)")
    body = f"{segment.row_tokens(text)} {segment.month_token('2024-05')}"
    conn.execute("INSERT INTO f VALUES (?)", (body,))
    assert [
        row[0] for row in conn.execute("SELECT term FROM v ORDER BY offset")
    ] == body.split()


def test_every_variant_leads_to_a_character_that_stays() -> None:
    table = segment.variants()
    assert len(table) > 4_000
    assert not set(table) & set(table.values())
    assert all(len(char) == 1 for pair in table.items() for char in pair)


def test_charmap_is_the_fold_of_all_of_unicode() -> None:
    folds = dict(charmap.folds())
    sample = [
        chr(code) for code in range(0x80, 0x110000, 7) if not 0xD800 <= code < 0xE000
    ]
    assert all(folds.get(char, char) == segment.fold(char) for char in sample)


def test_kinds_are_the_runs_of_all_of_unicode() -> None:
    bounds = charmap.kinds()
    for (first, kind), (after, _) in zip(
        bounds, (*bounds[1:], (0x110000, 0)), strict=True
    ):
        for char in (chr(first), chr(after - 1)):
            match = segment.RUN.match(char)
            assert (match.lastindex if match else 0) == kind
