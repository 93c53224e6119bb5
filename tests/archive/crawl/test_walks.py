"""How far things of many pages are walked through: as far as their pages bring something."""

from __future__ import annotations

from collections.abc import Collection

from archive.crawl.walks import Walk, Walks
from scraper.policy.paging import REPEATS, THREAD_AHEAD
from scraper.policy.plan import Key


def rows_on(page: int, real: Collection[int]) -> list[int]:
    """The rows of a page; one that is not there shows those of the first."""
    shown = page if page in real else 1
    return [shown * 10, shown * 10 + 1]


def asked_from_above(real: Collection[int]) -> list[int]:
    """The pages that are asked for of a thread that claims more and more, from the last one
    of a range up."""
    walk = Walk()
    asked = list[int]()
    due = {1}
    while due:
        page = max(due)
        due.remove(page)
        asked.append(page)
        if walk.see(page, rows_on(page, real)):
            due = {number for number in due if walk.may_ask(number)}
        here = page if page in real else 1
        further = range(here + 1, here + THREAD_AHEAD + 1)
        due |= {number for number in further if walk.may_ask(number)} - set(asked)
    return asked


def test_a_claim_that_does_not_come_true_costs_a_few_requests() -> None:
    asked = asked_from_above([1])
    assert len(asked) <= 20
    assert len(asked) == len(set(asked))


def test_all_pages_that_are_there_are_asked_for() -> None:
    for last in (2, 3, 7, 40, 63, 64, 65, 66, 130, 500):
        real = range(1, last + 1)
        asked = asked_from_above(real)
        assert set(real) <= set(asked)
        assert len(asked) <= last + 30


def test_pages_that_are_missing_in_between_end_nothing() -> None:
    real = set(range(1, 201)) - {50, 51, 120}
    assert real <= set(asked_from_above(real))


def test_pages_downwards_end_after_some_that_bring_nothing() -> None:
    walk = Walk()
    assert not walk.see(1, [1, 2])
    assert not walk.see(2, [3, 4])
    repeats = [walk.see(number, [1, 4]) for number in range(3, 3 + REPEATS)]
    assert repeats == [False] * (REPEATS - 1) + [True]
    assert walk.may_ask(2)
    assert not walk.may_ask(3)


def test_a_page_without_any_row_brings_nothing() -> None:
    walk = Walk()
    walk.see(1, [1])
    ends = [walk.see(number, []) for number in range(2, 2 + REPEATS)]
    assert any(ends)


def test_news_in_between_begin_the_count_anew() -> None:
    walk = Walk()
    seen = [walk.see(page, [page // REPEATS]) for page in range(1, 50)]
    assert not any(seen)


def test_a_page_that_is_looked_at_again_repeats_none() -> None:
    walk = Walk()
    ends = [walk.see(1, [1]) for _ in range(9)]
    assert not any(ends)


def test_what_is_remembered_of_a_run_has_bounds() -> None:
    walks = Walks()
    for tid in range(1_000):
        walks.of(Key("thread", tid)).see(1, range(tid * 10, tid * 10 + 10))
    first = walks.of(Key("thread", 0))
    assert not first.pages

    for page in range(1, 50_000):
        first.see(page, range(page * 10, page * 10 + 10))
    assert len(first.rows) < 250_000
