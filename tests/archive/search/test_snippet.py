"""Snippets show the reader why, in the poster's own characters."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from archive.index.fold import normalise, origins
from archive.search.match import fold_post, holds_words
from archive.search.query import parse
from archive.search.score import _MOST_COUNTED, _count
from archive.search.snippet import _MOST_HITS, HTML, PLAIN, snippet, spans_of
from archive.search.tree import Words


def marked(text: str, query: str, width: int = 72) -> str:
    return snippet([text], parse(query).words(), width).marked(PLAIN)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        (
            "软件 iPhone15",
            "我買了ｉＰｈｏｎｅ１５，裡面的軟件",
            "我買了【ｉＰｈｏｎｅ１５】，裡面的【軟件】",
        ),
        ("Café 图书馆", "去圖書館喝cafe\u0301", "去【圖書館】喝【cafe\u0301】"),
        ("4090", "RTX4090Ti，14090不算", "RTX【4090】Ti，14090不算"),
        ("😂", "笑死😂\ufe0f了", "笑死【😂\ufe0f】了"),
        ("👨", "全家👨‍👩‍👧好", "全家【👨‍👩‍👧】好"),
        ("ガ", "ｶﾞｷﾞ", "【ｶﾞ】ｷﾞ"),
        ("一 -二", "一二三", "【一】二三"),
        ("iph*", "iPhone", "【iPh】one"),
        ("phone", "iPhone phone", "iPhone 【phone】"),
        ('"极速 退"', "极速退，极速，退", "【极速退】，【极速，退】"),
        ("电脑", "笔记本电\n脑，電 腦", "笔记本【电 脑】，【電 腦】"),
        ("wifi", "开Wi-Fi，wifi", "开【Wi-Fi】，【wifi】"),
        ("3000", "共3,000元", "共【3,000】元"),
        ("没有", "你好", "你好"),
        ("换行", "一行\n\n换行\t完", "一行 【换行】 完"),
    ],
)
def test_marks(query: str, text: str, expected: str) -> None:
    assert marked(text, query) == expected


def test_window_has_most_different_words() -> None:
    text = "淘宝" * 3 + "某" * 200 + "淘宝开店" + "某" * 200
    shown = marked(text, "淘宝 开店", 40)
    assert "【淘宝】【开店】" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_nothing_is_cut_in_the_middle() -> None:
    text = "&#10084;" * 30 + "手机" + "👨‍👩‍👧" * 30
    for width in range(4, 40):
        piece = snippet([text], parse("手机").words(), width).text
        assert piece.replace("&#10084;", "").replace("👨‍👩‍👧", "") == "手机"


def test_html_is_made_safe() -> None:
    assert snippet(["<b>手机</b> & 別的"], parse("手机").words()).marked(HTML) == (
        "&lt;b&gt;<mark>手机</mark>&lt;/b&gt; &amp; 別的"
    )


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert "\x1b" not in marked("\x1b[31m手机\u202e", "手机")


TEXT = st.text(
    st.sampled_from("淘宝開开店发發 abC1２\u0301手机,，\n😂ｶﾞé&#10;👨\u200d"),
    min_size=1,
    max_size=120,
)


@given(TEXT, st.data(), st.integers(1, 80))
def test_what_the_words_are_found_in_is_marked(
    text: str, data: st.DataObject, width: int
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    words = Words(
        text[start : data.draw(st.integers(start + 1, len(text)))], is_prefix=True
    )
    assume(words.phrase)
    assume(holds_words(fold_post(text, ""), words))
    shown = snippet([text], [words], width)
    assert shown.spans
    assert all(0 <= a < b <= len(shown.text) for a, b in shown.spans)
    assert all(
        before[1] <= after[0]
        for before, after in zip(shown.spans, shown.spans[1:], strict=False)
    )
    assert PLAIN.start in shown.marked()


@given(TEXT)
def test_spans_are_within_the_text(text: str) -> None:
    assert all(
        0 <= a < b <= len(text)
        for a, b in spans_of(text, [Words("淘宝"), Words("a"), Words("发")])
    )


def test_a_word_without_end_is_counted_and_marked_so_far_only() -> None:
    text = "手机" * 100_000
    (words,) = parse("手机").words()
    spans = spans_of(text, [words])
    assert len(spans) == _MOST_HITS
    assert spans[-1] == (2 * _MOST_HITS - 2, 2 * _MOST_HITS)
    assert _count(normalise(text), words) == _MOST_COUNTED


@pytest.mark.parametrize("text", ["手机壳", "電腦\n鍵盤", "ﬀ和ß", "", "ｶﾞｷﾞ 行", "a" * 9])
def test_each_folded_character_has_its_origin(text: str) -> None:
    """Whether or not the quick way is taken: a text of letters folded one by one."""
    one_by_one = origins(text)
    with_another = origins(f"{text}ﬁ")
    assert len(one_by_one) == len(normalise(text))
    assert list(with_another)[: len(one_by_one)] == list(one_by_one)


@pytest.mark.parametrize("place", [0, 70_000])
def test_a_long_text_shows_its_words_wherever_they_stand(place: int) -> None:
    text = "天" * place + "手机" + "地" * 100_000
    assert "【手机】" in marked(text, "手机")
