"""What is left of a frontier: counts, the next time, pages given up."""

from __future__ import annotations

import sqlite3

from frontiers import HOUR, NOW, REVISIT_IN, SECOND, page, pages, visit

from archive.crawl.backlog import Backlog, GivenUp
from archive.crawl.frontier import Frontier
from scraper.policy.plan import ANYTHING, Key, Scope

ONE, TWO, THREE = (Key("thread", tid) for tid in (1, 2, 3))
BOARD_7 = Scope(boards=frozenset({7}))


def test_nothing_is_left_of_nothing(backlog: Backlog) -> None:
    assert backlog.count_due(NOW, ANYTHING) == 0
    assert not backlog.has_due(ANYTHING, NOW + HOUR)
    assert backlog.next_due(ANYTHING) is None
    assert backlog.next_visit() is None
    assert backlog.given_up() == []


def test_due_pages_count_whenever_they_are_due_and_revisits_once_they_are(
    frontier: Frontier, backlog: Backlog
) -> None:
    frontier.add(pages(ONE, TWO, THREE), NOW)
    frontier.failed(TWO, NOW + 99 * HOUR, "timeout", "")
    visit(frontier, THREE)
    assert backlog.count_due(NOW, ANYTHING) == 2
    assert backlog.count_due(NOW + REVISIT_IN - SECOND, ANYTHING) == 2
    assert backlog.count_due(NOW + REVISIT_IN, ANYTHING) == 3
    frontier.failed(ONE, None, "timeout", "")
    assert backlog.count_due(NOW, ANYTHING) == 1


def test_a_revisit_is_nothing_that_is_left(
    frontier: Frontier, backlog: Backlog
) -> None:
    frontier.add(pages(ONE), NOW)
    assert backlog.has_due(ANYTHING, NOW + HOUR)
    visit(frontier, ONE)
    assert not backlog.has_due(ANYTHING, NOW + HOUR)
    assert backlog.next_due(ANYTHING) is None
    assert backlog.next_visit() == NOW + REVISIT_IN


def test_the_next_time_is_the_earliest(frontier: Frontier, backlog: Backlog) -> None:
    frontier.add(pages(ONE, TWO, THREE), NOW)
    frontier.failed(ONE, NOW + 2 * HOUR, "timeout", "")
    frontier.failed(TWO, NOW + HOUR, "timeout", "")
    frontier.failed(THREE, None, "timeout", "")
    assert backlog.next_due(ANYTHING) == NOW + HOUR
    assert backlog.next_visit() == NOW + HOUR
    frontier.failed(ONE, None, "timeout", "")
    frontier.failed(TWO, None, "timeout", "")
    assert backlog.next_visit() is None


def test_only_what_a_run_is_about_is_left(frontier: Frontier, backlog: Backlog) -> None:
    frontier.add([page(ONE, fid=7), page(TWO, fid=8), page(THREE, fid=7)], NOW)
    frontier.failed(ONE, NOW + 2 * HOUR, "timeout", "")
    visit(frontier, THREE)
    assert backlog.count_due(NOW, BOARD_7) == 1
    assert backlog.count_due(NOW + REVISIT_IN, BOARD_7) == 2
    assert backlog.next_due(BOARD_7) == NOW + 2 * HOUR
    assert not backlog.has_due(BOARD_7, NOW + HOUR)
    assert backlog.has_due(BOARD_7, NOW + 2 * HOUR)
    visit(frontier, ONE)
    assert not backlog.has_due(BOARD_7, NOW + 2 * HOUR)
    assert backlog.has_due(ANYTHING, NOW + HOUR)


def test_another_forums_pages_are_not_counted(
    conn: sqlite3.Connection, backlog: Backlog
) -> None:
    other = Frontier(conn, 2, NOW)
    other.add(pages(ONE, TWO, THREE), NOW)
    other.failed(ONE, None, "timeout", "")
    visit(other, TWO, outcome="refused")
    assert backlog.count_due(NOW + 99 * HOUR, ANYTHING) == 0
    assert not backlog.has_due(ANYTHING, NOW + HOUR)
    assert backlog.next_due(ANYTHING) is None
    assert backlog.next_visit() is None
    assert backlog.given_up() == []


def test_given_up_before_refused_each_in_order_and_nothing_else(
    frontier: Frontier, backlog: Backlog
) -> None:
    boards = [Key("board", 2), Key("board", 3)]
    frontier.add(pages(THREE, TWO, ONE, *boards), NOW)
    frontier.failed(TWO, None, "timeout", "timeout: 30 s")
    frontier.failed(ONE, None, "reset", "")
    frontier.failed(THREE, NOW, "timeout", "")
    visit(frontier, boards[0], outcome="page")
    frontier.done(boards[1], NOW, NOW + HOUR, "refused", message="password: 需要密码")
    assert backlog.given_up() == [
        GivenUp(ONE, "given_up", "reset", "", 1),
        GivenUp(TWO, "given_up", "timeout", "timeout: 30 s", 1),
        GivenUp(boards[1], "done", "refused", "password: 需要密码", 0),
    ]
