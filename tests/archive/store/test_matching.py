"""Which stored post a printed one is: rule by rule, and what it costs."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_pages import STORED

from archive.store.identity import match, name_key, times_of
from archive.store.row_index import RowIndex
from archive.store.stamps import iso, same_minute
from archive.store.stored_post import StoredPost
from archive.store.wording import squeezed
from scraper.core.records import Post

AT = datetime(2024, 5, 14, 13, 46, 7, tzinfo=UTC)
MINUTE = AT.replace(second=0)
PRINTED = Post(author="甲", posted_at=MINUTE, text="话")


def row(id: int, **changes: Any) -> StoredPost:
    return replace(STORED, id=id, **changes)


def printed(**changes: Any) -> Post:
    return replace(PRINTED, **changes)


def ids(stored: Sequence[StoredPost], *posts: Post) -> list[int | None]:
    """The numbers of the rows that posts are matched to."""
    return [row and row.id for row in match(stored, posts)]


def test_a_number_settles_it() -> None:
    stored = [row(1, pid=11, text="旧"), row(2, pid=12)]
    posts = (printed(pid=12, author="丙", posted_at=None), printed(pid=11))
    assert ids(stored, *posts) == [2, 1]


def test_a_numbered_post_is_never_one_with_another_number() -> None:
    assert ids([row(1, pid=11)], printed(pid=12)) == [None]
    assert ids([row(1, pid=None)], printed(pid=12)) == [1]


def test_numbered_posts_take_rows_without_number_before_numberless_ones_do() -> None:
    stored = [row(1, pid=None)]
    assert ids(stored, printed(), printed(pid=12)) == [None, 1]


def test_a_post_that_its_number_settles_takes_no_other_row() -> None:
    stored = [row(1, pid=11), row(2)]
    assert ids(stored, printed(pid=11)) == [1]
    assert ids(stored, printed(pid=11), printed()) == [1, 2]


def test_a_numberless_post_may_be_a_numbered_row_but_not_one_that_is_taken() -> None:
    stored = [row(1, pid=11)]
    assert ids(stored, printed()) == [1]
    assert ids(stored, printed(), printed(pid=11)) == [None, 1]


@pytest.mark.parametrize(
    ("stored_at", "printed_at", "same"),
    [
        ("2024-05-14T13:46:07Z", MINUTE, True),
        ("2024-05-14T13:46:07Z", AT, True),
        ("2024-05-14T13:46:07Z", AT + timedelta(seconds=1), False),
        ("2024-05-14T13:46:00Z", AT, True),
        ("2024-05-14T13:46:00Z", MINUTE + timedelta(minutes=1), False),
        ("2024-05-14T13:46:00Z", MINUTE - timedelta(days=1), False),
        ("2024-05-14", AT, True),
        ("2024-05-13", AT, True),
        ("2024-05-15", AT, True),
        ("2024-05-12", AT, False),
        ("2024-05-16", AT, False),
        ("2024-05-14", date(2024, 5, 14), True),
        ("2024-05-14", date(2024, 5, 15), False),
        ("2024-05-14T13:46:07Z", date(2024, 5, 14), True),
        ("2024-05-14T13:46:07Z", date(2024, 5, 15), True),
        ("2024-05-14T13:46:07Z", date(2024, 5, 13), True),
        ("2024-05-14T13:46:07Z", date(2024, 5, 16), False),
        ("0001-01-01", datetime(1, 1, 1, tzinfo=UTC), True),
        ("9999-12-31T00:00:00Z", date(9999, 12, 31), True),
    ],
)
def test_times_to_the_minute_or_the_day(
    stored_at: str, printed_at: date, same: bool
) -> None:
    found = ids([row(1, posted_at=stored_at)], printed(posted_at=printed_at, text="别"))
    assert found == ([1] if same else [None])


@pytest.mark.parametrize(
    ("stored", "post", "same"),
    [
        ({}, {"author": "乙"}, False),
        ({}, {"author": ""}, True),
        ({"author": ""}, {}, True),
        ({"author": "", "anonymous": 1}, {"author": "匿名"}, True),
        ({"author": "", "anonymous": 1}, {"author": "", "anonymous": True}, True),
        ({"author": "", "anonymous": 1}, {"author": "甲"}, False),
        ({}, {"anonymous": True}, False),
        ({"author": "Anonymous"}, {"author": "匿名者"}, True),
    ],
)
def test_authors(stored: dict[str, Any], post: dict[str, Any], same: bool) -> None:
    assert ids([row(1, **stored)], printed(**post)) == ([1] if same else [None])


def test_a_named_row_comes_before_one_without_name() -> None:
    stored = [row(1, author=""), row(2, author="甲")]
    assert ids(stored, printed(text="别")) == [2]


def test_names_that_say_anonymous() -> None:
    assert name_key("甲", False) == "甲"
    assert name_key("甲", True) == ""
    for name in ("匿名", "匿名者", "Anonymous", "anonymous"):
        assert name_key(name, False) == ""
    assert name_key("", 1) == ""
    assert name_key("", 0) is None


def test_two_posts_of_a_minute_are_told_by_their_words() -> None:
    stored = [row(1, text="先 说"), row(2, text="后说")]
    assert ids(stored, printed(text="后\n说"), printed(text="先说")) == [2, 1]
    assert ids(stored, printed(text="后说")) == [2]


def test_words_that_several_have_settle_nothing_and_the_order_does() -> None:
    stored = [row(1), row(2), row(3, text="别")]
    assert ids(stored, printed(), printed(), printed()) == [1, 2, 3]


def test_words_that_two_posts_share_settle_nothing() -> None:
    stored = [row(1, text="甲"), row(2)]
    assert ids(stored, printed(), printed()) == [1, 2]
    stored = [row(1, text="别"), row(2), row(3)]
    assert ids(stored, printed(), printed(), printed(text="别")) == [2, 3, 1]


def test_the_one_row_of_a_time_tells_the_post_beside_it() -> None:
    """Both posts were edited; the later one is the only one of its minute."""
    later = datetime(2024, 5, 14, 15, tzinfo=UTC)
    stored = [row(1, text="一"), row(2, text="二"), row(3, posted_at=iso(later))]
    edited = printed(text="改了")
    assert ids(stored, edited, replace(edited, posted_at=later)) == [2, 3]
    assert ids(stored, edited) == [1]


def test_rows_are_ordered_by_number_then_time_then_row() -> None:
    by_number = [row(1, pid=20), row(2, pid=10)]
    assert ids(by_number, printed(text="别"), printed(text="别")) == [2, 1]
    by_time = [row(1), row(2, posted_at="2024-05-14T13:46:03Z")]
    assert ids(by_time, printed(text="别"), printed(text="别")) == [2, 1]
    numbered_first = [row(1), row(2, pid=10)]
    assert ids(numbered_first, printed(text="别"), printed(text="别")) == [2, 1]
    assert ids([row(2), row(1)], printed(text="别"), printed(text="别")) == [1, 2]


def test_neighbours_on_the_page_settle_what_words_do_not() -> None:
    """The middle row of three in one minute was edited; the posts beside it tell it."""
    stored = [row(1, text="一"), row(2, text="二"), row(3, text="三")]
    first, second, third = (printed(text=text) for text in ("一", "改了", "三"))
    assert ids(stored, first, second) == [1, 2]
    assert ids(stored, second, third) == [2, 3]
    assert ids(stored, first, second, third) == [1, 2, 3]


def test_a_neighbour_tells_which_of_two_rows_with_the_same_words() -> None:
    stored = [row(1, text="一"), row(2), row(3), row(4, text="四")]
    assert ids(stored, printed(), printed(text="四")) == [3, 4]


def test_a_row_between_two_matched_ones_is_not_taken_twice() -> None:
    stored = [row(1, text="一"), row(2, text="二")]
    posts = (printed(text="一"), printed(text="新"), printed(text="二"))
    assert ids(stored, *posts) == [1, None, 2]


def test_a_neighbour_of_another_time_is_no_candidate() -> None:
    stored = [row(1, pid=1), row(2, pid=2, posted_at="2024-05-14T15:00:00Z")]
    assert ids(stored, printed(pid=1), printed(text="新")) == [1, None]


def test_a_placeholder_beside_a_matched_post_is_taken_over() -> None:
    """A desktop page showed number and floor only of a post whose author is deleted."""
    hidden = row(2, pid=2, author="", posted_at=None, text="", withheld="已删除")
    stored = [row(1, pid=1), hidden, row(3, pid=3, posted_at="2024-05-14T15:00:00Z")]
    other = printed(author="乙", posted_at=AT + timedelta(minutes=9), text="别")
    assert ids(stored, printed(), other) == [1, 2]
    last = printed(posted_at=datetime(2024, 5, 14, 15, tzinfo=UTC))
    assert ids(stored, other, last) == [2, 3]
    assert ids(stored, other) == [None]
    first = replace(hidden, id=1, pid=1)
    assert ids([first, row(2, pid=2)], other, printed()) == [1, 2]
    shown = replace(hidden, withheld="")
    assert ids([stored[0], shown], printed(), other) == [1, None]
    timed = replace(hidden, posted_at="2024-05-14T20:00:00Z")
    assert ids([stored[0], timed], printed(), other) == [1, None]


def test_a_hidden_post_whose_author_another_layout_names() -> None:
    hidden = row(1, author="甲", text="", withheld="提示")
    blank = printed(author="乙", text="")
    assert ids([hidden], blank) == [1]
    assert ids([hidden], replace(blank, withheld="隐藏", text="字")) == [1]
    assert ids([hidden], replace(blank, text="字")) == [None]
    assert ids([replace(hidden, withheld="")], blank) == [None]
    assert ids([hidden], replace(blank, posted_at=AT + timedelta(hours=1))) == [None]


@pytest.mark.parametrize(
    ("stored", "post", "same"),
    [
        ({}, {"posted_at": None}, True),
        ({"posted_at": None}, {}, True),
        ({}, {"posted_at": None, "author": "乙"}, False),
        ({"author": ""}, {"posted_at": None}, True),
        ({}, {"posted_at": None, "author": ""}, True),
        ({"text": "别"}, {"posted_at": None}, False),
        ({"text": ""}, {"posted_at": None, "text": ""}, False),
        ({}, {"posted_at": AT + timedelta(hours=1)}, False),
    ],
)
def test_author_and_words_tell_a_post_without_time(
    stored: dict[str, Any], post: dict[str, Any], same: bool
) -> None:
    assert ids([row(1, **stored)], printed(**post)) == ([1] if same else [None])


def test_a_row_without_time_is_looked_for_behind_others_with_its_words() -> None:
    stored = [row(1, pid=1), row(2, pid=2, posted_at=None)]
    assert ids(stored, printed(posted_at=AT + timedelta(hours=2))) == [2]


def test_a_named_row_with_the_words_comes_before_one_without_name() -> None:
    stored = [row(1, author=""), row(2)]
    assert ids(stored, printed(posted_at=None)) == [2]


def test_nothing_stored_and_nothing_printed() -> None:
    assert match([], [PRINTED]) == [None]
    assert match([STORED], []) == []


def test_the_span_of_printed_times() -> None:
    assert times_of([]) is None
    assert times_of([printed(posted_at=None)]) is None
    posts = [printed(posted_at=AT + timedelta(days=d)) for d in (3, 0, 1)]
    assert times_of(posts) == ("2024-05-14", "2024-05-17T13:46~")
    assert times_of([printed(posted_at=date(2024, 5, 1))]) == (
        "2024-05-01",
        "2024-05-01~",
    )


TIMES = st.one_of(
    st.none(),
    st.dates(date(2024, 5, 12), date(2024, 5, 16)),
    st.builds(
        lambda day, minute, second: datetime(2024, 5, day, 13, minute, second, 0, UTC),
        st.integers(13, 15),
        st.integers(45, 47),
        st.sampled_from([0, 7, 59]),
    ),
)
NAMES = st.sampled_from(["甲", "乙", "", "匿名"])
WORDS = st.sampled_from(["", "话", "别 的", "别的"])
HIDDEN = st.sampled_from(["", "", "藏"])
ROWS = st.lists(
    st.builds(
        lambda when, author, text, withheld, has_pid: (
            iso(when),
            author,
            text,
            withheld,
            has_pid,
        ),
        TIMES,
        NAMES,
        WORDS,
        HIDDEN,
        st.booleans(),
    ),
    max_size=8,
).map(
    lambda rows: [
        row(
            at,
            posted_at=when,
            author=author,
            text=text,
            withheld=withheld,
            pid=at * 10 if has_pid else None,
        )
        for at, (when, author, text, withheld, has_pid) in enumerate(rows, 1)
    ]
)
POSTS = st.lists(
    st.builds(
        Post,
        pid=st.none() | st.integers(1, 9).map(lambda n: n * 10),
        author=NAMES,
        posted_at=TIMES,
        text=WORDS,
        withheld=HIDDEN,
    ),
    max_size=8,
    unique_by=lambda post: post.pid or id(post),
)


@given(ROWS, POSTS, st.randoms(use_true_random=False))
def test_each_row_is_one_post_however_rows_are_read(
    stored: list[StoredPost], posts: list[Post], shuffle: random.Random
) -> None:
    found = match(stored, posts)
    taken = [row.id for row in found if row]
    assert len(taken) == len(set(taken))
    for post, same in zip(posts, found, strict=True):
        if same and post.pid is not None:
            assert same.pid in (None, post.pid)
    shuffle.shuffle(stored)
    assert match(stored, posts) == found


@given(ROWS, TIMES)
def test_the_index_finds_what_comparing_one_by_one_finds(
    stored: list[StoredPost], when: date | None
) -> None:
    names = [name_key(row.author, row.anonymous) for row in stored]
    words = [squeezed(row.text) for row in stored]
    index = RowIndex(stored, names, words)
    printed_at = iso(when)

    def places(fits: Callable[[int], bool]) -> tuple[int, ...]:
        return tuple(at for at in range(len(stored)) if fits(at))

    def at_time(at: int) -> bool:
        return same_minute(stored[at].posted_at, printed_at)

    assert index.at_time(printed_at) == places(at_time)
    assert index.hidden_at(printed_at) == places(
        lambda at: bool(stored[at].withheld) and at_time(at)
    )
    for name in {*names, "谁"}:
        by_author = places(lambda at, name=name: names[at] == name and at_time(at))
        assert index.by_author_at(name, printed_at) == by_author
    for each in {*words, "没有"}:
        assert tuple(index.with_words(each)) == places(
            lambda at, each=each: words[at] == each
        )


class CountedText(str):
    """A text that counts how often its words are taken apart."""

    __slots__ = ()
    splits = 0

    def split(self, *arguments: Any, **options: Any) -> list[str]:
        CountedText.splits += 1
        return super().split(*arguments, **options)


def steps_of(stored: Sequence[StoredPost], posts: Sequence[Post]) -> int:
    """How many instructions of ours a match takes; no clock is asked."""
    steps = 0

    def trace(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal steps
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        match(stored, posts)
    finally:
        sys.settrace(before)
    return steps


def crowd(size: int, **changes: Any) -> tuple[list[StoredPost], list[Post]]:
    """Rows and posts of one author and one minute, each with words of its own."""
    rows = [
        row(
            at,
            posted_at="2024-05-14T13:46:00Z",
            text=CountedText(f"{at} 话"),
            **changes,
        )
        for at in range(1, size + 1)
    ]
    posts = [printed(text=CountedText(f"{at}话")) for at in range(1, size + 1)]
    return rows, posts


CROWDS: dict[str, Callable[[int], tuple[list[StoredPost], list[Post]]]] = {
    "one stored row": lambda size: (crowd(1)[0], crowd(size)[1]),
    "all stored": crowd,
    "all stored, without author": lambda size: crowd(size, author=""),
    "all stored, other words": lambda size: (
        crowd(size)[0],
        [printed(text=CountedText(f"别{at}")) for at in range(size)],
    ),
    "all stored, the same words": lambda size: (
        [replace(each, text=CountedText("话")) for each in crowd(size)[0]],
        [printed(text=CountedText("话")) for _ in range(size)],
    ),
    "no times": lambda size: (
        crowd(size)[0],
        [replace(post, posted_at=None) for post in crowd(size)[1]],
    ),
}


@pytest.mark.parametrize("kind", CROWDS)
def test_twice_the_posts_take_twice_the_steps(kind: str) -> None:
    small, large = (steps_of(*CROWDS[kind](size)) for size in (60, 120))
    assert large < 2.3 * small


@pytest.mark.parametrize("kind", CROWDS)
def test_words_are_taken_apart_once(kind: str) -> None:
    rows, posts = CROWDS[kind](50)
    CountedText.splits = 0
    match(rows, posts)
    assert CountedText.splits <= len(rows) + len(posts)


def test_a_crowd_is_matched_one_to_one() -> None:
    rows, posts = crowd(40)
    assert ids(rows, *posts) == list(range(1, 41))
    assert ids(rows, *reversed(posts)) == list(range(40, 0, -1))
