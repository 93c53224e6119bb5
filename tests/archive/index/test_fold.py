"""Laws of folding: what a reader takes for the same is the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index.fold import fold, normalise, origins, variants

PIECES = st.sampled_from(
    "淘宝開开发髮后裏里气着著手机，。 ｱｶﾞガか\u3099が한글ㄅ々𠮷😂éđłＡ1.+#-\n\t\r\u3000⻓⺠"
)
TEXT = st.text(PIECES | st.characters(exclude_categories=["Cs"]), max_size=40)


def _fold_by_definition(text: str) -> str:
    return "".join(map(fold, text))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("軟體ＡＢＣ１２３", "软体abc123"),
        ("頭髮發現", "头发发现"),
        ("気になる図書館", "气になる图书馆"),
        ("接著 回覆 想像", "接着回复想象"),
        ("Café naïve ĞÖTTINGEN", "cafe naive gottingen"),
        ("妳 甚麼 大砲 牠 暱稱 瞇著眼", "你什么大炮它昵称眯着眼"),
        ("姊姊的帳號 復甦 痲痺 踫面", "姐姐的帐号复苏麻痹碰面"),
        ("⻓度 ⻔店 ⾺上 ⺠族", "长度门店马上民族"),
        ("Đồng Łódź Øl smørrebrød", "dong lodz ol smorrebrod"),
        ("か が ガ カ ぱ は", "かがガカぱは"),
        ("كِتَاب Tiếng Việt", "كتاب tieng viet"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("𠮷野家 ㎡ ①", "𠮷野家 m2 1"),
        ("予算 系统 万", "予算系统万"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert normalise(text) == folded


def test_half_width_kana_with_its_mark_is_the_full_width_one() -> None:
    spellings = ("ｶﾞｷﾞ", "ガギ", unicodedata.normalize("NFD", "ガギ"))
    assert len(set(map(normalise, spellings))) == 1


@given(TEXT)
def test_folding_is_done_once_and_each_character_comes_from_somewhere(
    text: str,
) -> None:
    folded = normalise(text)
    assert normalise(folded) == folded
    places = list(origins(text))
    assert len(places) == len(folded)
    assert places == sorted(places)
    for char, place in zip(folded, places, strict=True):
        if char.isspace():
            continue
        alone = _fold_one(text[place])
        assert char in alone or unicodedata.normalize("NFKD", char)[0] in alone


@given(TEXT)
def test_only_marks_of_kana_and_breaks_look_at_their_neighbours(text: str) -> None:
    alone = "".join(map(_fold_one, text))
    bare = unicodedata.normalize("NFD", normalise(text))
    assert _without_breaks(bare) == _without_breaks(unicodedata.normalize("NFD", alone))


def _fold_one(char: str) -> str:
    return normalise(char) if char.isascii() else fold(char)


def _without_breaks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "笔记本电\n脑",
        "笔记本 电脑",
        "笔记本\u3000电脑",
        "笔记本电 \r\n\t 脑",
        "筆\n記\n本電 腦",
    ],
)
def test_one_break_within_a_word_is_none(text: str) -> None:
    assert normalise(text) == "笔记本电脑"


@pytest.mark.parametrize(
    "text",
    [
        "电\n\n脑",
        "电  脑",
        "电，\n脑",
        "电 - 脑",
        "电\n a脑",
        "한국 사람",
        "a b",
        "a\nb",
    ],
)
def test_other_breaks_stay(text: str) -> None:
    assert set(normalise(text)) & {" ", "\n"}


@pytest.mark.parametrize(
    ("asked", "other"), [("か", "が"), ("は", "ぱ"), ("ガ", "カ"), ("ｶﾞ", "ｶ")]
)
def test_kana_with_and_without_their_mark_are_two(asked: str, other: str) -> None:
    assert normalise(asked) not in normalise(other)


def test_every_variant_leads_to_a_character_that_stays() -> None:
    table = variants()
    assert len(table) > 4_000
    assert not set(table) & set(table.values())
    assert all(len(char) == 1 for pair in table.items() for char in pair)
