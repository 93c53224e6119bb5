"""Words with signs in them are found however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index import row_words, segment
from archive.index.fold import normalise
from archive.index.whole_words import (
    joined_words,
    signed_words,
    signed_words_in_posts,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("用Wi-Fi上网", ["wifi"]),
        ("WI－FI 密码", ["wifi"]),
        ("node.js 和 vue.js", ["nodejs", "vuejs"]),
        ("e-mail, x-ray, state-of-art", ["email", "xray", "stateofart"]),
        ("U.S.A. 的", ["usa"]),
        ("共3,000元，12,345,678人", ["3000", "12345678"]),
        ("3，000元", ["3000"]),
        ("支持Wi-Fi，USB，售价1,299.00元", ["wifi", "1299"]),
        ("1,23 12,34,567 3.5 1,000,00", []),
        ("www.example.com http://a.com/b.js me@a.com", []),
        ("a - b 好-坏 5-3", []),
    ],
)
def test_joined_words(text: str, words: list[str]) -> None:
    found = joined_words(normalise(text))
    assert [each.word for each in found] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++17和VC++6.0", ["c＋＋", "vc＋＋"]),
        ("C#, F#. #1 .NET", ["c＃", "f＃", "＃1", "．net"]),
        ("ｃ＋＋很好", ["c＋＋"]),
        ("a+b x.y 1+1", []),
    ],
)
def test_signed_words(text: str, words: list[str]) -> None:
    assert list(signed_words(normalise(text))) == words


def test_the_end_of_a_name_is_a_word_of_the_post() -> None:
    folded = normalise("运行setup.exe，再打开说明.txt")
    assert list(signed_words_in_posts(folded)) == ["．txt", "．exe"]
    assert list(signed_words(folded)) == ["．txt"]


@given(
    st.text("aZe1 9中文，。.\n-+#,/:@＋．＃－Ａ１\u200b\u0301é①ﬁ½™…⒈カﾞ〇\u3000\t໑႑゛ก")
)
def test_a_row_holds_the_words_with_signs_of_its_whole_text(text: str) -> None:
    text += " c++ "  # without a sign as it is typed nothing is looked for
    folded = normalise(text)
    with_signs = set(signed_words_in_posts(folded))
    with_signs |= {each.word for each in joined_words(folded)}
    _, _, whole = row_words.row_tokens(text).partition(segment.MARK)
    held = set(whole.split())
    assert with_signs <= held
    for word in held - with_signs:
        assert word.isalnum()
        assert not word.isalpha()
        assert not word.isdigit()
