"""Laws of the segmentation: what a query is cut into stands in what a post is cut into."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index import charmap, row_words, segment
from archive.index.fold import fold, normalise

CHINESE = st.sampled_from(
    "淘宝開開店发發髮后後裏里气気著着的手机機軟软，。！ ｱｶﾞガ한글ㄅ〇々𠮷😂👨‍👩‍👧éÉＡａ１2.+#_-\n\t"
)
TEXT = st.text(CHINESE | st.characters(exclude_categories=["Cs"]), max_size=40)


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
    assert row_words.tokens(text).split() == expected.split()


def test_a_row_ends_with_its_compounds() -> None:
    assert row_words.row_tokens("用RTX4090写C++，.NET也行").split() == [
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
    assert row_words.row_tokens("没有") == row_words.tokens("没有")
    assert segment.month_token("2024-05-17T00:00:00Z") == "¦202405"


@given(TEXT)
def test_tokens_are_what_a_loop_over_runs_gives(text: str) -> None:
    expected: list[str] = []
    for run in segment.RUN.finditer(normalise(text)):
        chars = run[0]
        expected += (
            [chars[i : i + 2] for i in range(len(chars))]
            if run.lastindex == 1
            else [chars]
        )
    assert row_words.tokens(text).split() == expected


@given(TEXT, st.data())
def test_any_substring_of_two_cjk_characters_is_a_phrase_of_the_text(
    text: str, data: st.DataObject
) -> None:
    tokens = row_words.tokens(text).split()
    runs = [
        run[0]
        for run in segment.RUN.finditer(normalise(text))
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
    body = f"{row_words.row_tokens(text)} {segment.month_token('2024-05')}"
    conn.execute("INSERT INTO f VALUES (?)", (body,))
    assert [
        row[0] for row in conn.execute("SELECT term FROM v ORDER BY offset")
    ] == body.split()


def test_charmap_is_the_fold_of_all_of_unicode() -> None:
    folds = dict(charmap.folds())
    sample = [
        chr(code) for code in range(0x80, 0x110000, 7) if not 0xD800 <= code < 0xE000
    ]
    assert all(folds.get(char, char) == fold(char) for char in sample)


def test_kinds_are_the_runs_of_all_of_unicode() -> None:
    bounds = charmap.kinds()
    for (first, kind), (after, _) in zip(
        bounds, (*bounds[1:], (0x110000, 0)), strict=True
    ):
        for char in (chr(first), chr(after - 1)):
            match = segment.RUN.match(char)
            expected = match.lastindex if match else 0
            if kind == charmap.KEEPS_BREAKS:
                assert expected == 1
                assert normalise(f"{char} {char}") != normalise(char * 2)
            else:
                assert expected == kind


@given(TEXT, st.data())
def test_a_phrase_is_in_the_runs_of_a_row_where_its_tokens_are(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : start + data.draw(st.integers(1, 6))]
    literal = data.draw(st.sampled_from([part, part[::-1], f"{part} 1"]))
    phrase = segment.phrase(literal)
    if not phrase.tokens:
        return
    row = f" {' '.join(row_words.row_tokens(text).split())} "
    wanted = " ".join(phrase.tokens)
    ending = "" if phrase.is_prefix else " "
    tokens_are_there = f" {wanted}{ending}" in row
    runs_are_there = phrase.needle in f" {row_words.rows_runs([text])[0]} "
    assert runs_are_there == tokens_are_there
