"""A page as a row of Arrow is the page, to the last field."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pairs import PAIRS, capture_of

from archive.intake.sources import read_captures
from archive.warc.rows import clean
from scraper.core.errors import PageError
from scraper.core.posts import Post
from scraper.core.records import Capture, Page, ThreadPage
from scraper.core.site import DEFAULT_SITE
from scraper.parsing import parse_capture

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
page_rows = pytest.importorskip("archive.corpus.page_rows")


@pytest.mark.parametrize(
    "path", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_a_page_comes_back_as_it_was(path: Path) -> None:
    assert_same([capture_of(path)])


@pytest.mark.parametrize("name", ["d60-gbk", "x34-utf8", "x35-a", "x5-a"])
def test_recorded_pages_come_back_as_they_were(shared: Path, name: str) -> None:
    assert_same(read_captures([shared / "pages" / f"{name}.warc.gz"]))


def test_what_no_column_can_hold_is_refused_by_arrow() -> None:
    posts = (Post(pid=1 << 70, text="x"),)
    page = Page(
        url="https://bbs.example/thread-1-1-1.html",
        captured_at=datetime(2024, 1, 1, tzinfo=UTC),
        content=ThreadPage(tid=1, posts=posts),
    )
    capture = Capture(page.url, page.captured_at, b"")
    row = page_rows.row_of(page_rows.origin_of("a.warc", clean(capture)), page)
    with pytest.raises((OverflowError, pa.ArrowInvalid)):
        page_rows.table_of([row])


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://www.Example.com/bbs/", "example.com"),
        ("https://bbs.example.com:8080/", "bbs.example.com:8080"),
        ("http://bbs.example.com:80/x/", "bbs.example.com"),
        ("file:///home/a/", ""),
        ("", ""),
    ],
)
def test_hosts_are_told_apart_as_forums_are(url: str, host: str) -> None:
    assert page_rows.host_of(url) == host


def assert_same(captures: Iterable[Capture]) -> None:
    """Pages through a file of Parquet are the same."""
    found = []
    for capture in captures:
        try:
            page = parse_capture(capture, DEFAULT_SITE)
        except PageError:
            continue
        found.append((page_rows.origin_of("a.warc", clean(capture)), page))
    rows = [page_rows.row_of(origin, page) for origin, page in found]
    file = io.BytesIO()
    pq.write_table(page_rows.table_of(rows), file)
    read = pq.read_table(io.BytesIO(file.getvalue()))
    assert [page_rows.page_of(row) for row in read.to_pylist()] == found
