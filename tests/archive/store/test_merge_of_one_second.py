"""Pages of one second: the capture that was kept later is the newer one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from store_pages import AFTER, BEFORE, SEEN, STORED

from archive.store.layouts import DESKTOP, PRINT, TOUCH
from archive.store.merge import Merge, merge
from archive.store.observation import Observation
from scraper.core.records import Post

PICTURE = '<img src="data/a.png">'

Changes = dict[str, Any]


def merged(stored: Changes, printed: Changes, seen: Changes) -> Merge:
    """What a page does to a stored post; other things hang on it, unless `stored` has the
    fingerprint `new`."""
    before = replace(STORED, **stored)
    post = Post(**{"author": "甲", "text": before.text, "html": before.text} | printed)
    circumstances = {"at": SEEN, "rank": DESKTOP} | seen
    return merge(before, post, None, "new", Observation(**circumstances))


@pytest.mark.parametrize(
    ("stored", "seen", "is_newer"),
    [
        ({}, {"capture_id": 6}, True),
        ({}, {"capture_id": 5}, True),
        ({}, {"capture_id": 4}, False),
        ({}, {"capture_id": None}, True),
        ({"last_capture_id": None}, {"capture_id": 4}, True),
        ({}, {"capture_id": 4, "at": AFTER}, True),
        ({}, {"capture_id": 6, "at": BEFORE}, False),
    ],
)
def test_the_later_kept_capture_counts(
    stored: Changes, seen: Changes, is_newer: bool
) -> None:
    before = {"last_capture_id": 5, "capture_id": 9} | stored
    result = merged(before, {"author": "乙"}, seen)
    assert result.values.get("author") == ("乙" if is_newer else None)
    assert result.extras == ("replace" if is_newer else "")


@pytest.mark.parametrize(("capture_id", "extras"), [(6, "replace"), (4, "")])
def test_words_that_a_later_page_did_not_show_are_as_old_as_their_capture(
    capture_id: int, extras: str
) -> None:
    """As where moderators had hidden them in the meantime."""
    stored = {"capture_id": 5, "last_capture_id": 9, "last_seen_at": AFTER}
    assert merged(stored, {}, {"capture_id": capture_id}).extras == extras


@pytest.mark.parametrize(
    ("printed", "seen", "words"),
    [
        # a picture alone, where the forum hid the post so far
        ({"html": PICTURE}, {"capture_id": 6}, "take"),
        ({"html": PICTURE}, {"capture_id": 4}, "keep"),
        ({"html": PICTURE}, {"capture_id": 4, "at": AFTER}, "take"),
        ({"html": PICTURE}, {"capture_id": 6, "at": BEFORE}, "keep"),
        ({"html": PICTURE}, {"capture_id": 4, "rank": DESKTOP + 1}, "take"),
        ({"html": PICTURE}, {"at": AFTER, "rank": TOUCH}, "keep"),
        # words come from whichever page has them
        ({"text": "话"}, {"capture_id": 4}, "take"),
        ({"text": "话"}, {"at": BEFORE, "rank": PRINT}, "take"),
    ],
)
def test_the_first_that_is_seen_of_a_hidden_post(
    printed: Changes, seen: Changes, words: str
) -> None:
    stored = {"text": "", "withheld": "隐", "capture_id": 5, "fingerprint": "new"}
    assert merged(stored, printed, seen).words == words
