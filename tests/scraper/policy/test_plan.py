"""The rules of what a page leads to and when to come back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.core.records import BoardPage, BoardRow, IndexPage, ThreadPage, ThreadRow
from scraper.policy.plan import (
    ANYTHING,
    Key,
    KnownBoard,
    Scope,
    board_again_at,
    from_board,
    from_index,
    from_thread,
    instead,
    listing_fingerprint,
    revisit_at,
    seeds,
    walk_ends,
    walked_until,
)
from scraper.policy.revisits import MOST_RARELY, SOON

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
TIMES = st.integers(0, 20 * 365 * 86_400).map(
    lambda seconds: NOW - timedelta(seconds=seconds)
)


def row(tid: int, hours_ago: float = 1, **more: object) -> ThreadRow:
    last = NOW - timedelta(hours=hours_ago)
    return ThreadRow(
        **{"tid": tid, "replies": 3, "last_post_at": last, "last_author": "a", **more}
    )  # type: ignore[arg-type]


def known(*rows: ThreadRow, walked: str = "all") -> KnownBoard:
    return KnownBoard(walked, {one.tid: listing_fingerprint(one) for one in rows})


def keys(
    page: BoardPage, board: KnownBoard, scope: Scope = ANYTHING, number: int = 1
) -> list[Key]:
    return [
        lead.key for lead in from_board(page, Key("board", 2, number), board, scope)
    ]


def test_a_board_seen_first_leads_to_all_its_pages_and_threads() -> None:
    page = BoardPage(
        fid=2, pages=3, threads=(row(5), row(6)), boards=(BoardRow(fid=9),)
    )
    assert keys(page, KnownBoard("", {})) == [
        Key("board", 9),
        Key("thread", 5),
        Key("thread", 6),
        Key("board", 2, 2),
        Key("board", 2, 3),
    ]


def test_an_unchanged_page_leads_nowhere() -> None:
    rows = (row(1, 900, sticky=True), row(5), row(6, 2))
    assert keys(BoardPage(fid=2, pages=3, threads=rows), known(*rows)) == []


def test_a_changed_sticky_thread_is_read_and_says_nothing_of_the_next_page() -> None:
    old = (row(1, 900, sticky=True), row(5), row(6, 2))
    new = (row(1, 0, sticky=True), *old[1:])
    assert keys(BoardPage(fid=2, pages=3, threads=new), known(*old)) == [
        Key("thread", 1)
    ]


def test_news_above_what_is_known_end_the_walk_where_rows_are_in_order() -> None:
    old = (row(5), row(6, 2))
    assert keys(
        BoardPage(fid=2, pages=3, threads=(row(7, 0.5), *old)), known(*old)
    ) == [Key("thread", 7)]
    disordered = (row(6, 2), row(7, 0.5), row(5))
    assert keys(BoardPage(fid=2, pages=3, threads=disordered), known(*old))[-1] == Key(
        "board", 2, 2
    )
    assert keys(BoardPage(fid=2, pages=3, threads=(row(8), row(9, 2))), known(*old))[
        -1
    ] == Key("board", 2, 2)


def test_a_changed_thread_is_read_from_its_last_page_and_whole_where_replies_went() -> (
    None
):
    old = row(5, 9)
    (more,) = from_board(
        BoardPage(fid=2, threads=(row(5, 1, replies=4),)),
        Key("board", 2),
        known(old),
        ANYTHING,
    )
    (less,) = from_board(
        BoardPage(fid=2, threads=(row(5, 9, replies=2),)),
        Key("board", 2),
        known(old),
        ANYTHING,
    )
    assert (more.again, more.last, more.all) == (True, True, False)
    assert (less.again, less.last, less.all) == (True, False, True)


def test_a_pointer_leads_to_the_thread_that_moved() -> None:
    page = BoardPage(fid=2, threads=(row(5, moved_to=77), row(78, moved_to=78)))
    assert keys(page, known()) == [Key("thread", 77), Key("thread", 78)]


def test_since_a_day_ends_the_walk_and_a_later_run_walks_on() -> None:
    scope = Scope(since=date(2024, 5, 31))
    page = BoardPage(fid=2, pages=2, threads=(row(1, 9_000, sticky=True), row(5, 60)))
    assert walk_ends(page, scope)
    assert keys(page, KnownBoard("", {}), scope) == [Key("board", 2, 2)]
    mark = walked_until("", scope.since)
    assert mark == "2024-05-31"
    assert Key("board", 2, 2) not in keys(
        page,
        KnownBoard(mark, {5: listing_fingerprint(row(5, 60))}),
        Scope(since=date(2024, 6, 1)),
    )
    assert Key("board", 2, 2) in keys(
        page, KnownBoard(mark, {5: listing_fingerprint(row(5, 60))})
    )
    assert walked_until(mark, None) == walked_until("all", scope.since) == "all"


@pytest.mark.parametrize(
    ("utc_offset_minutes", "utc", "day"),
    [
        (480, datetime(2023, 12, 31, 16, tzinfo=UTC), date(2024, 1, 1)),
        (480, datetime(2023, 12, 31, 15, 59, 59, tzinfo=UTC), date(2023, 12, 31)),
        (0, datetime(2024, 1, 1, tzinfo=UTC), date(2024, 1, 1)),
        (0, datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC), date(2023, 12, 31)),
        (-300, datetime(2024, 1, 1, 5, tzinfo=UTC), date(2024, 1, 1)),
        (-300, datetime(2024, 1, 1, 4, 59, 59, tzinfo=UTC), date(2023, 12, 31)),
        (330, datetime(2023, 12, 31, 18, 30, tzinfo=UTC), date(2024, 1, 1)),
        (480, datetime.max.replace(tzinfo=UTC), date.max),
        (-480, datetime.min.replace(tzinfo=UTC), date.min),
    ],
)
def test_since_means_the_day_of_the_forums_own_clock(
    utc_offset_minutes: int, utc: datetime, day: date
) -> None:
    one = row(9, last_post_at=utc)
    page = BoardPage(fid=2, page=1, pages=5, threads=(one,))
    scope = Scope(since=day, utc_offset_minutes=utc_offset_minutes)
    first = Key("board", 2)
    assert not walk_ends(page, scope)
    assert [
        lead.key for lead in from_board(page, first, KnownBoard("all", {}), scope)
    ] == [
        Key("thread", 9),
        Key("board", 2, 2),
    ]
    if day == date.max:
        return

    later = Scope(since=day + timedelta(days=1), utc_offset_minutes=utc_offset_minutes)
    assert walk_ends(page, later)
    assert not list(from_board(page, first, KnownBoard("all", {}), later))


def test_since_is_of_the_usual_zone_where_none_is_known() -> None:
    five_in_the_morning = datetime(2023, 12, 31, 21, tzinfo=UTC)
    page = BoardPage(fid=2, threads=(row(9, last_post_at=five_in_the_morning),))
    assert not walk_ends(page, Scope(since=date(2024, 1, 1)))


def test_a_page_past_the_end_leads_no_further() -> None:
    assert keys(
        BoardPage(fid=2, page=1, pages=3, threads=(row(5),)),
        KnownBoard("", {}),
        number=9,
    ) == [Key("thread", 5)]


def test_a_thread_leads_to_its_further_pages_or_to_the_one_that_answered() -> None:
    page = ThreadPage(tid=5, fid=2, page=1, pages=3)
    further = [lead.key for lead in from_thread(page, Key("thread", 5), None)]
    assert further == [Key("thread", 5, 2), Key("thread", 5, 3)]
    assert [lead.key for lead in from_thread(page, Key("thread", 4), None)] == [
        Key("thread", 5)
    ]


def test_what_a_scope_names_is_what_a_run_begins_with() -> None:
    index = IndexPage(boards=(BoardRow(fid=1), BoardRow(fid=2), BoardRow()))
    assert [lead.key for lead in seeds(ANYTHING, [7])] == [
        Key("index"),
        Key("board", 7),
    ]
    assert [lead.key for lead in from_index(index, ANYTHING)] == [
        Key("board", 1),
        Key("board", 2),
    ]
    scope = Scope(boards=frozenset({2}), threads=frozenset({5}))
    assert [lead.key for lead in seeds(scope, [7])] == [
        Key("board", 2),
        Key("thread", 5),
    ]
    assert [lead.key for lead in from_index(index, scope)] == [Key("board", 2)]
    below = list(
        from_board(
            BoardPage(fid=2, boards=(BoardRow(fid=9),)),
            Key("board", 2),
            KnownBoard("", {}),
            scope,
        )
    )
    assert scope.also(below).boards == {2, 9}


def test_the_archiver_is_asked_only_where_the_page_is_refused() -> None:
    assert [lead.key for lead in instead(Key("thread", 5), "login", 2)] == [
        Key("archiver", 5)
    ]
    assert not list(instead(Key("thread", 5), "not_found", 2))
    assert not list(instead(Key("archiver", 5), "login", 2))


@given(TIMES, st.none() | TIMES)
def test_visits_come_after_the_last_one_and_at_least_once_a_year(
    visited: datetime, changed: datetime | None
) -> None:
    assert visited + SOON <= revisit_at(visited, changed) <= visited + MOST_RARELY
    assert visited < board_again_at(visited, changed) <= visited + timedelta(days=1)


@given(TIMES, TIMES, TIMES)
def test_what_changed_later_is_visited_no_later(
    visited: datetime, one: datetime, other: datetime
) -> None:
    older, newer = sorted((one, other))
    assert revisit_at(visited, newer) <= revisit_at(visited, older)
    assert board_again_at(visited, newer) <= board_again_at(visited, older)
