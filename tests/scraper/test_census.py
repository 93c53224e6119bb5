"""What a page prints and we did not read is noticed, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from corpus import FIXTURES, SETS
from pairs import PAIRS, capture_of

from archive.intake.sources import read_captures
from scraper.census import counts, warnings
from scraper.core.census import POST_SPLIT
from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    Capture,
    Content,
    IndexPage,
    Page,
    ThreadPage,
)
from scraper.markup.snapshot import take_snapshot
from scraper.parsing import parse_capture, parse_snapshot
from scraper.themes import themes

LOST = {
    "posts.author": {"author": "", "anonymous": False},
    "posts.posted_at": {"posted_at": None},
    "posts.floor": {"floor": None},
    "posts.pid": {"pid": None},
    "posts.text": {
        "text": "",
        "html": "",
        "images": (),
        "quotes": (),
        "attachments": (),
        "hidden": (),
        "poll": None,
    },
    "threads.title": {"title": ""},
    "threads.author": {"author": ""},
    "threads.replies": {"replies": None},
    "threads.views": {"views": None},
    "threads.created_on": {"created_on": None},
    "threads.last_post_at": {"last_post_at": None},
    "boards.name": {"name": ""},
    "boards.threads": {"threads": None},
    "title": {"title": ""},
    "board": {"board": ""},
    "name": {"name": ""},
}
"""A field, and what its record is like where the selector for it finds nothing."""


def without(content: Any, field: str) -> Content:
    """A page's content as a reader would give it that finds no such field."""
    records, _, _ = field.rpartition(".")
    if not records:
        return replace(content, **LOST[field])
    rows = tuple(replace(record, **LOST[field]) for record in getattr(content, records))
    return replace(content, **{records: rows})


def has(content: Content, field: str) -> bool:
    """Whether a page is of the kind that holds such records, and has several."""
    kinds = {"posts": ThreadPage, "threads": BoardPage, "boards": IndexPage}
    records, _, _ = field.rpartition(".")
    if records:
        return (
            isinstance(content, kinds[records]) and len(getattr(content, records)) > 1
        )
    return isinstance(content, BoardPage if field == "name" else ThreadPage)


def printed_fields() -> list[tuple[str, str]]:
    """Each theme with each field that its layout prints."""
    return [(theme.name, field) for theme in themes() for field in sorted(theme.prints)]


@pytest.mark.parametrize(
    "path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_a_page_that_is_read_whole_has_no_warning(path: Path) -> None:
    assert parse_capture(capture_of(path)).warnings == ()


@pytest.mark.parametrize(("theme", "field"), printed_fields())
def test_a_field_that_never_comes_out_is_reported(theme: str, field: str) -> None:
    prints = next(each.prints for each in themes() if each.name == theme)
    told = 0
    for path in PAIRS:
        snapshot = take_snapshot(capture_of(path))
        page = parse_snapshot(snapshot)
        if page.theme != theme or not has(page.content, field):
            continue
        broken = without(page.content, field)
        found = warnings(snapshot, broken, counts(broken, prints))
        told += any(warning.kind.startswith("no-") for warning in found)

    assert told, f"no fixture of {theme} shows what a lost {field} looks like"


@pytest.mark.parametrize("cut", [0.5, 0.8, 0.95])
def test_a_page_that_breaks_off_is_named(cut: float) -> None:
    for path in PAIRS:
        whole = capture_of(path)
        body = whole.body[: int(len(whole.body) * cut)]
        try:
            page = parse_capture(replace(whole, body=body))
        except PageError:
            continue
        if isinstance(page.content, ThreadPage) and page.theme not in (
            "api",
            "ajax",
            "print_text",
        ):
            assert "page-cut" in [warning.kind for warning in page.warnings], path


def test_a_capture_that_its_maker_cut_is_named() -> None:
    path = FIXTURES / "x3" / "board-1.html"
    headers = (("WARC-Truncated", "length"),)
    page = parse_capture(replace(capture_of(path), headers=headers))
    assert [str(warning) for warning in page.warnings] == [
        "page-cut: the capture was cut: length"
    ]


@pytest.mark.parametrize(
    "swallower",
    [
        "<textarea>",
        "<!--",
        "<style>",
        "<script>",
        "<title>",
        "<iframe>",
        "<xmp>",
        "<template>",
    ],
)
def test_posts_behind_an_element_left_open_are_missed_aloud(swallower: str) -> None:
    rows = "".join(
        f'<div id="post_{pid}"><table id="pid{pid}" class="plhin"><tr><td class="pls">'
        f'<div class="authi"><a href="home.php?mod=space&amp;uid=7" class="xw1">甲</a></div></td>'
        f'<td class="plc"><em id="authorposton{pid}">发表于 2024-1-1 12:00:01</em>'
        f'<a id="postnum{pid}"><em>{pid - 100}</em></a>'
        f'<td class="t_f" id="postmessage_{pid}">字{swallower if pid == 102 else ""}</td></tr></table></div>'
        for pid in (101, 102, 103, 104)
    )
    body = f'<html><body id="nv_forum" class="pg_viewthread"><div id="postlist">{rows}</div></body></html>'
    capture = Capture(
        "https://bbs.example.net/thread-9-1-1.html",
        datetime(2024, 2, 1, tzinfo=UTC),
        body.encode(),
    )
    page = parse_capture(capture)
    assert isinstance(page.content, ThreadPage)
    came = {post.pid for post in page.content.posts}
    is_whole = came == {101, 102, 103, 104}
    assert is_whole or "posts-missed" in [warning.kind for warning in page.warnings]


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        # without its box, a post is told by its message, or by the box around both
        ('<div id="post_104"><td id="postmessage_104">字</td></div>', 1),
        ('<td id="postmessage_104">字</td>', 1),
        ('<table class="shut" id="pid104"></table>', 1),
        # once more in another place, and what only begins alike: nothing is missed
        ('<div id="post_rate_div_103"></div><div id="post_new"></div>', 0),
        ('<table id="pid103" class="plhin"></table>', 0),
    ],
)
def test_a_post_is_missed_aloud_whatever_is_left_of_it(lost: str, says: int) -> None:
    rows = "".join(
        f'<div id="post_{pid}"><table id="pid{pid}" class="plhin"><tr><td class="pls">'
        f'<div class="authi"><a href="home.php?mod=space&amp;uid=7" class="xw1">甲</a></div></td>'
        f'<td class="plc"><em id="authorposton{pid}">发表于 2024-1-1 12:00:01</em>'
        f'<td class="t_f" id="postmessage_{pid}">字</td></tr></table></div>'
        for pid in (101, 102, 103)
    )
    body = (
        '<html><body id="nv_forum" class="pg_viewthread"><div id="postlist">'
        f"{rows}<!--{lost}--></div></body></html>"
    )
    capture = Capture(
        "https://bbs.example.net/thread-9-1-1.html",
        datetime(2024, 2, 1, tzinfo=UTC),
        body.encode(),
    )
    page = parse_capture(capture)
    missed = [str(w) for w in page.warnings if w.kind == "posts-missed"]
    assert missed == ["posts-missed: 1 of 4 posts did not come out"] * says


@pytest.mark.parametrize("name", [*SETS, "x5-a"])
def test_no_page_of_the_recorded_sets_is_suspected(shared: Path, name: str) -> None:
    suspected = []
    for capture in read_captures([str(shared / "pages" / f"{name}.warc.gz")]):
        page = _page(capture)
        if page is None:
            continue
        kinds = {warning.kind for warning in page.warnings}
        if kinds - {POST_SPLIT}:  # some of their pages do show one part
            suspected.append((page.url, page.warnings))
    assert suspected == []


def _page(capture: Capture) -> Page | None:
    try:
        return parse_capture(capture)
    except PageError:
        return None
