"""What a page does to a stored post: each rule on both sides of its bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from store_pages import AFTER, BEFORE, SEEN, STORED

from archive.store.layouts import (
    ARCHIVER,
    DESKTOP,
    FEED,
    PRINT,
    TEXT,
    TOUCH,
    rank_of,
)
from archive.store.merge import Merge, merge
from archive.store.observation import Observation
from archive.store.stamps import finer, iso, same_minute
from archive.store.stored_post import StoredPost
from archive.store.upsert import changed_columns, is_change
from archive.store.wording import alike, squeezed
from scraper.core.records import Post

AT = datetime(2024, 5, 14, 13, 46, 7, tzinfo=UTC)
POST = Post(author="甲", posted_at=AT, html="话", text="话")
LONG = "红灯牌收音机只剩沙沙声，求师傅把脉"
LONG_OTHER = "红灯牌收录机只剩沙沙声，求师傅把脉"
OTHER = "完全不同的一句话，和别的没有关系"


def row(**changes: Any) -> StoredPost:
    return replace(STORED, **changes)


def post(**changes: Any) -> Post:
    if "text" in changes:
        changes.setdefault("html", changes["text"])
    return replace(POST, **changes)


def seen(at: str = SEEN, rank: int = DESKTOP, **changes: Any) -> Observation:
    return Observation(at, rank, **changes)


def words_of(stored: StoredPost, printed: Post, observation: Observation) -> str:
    return merge(stored, printed, None, "", observation).words


def values_of(
    stored: StoredPost,
    printed: Post,
    observation: Observation | None = None,
    user_id: int | None = None,
) -> dict[str, object]:
    return dict(merge(stored, printed, user_id, "", observation or seen()).values)


@pytest.mark.parametrize(
    ("stored", "printed", "observation", "words"),
    [
        # the same words, by layout
        ({}, {}, seen(), "keep"),
        ({}, {"text": " 话\n"}, seen(), "keep"),
        ({"rank": PRINT}, {}, seen(), "take"),
        ({}, {}, seen(rank=PRINT), "keep"),
        ({}, {"withheld": "提示"}, seen(), "keep"),
        ({}, {"html": ""}, seen(), "keep"),
        # the same capture, whatever it says
        ({"capture_id": 3}, {"text": OTHER}, seen(capture_id=3), "reread"),
        ({"capture_id": 3}, {"text": OTHER}, seen(capture_id=4), "replace"),
        ({"capture_id": None}, {"text": OTHER}, seen(), "replace"),
        # no words on the page
        ({}, {"text": "", "withheld": "隐藏", "html": "隐"}, seen(), "absent"),
        ({}, {"text": ""}, seen(), "absent"),
        ({}, {"text": "", "html": "<img>"}, seen(), "stray"),
        # no words so far
        ({"text": "", "withheld": "隐藏", "fingerprint": "f"}, {}, seen(), "take"),
        ({"text": "", "rank": TOUCH, "fingerprint": "f"}, {}, seen(), "take"),
        ({"text": "", "fingerprint": ""}, {}, seen(), "take"),
        ({"text": "", "fingerprint": "f"}, {}, seen(), "replace"),
        ({"text": "", "fingerprint": "f"}, {}, seen(rank=TOUCH), "unlike"),
        # two layouts of what may be one text
        ({"text": LONG}, {"text": LONG_OTHER}, seen(rank=PRINT), "similar"),
        ({"text": LONG, "rank": PRINT}, {"text": LONG_OTHER}, seen(), "take"),
        ({"text": LONG}, {"text": LONG_OTHER}, seen(), "replace"),
        ({"text": LONG}, {"text": OTHER}, seen(rank=PRINT), "unlike"),
        ({"text": LONG, "rank": PRINT}, {"text": OTHER}, seen(), "take"),
        ({"text": LONG, "rank": PRINT}, {"text": OTHER}, seen(BEFORE), "take"),
        ({}, {"text": "", "html": "<img>"}, seen(rank=PRINT), "similar"),
        # one part of a split opening post, by a fuller layout
        (
            {"text": LONG, "rank": PRINT, "opening": 1},
            {"text": LONG_OTHER},
            seen(part=True),
            "similar",
        ),
        (
            {"text": LONG, "rank": PRINT, "opening": 1},
            {"text": OTHER},
            seen(part=True),
            "unlike",
        ),
        ({"text": "一二三四", "rank": PRINT}, {"text": "一\n三"}, seen(), "unlike"),
        # other words, by time
        ({}, {"text": OTHER}, seen(AFTER), "replace"),
        ({}, {"text": OTHER}, seen(SEEN), "replace"),
        ({}, {"text": OTHER}, seen(BEFORE), "stray"),
        # other words of one part of a split opening post
        ({"opening": 1}, {"text": OTHER}, seen(part=True), "stray"),
        ({"opening": 0}, {"text": OTHER}, seen(part=True), "replace"),
        ({"opening": 1}, {"text": OTHER}, seen(), "replace"),
        # fewer lines, all known
        ({"text": "一二\n三四"}, {"text": "三四"}, seen(), "stray"),
        (
            {"text": "一二\n三四"},
            {"text": "三四", "html": "<div class=locked>三四"},
            seen(),
            "keep",
        ),
        (
            {"text": "一二\n三四"},
            {"text": "三四", "html": '<div class="notice">三四'},
            seen(),
            "keep",
        ),
        ({"text": "一二\n三四"}, {"text": "三五"}, seen(), "replace"),
        ({"text": "一二"}, {"text": "二一"}, seen(), "replace"),
        ({"text": "一二 三"}, {"text": "一三"}, seen(), "replace"),
        ({"text": "一二\n三四"}, {"text": "三四", "edited_at": AT}, seen(), "replace"),
        (
            {"text": "一二\n三四", "edited_at": iso(AT)},
            {"text": "三四", "edited_at": AT},
            seen(),
            "stray",
        ),
        (
            {"text": "一二\n三四", "edited_at": iso(AT)},
            {"text": "三四"},
            seen(),
            "stray",
        ),
        # the title counts where both are known
        ({"subject": "旧题"}, {"subject": "新题"}, seen(), "replace"),
        ({"subject": "旧题"}, {"subject": "旧 题"}, seen(), "keep"),
        ({"subject": "旧题"}, {"subject": ""}, seen(), "keep"),
        ({"subject": ""}, {"subject": "新题"}, seen(), "keep"),
    ],
)
def test_what_the_words_of_a_page_are(
    stored: dict[str, Any],
    printed: dict[str, Any],
    observation: Observation,
    words: str,
) -> None:
    assert words_of(row(**stored), post(**printed), observation) == words


@pytest.mark.parametrize(
    ("stored", "printed", "observation", "taken"),
    [
        ({}, {"text": OTHER}, seen(), True),
        ({"rank": PRINT}, {}, seen(), True),
        ({}, {}, seen(), False),
        ({}, {"text": OTHER}, seen(BEFORE), False),
        ({"capture_id": 1}, {"text": OTHER}, seen(capture_id=1), False),
    ],
)
def test_words_come_with_all_that_is_made_of_them(
    stored: dict[str, Any],
    printed: dict[str, Any],
    observation: Observation,
    taken: bool,
) -> None:
    html = f"<b>{printed.get('text', '话')}</b>"
    shown = post(**printed | {"html": html, "signature": "签"})
    values = values_of(row(**stored), shown, replace(observation, capture_id=7))
    if "capture_id" in stored:
        values = values_of(row(**stored), shown, observation)
    expected = {
        "text": shown.text,
        "html": html,
        "markdown": f"**{shown.text}**",
        "signature": "签",
        "rank": DESKTOP,
        "capture_id": 7,
    }
    assert {name: values.get(name) for name in expected} == (
        expected if taken else dict.fromkeys(expected)
    )


@pytest.mark.parametrize(
    ("fingerprint", "stored", "printed", "observation", "taken"),
    [
        ("new", {}, {}, seen(), True),
        ("new", {}, {}, seen(AFTER), True),
        ("new", {}, {}, seen(BEFORE), False),
        ("new", {"rank": PRINT}, {}, seen(BEFORE), True),
        ("new", {}, {}, seen(rank=PRINT), False),
        ("", {}, {}, seen(), False),
        ("new", {}, {"text": OTHER}, seen(), True),
        ("new", {}, {"text": OTHER}, seen(BEFORE), False),
        ("new", {"opening": 1}, {"text": OTHER}, seen(part=True), False),
        ("new", {}, {"text": ""}, seen(), False),
        ("", {"fingerprint": "old"}, {}, seen(), True),
    ],
)
def test_when_quotes_and_files_are_taken(
    fingerprint: str,
    stored: dict[str, Any],
    printed: dict[str, Any],
    observation: Observation,
    taken: bool,
) -> None:
    result = merge(row(**stored), post(**printed), None, fingerprint, observation)
    assert result.extras == ("replace" if taken else "")
    assert result.values.get("fingerprint") == (fingerprint if taken else None)


LABELS: dict[str, tuple[object, object, dict[str, Any]]] = {
    "floor": (3, 4, {"floor": 4}),
    "subject": ("旧题", "新题", {"subject": "新题"}),
    "author": ("甲", "乙", {"author": "乙"}),
    "edited_by": ("甲", "乙", {"edited_by": "乙"}),
    "edited_at": ("2024-05-14T00:00:00Z", iso(AT), {"edited_at": AT}),
    "side": ("正方", "反方", {"side": "反方"}),
}


@pytest.mark.parametrize("column", LABELS)
def test_labels_follow_the_newer_page_of_a_layout_as_full(column: str) -> None:
    old, new, printed = LABELS[column]
    stored = row(**{column: old})
    empty = None if column in ("floor", "edited_at") else ""
    for observation in (seen(SEEN), seen(AFTER)):
        assert values_of(stored, post(**printed), observation)[column] == new
    for observation in (seen(BEFORE), seen(AFTER, rank=TOUCH)):
        assert column not in values_of(stored, post(**printed), observation)
        filled = values_of(row(**{column: empty}), post(**printed), observation)
        assert filled[column] == new
    assert column not in values_of(stored, post(**{column: empty}))


@pytest.mark.parametrize(
    ("stored_rank", "observation", "wins"),
    [
        (DESKTOP, seen(SEEN), True),
        (DESKTOP, seen(BEFORE), False),
        (DESKTOP, seen(AFTER, rank=TOUCH), False),
        (TOUCH, seen(BEFORE), True),
    ],
)
def test_the_location_follows_the_fuller_layout(
    stored_rank: int, observation: Observation, wins: bool
) -> None:
    there = post(location="海南")
    stored = row(rank=stored_rank, location="广东")
    assert values_of(stored, there, observation).get("location") == (
        "海南" if wins else None
    )
    unknown = row(rank=stored_rank)
    assert values_of(unknown, there, observation)["location"] == "海南"
    assert "location" not in values_of(stored, post(), observation)


def test_what_an_author_who_is_hidden_has_no_name_for() -> None:
    named = post(author="乙")
    values = values_of(row(author=""), named, user_id=5)
    assert (values["author"], values["user_id"]) == ("乙", 5)
    for stored, printed in (
        (row(author="", anonymous=1), named),
        (row(author=""), replace(named, anonymous=True)),
    ):
        values = values_of(stored, printed, user_id=5)
        assert "author" not in values
        assert "user_id" not in values


def test_a_number_is_given_once() -> None:
    assert values_of(row(), post(pid=8))["pid"] == 8
    assert "pid" not in values_of(row(pid=7), post(pid=8), seen(AFTER))


def test_an_author_once_told_anonymous_or_not_stays_so() -> None:
    assert "anonymous" not in values_of(row(), post(anonymous=True), seen(AFTER))
    assert "anonymous" not in values_of(row(anonymous=1), post(), seen(AFTER))


def test_floors_of_one_authors_pages_are_not_the_threads() -> None:
    assert values_of(row(), post(floor=4))["floor"] == 4
    assert "floor" not in values_of(row(), post(floor=4), seen(filtered=True))


def test_the_best_answer_stays_one() -> None:
    best = post(best_answer=True)
    assert values_of(row(), best, seen(BEFORE))["best_answer"] == 1
    assert "best_answer" not in values_of(row(best_answer=1), best)
    assert "best_answer" not in values_of(row(best_answer=1), post(), seen(AFTER))


def test_what_is_seen_again_is_not_gone() -> None:
    gone = row(gone_at=SEEN)
    assert values_of(gone, post(), seen(AFTER))["gone_at"] is None
    assert "gone_at" in values_of(gone, post(), seen(AFTER))
    for observation in (seen(SEEN), seen(BEFORE)):
        assert "gone_at" not in values_of(gone, post(), observation)
    assert "gone_at" not in values_of(row(), post(), seen(AFTER))


@pytest.mark.parametrize(
    ("stored_at", "printed_at", "written"),
    [
        (None, AT, iso(AT)),
        ("2024-05-14T13:46:00Z", AT, iso(AT)),
        ("2024-05-14", AT, iso(AT)),
        (iso(AT), AT.replace(second=0), None),
        (iso(AT), date(2024, 5, 14), None),
        (iso(AT), AT.replace(hour=20), None),
        (iso(AT), None, None),
    ],
)
def test_times_only_get_more_exact(
    stored_at: str | None, printed_at: date | None, written: str | None
) -> None:
    for observation in (seen(BEFORE), seen(AFTER)):
        values = values_of(
            row(posted_at=stored_at), post(posted_at=printed_at), observation
        )
        assert values.get("posted_at") == written


def test_a_capture_read_again_corrects_its_time() -> None:
    wrong = row(posted_at="2001-01-01T00:00:00Z", capture_id=1)
    assert values_of(wrong, post(), seen(capture_id=1))["posted_at"] == iso(AT)
    assert "posted_at" not in values_of(wrong, post(), seen(capture_id=2))
    timeless = post(posted_at=None)
    assert "posted_at" not in values_of(wrong, timeless, seen(capture_id=1))
    right = row(capture_id=1)
    rough = post(posted_at=AT.replace(second=0))
    assert "posted_at" not in values_of(right, rough, seen(capture_id=1))


HIDDEN = {"text": "", "withheld": "此帖被屏蔽", "withheld_reason": "blocked"}
FOR_READERS = {"text": "", "withheld": "回复可见", "withheld_reason": "reply"}


@pytest.mark.parametrize(
    ("stored", "printed", "observation", "written"),
    [
        # a moderator hides it from all: said beside the words
        ({}, HIDDEN, seen(), "此帖被屏蔽"),
        ({}, HIDDEN | {"withheld_reason": "banned"}, seen(), "此帖被屏蔽"),
        ({}, HIDDEN | {"withheld_reason": "deleted"}, seen(), "此帖被屏蔽"),
        ({}, HIDDEN, seen(AFTER, rank=PRINT), "此帖被屏蔽"),
        ({}, HIDDEN, seen(BEFORE), None),
        # hidden from this reader: only where nothing else is known
        ({}, FOR_READERS, seen(), None),
        ({"text": ""}, FOR_READERS, seen(), "回复可见"),
        ({"text": ""}, FOR_READERS, seen(BEFORE), None),
        # shown again
        ({"withheld": "隐"}, {}, seen(), ""),
        ({"withheld": "隐"}, {"text": "", "html": "<img>"}, seen(), ""),
        ({"withheld": "隐"}, {"text": "话", "html": ""}, seen(), ""),
        ({"withheld": "隐"}, {"text": "", "html": ""}, seen(), None),
        ({"withheld": "隐"}, {}, seen(BEFORE), None),
        ({"withheld": "隐", "text": ""}, {}, seen(BEFORE), ""),
        ({}, {}, seen(), None),
    ],
)
def test_hidden_by_the_forum(
    stored: dict[str, Any],
    printed: dict[str, Any],
    observation: Observation,
    written: str | None,
) -> None:
    values = values_of(row(**stored), post(**printed), observation)
    assert values.get("withheld") == written
    if written:
        assert values["withheld_reason"] == printed["withheld_reason"]
    if written == "":
        assert values["withheld_reason"] is None
        assert "withheld_reason" in values


def test_the_reason_alone_may_change() -> None:
    stored = row(withheld="此帖被屏蔽", withheld_reason="other")
    assert values_of(stored, post(**HIDDEN)) == {"withheld_reason": "blocked"}
    same = row(withheld="此帖被屏蔽", withheld_reason="blocked")
    assert values_of(same, post(**HIDDEN)) == {}


def test_the_same_again_writes_nothing() -> None:
    assert merge(row(), post(), None, "", seen()) == Merge("keep")


TEXTS = st.sampled_from(["", "话", LONG, LONG_OTHER, OTHER, "一二\n三四", "三四"])
RANKS = st.sampled_from([FEED, TEXT, ARCHIVER, PRINT, TOUCH, DESKTOP])
TIMES = st.sampled_from([BEFORE, SEEN, AFTER])


EMPTIED = {
    "text",
    "html",
    "markdown",
    "signature",
    "capture_id",
    "withheld",
    "withheld_reason",
}
"""Columns that go with the words, or with the forum's for hiding them."""


@given(TEXTS, TEXTS, RANKS, RANKS, TIMES, st.sampled_from(["", "隐"]))
def test_words_are_never_overwritten_away(
    stored_text: str, text: str, stored_rank: int, rank: int, at: str, withheld: str
) -> None:
    """Words that a page takes the place of are kept, unless it prints them more fully."""
    stored = row(text=stored_text, rank=stored_rank)
    result = merge(stored, post(text=text, withheld=withheld), None, "", seen(at, rank))
    if result.words == "replace":
        assert rank >= stored_rank
        assert at >= SEEN
    elif "text" in result.values:
        assert not stored_text or rank > stored_rank
    for name, value in result.values.items():
        if value in (None, ""):
            assert name in EMPTIED


def test_ranks_of_themes() -> None:
    ranks = {
        "x": DESKTOP,
        "classic7": DESKTOP,
        "api": TOUCH,
        "mobile": TOUCH,
        "touch34": TOUCH,
        "generic": TOUCH,
        "print_page": PRINT,
        "print_text": TEXT,
        "archiver": ARCHIVER,
        "wap": ARCHIVER,
        "feed": FEED,
        "rss": FEED,
        "": DESKTOP,
    }
    assert {theme: rank_of(theme) for theme in ranks} == ranks
    assert DESKTOP > TOUCH > PRINT > ARCHIVER > TEXT > FEED


@pytest.mark.parametrize(
    ("stored", "observed", "newer", "written"),
    [
        (None, None, True, False),
        ("a", "", True, False),
        ("a", None, True, False),
        (1, False, True, False),
        ("a", "a", True, False),
        ("a", "b", True, True),
        ("a", "b", False, False),
        ("", "b", False, True),
        (None, 0, False, True),
        (False, "b", False, True),
        (0, 1, False, False),
        (0, 1, True, True),
        (1, 0, True, True),
    ],
)
def test_when_a_value_is_written_over_another(
    stored: object, observed: object, newer: bool, written: bool
) -> None:
    assert is_change(stored, observed, newer=newer) == written
    changes = changed_columns({"a": stored}, {"a": observed}, newer=newer)
    assert changes == ({"a": observed} if written else {})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("甲乙丙丁戊", "甲乙丙丁戊", True),
        ("甲乙丙丁戊", "甲乙丙丁己", True),  # three pairs of four
        ("甲乙丙丁戊", "甲乙丙己庚", False),  # two of four
        ("甲乙", "甲乙丙丁戊己庚辛", True),
        ("甲，乙！", "甲_乙", True),
        ("甲", "甲", True),
        ("甲", "乙", False),
        ("", "甲", False),
    ],
)
def test_texts_that_may_be_one(one: str, other: str, same: bool) -> None:
    assert alike(one, other) == same
    assert alike(other, one) == same


def test_white_space_is_no_difference() -> None:
    assert squeezed(" 甲\u3000乙\n丙 ") == "甲乙丙"


STAMPS = st.one_of(
    st.integers(0, 2 * 86_400).map(lambda s: iso(AT + timedelta(seconds=s))),
    st.dates(date(2024, 5, 13), date(2024, 5, 15)).map(iso),
    st.none(),
)


@given(STAMPS, STAMPS)
def test_of_two_times_the_finer_is_one_of_them(
    stored: str | None, observed: str | None
) -> None:
    found = finer(stored, observed)
    assert found in (stored, observed)
    if stored and observed and not same_minute(stored, observed):
        assert found == stored
    assert same_minute(stored, observed) == same_minute(observed, stored)
    if stored:
        assert same_minute(stored, stored)
        assert finer(stored, None) == stored
        assert finer(None, stored) == stored
