"""Texts that are cut together, and by a table, give what each gives by itself."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index.fold import Folds
from archive.index.fold_table import FoldTable
from archive.index.row_words import row_tokens, rows_runs, rows_tokens
from archive.index.segment import NUL, SPACES

CHARS = st.sampled_from(
    "淘宝开開店。，…½①ﬁ㎡㈱™é\u200b\ufe0f😂👨\u200d👩 \n\t\0\x1f|a1.+#-C,０９ｶﾞがか\u3099한글ไทยⅣΩ"
)
TEXT = st.text(CHARS | st.characters(exclude_categories=["Cs"]), max_size=40)
LONG = "一二三四五 " * 5_000
"""Beside it the others are folded by the table."""
PLAIN = Folds()


@given(st.lists(TEXT, max_size=6))
def test_texts_cut_together_are_cut_as_each_is(texts: list[str]) -> None:
    alone = [row_tokens(text).split() for text in texts]
    together = [row.split() for row in rows_tokens(texts)]
    assert together == alone
    runs = [rows_runs([text])[0] for text in texts]
    assert rows_runs(texts) == runs


@given(st.lists(TEXT, max_size=6))
def test_texts_cut_by_the_table_are_cut_as_each_is(texts: list[str]) -> None:
    alone = [row_tokens(text).split() for text in texts]
    # the long one must not be cut apart from them
    half = len(LONG) - 1_000
    *together, _ = rows_tokens([*texts, LONG[:half]])
    assert [row.split() for row in together] == alone


@pytest.mark.parametrize("folds", [PLAIN, SPACES], ids=["plain", "spaces"])
@given(st.data())
def test_the_table_folds_as_translate_does(folds: Folds, data: st.DataObject) -> None:
    table = FoldTable(folds)
    for _ in range(3):
        text = data.draw(TEXT)
        assert table.folded(text) == text.translate(folds)


def test_the_table_folds_all_of_unicode() -> None:
    table = FoldTable(SPACES)
    sample = [chr(code) for code in range(0, sys.maxunicode, 13)]
    for start in range(0, len(sample), 1_000):
        text = "".join(sample[start : start + 1_000])
        assert table.folded(text) == text.translate(SPACES)


def test_a_text_with_a_nul_stays_one_text() -> None:
    first, second = rows_tokens([f"甲{NUL}乙", "丙"])
    assert first.split() == ["甲", "乙"]
    assert second.split() == ["丙"]
    assert rows_runs([NUL, "", f"a{NUL}b"]) == ["", "", "a b"]
