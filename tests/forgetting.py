"""Archives from which tests have something forgotten, in this process."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import httpx
from crawling import Runner
from fake_clock import FakeClock
from fake_forum.server import Running
from fastwarc.warc import ArchiveIterator
from warcio.checker import Checker  # type: ignore[import-untyped]

from archive.forgetting.requests import LoggedRequest, Request, RequestKind, requests_in
from archive.forgetting.steps import begin, finish, plan_removal
from archive.index.verify import check
from archive.intake.page_reader import PageReader
from archive.intake.parsers import ParseHere
from archive.schema import connect
from archive.store.sites import Sites
from archive.warc.captures import Captures
from archive.warc.losses import find_losses
from archive.warc.records import pack, sha1_base32
from scraper.core.records import Capture


@dataclass(frozen=True, slots=True)
class Crawled:
    """A forum that is served, an archive of it, and when the crawl ended."""

    site: Running
    folder: Path
    clock: FakeClock

    def copy(self, folder: Path) -> Runner:
        """A copy of the archive, and who crawls on into it."""
        folder.mkdir(parents=True)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Runner(folder / "forum.db", self.clock)


def reader(conn: sqlite3.Connection) -> PageReader:
    """Parses kept pages, in this process."""
    return PageReader(Sites(conn), ParseHere())


def forget(
    db: Path, kind: RequestKind, number: int = 0, *passages: str
) -> LoggedRequest:
    """Have something of an archive's first forum forgotten; how that was logged."""
    conn = connect(db, create=False)
    try:
        with Captures(conn) as captures:
            captures.open()
            request = Request(
                kind=kind,
                site_id=1,
                number=number,
                passages=passages,
            )
            begin(conn, plan_removal(conn, request))
            finish(conn, reader(conn))
        return requests_in(conn)[-1]
    finally:
        conn.close()


def saved_pages(base: str, folder: Path) -> None:
    """Save a forum's threads, board and front page as people do, in all layouts that it
    has."""
    paths = ["", "forum.php?mod=forumdisplay&fid=5", "forum.php?mod=forumdisplay&fid=6"]
    for tid in (101, 110, 111):
        paths += [
            f"forum.php?mod=viewthread&tid={tid}",
            f"forum.php?mod=viewthread&action=printable&tid={tid}",
            f"archiver/?tid-{tid}.html",
        ]
    records = []
    for path in paths:
        url = f"{base}{path}"
        answer = httpx.get(url)
        captured = Capture(
            url=url,
            fetched_at=datetime(2024, 7, 1, tzinfo=UTC),
            body=answer.content,
            headers=(("Content-Type", answer.headers["content-type"]),),
        )
        packed = pack(captured, "response", sha1_base32(captured.body))
        records.append(packed.record)
    (folder / "saved.warc.gz").write_bytes(b"".join(records))


def words_of(db: Path) -> dict[int, str]:
    """The words of each post, by pid."""
    conn = sqlite3.connect(db)
    rows = conn.execute("SELECT pid, text FROM posts WHERE pid IS NOT NULL").fetchall()
    conn.close()
    return dict(rows)


def check_whole(db: Path) -> None:
    """Rows, index and WARC files are what they should be, by our own check and by another's
    reader."""
    conn = connect(db, create=False)
    try:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        assert check(conn, full=True).problems == ()
        losses = find_losses(conn, full=True)
        assert (losses.captures, losses.troubles, len(losses.posts)) == (0, (), 0)
        recorded = conn.execute("SELECT count(*) FROM captures").fetchone()[0]
        assert losses.examined == recorded
    finally:
        conn.close()
    found = 0
    for path in db.with_suffix(".warc").glob("*"):
        if path.suffix != ".gz":
            continue
        assert _warcio_check(path) == 0
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                kind = record.headers["WARC-Type"]
                found += kind not in ("warcinfo", "request", "metadata")
                assert record.verify_block_digest(consume=False)
    assert found == recorded


def _warcio_check(path: Path) -> int:
    """What `warcio check` says of a file."""

    asked = SimpleNamespace(inputs=[str(path)], verbose=False)
    return Checker(asked).process_all() or 0
