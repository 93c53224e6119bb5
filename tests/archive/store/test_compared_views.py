"""How much one view of a post shows beside another, and how a view is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from store_pages import SEEN, STORED

from archive.store.layouts import DESKTOP
from archive.store.observation import Observation
from archive.store.views import View, Views, compare
from scraper.core.records import Post

VIEWS = ["", "guest", "member", "hiding", "fileless", "part", "saved"]
FULLEST = "member hiding fileless part saved"


@pytest.mark.parametrize("column", [*VIEWS, "guest part", FULLEST])
def test_a_view_is_read_as_it_is_written(column: str) -> None:
    """And a page that shows the same gives the same view."""
    words = column.split()
    reader = next((word for word in words if word in ("guest", "member")), "")
    flags = {word: word in words for word in ("hiding", "fileless", "part", "saved")}
    expected = View(reader, **flags)
    assert str(expected) == column

    stored = replace(STORED, view=column, opening=1)
    post = Post(hidden=("回复",) if flags.pop("hiding") else ())
    seen: Any = {"reader": reader} | flags
    views = compare(stored, post, Observation(SEEN, DESKTOP, **seen))
    assert views == Views(expected, expected)
    assert not views.has_less
    assert not views.has_more


def test_the_price_of_what_was_paid_hides_nothing() -> None:
    paid = Post(hidden=("付费主题, 价格: 20 金钱",))
    assert compare(STORED, paid, Observation(SEEN, DESKTOP)).now == View()
    both = Post(hidden=(*paid.hidden, "回复"))
    assert compare(STORED, both, Observation(SEEN, DESKTOP)).now == View(hiding=True)


def test_only_an_opening_post_has_parts() -> None:
    seen = Observation(SEEN, DESKTOP, part=True)
    assert compare(STORED, Post(), seen).now == View()


@pytest.mark.parametrize(
    ("fewer", "fuller", "of_words"),
    [
        (View("guest"), View("member"), True),
        (View(hiding=True), View(), True),
        (View(part=True), View(), True),
        (View(saved=True), View(), True),
        (View(fileless=True), View(), False),
    ],
)
def test_which_view_lacks_what(fewer: View, fuller: View, of_words: bool) -> None:
    assert fewer.lacks(fuller)
    assert fewer.lacks_words(fuller) == of_words
    assert not fuller.lacks(fewer)
    assert not fewer.lacks(fewer)
    assert Views(fuller, fewer).has_less
    assert Views(fewer, fuller).has_more


@pytest.mark.parametrize("reader", ["guest", "member"])
def test_of_readers_who_are_not_known_nothing_is_said(reader: str) -> None:
    assert not View(reader).lacks(View())
    assert not View().lacks(View(reader))
