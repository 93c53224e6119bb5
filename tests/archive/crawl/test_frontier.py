"""The frontier: what is due, in which order, and that nothing gets lost in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import pytest
from frontiers import HOUR, NOW, REVISIT_IN, SECOND, page, pages, taken, visit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.crawl.backlog import Backlog
from archive.crawl.frontier import Frontier, QueuedPage
from scraper.policy.plan import (
    ANYTHING,
    BOARD,
    INDEX,
    REVISIT,
    SWEEP,
    THREAD,
    THREAD_PAGE,
    USER,
    DiscoveredPage,
    Key,
    Scope,
)

LATER = NOW + HOUR
THREE_PAGES = [Key("thread", 5, number) for number in (1, 2, 3)]
TIDS = [Key("thread", tid) for tid in (1, 2, 3, 4, 5)]


def next_run(conn: sqlite3.Connection) -> Frontier:
    """The frontier as a run has it that begins an hour later."""
    return Frontier(conn, 1, LATER)


def column(conn: sqlite3.Connection, name: str, key: Key) -> object:
    query = f"SELECT {name} FROM frontier WHERE site_id = 1 AND kind = ? AND item = ? AND page = ?"
    row = conn.execute(query, (key.kind, key.item, key.page)).fetchone()
    return row[0] if row else None


# Order


def test_index_then_boards_then_begun_threads_from_the_end_then_new_threads_newest_first(
    frontier: Frontier,
) -> None:
    in_order = [
        page(Key("index"), INDEX),
        page(Key("board", 2), BOARD),
        page(Key("board", 2, 2), BOARD),
        page(Key("thread", 3, 3), THREAD_PAGE),
        page(Key("thread", 3, 2), THREAD_PAGE),
        page(Key("thread", 9), THREAD),
        page(Key("thread", 4), THREAD),
        page(Key("user", 1), USER),
        page(Key("user", 2), USER),
        page(Key("thread", 8), SWEEP),
        page(Key("thread", 7, 2), SWEEP),
        page(Key("thread", 7), SWEEP),
    ]
    assert frontier.add(in_order[::-1], NOW) == len(in_order)
    assert taken(frontier) == [page.key for page in in_order]


@pytest.mark.parametrize("priority", [INDEX, BOARD, USER])
def test_boards_and_members_go_in_the_order_in_which_they_were_found(
    frontier: Frontier, priority: int
) -> None:
    frontier.add(pages(*TIDS[:2], priority=priority), LATER)
    frontier.add(pages(*TIDS[2:], priority=priority), NOW)
    assert taken(frontier, LATER) == TIDS[2:] + TIDS[:2]


@pytest.mark.parametrize("priority", [THREAD, THREAD_PAGE, SWEEP])
def test_threads_that_were_found_last_go_first(
    frontier: Frontier, priority: int
) -> None:
    frontier.add(pages(*TIDS[2:], priority=priority), NOW)
    frontier.add(pages(*TIDS[:2], priority=priority), LATER)
    assert taken(frontier, LATER) == [*TIDS[1::-1], *TIDS[:1:-1]]


def test_revisits_come_last_the_longest_due_first(frontier: Frontier) -> None:
    frontier.add(pages(*TIDS), NOW)
    visit(frontier, TIDS[0], at=NOW + 2 * HOUR)
    visit(frontier, TIDS[1], at=NOW)
    visit(frontier, TIDS[2], at=NOW + HOUR)
    in_order = [TIDS[4], TIDS[3], TIDS[1], TIDS[2], TIDS[0]]
    assert taken(frontier, NOW + 2 * HOUR + REVISIT_IN) == in_order


def test_so_many_are_taken_and_no_more(frontier: Frontier) -> None:
    frontier.add(pages(Key("board", 2), priority=BOARD), NOW)
    frontier.add(pages(*TIDS), NOW)
    assert taken(frontier, count=0) == []
    assert taken(frontier, count=1) == [Key("board", 2)]
    assert taken(frontier, count=3) == [Key("board", 2), TIDS[4], TIDS[3]]
    assert len(taken(frontier, count=6)) == len(taken(frontier, count=7)) == 6


def test_what_is_busy_is_not_taken_twice(frontier: Frontier) -> None:
    frontier.add(pages(*TIDS), NOW)
    busy = {TIDS[4], TIDS[2]}
    found = [queued.key for queued in frontier.take(2, NOW, ANYTHING, busy)]
    assert found == [TIDS[3], TIDS[1]]
    found = [queued.key for queued in frontier.take(9, NOW, ANYTHING, set(TIDS))]
    assert found == []
    others = {Key("board", 2), Key("board", 3)}
    found = [queued.key for queued in frontier.take(2, NOW, ANYTHING, others)]
    assert found == [TIDS[4], TIDS[3]]


def test_a_queued_page_tells_its_board_and_its_tries(frontier: Frontier) -> None:
    frontier.add([page(TIDS[0], fid=7)], NOW)
    assert frontier.take(1, NOW, ANYTHING) == [QueuedPage(TIDS[0], 7, 0)]
    frontier.failed(TIDS[0], NOW, "timeout", "")
    assert frontier.take(1, NOW, ANYTHING) == [QueuedPage(TIDS[0], 7, 1)]
    assert frontier.take(1, NOW, ANYTHING)[0].fid == 7


def test_forums_do_not_mix(conn: sqlite3.Connection, frontier: Frontier) -> None:
    other = Frontier(conn, 2, NOW)
    frontier.add(pages(TIDS[0], listing_fingerprint="one"), NOW)
    other.add(pages(TIDS[0], listing_fingerprint="other"), NOW)
    visit(frontier, TIDS[0], changed=True)
    assert taken(other) == [TIDS[0]]
    assert frontier.fingerprints([1]) == {1: "one"}
    assert not other.was_read(TIDS[0])
    other.failed(TIDS[0], None, "timeout", "")
    assert (frontier.retry(NOW), other.retry(NOW)) == (0, 1)
    other.drop_after("thread", 1, 0)
    assert taken(frontier, NOW + REVISIT_IN) == [TIDS[0]]


# When


def test_a_page_is_due_from_its_second_on(frontier: Frontier) -> None:
    frontier.add(pages(TIDS[0]), LATER)
    assert taken(frontier, LATER - SECOND) == []
    assert taken(frontier, LATER) == [TIDS[0]]
    visit(frontier, TIDS[0], at=LATER)
    assert taken(frontier, LATER + REVISIT_IN - SECOND) == []
    assert taken(frontier, LATER + REVISIT_IN) == [TIDS[0]]


def test_what_is_known_is_not_added_twice(frontier: Frontier) -> None:
    assert frontier.add(pages(TIDS[0], TIDS[1], fid=7), NOW) == 2
    assert frontier.add(pages(TIDS[0], fid=8), LATER) == 0
    assert [queued.fid for queued in frontier.take(9, NOW, ANYTHING)] == [7, 7]
    visit(frontier, TIDS[0])
    assert frontier.add(pages(TIDS[0]), LATER) == 0
    assert taken(frontier, LATER) == [TIDS[1]]


def test_a_page_is_asked_for_once_in_a_run_and_again_in_the_next(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    board = page(Key("board", 2), BOARD, again=True)
    assert frontier.add([board], NOW) == 1
    visit(frontier, board.key)
    assert frontier.add([board], LATER) == 0
    assert next_run(conn).add([board], LATER) == 1
    assert taken(frontier, LATER - SECOND) == []
    assert taken(frontier, LATER) == [board.key]


def test_a_visit_in_the_second_in_which_the_run_began_is_of_this_run(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(TIDS[0], TIDS[1]), NOW)
    visit(frontier, TIDS[0], at=LATER - SECOND)
    visit(frontier, TIDS[1], at=LATER)
    again = pages(TIDS[0], TIDS[1], again=True)
    assert next_run(conn).add(again, LATER) == 1
    assert taken(frontier, LATER) == [TIDS[0]]


def test_again_forgets_tries_and_takes_the_new_priority(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(TIDS[0]), NOW)
    frontier.failed(TIDS[0], None, "timeout", "")
    assert next_run(conn).add([page(TIDS[0], BOARD, again=True)], LATER) == 1
    assert frontier.take(9, LATER, ANYTHING) == [QueuedPage(TIDS[0])]
    assert column(conn, "priority", TIDS[0]) == BOARD


def test_a_due_page_goes_sooner_by_new_evidence_and_never_later(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(*TIDS), NOW)
    visit(frontier, *TIDS)
    later = next_run(conn)
    assert later.sweep(LATER, ANYTHING) == 5
    news = pages(TIDS[0], TIDS[2], again=True)
    assert later.add(news, LATER) == 2
    assert taken(later, LATER) == [TIDS[2], TIDS[0], TIDS[4], TIDS[3], TIDS[1]]
    assert later.add(news, LATER) == 0
    assert later.add(pages(TIDS[0], priority=REVISIT, again=True), LATER) == 0
    assert taken(later, LATER)[:2] == [TIDS[2], TIDS[0]]


def test_what_is_to_be_tried_again_later_keeps_its_time_and_its_tries(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(TIDS[0], priority=SWEEP), NOW)
    frontier.failed(TIDS[0], LATER, "timeout", "")
    assert next_run(conn).add(pages(TIDS[0], again=True), NOW) == 1
    assert taken(frontier, LATER - SECOND) == []
    assert frontier.take(9, LATER, ANYTHING) == [QueuedPage(TIDS[0], tries=1)]


def test_the_last_page_or_all_of_a_thread(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(*THREE_PAGES, Key("archiver", 5), Key("thread", 6)), NOW)
    visit(frontier, *THREE_PAGES, Key("archiver", 5), Key("thread", 6))
    later = next_run(conn)
    thread = Key("thread", 5)
    assert later.add([page(thread, again=True, last=True)], LATER) == 1
    assert taken(later, LATER) == [THREE_PAGES[2]]
    assert later.add([page(thread, again=True, all=True)], LATER) == 2
    assert taken(later, LATER) == THREE_PAGES[::-1]


def test_the_very_page_where_neither_the_last_nor_all_are_meant(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(*THREE_PAGES), NOW)
    visit(frontier, *THREE_PAGES)
    assert next_run(conn).add([page(THREE_PAGES[1], again=True)], LATER) == 1
    assert taken(frontier, LATER) == [THREE_PAGES[1]]


def test_refused_pages_are_left_alone_until_they_are_due(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    board = page(Key("board", 2), BOARD, again=True)
    frontier.add([board], NOW)
    visit(frontier, board.key, outcome="refused")
    later = next_run(conn)
    assert later.add([board], LATER) == 0
    assert taken(later, NOW + REVISIT_IN - SECOND) == []
    assert taken(later, NOW + REVISIT_IN) == [board.key]


# What a run is about


def test_only_what_a_run_is_about(frontier: Frontier) -> None:
    of_two = [Key("board", 2), Key("thread", 5)]
    of_three = [Key("board", 3), Key("thread", 2)]
    for fid, (board, thread) in ((2, of_two), (3, of_three)):
        frontier.add([page(board, BOARD, fid=fid), page(thread, fid=fid)], NOW)
    frontier.add([page(Key("user", 2), USER), page(Key("user", 3), USER)], NOW)

    def about(
        boards: Iterable[int] = (),
        threads: Iterable[int] = (),
        users: Iterable[int] = (),
    ) -> list[Key]:
        scope = Scope(
            boards=frozenset(boards),
            threads=frozenset(threads),
            users=frozenset(users),
        )
        return taken(frontier, scope=scope)

    assert about(boards={2}) == of_two
    assert about(boards={2, 3}) == [of_two[0], of_three[0], of_two[1], of_three[1]]
    assert about(users={3}) == [Key("user", 3)]
    assert about(threads={5}) == [Key("thread", 5)]
    assert about(threads={2}) == [Key("thread", 2)]
    assert about(boards={3}, threads={5}) == [of_three[0], of_two[1], of_three[1]]


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "again", "done", "fail"]), st.integers(1, 6)),
    max_size=40,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_what_was_added_is_taken_until_it_is_done(
    conn: sqlite3.Connection, steps: list[tuple[str, int]]
) -> None:
    conn.execute("DELETE FROM frontier")
    frontier, due, done = Frontier(conn, 1, NOW), set[int](), set[int]()
    for step, tid in steps:
        key = Key("thread", tid)
        if step in ("add", "again"):
            found = DiscoveredPage(key=key, priority=THREAD, again=step == "again")
            frontier.add([found], NOW)
            due |= {tid} - done
        elif step == "done" and tid in due:
            visit(frontier, key)
            due.discard(tid)
            done.add(tid)
        elif step == "fail" and tid in due:
            frontier.failed(key, NOW, "timeout", "")
        assert {key.item for key in taken(frontier)} == due
        assert Backlog(conn, 1).count_due(NOW, ANYTHING) == len(due)
