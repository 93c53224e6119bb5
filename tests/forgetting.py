"""Archives from which tests have something forgotten, in this process."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import httpx

from archive.forgetting.requests import LoggedRequest, Request, RequestKind, requests_in
from archive.forgetting.steps import begin, finish, plan_removal
from archive.intake.page_reader import PageReader
from archive.intake.parsers import ParseHere
from archive.schema import connect
from archive.store.sites import Sites
from archive.warc.captures import Captures
from archive.warc.records import pack, sha1_base32
from scraper.core.records import Capture


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
