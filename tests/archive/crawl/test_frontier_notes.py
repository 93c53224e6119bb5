"""What the frontier keeps of visits: outcomes, boards, fingerprints, what is whole or gone;
sweeps, failures and second chances."""

from __future__ import annotations

import sqlite3

import pytest
from frontiers import HOUR, NOW, REVISIT_IN, SECOND, page, pages, taken, visit

from archive.crawl.backlog import Backlog, GivenUp
from archive.crawl.frontier import Frontier, QueuedPage
from scraper.policy.plan import (
    ANYTHING,
    BOARD,
    INDEX,
    SWEEP,
    THREAD,
    USER,
    Key,
    Scope,
)

BOARDS = [Key("board", 2), Key("board", 3)]
THREE_PAGES = [Key("thread", 5, number) for number in (1, 2, 3)]


def rows(conn: sqlite3.Connection, columns: str) -> list[tuple[object, ...]]:
    query = f"SELECT {columns} FROM frontier ORDER BY site_id, kind, item, page"
    return conn.execute(query).fetchall()


# Visits


def test_a_visit_is_noted_with_how_it_ended(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    key = THREE_PAGES[0]
    noted = "state, due_at, tries, visited_at, changed_at, outcome, message"
    frontier.add(pages(key), NOW)
    frontier.failed(key, NOW, "timeout", "timeout: nothing in 30 s")
    frontier.done(key, NOW, NOW + HOUR, "gone", changed=True, message="没有这个帖子")
    assert rows(conn, noted) == [
        (
            "done",
            "2024-06-01T01:00:00Z",
            0,
            "2024-06-01T00:00:00Z",
            "2024-06-01T00:00:00Z",
            "gone",
            "没有这个帖子",
        )
    ]
    frontier.done(key, NOW + HOUR, NOW + 2 * HOUR, "page")
    (row,) = rows(conn, noted)
    assert row[3:] == ("2024-06-01T01:00:00Z", "2024-06-01T00:00:00Z", "page", "")


def test_a_page_was_read_once_it_brought_something(frontier: Frontier) -> None:
    first, second = THREE_PAGES[:2]
    frontier.add(pages(*THREE_PAGES), NOW)
    visit(frontier, first, changed=True)
    visit(frontier, second)
    visit(frontier, first, outcome="refused")
    assert [frontier.was_read(key) for key in THREE_PAGES] == [True, False, False]


@pytest.mark.parametrize(
    ("outcome", "is_known"),
    [
        ("page", True),
        ("past_end", True),
        ("refused", False),
        ("gone", False),
        ("elsewhere", False),
    ],
)
def test_boards_are_those_that_can_be_read(
    frontier: Frontier, outcome: str, is_known: bool
) -> None:
    frontier.add(pages(*BOARDS, Key("board", 3, 2), Key("thread", 9)), NOW)
    visit(frontier, BOARDS[1], outcome=outcome)
    assert frontier.boards() == [2, 3][: 1 + is_known]


def test_a_thread_is_of_the_board_that_it_names_with_all_its_pages(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(*THREE_PAGES, Key("thread", 6), fid=2), NOW)
    frontier.add(pages(Key("archiver", 5), fid=2), NOW)
    frontier.note_board(THREE_PAGES[1], 3)
    assert rows(conn, "kind, item, fid") == [
        ("archiver", 5, 2),
        ("thread", 5, 3),
        ("thread", 5, 3),
        ("thread", 5, 3),
        ("thread", 6, 2),
    ]
    assert taken(frontier, scope=Scope(boards=frozenset({3}))) == THREE_PAGES[::-1]


def test_a_thread_without_a_board_gets_one(frontier: Frontier) -> None:
    frontier.add(pages(THREE_PAGES[0]), NOW)
    frontier.note_board(THREE_PAGES[0], 3)
    assert frontier.take(1, NOW, ANYTHING) == [QueuedPage(THREE_PAGES[0], 3)]


# Fingerprints, and how far boards were walked through


def test_fingerprints_are_those_of_known_threads(frontier: Frontier) -> None:
    frontier.add([page(THREE_PAGES[0], listing_fingerprint="7 x")], NOW)
    frontier.add([page(THREE_PAGES[1], listing_fingerprint="page two")], NOW)
    frontier.add([page(Key("archiver", 6), listing_fingerprint="archiver")], NOW)
    frontier.add(pages(Key("thread", 8)), NOW)
    assert frontier.fingerprints([5, 6, 8]) == {5: "7 x", 8: ""}
    assert frontier.fingerprints([8]) == {8: ""}
    assert frontier.fingerprints([]) == {}


def test_a_fingerprint_is_replaced_by_what_a_board_page_says(
    frontier: Frontier,
) -> None:
    thread = THREE_PAGES[0]
    frontier.add([page(thread, listing_fingerprint="7 x")], NOW)
    frontier.add([page(thread)], NOW)
    assert frontier.fingerprints([5]) == {5: "7 x"}
    frontier.add([page(thread, listing_fingerprint="8 y")], NOW)
    assert frontier.fingerprints([5]) == {5: "8 y"}
    frontier.add([page(thread, listing_fingerprint="")], NOW)
    assert frontier.fingerprints([5]) == {5: ""}


def test_more_threads_than_a_statement_may_have_parameters(frontier: Frontier) -> None:
    many = 40_000
    frontier.add([page(Key("thread", many), listing_fingerprint="last")], NOW)
    assert frontier.fingerprints(range(many + 1)) == {many: "last"}
    named = Scope(threads=frozenset(range(many + 1)))
    assert taken(frontier, scope=named) == [Key("thread", many)]


def test_how_far_a_board_was_walked_through(frontier: Frontier) -> None:
    frontier.add(pages(*BOARDS, Key("board", 2, 2)), NOW)
    assert frontier.mark(Key("board", 2)) == ""
    frontier.set_mark(Key("board", 2), "2024-04-01")
    assert frontier.mark(Key("board", 2)) == "2024-04-01"
    assert frontier.mark(Key("board", 3)) == ""
    assert frontier.mark(Key("board", 99)) == ""


# Pages that are no more, and threads that are whole


def test_pages_behind_the_last_are_dropped(frontier: Frontier) -> None:
    others = [Key("thread", 6, 3), Key("archiver", 5, 3)]
    frontier.add(pages(*THREE_PAGES, *others), NOW)
    frontier.drop_after("thread", 5, 3)
    assert set(taken(frontier)) == {*THREE_PAGES, *others}
    frontier.drop_after("thread", 5, 1)
    assert set(taken(frontier)) == {THREE_PAGES[0], *others}


def test_a_thread_is_whole_once_every_page_was_visited(frontier: Frontier) -> None:
    first, second, third = THREE_PAGES
    frontier.add(pages(*THREE_PAGES, Key("thread", 6)), NOW)
    visit(frontier, Key("thread", 6), at=NOW)
    visit(frontier, first, at=NOW + 2 * HOUR)
    assert frontier.whole_since(5, 1) == "2024-06-01T02:00:00Z"
    assert frontier.whole_since(5, 2) is None
    visit(frontier, second, at=NOW + HOUR)
    assert frontier.whole_since(5, 1) == "2024-06-01T02:00:00Z"
    assert frontier.whole_since(5, 2) == "2024-06-01T01:00:00Z"
    assert frontier.whole_since(5, 3) is None
    visit(frontier, third, at=NOW + 3 * HOUR)
    assert frontier.whole_since(5, 3) == "2024-06-01T01:00:00Z"


@pytest.mark.parametrize("outcome", ["refused", "gone", "elsewhere", "past_end"])
def test_a_thread_with_a_page_that_was_not_shown_is_not_whole(
    frontier: Frontier, outcome: str
) -> None:
    frontier.add(pages(*THREE_PAGES), NOW)
    visit(frontier, *THREE_PAGES)
    visit(frontier, THREE_PAGES[1], outcome=outcome)
    assert frontier.whole_since(5, 3) is None


def test_a_thread_is_not_whole_while_a_page_is_to_be_visited_again(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(*THREE_PAGES), NOW)
    visit(frontier, *THREE_PAGES)
    later = Frontier(conn, 1, NOW + HOUR)
    later.add([page(THREE_PAGES[2], again=True)], NOW + HOUR)
    assert frontier.whole_since(5, 3) is None
    visit(later, THREE_PAGES[2], at=NOW + HOUR)
    assert frontier.whole_since(5, 3) == "2024-06-01T00:00:00Z"


# Sweeps


def test_a_sweep_orders_threads_once_until_it_is_through(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    keys = [Key("archiver", 4), Key("board", 2), Key("thread", 5), Key("thread", 6)]
    frontier.add(pages(*keys, Key("user", 1)), NOW)
    visit(frontier, *keys)
    assert frontier.sweep(NOW, ANYTHING) == 3
    visit(frontier, keys[2])
    later = Frontier(conn, 1, NOW + HOUR)
    assert later.sweep(NOW + HOUR, ANYTHING) == 0
    assert taken(frontier) == [Key("user", 1), keys[3], keys[0]]
    visit(frontier, keys[3], keys[0], at=NOW + HOUR)
    assert later.sweep(NOW + HOUR, ANYTHING) == 3


def test_a_sweep_is_of_what_a_run_is_about_and_begins_anew(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    of_two, of_three = Key("thread", 5), Key("thread", 6)
    frontier.add([page(of_two, fid=2), page(of_three, fid=3)], NOW)
    frontier.failed(of_two, NOW, "timeout", "")
    visit(frontier, of_two, of_three)
    assert frontier.sweep(NOW + HOUR, Scope(boards=frozenset({2}))) == 1
    assert rows(conn, "item, state, priority, due_at, tries") == [
        (5, "due", SWEEP, "2024-06-01T01:00:00Z", 0),
        (6, "done", 7, "2024-06-01T09:00:00Z", 0),
    ]


def test_a_sweep_leaves_given_up_and_due_pages_alone(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    frontier.add(pages(Key("thread", 5), Key("thread", 6)), NOW)
    frontier.failed(Key("thread", 6), None, "timeout", "")
    assert frontier.sweep(NOW, ANYTHING) == 0
    assert rows(conn, "item, state, priority") == [
        (5, "due", THREAD),
        (6, "given_up", THREAD),
    ]


# Failures


def test_failures_wait_and_are_given_up_at_last(
    frontier: Frontier, backlog: Backlog
) -> None:
    key = THREE_PAGES[0]
    why = "timeout: nothing in 30 s"
    frontier.add(pages(key), NOW)
    for tries in (1, 2, 3):
        frontier.failed(key, NOW + HOUR, "timeout", why)
        assert taken(frontier, NOW + HOUR - SECOND) == []
        assert frontier.take(9, NOW + HOUR, ANYTHING) == [QueuedPage(key, None, tries)]
    assert backlog.given_up() == []
    frontier.failed(key, None, "timeout", why)
    assert taken(frontier, NOW + 1000 * HOUR) == []
    assert backlog.given_up() == [GivenUp(key, "given_up", "timeout", why, 4)]


def test_a_long_message_is_cut(frontier: Frontier, backlog: Backlog) -> None:
    frontier.add(pages(THREE_PAGES[0]), NOW)
    frontier.failed(THREE_PAGES[0], None, "timeout", "长" * 501)
    assert backlog.given_up()[0].message == "长" * 500


def test_what_was_given_up_is_put_back_with_its_kinds_priority(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    keys = [Key("board", 2), Key("index"), Key("thread", 5), Key("user", 1)]
    frontier.add(pages(*keys, priority=USER), NOW)
    for key in keys:
        frontier.failed(key, None, "timeout", "")
    assert frontier.retry(NOW + HOUR) == 4
    assert rows(conn, "kind, state, priority, due_at, tries, outcome") == [
        (kind, "due", priority, "2024-06-01T01:00:00Z", 0, "")
        for kind, priority in (
            ("board", BOARD),
            ("index", INDEX),
            ("thread", THREAD),
            ("user", THREAD),
        )
    ]


def test_refused_pages_are_put_back_when_that_is_asked_for(
    frontier: Frontier,
) -> None:
    given_up, refused, read, due = (Key("thread", tid) for tid in (1, 2, 3, 4))
    frontier.add(pages(given_up, refused, read, due), NOW)
    frontier.failed(given_up, None, "timeout", "")
    visit(frontier, refused, outcome="refused")
    visit(frontier, read)
    assert frontier.retry(NOW) == 1
    assert taken(frontier) == [due, given_up]
    assert frontier.retry(NOW, refused=True) == 1
    assert taken(frontier) == [due, refused, given_up]
    assert frontier.retry(NOW, refused=True) == 0


def test_revisits_of_what_was_put_back_are_as_of_any_other(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    key = Key("thread", 5)
    frontier.add(pages(key), NOW)
    visit(frontier, key, outcome="refused")
    frontier.retry(NOW, refused=True)
    later = Frontier(conn, 1, NOW + HOUR)
    visit(later, key, at=NOW)
    assert later.add(pages(key, again=True), NOW + HOUR) == 1
    assert taken(later, NOW + HOUR + REVISIT_IN) == [key]
