"""A reward thread's best answer is chosen after it was written: the mark reaches the post
that is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlite_utils import Database
from store_pages import AT, FIRST, SECOND, THREAD, rows, save

BEST = replace(SECOND, best_answer=True)
ANSWERED = replace(THREAD, posts=(FIRST, SECOND))
DECIDED = replace(THREAD, posts=(FIRST, BEST))
LATER = AT + timedelta(hours=1)
LATEST = AT + timedelta(hours=2)


def test_a_stored_post_is_marked_when_it_is_chosen(db: Database) -> None:
    save(db, ANSWERED)
    assert rows(db, "pid, best_answer") == [(101, 0), (102, 0)]
    saved = save(db, DECIDED, at=LATER)
    assert rows(db, "pid, best_answer") == [(101, 0), (102, 1)]
    assert (saved.new, saved.changed) == (0, 1)


def test_the_mark_is_no_edit(db: Database) -> None:
    save(db, ANSWERED)
    save(db, DECIDED, at=LATER)
    assert rows(db, "id", "post_versions") == []


def test_a_page_that_does_not_print_the_mark_does_not_take_it_away(
    db: Database,
) -> None:
    save(db, DECIDED)
    save(db, ANSWERED, theme="archiver", at=LATER)
    save(db, ANSWERED, at=LATEST)
    assert rows(db, "pid, best_answer") == [(101, 0), (102, 1)]
