"""What a run is about, and how it widens by what its pages lead to."""

from __future__ import annotations

from datetime import date

import pytest

from scraper.policy.scope import ANYTHING, THREAD, DiscoveredPage, Key, Scope

FOUND = [
    DiscoveredPage(key=key, priority=THREAD)
    for key in (Key("board", 9), Key("thread", 7), Key("thread", 7, 2), Key("user", 3))
]


@pytest.mark.parametrize(
    ("scope", "whole"),
    [
        (ANYTHING, True),
        (Scope(since=date(2024, 1, 1)), True),
        (Scope(complete=True), True),
        (Scope(boards=frozenset({2})), False),
        (Scope(threads=frozenset({2})), False),
        (Scope(users=frozenset({2})), False),
    ],
)
def test_a_run_that_names_nothing_is_about_the_whole_forum(
    scope: Scope, whole: bool
) -> None:
    assert scope.whole is whole


@pytest.mark.parametrize(
    ("scope", "boards", "threads"),
    [
        (ANYTHING, set(), set()),
        (Scope(boards=frozenset({2})), {2, 9}, set()),
        (Scope(threads=frozenset({5})), set(), {5, 7}),
        (Scope(users=frozenset({3})), set(), {7}),
        (Scope(boards=frozenset({2}), users=frozenset({3})), {2, 9}, {7}),
        (Scope(boards=frozenset({9}), threads=frozenset({7})), {9}, {7}),
    ],
)
def test_a_run_widens_by_sub_boards_and_by_threads_of_members(
    scope: Scope, boards: set[int], threads: set[int]
) -> None:
    wider = scope.also(FOUND)
    assert (wider.boards, wider.threads) == (boards, threads)
    assert wider.users == scope.users
    assert wider.whole == scope.whole
    assert isinstance(hash(wider), int)


def test_a_run_keeps_its_other_terms_when_it_widens() -> None:
    scope = Scope(
        boards=frozenset({2}),
        since=date(2024, 1, 1),
        complete=True,
        utc_offset_minutes=0,
    )
    wider = scope.also(FOUND)
    assert (wider.since, wider.complete) == (scope.since, True)
    assert wider.utc_offset_minutes == 0


def test_what_leads_nowhere_leaves_a_run_as_it_is() -> None:
    scope = Scope(boards=frozenset({9}), threads=frozenset({7}))
    assert scope.also(FOUND) is scope
    assert scope.also([]) is scope


def test_keys_are_ordered_and_of_the_first_page_where_none_is_named() -> None:
    keys = [Key("thread", 5, 2), Key("thread", 5), Key("board", 9)]
    assert sorted(keys) == [
        Key("board", 9, 1),
        Key("thread", 5, 1),
        Key("thread", 5, 2),
    ]
    assert Key("index") == Key("index", 0, 1)
