"""Scripts of South East Asia without blanks, and scripts whose marks people leave out: found
through the search, its expression, and plain SQL."""

from __future__ import annotations

import json
import sqlite3
import unicodedata

import pytest
from archive_of_posts import Row, make_archive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.search.api import match_expression, search

THAI = "วันนี้อากาศดีมากเราไปเที่ยวทะเลกันเถอะน้ำใสมาก"
LAO = "ມື້ນີ້ອາກາດດີພວກເຮົາໄປທ່ຽວນ້ຳຕົກ"
KHMER = "ថ្ងៃនេះអាកាសធាតុល្អណាស់យើងទៅលេងសមុទ្រ"
BURMESE = "ဒီနေ့ရာသီဥတုကောင်းတယ်ပင်လယ်သွားမယ်"
UYGHUR = "بۈگۈن ھاۋا ياخشى، ئۇيغۇرچە كىتاب ئوقۇيمەن"
ARABIC = "قَرَأتُ القُرْآنَ في المَدْرَسَةِ، والسَّلامُ عليكم"
VIETNAMESE = "Hôm nay trời đẹp, đường phố Hà Nội đông người, Ước gì được nghỉ"
HEBREW = "שָׁלוֹם עוֹלָם"
PERSIAN = "می\u200cخواهم کتاب بخوانم"
POSTS = (
    THAI,
    LAO,
    KHMER,
    BURMESE,
    UYGHUR,
    ARABIC,
    VIETNAMESE,
    HEBREW,
    PERSIAN,
    "今天天气好",
)
WITHOUT_BLANKS = (THAI, LAO, KHMER, BURMESE)


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    return make_archive(":memory:", [Row(text=text) for text in POSTS])


def everywhere(conn: sqlite3.Connection, query: str) -> set[str]:
    """The posts that a query finds, the same by all ways."""
    found = search(conn, query, all_words=True)
    ids = {hit.post_id for hit in found.hits}
    by_match = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
    matched = {row[0] for row in conn.execute(by_match, (match_expression(query),))}
    assert matched == ids
    by_view = "SELECT id FROM search WHERE q = ?"
    viewed = {row[0] for row in conn.execute(by_view, (json.dumps(query),))}
    assert viewed == ids
    for hit in found.hits:
        assert "【" in hit.snippet.marked()
    return {POSTS[post_id - 1] for post_id in ids}


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("อากาศ", THAI),
        ("ทะเล", THAI),
        ("เที่ยว", THAI),
        ("เทียว", THAI),  # without its tone
        ("น้ำ", THAI),
        ("น้\u0e4d\u0e32", THAI),  # its vowel in two parts
        ("อากาศ ทะเล", THAI),
        ("ອາກາດ", LAO),
        ("ນ້ຳຕົກ", LAO),
        ("ນ້ໍາຕົກ", LAO),
        ("ທ່ຽວ", LAO),
        ("អាកាសធាតុ", KHMER),
        ("សមុទ្រ", KHMER),
        ("ល្អ", KHMER),
        ("ရာသီဥတု", BURMESE),
        ("ပင်လယ်", BURMESE),
        ("كىتاب", UYGHUR),
        ("ئۇيغۇرچە", UYGHUR),
        ("ھاۋا", UYGHUR),
        ("ﻛﯩﺘﺎﺏ", UYGHUR),  # as old programs wrote its letters
        ("القرآن", ARABIC),
        ("القران", ARABIC),
        ("القُرْآنَ", ARABIC),
        ("قرات", ARABIC),
        ("المدرسة", ARABIC),
        ("والسلام", ARABIC),
        ("đường phố", VIETNAMESE),
        ("duong pho", VIETNAMESE),
        ("DUONG", VIETNAMESE),
        ("Hà Nội", VIETNAMESE),
        ("ha noi", VIETNAMESE),
        ("uoc gi duoc nghi", VIETNAMESE),
        ("שלום", HEBREW),
        ("עולם", HEBREW),
        ("میخواهم", PERSIAN),
        ("می\u200cخواهم", PERSIAN),
    ],
)
def test_words_are_found_within_runs_and_without_their_marks(
    conn: sqlite3.Connection, word: str, text: str
) -> None:
    for form in ("NFC", "NFD"):
        assert everywhere(conn, unicodedata.normalize(form, word)) == {text}


@pytest.mark.parametrize(
    "word", ["ทะเลทราย", "มหาสมุทร", "សមុទ្រា", "كىتابلار", "duon", "שלומי"]
)
def test_words_that_are_not_there_are_not_found(
    conn: sqlite3.Connection, word: str
) -> None:
    assert not everywhere(conn, word)


def _is_letter(char: str) -> bool:
    return unicodedata.category(char).startswith("L")


@st.composite
def parts_of_runs(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and a part of it that begins and ends with a letter."""
    text = draw(st.sampled_from(WITHOUT_BLANKS))
    letters = [at for at, char in enumerate(text) if _is_letter(char)]
    start, end = sorted(
        draw(st.lists(st.sampled_from(letters), min_size=2, max_size=2))
    )
    return text, text[start : end + 1]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(parts_of_runs())
def test_any_part_of_a_run_is_found(
    conn: sqlite3.Connection, part: tuple[str, str]
) -> None:
    text, asked = part
    assert text in everywhere(conn, f'"{asked}"')
