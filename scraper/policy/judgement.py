"""What a visit came to: how it ended by what the page shows, and when to ask again. Pure rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from scraper.core.census import IN_PART, PageWarning
from scraper.core.records import (
    BoardPage,
    Content,
    IndexPage,
    Notice,
    PostExtras,
    Reason,
    Redirect,
    ThreadPage,
    Unknown,
)
from scraper.policy import plan
from scraper.policy.plan import Key
from scraper.policy.politeness import retry_delay_s
from scraper.policy.revisits import NEVER

VisitOutcome: TypeAlias = Literal[
    "page", "part", "refused", "gone", "elsewhere", "past_end", "again", "given_up"
]
"""What a visit ended as. part: of the page only a part came, however often it was asked
for; refused: the forum's notice in place of the page; gone: the forum
does not have it; elsewhere: another page answers there; past_end: the thread or board has
fewer pages; again: failed, to be tried again later; given_up: failed for good, until `retry`."""

PART_TRIES: Final = 3
"""Visits of a page that comes in part, before the part is taken for all there is."""

_REFUSALS: Final[frozenset[Reason]] = frozenset(
    {"forbidden", "login", "password", "closed", "other"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How a visit ended. `revisit_at`: when to visit the page again, None where the visit
    failed; `reason` in words for people."""

    outcome: VisitOutcome
    revisit_at: datetime | None = None
    reason: str = ""


def judge(content: Content, key: Key, at: datetime) -> Judgement:
    """How the visit of the page `key` ended that was answered with `content` at a time."""
    match content:
        case Notice():
            return _judge_notice(content, at)
        case Redirect() if key.kind == "thread":
            # followed, but for the one that says that the thread ends before this page
            return Judgement(outcome="past_end", revisit_at=at + plan.MOST_RARELY)
        case Unknown():
            return Judgement(outcome="again", reason=f"unreadable: {content.message}")
        case ThreadPage() if key.kind in ("thread", "all_parts", "archiver"):
            return _judge_thread(content, key, at)
        case BoardPage() if key.kind == "board":
            return _judge_board(content, key, at)
        case IndexPage() if key.kind in ("index", "category"):
            return Judgement(outcome="page", revisit_at=at + plan.BOARD_RARELY)
        case PostExtras() if key.kind in ("ratings", "comments"):
            # its thread's page says when there is something else to see
            return Judgement(outcome="page", revisit_at=NEVER)

    # a member's list of threads is no record: its links are read
    if key.kind == "user":
        return Judgement(outcome="page", revisit_at=at + plan.BOARD_RARELY)
    return Judgement(
        outcome="elsewhere",
        revisit_at=at + plan.REFUSED_AGAIN,
        reason=f"a page of kind {content.kind} answers there",
    )


def judge_part(
    judgement: Judgement, warnings: Sequence[PageWarning], tries: int
) -> Judgement:
    """The same for a page of which a part did not come out: asked for again, PART_TRIES
    times in all. `tries`: failed visits before this one.

    What such a page lacks says nothing: it never counts as seen whole.
    """
    missing = [str(warning) for warning in warnings if warning.kind in IN_PART]
    if judgement.outcome != "page" or not missing:
        return judgement

    reason = f"read in part: {'; '.join(missing)}"
    if tries + 1 < PART_TRIES:
        return Judgement(outcome="again", reason=reason)
    return replace(judgement, outcome="part", reason=reason)


def is_about_other_thread(content: ThreadPage, key: Key) -> bool:
    """Whether another thread answers at a thread's address: it was moved or merged."""
    if content.tid is None:
        return False
    return content.tid != key.item


def retry_at(
    now: datetime,
    tries: int,
    most_tries: int,
    wait_s: float | None = None,
    *,
    for_good: bool = False,
) -> datetime | None:
    """When to ask again for what failed `tries` times in a row; None where it is given up.

    `wait_s`: how long the server wants to be left alone; `for_good`: asking again is of no use.
    """
    if for_good or tries >= most_tries:
        return None

    delay_s = retry_delay_s(tries)
    if wait_s:
        delay_s = max(delay_s, wait_s)
    return now + timedelta(seconds=delay_s)


def _judge_notice(notice: Notice, at: datetime) -> Judgement:
    if notice.reason == "not_found":
        return Judgement(
            outcome="gone",
            revisit_at=at + plan.MOST_RARELY,
            reason=notice.message,
        )

    reason = f"{notice.reason}: {notice.message}"
    if notice.reason in _REFUSALS:
        return Judgement(
            outcome="refused",
            revisit_at=at + plan.REFUSED_AGAIN,
            reason=reason,
        )
    return Judgement(outcome="again", reason=reason)


def _judge_thread(page: ThreadPage, key: Key, at: datetime) -> Judgement:
    changed_at = plan.last_change(page)
    revisit_at = plan.revisit_at(at, changed_at)
    if is_about_other_thread(page, key):
        return Judgement(outcome="elsewhere", revisit_at=revisit_at)
    if page.page < key.page:
        return Judgement(outcome="past_end", revisit_at=revisit_at)
    return Judgement(outcome="page", revisit_at=revisit_at)


def _judge_board(page: BoardPage, key: Key, at: datetime) -> Judgement:
    is_first_page = key.page == 1 and page.page == 1
    if is_first_page:
        newest = plan.newest_reply(page)
        revisit_at = plan.board_again_at(at, newest)
    else:
        revisit_at = at + plan.MOST_RARELY
    return Judgement(
        outcome="page" if page.page == key.page else "past_end",
        revisit_at=revisit_at,
    )
