"""Links of a forum whose owner made up its addresses, in the browser's pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_forum import OWNERS, Site, Skin, qingshi

from archive.intake.ingest import Ingest
from archive.intake.inputs import InputRecord
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Capture

pytest.importorskip("datasette")
pytest.importorskip("nh3")
from archive.reading.forums import get_forum
from archive.web.links import Links, links_of
from tests.web_client import Pages, pages_of

BASE = "https://bbs.example.net/bbs/"
AT = datetime(2024, 5, 20, 4, tzinfo=UTC)
PATHS = (
    "forum.php",
    "forum.php?mod=forumdisplay&fid=2",
    "forum.php?mod=forumdisplay&fid=6",
    "forum.php?mod=viewthread&tid=110",
    "forum.php?mod=viewthread&tid=150",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of some pages of such a forum."""
    path = tmp_path_factory.mktemp("own") / "own.db"
    site = Site(qingshi(), Skin(BASE), own=OWNERS["phpwind"])
    pages = []
    for name in PATHS:
        body = site.respond(f"/{name}", {}).body
        pages.append(InputRecord("saved", Capture(BASE + name, AT, body)))
    conn = open_archive(path).conn
    with Captures(conn) as captures:
        list(Ingest(conn, captures, Store(conn)).run(pages))
    conn.close()
    return path


@pytest.fixture
def links(archive: Path) -> Iterator[Links]:
    conn = open_archive(archive).conn
    yield links_of(conn, get_forum(conn, 1), {1011: 77})
    conn.close()


@pytest.fixture
def pages(archive: Path) -> Pages:
    return pages_of(archive)


@pytest.mark.parametrize(
    ("href", "ours"),
    [
        ("read-htm-tid-150.html", "/f/1/thread/150"),
        (f"{BASE}read-htm-tid-150.html", "/f/1/thread/150"),
        (f"{BASE}forum.php?mod=viewthread&tid=150", "/f/1/thread/150"),
        (f"{BASE}thread-htm-fid-2-page-1.html", "/f/1/board/2"),
        (f"{BASE}u.php?uid-3", "/f/1/user/3"),
        (f"{BASE}job-htm-topost-1011.html", "#p77"),
        (f"{BASE}job-htm-topost-1012.html", "/f/1/post/1012"),
        ("https://other.example/read-htm-tid-150.html", None),
        (f"{BASE}read-me-5.html", None),
    ],
)
def test_links_of_posts(links: Links, href: str, ours: str | None) -> None:
    assert links.resolve(href) == (ours or href)


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ("/read-htm-tid-150.html", "/f/1/thread/150"),
        ("/bbs/read-htm-tid-150.html", "/f/1/thread/150"),
        ("/thread-htm-fid-2-page-1.html", "/f/1/board/2"),
    ],
)
def test_old_addresses(pages: Pages, old: str, ours: str) -> None:
    answer = pages.get(old)
    assert answer.is_redirect
    assert answer.headers["location"] == ours
