"""Whatever class or id of a page a skin renames, what is not read because of it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pairs import PAIRS, capture_of

from scraper.core.errors import PageError
from scraper.core.records import BoardPage, Page, ThreadPage, Unknown
from scraper.parsing import parse_capture

NAMES = re.compile(rb"""\b(?:class|id)\s*=\s*["']?([A-Za-z_][\w -]*)""")
NUMBERED = re.compile(rb"\d{2,}")
NOT_OF_PICTURES = "threads.views"
"""What a board of pictures leaves out; only its own mark tells such a board."""


def marks_of(body: bytes) -> set[bytes]:
    """The classes and ids of a page, but those that hold the number of a record."""
    names = {name for found in NAMES.finditer(body) for name in found[1].split()}
    return {name for name in names if not NUMBERED.search(name)}


def renamed(body: bytes, mark: bytes) -> bytes:
    """A page whose skin has another name for a class or id."""
    pattern = (
        rb"""((?:class|id)\s*=\s*["']?(?:[\w-]+\s)*)"""
        + re.escape(mark)
        + rb"""(?=["'\s>])"""
    )
    return re.sub(pattern, rb"\1another", body)


def lost(whole: Page, broken: Page) -> Iterator[str]:
    """What all records of a page had, and none has; kinds of records that are all gone."""
    counts = {count.field: count for count in broken.counts}
    for before in whole.counts:
        after = counts.get(before.field)
        several = after is not None and after.total > 1
        if several and before.read and not after.read:
            yield before.field

    for kind, records in ((ThreadPage, "posts"), (BoardPage, "threads")):
        if not isinstance(whole.content, kind):
            continue
        had = len(getattr(whole.content, records))
        if had > 1 and not getattr(broken.content, records, ()):
            yield records


@pytest.mark.parametrize(
    "path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_what_a_renamed_mark_loses_is_said(path: Path) -> None:
    capture = capture_of(path)
    whole = parse_capture(capture)
    silent = []
    for mark in sorted(marks_of(capture.body)):
        body = renamed(capture.body, mark)
        try:
            broken = parse_capture(replace(capture, body=body))
        except PageError:
            continue
        is_named = broken.warnings or isinstance(broken.content, Unknown)
        if not is_named:
            silent += [(mark, each) for each in lost(whole, broken)]

    pictures = [(b"wfck", NOT_OF_PICTURES)] if path.stem == "board-pictures" else []
    assert [each for each in silent if each not in pictures] == []


@pytest.mark.parametrize(
    ("stem", "records"),
    [("x3/thread-closed", "posts"), ("x3/board-1", "threads"), ("x3/index", "boards")],
)
def test_a_body_that_does_not_say_what_made_it_is_read_by_its_content(
    stem: str, records: str
) -> None:
    path = next(each for each in PAIRS if f"{each.parent.name}/{each.stem}" == stem)
    capture = capture_of(path)
    whole = parse_capture(capture)
    for name in (b"viewthread", b"forumdisplay", b"index"):
        body = capture.body.replace(b"pg_" + name, b"another")
        if body != capture.body:
            break

    page = parse_capture(replace(capture, body=body))
    assert len(getattr(page.content, records)) == len(getattr(whole.content, records))
    assert page.warnings == ()
