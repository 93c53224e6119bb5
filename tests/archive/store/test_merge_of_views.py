"""What a page does to a stored post where one of the two shows less of it: by who looked,
what was hidden, which part it is, and whether a browser saved it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from store_pages import AFTER, BEFORE, SEEN, STORED

from archive.store.layouts import DESKTOP, PRINT, TOUCH
from archive.store.merge import Merge, merge
from archive.store.observation import Observation
from scraper.core.records import Post

EDITED = datetime(2024, 6, 2, tzinfo=UTC)
ALL = "头\n藏着的话\n尾"
LESS = "头\n尾"
OTHER = "完全不同的一句话，和别的没有关系"
PICTURE = '<img aid="9" src="data/a.png">'
NOTICE = '<div class="notice">头尾</div>'

Changes = dict[str, Any]


def merged(
    stored: Changes, printed: Changes, seen: Changes, fingerprint: str = ""
) -> Merge:
    """What a page does to the stored post, of which it prints the same words unless it is
    told otherwise, in the same layout and second."""
    html_before = stored.get("html", "")
    columns = {name: value for name, value in stored.items() if name != "html"}
    before = replace(STORED, **{"text": ALL} | columns)
    text = printed.get("text", before.text)
    fields = {"author": "甲", "text": text, "html": text}
    circumstances = {"at": SEEN, "rank": DESKTOP}
    return merge(
        before,
        Post(**fields | printed),
        None,
        fingerprint,
        Observation(**circumstances | seen),
        lambda: html_before,
    )


OF_MEMBER = {"view": "member"}
OF_GUEST = {"view": "guest", "text": LESS}
BY_MEMBER = {"reader": "member"}
BY_GUEST = {"reader": "guest"}


@pytest.mark.parametrize(
    ("stored", "printed", "seen", "words"),
    [
        # fewer words in a view with less are those words; in the same view they are others
        (OF_MEMBER, {"text": LESS}, BY_GUEST, "keep"),
        (OF_MEMBER, {"text": LESS}, BY_MEMBER, "stray"),
        (OF_MEMBER, {"text": OTHER}, BY_GUEST, "replace"),
        ({"view": "member"}, {"text": LESS, "hidden": ("回复",)}, BY_MEMBER, "keep"),
        ({"view": "member"}, {"text": LESS}, BY_MEMBER | {"saved": True}, "keep"),
        ({"view": "member", "opening": 1}, {"text": LESS}, {"part": True}, "keep"),
        # so are they where both pages say that they hide a part
        ({"view": "hiding"}, {"text": LESS, "hidden": ("回复",)}, {}, "keep"),
        # files alone are no words
        ({"view": "member"}, {"text": LESS}, BY_MEMBER | {"fileless": True}, "stray"),
        # a mark of a later edit counts, whoever looked
        (OF_MEMBER, {"text": LESS, "edited_at": EDITED}, BY_GUEST, "replace"),
        # more words, of a layout that puts in none of its own
        (OF_GUEST, {"text": ALL}, BY_MEMBER, "take"),
        (OF_GUEST, {"text": ALL}, BY_MEMBER | {"at": BEFORE}, "take"),
        (OF_GUEST, {"text": ALL}, BY_MEMBER | {"rank": TOUCH}, "take"),
        (OF_GUEST, {"text": ALL}, BY_MEMBER | {"rank": PRINT}, "unlike"),
        (
            OF_GUEST | {"rank": PRINT},
            {"text": ALL},
            BY_MEMBER | {"rank": PRINT},
            "take",
        ),
        (OF_GUEST, {"text": OTHER}, BY_MEMBER, "replace"),
        (OF_GUEST, {"text": ALL}, BY_GUEST, "replace"),
        (
            OF_GUEST | {"subject": "旧题"},
            {"text": ALL, "subject": "新题"},
            BY_MEMBER,
            "replace",
        ),
        ({"view": "guest hiding", "text": LESS}, {"text": ALL}, BY_GUEST, "take"),
        ({"view": "guest saved", "text": LESS}, {"text": ALL}, BY_GUEST, "take"),
        ({"view": "part", "opening": 1, "text": LESS}, {"text": ALL}, {}, "take"),
        ({"view": "fileless", "text": LESS}, {"text": ALL}, {}, "replace"),
        # the first words of a post are taken from whoever saw them
        (
            OF_MEMBER | {"text": "", "rank": TOUCH, "fingerprint": "f"},
            {"text": ALL},
            BY_GUEST,
            "take",
        ),
        # the words of a member's poorer layout stay before a guest's richer one
        (OF_MEMBER | {"rank": TOUCH}, {"text": OTHER}, BY_GUEST, "unlike"),
        (OF_MEMBER | {"rank": TOUCH}, {"text": "头藏着的话吗"}, BY_GUEST, "similar"),
        (OF_GUEST | {"rank": TOUCH}, {"text": OTHER}, BY_MEMBER, "take"),
    ],
)
def test_words_of_two_views(
    stored: Changes, printed: Changes, seen: Changes, words: str
) -> None:
    assert merged(stored, printed, seen).words == words


@pytest.mark.parametrize("text", [ALL, LESS])
@pytest.mark.parametrize(
    ("stored", "seen", "words"),
    [
        ({}, {}, "retitled"),
        ({}, {"at": AFTER}, "retitled"),
        ({}, {"at": BEFORE}, "keep"),
        ({"rank": TOUCH}, {"rank": TOUCH}, "retitled"),
        ({}, {"rank": TOUCH}, "keep"),
        ({"rank": TOUCH}, {"rank": DESKTOP}, "retitled"),
        ({"subject": ""}, {}, "keep"),
        ({"subject": "新 题"}, {}, "keep"),
    ],
)
def test_a_new_title_in_a_view_with_less(
    text: str, stored: Changes, seen: Changes, words: str
) -> None:
    before = OF_MEMBER | {"subject": "旧题"} | stored
    printed = {"text": text, "subject": "新题"}
    assert merged(before, printed, BY_GUEST | seen).words == words


@pytest.mark.parametrize(
    ("stored", "printed", "seen", "fingerprint", "words"),
    [
        ({"view": "guest"}, {}, BY_MEMBER, "new", "take"),
        ({"view": "guest"}, {}, BY_MEMBER, "", "keep"),
        ({"view": "guest"}, {}, BY_MEMBER | {"rank": TOUCH}, "new", "keep"),
        ({"view": "guest", "rank": TOUCH}, {}, BY_MEMBER, "new", "take"),
        ({"view": "guest"}, {}, BY_GUEST, "new", "keep"),
        ({"view": "fileless"}, {}, {}, "new", "take"),
        ({"view": "fileless"}, {}, {}, "", "keep"),
        ({"view": "guest saved"}, {}, BY_GUEST, "", "take"),
        ({"view": "guest saved"}, {}, BY_GUEST | {"rank": TOUCH}, "", "keep"),
        ({"view": "guest saved"}, {}, BY_GUEST | {"saved": True}, "", "keep"),
        # more on one side and less on the other
        ({"view": "guest saved"}, {}, BY_MEMBER | {"saved": True}, "new", "take"),
        ({"view": "member saved"}, {}, BY_GUEST, "new", "keep"),
        # another title is another post's words
        (
            {"view": "guest", "subject": "旧题"},
            {"subject": "新题"},
            BY_MEMBER,
            "new",
            "replace",
        ),
    ],
)
def test_the_same_words_with_more_around_them(
    stored: Changes, printed: Changes, seen: Changes, fingerprint: str, words: str
) -> None:
    assert merged(stored, printed, seen, fingerprint).words == words


WHOLE = "第一页的话\n第二页的话"
FIRST_PART = "第一页的话"
ALL_PARTS = {"all_parts": True}


@pytest.mark.parametrize(
    ("stored", "printed", "seen", "words"),
    [
        ({}, {}, ALL_PARTS, "take"),
        ({}, {}, {}, "replace"),
        ({"opening": 0}, {}, ALL_PARTS, "replace"),
        ({"view": "guest"}, {}, ALL_PARTS | BY_GUEST, "replace"),
        ({"text": "第二页的话"}, {}, ALL_PARTS, "replace"),
        ({}, {"subject": "新题"}, ALL_PARTS, "replace"),
        ({"text": WHOLE}, {}, ALL_PARTS, "keep"),
    ],
)
def test_all_parts_of_a_split_post_go_on_where_the_stored_words_end(
    stored: Changes, printed: Changes, seen: Changes, words: str
) -> None:
    before = {"text": FIRST_PART, "opening": 1, "subject": "旧题"} | stored
    assert merged(before, {"text": WHOLE} | printed, seen).words == words


@pytest.mark.parametrize(
    ("view", "text", "words"),
    [
        ("part", "第一页的话儿", "replace"),
        ("part", OTHER, "stray"),
        ("", "第一页的话儿", "stray"),
    ],
)
def test_a_part_takes_the_place_of_itself_alone(
    view: str, text: str, words: str
) -> None:
    stored = {"text": FIRST_PART, "opening": 1, "view": view}
    assert merged(stored, {"text": text}, {"part": True}).words == words


@pytest.mark.parametrize(
    ("stored", "printed", "seen", "extras"),
    [
        # a view as full: what it shows is what there is, as long as it is no older
        ({}, {}, {}, "replace"),
        ({}, {}, {"at": BEFORE}, ""),
        (OF_MEMBER, {}, BY_MEMBER, "replace"),
        # a view with less takes nothing away
        (OF_MEMBER, {}, BY_GUEST, "add"),
        (OF_MEMBER, {}, BY_GUEST | {"at": BEFORE}, ""),
        ({}, {}, {"fileless": True}, "add"),
        # one with more brings what is not here, however old
        ({"view": "guest"}, {}, BY_MEMBER | {"at": BEFORE}, "add"),
        ({"view": "fileless"}, {}, {"at": BEFORE}, "add"),
        # so does the first member's, where nobody knows who looked before
        ({}, {}, BY_MEMBER | {"at": BEFORE}, "add"),
        ({}, {}, BY_GUEST | {"at": BEFORE}, ""),
        (OF_MEMBER, {}, BY_MEMBER | {"at": BEFORE}, ""),
        # poorer layouts name files alike, and nothing else
        ({"view": "guest"}, {}, BY_MEMBER | {"rank": TOUCH}, "files"),
        ({}, {}, {"rank": TOUCH}, ""),
        (OF_GUEST, {"text": ALL}, BY_MEMBER | {"rank": TOUCH}, "add"),
        # after the page as served, a saved copy has what readers say and give
        ({}, {}, {"saved": True}, "remarks"),
        ({"view": "saved"}, {}, {"saved": True}, "replace"),
        ({"view": "saved"}, {}, {}, "replace"),
        ({"view": "guest"}, {}, BY_MEMBER | {"saved": True}, "add"),
        # what hangs on other words is not the stored ones'
        (OF_MEMBER | {"rank": TOUCH}, {"text": OTHER}, BY_GUEST, ""),
        ({"view": "guest"}, {"text": OTHER}, BY_MEMBER | {"at": BEFORE}, ""),
        ({"view": "guest"}, {"text": ""}, BY_MEMBER, ""),
        # fewer words, with less around them
        ({}, {"text": LESS, "html": NOTICE}, {}, "add"),
        ({}, {"text": LESS, "html": NOTICE}, {"at": BEFORE}, ""),
    ],
)
def test_what_becomes_of_quotes_and_files(
    stored: Changes, printed: Changes, seen: Changes, extras: str
) -> None:
    result = merged(stored, printed, seen, "new")
    assert result.extras == extras
    says_what_hangs_on_it = "fingerprint" in result.values
    assert says_what_hangs_on_it == (extras == "replace")
    assert merged(stored, printed, seen).extras == ""


@pytest.mark.parametrize(
    ("stored", "printed", "seen", "fingerprint", "view"),
    [
        # the view of the words that stand
        (OF_GUEST, {"text": ALL}, BY_MEMBER, "", "member"),
        ({}, {"text": OTHER}, BY_GUEST, "", "guest"),
        ({"view": "hiding"}, {"text": OTHER}, {}, "", ""),
        ({"capture_id": 3}, {}, BY_GUEST | {"capture_id": 3}, "", "guest"),
        ({"view": "guest saved"}, {}, BY_GUEST, "", "guest"),
        # what a member saw hanging on it is still here
        (
            OF_MEMBER,
            {"text": OTHER},
            BY_GUEST | {"fileless": True},
            "",
            "member fileless",
        ),
        # a member has a part in what hangs on it
        (
            {"view": "guest hiding"},
            {"hidden": ("回复",)},
            BY_MEMBER | {"at": BEFORE, "rank": TOUCH},
            "new",
            "member hiding",
        ),
        (
            {"view": "guest hiding"},
            {"hidden": ("回复",)},
            BY_MEMBER | {"at": BEFORE, "rank": TOUCH},
            "",
            None,
        ),
        ({"view": "hiding"}, {"hidden": ("回复",)}, BY_GUEST, "new", None),
        # the same as it was
        (OF_MEMBER, {"text": LESS}, BY_GUEST, "", None),
        (OF_MEMBER, {"text": OTHER}, BY_GUEST, "", None),
        ({}, {}, {}, "", None),
    ],
)
def test_whose_view_the_post_is(
    stored: Changes, printed: Changes, seen: Changes, fingerprint: str, view: str | None
) -> None:
    values = merged(stored, printed, seen, fingerprint).values
    assert values.get("view") == view


@pytest.mark.parametrize(
    ("stored", "printed", "seen", "is_same_post"),
    [
        # nobody has changed what a browser saved
        ({"view": "saved"}, {}, {}, True),
        # words that it lacked are told
        ({"view": "saved", "text": LESS}, {"text": ALL}, {}, False),
        # as are those that a guest did not see
        (OF_GUEST, {"text": ALL}, BY_MEMBER, False),
        ({"rank": PRINT}, {}, {}, False),
        ({}, {}, {}, False),
        ({"view": "saved", "capture_id": 3}, {}, {"capture_id": 3}, False),
    ],
)
def test_a_page_from_the_server_after_its_saved_copy(
    stored: Changes, printed: Changes, seen: Changes, is_same_post: bool
) -> None:
    assert merged(stored, printed, seen).is_same_post == is_same_post


@pytest.mark.parametrize(
    ("stored", "printed", "seen", "words", "removed"),
    [
        # the same words, pictures aside
        ({"html": PICTURE}, {"html": ALL}, {}, "replace", {"9"}),
        ({"html": PICTURE}, {"html": PICTURE}, {}, "keep", set()),
        ({"html": ""}, {"html": PICTURE}, {}, "take", set()),
        # other words, and pictures taken out with the old ones
        ({"html": PICTURE}, {"text": OTHER}, {}, "replace", {"9"}),
        ({"html": PICTURE}, {"text": OTHER, "html": PICTURE}, {}, "replace", set()),
        # fuller layouts and views with less say nothing of pictures that are not there
        ({"html": PICTURE, "rank": PRINT}, {}, {}, "take", set()),
        ({"html": PICTURE} | OF_MEMBER, {}, BY_GUEST, "keep", set()),
        ({"html": PICTURE} | OF_MEMBER, {"text": OTHER}, BY_GUEST, "replace", set()),
        ({"html": PICTURE, "rank": TOUCH}, {"html": ALL}, {}, "take", set()),
    ],
)
def test_pictures_that_were_taken_out(
    stored: Changes, printed: Changes, seen: Changes, words: str, removed: set[str]
) -> None:
    result = merged(stored, printed, seen, "new")
    assert result.words == words
    assert result.removed == removed


def test_a_capture_read_again_corrects_its_time_beside_its_labels() -> None:
    stored = {"posted_at": "2001-01-01T00:00:00Z", "capture_id": 3, "author": "乙"}
    printed = {"posted_at": EDITED}
    values = merged(stored, printed, {"capture_id": 3}).values
    assert values == {"posted_at": "2024-06-02T00:00:00Z", "author": "甲"}


def test_one_authors_page_of_a_post_without_a_name_gives_it_no_floor() -> None:
    printed = {"anonymous": True, "author": "", "floor": 4}
    stored = {"anonymous": 1, "author": ""}
    assert merged(stored, printed, {}).values == {"floor": 4}
    assert merged(stored, printed, {"filtered": True}).values == {}
