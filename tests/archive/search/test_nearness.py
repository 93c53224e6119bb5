"""What stands near each other goes first."""

from __future__ import annotations

import pytest
from archive_of_posts import Row, make_archive

from archive.search.api import search
from archive.search.match import fold_post
from archive.search.nearness import (
    APART,
    IN_A_CLAUSE,
    IN_A_SENTENCE,
    NEAR,
    TOGETHER,
    boost,
    grade,
)
from archive.search.tree import Words

FAR = "，随便说点别的什么，比如天气和吃饭，" * 6
CAMERA = (Words("旧相机"), Words("好价钱"))


@pytest.mark.parametrize(
    ("text", "subject", "expected"),
    [
        ("旧相机卖了好价钱", "", TOGETHER),
        ("卖了好价钱的旧相机", "", IN_A_CLAUSE),
        ("旧相机，好价钱", "", NEAR),
        ("旧相机放了很多年，去年才想起来要拿出去卖，没想到好价钱", "", IN_A_SENTENCE),
        (f"旧相机{FAR}好价钱", "", APART),
        (f"旧相机{FAR}好价钱，旧相机。好价钱", "", NEAR),
        (f"旧相机{FAR}好价钱", "旧相机好价钱", TOGETHER),
        ("旧相机", "好价钱", APART),
        ("舊相機賣了好價錢", "", TOGETHER),
    ],
)
def test_grade(text: str, subject: str, expected: int) -> None:
    assert grade(fold_post(text, subject), CAMERA) == expected


def test_a_single_word_is_near_nothing() -> None:
    assert boost(fold_post("旧相机", ""), CAMERA[:1]) == 1


@pytest.mark.parametrize("filler", [0, 30, 700])
def test_the_best_has_its_words_together(filler: int) -> None:
    """With few matches, with some hundred, and with more than are read in one go."""
    rows = [Row(text=f"旧相机{FAR}{number}{FAR}好价钱") for number in range(filler)]
    rows.append(Row(text=f"有人把旧相机卖出好价钱，{FAR}", posted_at="2011-01-01"))
    rows += [Row(text=f"好价钱{FAR}旧相机{number}") for number in range(3)]
    conn = make_archive(":memory:", rows)
    hits = search(conn, "旧相机 好价钱", limit=3).hits
    assert hits[0].post_id == filler + 1
    conn.close()


def test_either_word_needs_no_other() -> None:
    rows = [Row(text="旧相机，好价钱"), Row(text="旧相机旧相机旧相机")]
    conn = make_archive(":memory:", rows)
    hits = search(conn, "旧相机 OR 好价钱").hits
    assert {hit.post_id for hit in hits} == {1, 2}
    conn.close()
