"""Ratings and comments of a post: what its thread's page shows and what its windows list
are merged, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlite_utils import Database
from store_pages import AT, FIRST, THREAD, rows, save

from archive.store.windows import count_incomplete
from scraper.core.records import Comment, Post, PostExtras, Rating

LATER = AT + timedelta(days=1)
MORNING = datetime(2024, 5, 20, 0, 5, tzinfo=UTC)
NOON = datetime(2024, 5, 20, 4, 30, tzinfo=UTC)
UP = Comment(author="乙", uid=2, posted_at=NOON, text="顶")
UP_BEFORE = replace(UP, posted_at=MORNING)
AGREED = Comment(author="丙", uid=3, posted_at=NOON, text="说得 对")
GIVEN = Rating(author="乙", uid=2, score=2, credit="威望", reason="手巧")


def save_post(
    db: Database, at: datetime = AT, theme: str = "x", **parts: object
) -> None:
    post: Post = replace(FIRST, **parts)  # type: ignore[arg-type]  # fields of a post
    save(db, replace(THREAD, posts=(post,)), at=at, theme=theme)


def save_window(db: Database, at: datetime = LATER, **lists: object) -> int:
    """Save a window of the first post; how many posts changed by it."""
    window = PostExtras(tid=7, pid=101, **lists)  # type: ignore[arg-type]  # its fields
    return save(db, window, at=at, theme="ajax").changed


def comments(db: Database) -> list[tuple[object, ...]]:
    return rows(db, "position, author, text, posted_at", "comments")


def ratings(db: Database) -> list[tuple[object, ...]]:
    return rows(db, "position, author, score, credit, reason, rated_at", "ratings")


def scores(db: Database) -> list[object]:
    return [score for (score,) in rows(db, "score", "ratings")]


def test_a_window_adds_what_the_page_left_out(db: Database) -> None:
    save_post(db, comments=(AGREED,))
    assert save_window(db, comments=(UP,)) == 1
    assert [row[1:3] for row in comments(db)] == [("丙", "说得 对"), ("乙", "顶")]
    assert save_window(db, comments=(UP,)) == 0
    assert len(comments(db)) == 2


@pytest.mark.parametrize(
    "again",
    [
        AGREED,
        replace(AGREED, text="说得对"),  # other layouts print other blanks
        replace(AGREED, posted_at=None),  # the touch layout: 3 天前
        replace(AGREED, posted_at=NOON + timedelta(seconds=41)),  # to the second
        replace(AGREED, uid=None),
    ],
)
@pytest.mark.parametrize("page_first", [True, False])
def test_a_comment_that_both_show_is_one(
    db: Database, again: Comment, page_first: bool
) -> None:
    shown, listed = (AGREED, again) if page_first else (again, AGREED)
    save_post(db, comments=(shown,))
    save_window(db, comments=(listed,))
    save_post(db, at=LATER + timedelta(days=1), comments=(shown, UP))
    assert [row[1] for row in comments(db)] == ["丙", "乙"]


def test_the_same_words_twice_are_two_comments(db: Database) -> None:
    save_post(db, comments=(UP,))
    save_window(db, comments=(UP_BEFORE,))
    assert [row[3] for row in comments(db)] == [
        "2024-05-20T04:30:00Z",
        "2024-05-20T00:05:00Z",
    ]
    save_window(db, at=LATER + timedelta(days=1), comments=(UP, UP_BEFORE))
    assert len(comments(db)) == 2


def test_a_time_that_was_not_known_is_filled_in(db: Database) -> None:
    save_post(db, theme="touch", comments=(replace(UP, posted_at=None),))
    save_window(db, comments=(UP,))
    assert comments(db) == [(1, "乙", "顶", "2024-05-20T04:30:00Z")]


def test_of_a_person_s_sum_and_its_parts_the_parts_are_kept(db: Database) -> None:
    total = replace(GIVEN, score=5, reason="再加")
    save_post(db, ratings=(total,))
    first = replace(GIVEN, rated_at=MORNING)
    second = replace(GIVEN, score=3, reason="再加", rated_at=NOON)
    gold = replace(GIVEN, score=1, credit="铜板", reason="再加", rated_at=NOON)
    save_window(db, ratings=(second, gold, first))
    assert scores(db) == [1, 2, 3]
    assert all(row[5] for row in ratings(db))

    changed = (total, replace(GIVEN, author="丁", uid=4))
    save_post(db, at=LATER + timedelta(days=1), ratings=changed)
    assert scores(db) == [1, 2, 2, 3]


def test_a_rating_that_is_alone_gets_its_time(db: Database) -> None:
    save_post(db, ratings=(GIVEN,))
    save_window(db, ratings=(replace(GIVEN, rated_at=NOON),))
    assert ratings(db) == [(1, "乙", 2, "威望", "手巧", "2024-05-20T04:30:00Z")]


def test_the_reason_of_a_sum_is_that_of_its_last_part(db: Database) -> None:
    """A page prints one reason a person: one of another credit hides that of this."""
    save_post(db, ratings=(replace(GIVEN, reason="另一理由"),))
    save_window(db, ratings=(replace(GIVEN, rated_at=NOON),))
    assert [row[4] for row in ratings(db)] == ["手巧"]


@pytest.mark.parametrize(
    "reason", ["&quot;引用&quot; &amp; 其他", "&amp;quot;引用&amp;quot; &amp;amp; 其他"]
)
def test_a_reason_that_is_escaped_more_often_elsewhere_is_the_same(
    db: Database, reason: str
) -> None:
    save_post(db, ratings=(replace(GIVEN, reason='"引用" & 其他'),))
    save_post(db, at=LATER, ratings=(replace(GIVEN, reason=reason),))
    save_window(db, ratings=(replace(GIVEN, reason=reason, rated_at=NOON),))
    assert [row[4] for row in ratings(db)] == ['"引用" & 其他']


def test_a_rating_that_was_taken_back_stays(db: Database) -> None:
    save_post(db, ratings=(GIVEN, replace(GIVEN, author="丁", uid=4)))
    save_window(db, ratings=(replace(GIVEN, author="丁", uid=4, rated_at=NOON),))
    assert sorted(str(row[1]) for row in ratings(db)) == ["丁", "乙"]


def test_a_rating_without_a_number_stays_however_often_it_is_seen(
    db: Database,
) -> None:
    kind = Rating(author="丁", reason="谢谢")
    save_post(db, ratings=(kind,))
    for days in (1, 2):
        later = LATER + timedelta(days=days)
        save_window(db, at=later, ratings=(kind, replace(kind, author="戊")))
        assert [row[1] for row in ratings(db)] == ["丁", "戊"]


def test_a_sum_that_grew_since_the_list_was_read_is_kept_beside_it(
    db: Database,
) -> None:
    save_post(db, ratings=(GIVEN,))
    save_window(db, ratings=(replace(GIVEN, rated_at=NOON),))
    grown = replace(GIVEN, score=9)
    save_post(db, at=LATER + timedelta(days=1), ratings=(grown,))
    assert scores(db) == [2, 9]
    seven = replace(GIVEN, score=7, rated_at=NOON + timedelta(days=2))
    save_window(db, at=LATER + timedelta(days=2), ratings=(seven,))
    assert scores(db) == [2, 7]


def test_a_window_of_a_post_that_is_not_here_writes_nothing(db: Database) -> None:
    assert not save(db, PostExtras(tid=7, pid=101, comments=(UP,))).anything
    assert rows(db, "id", "sites") == []
    save_post(db)
    assert not save(db, PostExtras(tid=7, pid=999, comments=(UP,))).anything
    assert comments(db) == []


@pytest.mark.parametrize(
    ("shown", "total", "gaps"),
    [
        ({"comments": (UP, AGREED)}, {"comments_total": 3}, 1),
        ({"comments": (UP, AGREED)}, {"comments_total": 2}, 0),
        ({"ratings": (GIVEN,)}, {"ratings_total": 2}, 1),
        ({"ratings": (GIVEN, replace(GIVEN, credit="铜板"))}, {"ratings_total": 2}, 1),
        ({"ratings": (GIVEN, replace(GIVEN, author="丁"))}, {"ratings_total": 2}, 0),
        ({}, {}, 0),
    ],
)
def test_posts_with_more_than_is_kept_are_counted(
    db: Database, shown: dict[str, object], total: dict[str, object], gaps: int
) -> None:
    save_post(db, **shown, **total)
    (site_id,) = rows(db, "id", "sites")[0]
    assert count_incomplete(db.conn, site_id) == gaps  # type: ignore[arg-type]  # an id


def test_a_total_follows_the_newest_page_of_the_fullest_layout(db: Database) -> None:
    def totals() -> list[tuple[object, ...]]:
        return rows(db, "ratings_total, comments_total")

    some = {"ratings": (GIVEN,), "comments": (UP,)}
    save_post(db, ratings_total=7, comments_total=6, **some)
    save_post(db, at=LATER, ratings_total=5, comments_total=1, **some)
    assert totals() == [(5, 1)]
    save_post(db, at=AT - timedelta(days=1), ratings_total=9, comments_total=9, **some)
    assert totals() == [(5, 1)]
    poorer = LATER + timedelta(days=1)
    save_post(db, at=poorer, theme="archiver")
    save_post(db, at=poorer, theme="touch", ratings_total=2, comments_total=2, **some)
    assert totals() == [(5, 1)]
