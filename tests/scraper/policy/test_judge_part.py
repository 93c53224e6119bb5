"""A page of which a part is missing is asked for again, and never counts as seen whole."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scraper.core.census import PageWarning
from scraper.policy.judgement import PART_TRIES, Judgement, judge_part

WHEN = datetime(2024, 5, 1, tzinfo=UTC)
WHOLE = Judgement(outcome="page", revisit_at=WHEN)
CUT = PageWarning(kind="page-cut", detail="the page breaks off before its end")
MISSED = PageWarning(kind="posts-missed", detail="2 of 4 posts did not come out")
LOST = PageWarning(kind="no-authors", detail="no author on any of 4 posts")


@pytest.mark.parametrize("warning", [CUT, MISSED])
def test_a_part_is_asked_for_again_so_many_times(warning: PageWarning) -> None:
    for tries in range(PART_TRIES - 1):
        judged = judge_part(WHOLE, (LOST, warning), tries)
        assert judged.outcome == "again"
        assert judged.revisit_at is None
        assert judged.reason == f"read in part: {warning}"


def test_then_it_is_taken_for_what_there_is_and_not_for_the_whole() -> None:
    judged = judge_part(WHOLE, (CUT, MISSED), PART_TRIES - 1)
    assert (judged.outcome, judged.revisit_at) == ("part", WHEN)
    assert judged.reason == f"read in part: {CUT}; {MISSED}"


def test_a_field_that_was_not_read_is_no_reason_to_ask_again() -> None:
    assert judge_part(WHOLE, (LOST,), 0) is WHOLE


@pytest.mark.parametrize("outcome", ["past_end", "elsewhere", "refused", "gone"])
def test_what_is_no_page_stays_as_it_was_judged(outcome: str) -> None:
    other = Judgement(outcome=outcome, revisit_at=WHEN)  # type: ignore[arg-type]
    assert judge_part(other, (CUT,), 0) is other
