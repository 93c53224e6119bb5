"""The columns of a post are said once: every field of `Post` reaches row, merge, view and
doctor."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlite_utils import Database
from store_pages import AT, FIRST, THREAD, rows, save, without_pids

from archive.commands._page_report import _coverage
from archive.reading.posts import ThreadPost
from archive.store.identity import StoredPost
from archive.store.post_columns import NOT_KEPT, POST_COLUMNS, POST_TABLES
from scraper.core.records import Post

POST_FIELDS = [field.name for field in fields(Post)]
HERE = replace(FIRST, location="广东")
LATER = AT + timedelta(days=1)


@pytest.mark.parametrize("field", POST_FIELDS)
def test_every_field_of_a_post_is_kept_or_says_why_not(field: str) -> None:
    in_columns = {column.field for column in POST_COLUMNS}
    in_tables = {table.field for table in POST_TABLES}
    places = [field in in_columns, field in in_tables, field in NOT_KEPT]
    assert places.count(True) == 1, f"Post.{field} needs one place in post_columns.py"


def test_nothing_is_described_that_a_post_has_not() -> None:
    described = {column.field for column in POST_COLUMNS}
    described |= {table.field for table in POST_TABLES}
    described |= set(NOT_KEPT)
    assert described == set(POST_FIELDS)


def test_every_column_and_table_is_there(db: Database) -> None:
    columns = {row[1] for row in db.execute("PRAGMA table_info(posts)")}
    for column in POST_COLUMNS:
        assert column.column in columns, f"posts has no column {column.column}"
    for table in POST_TABLES:
        assert table.table in db.table_names()


def test_the_merge_knows_every_column_that_is_not_of_the_words() -> None:
    known = set(StoredPost.__slots__)
    for column in POST_COLUMNS:
        if column.merge != "words":
            assert column.column in known, f"the merge does not see {column.column}"


def test_the_view_lists_what_is_said_to_be_listed(db: Database) -> None:
    view = {row[1] for row in db.execute("PRAGMA table_info(post_list)")}
    listed = {column.listed_as for column in POST_COLUMNS if column.listed_as}
    assert listed <= view
    assert not {column.column for column in POST_COLUMNS if not column.listed_as} & view


def test_labels_are_there_in_both_languages() -> None:
    for described in (*POST_COLUMNS, *POST_TABLES):
        assert described.label_en
        assert described.label_zh


def test_a_location_is_stored_and_listed(db: Database) -> None:
    save(db, replace(THREAD, posts=(HERE,)))
    assert rows(db, "location") == [("广东",)]
    assert rows(db, "location", "post_list") == [("广东",)]


def test_a_page_that_prints_no_location_takes_none_away(db: Database) -> None:
    save(db, replace(THREAD, posts=(HERE,)))
    assert not save(db, replace(THREAD, posts=(FIRST,)), at=LATER).changed
    assert rows(db, "location") == [("广东",)]


def test_a_location_is_added_to_a_stored_post(db: Database) -> None:
    save(db, replace(THREAD, posts=(FIRST,)))
    earlier = AT - timedelta(days=1)
    assert save(db, replace(THREAD, posts=(HERE,)), at=earlier).changed == 1
    assert rows(db, "location") == [("广东",)]


def test_a_newer_page_of_the_same_layout_corrects_a_location(db: Database) -> None:
    save(db, replace(THREAD, posts=(HERE,)))
    moved = replace(FIRST, location="海南")
    save(db, replace(THREAD, posts=(moved,)), at=AT - timedelta(days=1))
    assert rows(db, "location") == [("广东",)]
    save(db, replace(THREAD, posts=(moved,)), at=LATER)
    assert rows(db, "location") == [("海南",)]


@pytest.mark.parametrize("fuller_first", [True, False])
def test_the_location_of_the_fuller_layout_wins(
    db: Database, fuller_first: bool
) -> None:
    full = (replace(THREAD, posts=(HERE,)), "x", AT)
    short = replace(FIRST, location="粤")
    poor = (replace(THREAD, posts=without_pids(short)), "archiver", LATER)
    for content, theme, at in (full, poor) if fuller_first else (poor, full):
        save(db, content, theme=theme, at=at)
    assert rows(db, "location") == [("广东",)]


def test_doctor_names_what_is_expected_and_what_is_there() -> None:
    def fields_named(post: Post) -> set[str]:
        table = _coverage("posts", [post])
        return {str(cell) for cell in table.columns[0].cells}

    expected = {column.field for column in POST_COLUMNS if column.expected}
    assert fields_named(Post()) == expected
    assert fields_named(Post(location="广东")) == expected | {"location"}


def test_readers_get_every_column_that_is_shown() -> None:
    read = {field.name for field in fields(ThreadPost)}
    shown = {column.column for column in POST_COLUMNS if column.shown}
    assert shown <= read
    in_tables = {table.field for table in POST_TABLES}
    assert in_tables <= read
