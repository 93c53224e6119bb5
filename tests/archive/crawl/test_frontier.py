"""The frontier: what is due, in which order, and that nothing gets lost in it."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.crawl.backlog import Backlog
from archive.crawl.frontier import Frontier
from archive.schema import open_archive
from scraper.policy.plan import (
    ANYTHING,
    BOARD,
    INDEX,
    THREAD,
    THREAD_PAGE,
    DiscoveredPage,
    Key,
    Scope,
)

NOW = datetime(2024, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def conn(tmp_path: Path) -> sqlite3.Connection:
    conn: sqlite3.Connection = open_archive(tmp_path / "a.db").conn
    conn.execute(
        "INSERT INTO sites(id, base_url, first_seen_at, last_seen_at) VALUES (1, 'http://a/', '', '')"
    )
    return conn


@pytest.fixture
def frontier(conn: sqlite3.Connection) -> Frontier:
    return Frontier(conn, 1, NOW)


@pytest.fixture
def backlog(conn: sqlite3.Connection) -> Backlog:
    return Backlog(conn, 1)


def taken(
    frontier: Frontier, now: datetime = NOW, scope: Scope = ANYTHING, count: int = 99
) -> list[Key]:
    return [due.key for due in frontier.take(count, now, scope)]


def visit(
    frontier: Frontier, key: Key, at: datetime = NOW, outcome: str = "page"
) -> None:
    frontier.done(key, at, at + 9 * HOUR, outcome)


def test_index_then_boards_then_begun_threads_from_the_end_then_new_threads_newest_first(
    frontier: Frontier,
) -> None:
    frontier.add(
        [
            DiscoveredPage(key=Key("thread", 4), priority=THREAD),
            DiscoveredPage(key=Key("thread", 9), priority=THREAD),
            DiscoveredPage(key=Key("thread", 3, 2), priority=THREAD_PAGE),
            DiscoveredPage(key=Key("thread", 3, 3), priority=THREAD_PAGE),
            DiscoveredPage(key=Key("board", 2, 2), priority=BOARD),
            DiscoveredPage(key=Key("board", 2), priority=BOARD),
            DiscoveredPage(key=Key("index"), priority=INDEX),
        ],
        NOW,
    )
    assert taken(frontier) == [
        Key("index"),
        Key("board", 2),
        Key("board", 2, 2),
        Key("thread", 3, 3),
        Key("thread", 3, 2),
        Key("thread", 9),
        Key("thread", 4),
    ]


def test_what_is_busy_is_not_taken_twice(frontier: Frontier) -> None:
    frontier.add(
        [DiscoveredPage(key=Key("thread", tid), priority=THREAD) for tid in (1, 2, 3)],
        NOW,
    )
    assert [
        due.key.item for due in frontier.take(2, NOW, ANYTHING, {Key("thread", 3)})
    ] == [2, 1]


def test_a_page_is_asked_for_once_in_a_run_and_again_in_the_next(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    lead = DiscoveredPage(key=Key("board", 2), priority=BOARD, again=True)
    assert frontier.add([lead], NOW) == 1
    visit(frontier, lead.key)
    assert frontier.add([lead], NOW) == 0
    assert Frontier(conn, 1, NOW + HOUR).add([lead], NOW + HOUR) == 1


def test_the_last_page_or_all_of_a_thread(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    pages = [Key("thread", 5, page) for page in (1, 2, 3)]
    frontier.add([DiscoveredPage(key=key, priority=THREAD) for key in pages], NOW)
    for key in pages:
        visit(frontier, key)
    later = Frontier(conn, 1, NOW + HOUR)
    later.add(
        [
            DiscoveredPage(
                key=Key("thread", 5),
                priority=THREAD,
                again=True,
                last=True,
                listing_fingerprint="7 x",
            )
        ],
        NOW + HOUR,
    )
    assert taken(later, NOW + HOUR) == [pages[2]]
    assert later.fingerprints([5, 6]) == {5: "7 x"}
    later.add(
        [DiscoveredPage(key=Key("thread", 5), priority=THREAD, again=True, all=True)],
        NOW + HOUR,
    )
    assert taken(later, NOW + HOUR) == pages[::-1]


def test_refused_pages_are_left_alone_until_they_are_due(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    lead = DiscoveredPage(key=Key("board", 2), priority=BOARD, again=True)
    frontier.add([lead], NOW)
    visit(frontier, lead.key, outcome="refused")
    later = Frontier(conn, 1, NOW + HOUR)
    assert later.add([lead], NOW + HOUR) == 0
    assert later.boards() == []
    assert taken(later, NOW + 10 * HOUR) == [lead.key]


def test_failures_wait_are_given_up_and_put_back(
    frontier: Frontier, backlog: Backlog
) -> None:
    key = Key("thread", 5)
    frontier.add([DiscoveredPage(key=key, priority=THREAD)], NOW)
    frontier.failed(key, NOW + HOUR, "timeout", "timeout: nothing in 30 s")
    assert taken(frontier) == []
    assert backlog.next_due(ANYTHING) == NOW + HOUR
    assert [due.tries for due in frontier.take(9, NOW + HOUR, ANYTHING)] == [1]
    frontier.failed(key, None, "timeout", "timeout: nothing in 30 s")
    assert [(one.key, one.state, one.tries) for one in backlog.given_up()] == [
        (key, "given_up", 2)
    ]
    assert not backlog.has_due(ANYTHING)
    assert frontier.retry(NOW) == 1
    assert taken(frontier) == [key]


def test_a_sweep_orders_threads_once_until_it_is_through(
    conn: sqlite3.Connection, frontier: Frontier
) -> None:
    keys = [Key("board", 2), Key("thread", 5), Key("thread", 6)]
    frontier.add([DiscoveredPage(key=key, priority=THREAD) for key in keys], NOW)
    for key in keys:
        visit(frontier, key)
    assert frontier.sweep(NOW, ANYTHING) == 2
    visit(frontier, keys[1])
    assert Frontier(conn, 1, NOW + HOUR).sweep(NOW + HOUR, ANYTHING) == 0
    assert taken(frontier) == [keys[2]]


def test_only_what_a_run_is_about(frontier: Frontier) -> None:
    frontier.add(
        [
            DiscoveredPage(key=Key("board", 2), priority=BOARD, fid=2),
            DiscoveredPage(key=Key("board", 3), priority=BOARD, fid=3),
            DiscoveredPage(key=Key("thread", 5), priority=THREAD, fid=2),
            DiscoveredPage(key=Key("thread", 2), priority=THREAD, fid=3),
        ],
        NOW,
    )
    assert taken(frontier, scope=Scope(boards=frozenset({2}))) == [
        Key("board", 2),
        Key("thread", 5),
    ]
    assert taken(frontier, scope=Scope(threads=frozenset({2}))) == [Key("thread", 2)]


def test_a_thread_is_whole_once_every_page_was_visited(frontier: Frontier) -> None:
    keys = [Key("thread", 5, page) for page in (1, 2)]
    frontier.add([DiscoveredPage(key=key, priority=THREAD) for key in keys], NOW)
    visit(frontier, keys[0], NOW + HOUR)
    assert frontier.whole_since(5, 2) is None
    visit(frontier, keys[1], NOW + 2 * HOUR)
    assert frontier.whole_since(5, 2) == "2024-06-01T01:00:00Z"
    frontier.drop_after("thread", 5, 1)
    assert frontier.whole_since(5, 1) == "2024-06-01T01:00:00Z"


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
            frontier.add(
                [DiscoveredPage(key=key, priority=THREAD, again=step == "again")], NOW
            )
            due |= {tid} - done
        elif step == "done" and tid in due:
            visit(frontier, key)
            due.discard(tid)
            done.add(tid)
        elif step == "fail" and tid in due:
            frontier.failed(key, NOW, "timeout", "")
        assert {key.item for key in taken(frontier)} == due
        assert Backlog(conn, 1).count_due(NOW, ANYTHING) == len(due)
