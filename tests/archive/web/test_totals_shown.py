"""A post of which fewer ratings or comments are kept than it has says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from store_pages import FIRST, THREAD, save
from web_client import pages_of

from archive.schema import open_archive
from scraper.core.records import Comment, Rating

RATINGS = tuple(Rating(author=name, score=1, credit="威望") for name in "甲乙丙丁戊")
COMMENTS = tuple(Comment(author=name, text="顶") for name in "甲乙丙丁戊")


@pytest.mark.parametrize(
    ("ratings_total", "comments_total", "english", "chinese"),
    [
        (
            7,
            6,
            ("Ratings (by 5 of 7 people)", "Comments (5 of at least 6)"),
            ("评分（7 人中的 5 人）", "点评（5，至少有 6）"),
        ),
        (5, 5, ("Ratings (5)", "Comments (5)"), ("评分（5）", "点评（5）")),
        (None, None, ("Ratings (5)", "Comments (5)"), ("评分（5）", "点评（5）")),
        (3, 1, ("Ratings (5)", "Comments (5)"), ("评分（5）", "点评（5）")),
    ],
)
def test_a_post_says_how_many_it_has(
    tmp_path: Path,
    ratings_total: int | None,
    comments_total: int | None,
    english: tuple[str, str],
    chinese: tuple[str, str],
) -> None:
    post = replace(
        FIRST,
        ratings=RATINGS,
        ratings_total=ratings_total,
        comments=COMMENTS,
        comments_total=comments_total,
    )
    with open_archive(tmp_path / "forum.db") as db:
        save(db, replace(THREAD, posts=(post,)))
    pages = pages_of(tmp_path / "forum.db")
    for language, labels in (("en", english), ("zh-CN", chinese)):
        shown = pages.get("/f/1/thread/7", accept_language=language).text
        for label in labels:
            assert label in shown
