"""Pages saved at addresses that a forum's owner made up: they belong to one forum, whatever
folders its forms have, and are read as those at Discuz!'s own addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fake_forum import OWNERS, OwnAddresses, Site, Skin, qingshi

from archive.intake.ingest import Ingest
from archive.intake.inputs import InputRecord
from archive.intake.summary import IngestSummary
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Capture

AT = datetime(2024, 5, 20, 4, tzinfo=UTC)
BASE = "https://bbs.example.net/forum/"
PATHS = (
    "forum.php?mod=viewthread&tid=150&page=2",
    "forum.php?mod=viewthread&tid=110",
    "forum.php?mod=viewthread&tid=150",
    "forum.php?mod=forumdisplay&fid=2&page=2",
    "forum.php?mod=forumdisplay&fid=2",
    "forum.php?mod=forumdisplay&fid=5",
    "forum.php",
    "forum.php?mod=viewthread&tid=150&page=3",
)
"""Threads first, so that their pages are read before much is known."""
SAID = (
    "SELECT fid, name FROM boards WHERE fid IS NOT NULL ORDER BY 1",
    "SELECT t.tid, b.fid, t.title, u.uid, t.pages, t.moved_to FROM threads t "
    "LEFT JOIN boards b ON b.id = t.board_id LEFT JOIN users u ON u.id = t.user_id "
    "ORDER BY 1",
    "SELECT p.pid, p.floor, u.uid, p.text FROM posts p "
    "LEFT JOIN users u ON u.id = p.user_id ORDER BY 1",
    "SELECT p.pid, q.pid, q.author, q.text FROM quotes q "
    "JOIN posts p ON p.id = q.post_id ORDER BY 1, q.position",
)
OWN = pytest.mark.parametrize("own", OWNERS.values(), ids=list(OWNERS))


def records(own: OwnAddresses | None, paths: Sequence[str]) -> list[InputRecord]:
    """Pages of the invented forum, saved at this owner's addresses."""
    site = Site(qingshi(), Skin(BASE), own=own)
    found = []
    for path in paths:
        url = BASE + path
        if own is not None:
            url = own.link(url, BASE)
        body = site.respond(f"/{path}", {}).body
        found.append(InputRecord("saved", Capture(url, AT, body)))
    return found


def ingested(
    path: Path, pages: Sequence[InputRecord], *, again: bool = False
) -> tuple[list[list[tuple[Any, ...]]], list[IngestSummary]]:
    """What an archive says after these pages, and after they are read again."""
    conn = open_archive(path).conn
    summaries = [IngestSummary()]
    with Captures(conn) as captures:
        ingest = Ingest(conn, captures, Store(conn))
        for result in ingest.run(pages):
            summaries[0].add(result)
        if again:
            summaries.append(IngestSummary())
            for result in ingest.again():
                summaries[1].add(result)
    said = [conn.execute(query).fetchall() for query in SAID]
    assert conn.execute("SELECT base_url FROM sites").fetchall() == [(BASE,)]
    conn.close()
    return said, summaries


@OWN
def test_pages_are_read_as_those_at_usual_addresses(
    tmp_path: Path, own: OwnAddresses
) -> None:
    usual, _ = ingested(tmp_path / "usual.db", records(None, PATHS))
    said, summaries = ingested(tmp_path / "own.db", records(own, PATHS), again=True)
    assert said == usual
    first, second = summaries
    assert not first.problem_count
    assert first.teaching
    assert any("reparse" in words for _, words in first.lines())
    assert second.teaching == 0
    assert second.changed == 0


@OWN
def test_the_order_of_pages_makes_no_difference(
    tmp_path: Path, own: OwnAddresses
) -> None:
    pages = records(own, PATHS)
    forwards, _ = ingested(tmp_path / "a.db", pages, again=True)
    backwards, _ = ingested(tmp_path / "b.db", pages[::-1], again=True)
    assert forwards == backwards


def test_a_page_that_cannot_be_kept_teaches_nothing(tmp_path: Path) -> None:
    conn = open_archive(tmp_path / "a.db").conn
    pages = records(OWNERS["short"], PATHS[-2:])
    with Captures(conn) as captures:
        store = Store(conn)
        ingest = Ingest(conn, captures, store)
        conn.execute(
            "CREATE TEMP TRIGGER full BEFORE INSERT ON boards BEGIN "
            "SELECT RAISE(ABORT, 'no'); END"
        )
        list(ingest.run(pages[:1]))
        conn.execute("DROP TRIGGER full")
        assert conn.execute("SELECT count(*) FROM own_addresses").fetchone() == (0,)
        assert store.sites.settings(BASE).pairs == ()
    conn.close()
