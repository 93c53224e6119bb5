"""Which windows of its posts a thread's page leads to, and when to ask for them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scraper.core.records import Comment, Notice, Post, PostExtras, Rating, ThreadPage
from scraper.policy.judgement import judge
from scraper.policy.plan import THREAD, USER, Key
from scraper.policy.revisits import NEVER
from scraper.policy.windows import first_windows, from_posts, next_comments

AT = datetime(2024, 6, 1, tzinfo=UTC)
THREAD_KEY = Key("thread", 5)
RATED = Post(
    pid=7,
    ratings=(Rating(author="甲", score=2, credit="威望", reason="好"),),
    ratings_total=2,
)
SAID = Post(
    pid=8,
    comments=(Comment(author="乙", text="顶", posted_at=AT),),
    comments_total=2,
)
ALL = Post(
    pid=9,
    ratings=RATED.ratings,
    ratings_total=1,
    comments=SAID.comments,
    comments_total=1,
)


def page(*posts: Post) -> ThreadPage:
    return ThreadPage(tid=5, fid=2, posts=posts)


def fingerprints(*posts: Post) -> dict[Key, str]:
    """What is noted of each window when it is asked for."""
    found = from_posts(page(*posts), THREAD_KEY, {}, None)
    return {each.key: each.listing_fingerprint or "" for each in found}


def test_windows_of_posts_that_have_more_than_is_shown() -> None:
    found = list(from_posts(page(RATED, SAID, ALL), THREAD_KEY, {}, None))
    assert [each.key for each in found] == [Key("ratings", 7), Key("comments", 8, 2)]
    assert {each.tid for each in found} == {5}
    assert {each.fid for each in found} == {2}
    assert all(each.priority in range(THREAD, USER + 1) for each in found)


@pytest.mark.parametrize(
    "post",
    [
        replace(RATED, pid=None),
        replace(RATED, ratings_total=None),
        replace(SAID, comments_total=None),
        replace(SAID, comments_total=1),
        replace(RATED, ratings=(*RATED.ratings, Rating(author="丁"))),
        Post(pid=7),
    ],
)
def test_no_window_where_nothing_more_is_told(post: Post) -> None:
    assert first_windows(page(post)) == []


def test_one_person_s_two_ratings_are_one_person() -> None:
    twice = replace(RATED, ratings=RATED.ratings * 2)
    assert first_windows(page(twice)) == [Key("ratings", 7)]


@pytest.mark.parametrize(
    "same",
    [
        SAID,
        replace(SAID, text="别的话"),
        replace(SAID, comments=(replace(SAID.comments[0], posted_at=None),)),
        replace(SAID, ratings=RATED.ratings),
    ],
)
def test_a_page_that_says_the_same_asks_for_nothing(same: Post) -> None:
    known = fingerprints(SAID)
    assert list(from_posts(page(same), THREAD_KEY, known, None)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(SAID, comments_total=3),
        replace(SAID, comments=(Comment(author="乙", text="再顶"),)),
        replace(SAID, comments=(Comment(author="丙", text="顶"),)),
        replace(RATED, pid=8, ratings_total=3),
        replace(RATED, pid=8, ratings=(replace(RATED.ratings[0], score=3),)),
    ],
)
def test_a_page_that_says_something_else_asks_again(other: Post) -> None:
    before = replace(SAID if other.comments else RATED, pid=8)
    known = fingerprints(before)
    (found,) = from_posts(page(other), THREAD_KEY, known, None)
    assert found.again
    assert found.listing_fingerprint != known[found.key]


@pytest.mark.parametrize(
    ("here", "pages", "following"),
    [(2, 3, [3]), (2, 2, []), (1, 3, []), (1, 1, [])],
    ids=["more", "the last", "another page answered", "past the end"],
)
def test_comments_are_read_on_page_by_page(
    here: int, pages: int, following: list[int]
) -> None:
    window = PostExtras(tid=5, pid=8, page=here, pages=pages)
    found = next_comments(window, Key("comments", 8, 2), 5, 2)
    assert [each.key.page for each in found] == following


def test_a_window_is_not_visited_again_by_itself() -> None:
    window = PostExtras(tid=5, pid=8, comments=SAID.comments)
    judgement = judge(window, Key("comments", 8, 2), AT)
    assert (judgement.outcome, judgement.revisit_at) == ("page", NEVER)
    refused = judge(Notice(reason="forbidden"), Key("comments", 8, 2), AT)
    assert refused.outcome == "refused"
    assert judge(window, Key("thread", 5), AT).outcome == "elsewhere"
