"""Exported captures are read by others' readers, and come in again as the same rows."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from warcio.archiveiterator import ArchiveIterator

from archive.schema import open_archive
from archive.warc.captures import Captures, Verdict, warc_folder
from scraper.core.records import Capture
from tests.archive_of_posts import Row, insert, make_archive

ROWS = """
SELECT s.base_url, s.name, t.tid, t.title, t.replies, p.pid, p.floor, p.author, p.posted_at,
  p.subject, p.text, p.html, p.withheld, p.first_seen_at, p.last_seen_at, p.gone_at
FROM posts p JOIN threads t ON t.id = p.thread_id JOIN sites s ON s.id = p.site_id
ORDER BY s.base_url, t.tid, p.pid, p.floor, p.author, p.text
"""


def rows_of(path: Path) -> list[Any]:
    """All posts, by what the forum says of them."""
    conn = sqlite3.connect(path)
    rows = conn.execute(ROWS).fetchall()
    conn.close()
    return rows


def records_of(data: bytes) -> list[tuple[str, str, bytes]]:
    """Type, address and body of each record, as warcio reads them, its digests checked."""
    found = []
    records = ArchiveIterator(io.BytesIO(data), check_digests="raise")
    for record in records:
        address = record.rec_headers.get_header("WARC-Target-URI") or ""
        body = record.content_stream().read()
        found.append((record.rec_type, address, body))
    return found


def test_out_and_in_again_gives_the_same_rows(
    demo: Path, tmp_path: Path, call: Run
) -> None:
    target = tmp_path / "all.warc.gz"
    code, said = call("export", demo, "--format", "warc", "--to", target)
    assert code == 0
    assert "captures: " in said
    again = tmp_path / "again.db"
    assert call("ingest", again, target)[0] == 0
    assert rows_of(again) == rows_of(demo)
    assert len(rows_of(demo)) > 40


def test_a_thread_has_its_own_pages_only(demo: Path, tmp_path: Path, call: Run) -> None:
    target = tmp_path / "one.warc.gz"
    words = ("--thread", "110", "--site", "qingshixiang")
    code, _ = call("export", demo, "--format", "warc", "--to", target, *words)
    assert code == 0
    kinds = {kind for kind, _, _ in records_of(target.read_bytes())}
    assert kinds >= {"warcinfo", "response"}
    again = tmp_path / "again.db"
    assert call("ingest", again, target)[0] == 0
    expected = [row for row in rows_of(demo) if row[2] == 110]
    assert rows_of(again) == expected


@pytest.fixture
def captured_db(tmp_path: Path) -> Path:
    """Two threads with pages of the same body, the second a reference to the first; what
    was asked for is kept with them."""
    path = tmp_path / "forum.db"
    conn = make_archive(path, [Row(thread="甲"), Row(thread="乙")])
    body = b"<html>" + b"x" * 4000
    with Captures(conn) as captures:
        for tid in (1, 2):
            kept = captures.keep(
                Capture(
                    url=f"https://bbs.example/thread-{tid}-1-1.html",
                    fetched_at=datetime(2024, 5, tid, tzinfo=UTC),
                    status=200,
                    headers=(("Content-Type", "text/html"),),
                    body=body,
                    asked=(("User-Agent", "test"),),
                )
            )
            verdict = Verdict(outcome="stored", kind="thread", site_id=1, thread_id=tid)
            captures.settle(kept.id, verdict)
    conn.close()
    return path


def test_a_reference_is_whole_where_what_it_refers_to_is_left_out(
    captured_db: Path, call: Run
) -> None:
    target = captured_db.with_name("out.warc.gz")
    words = ("export", captured_db, "--format", "warc", "--to", target)
    assert call(*words)[0] == 0
    both = records_of(target.read_bytes())
    assert [kind for kind, _, _ in both] == [
        "warcinfo",
        "response",
        "request",
        "revisit",
        "request",
    ]
    assert call(*words, "--thread", "2")[0] == 0
    _, response = records_of(target.read_bytes())
    assert response[0] == "response"
    assert response[1].endswith("thread-2-1-1.html")
    assert len(response[2]) == 4006


def test_a_thread_comes_with_what_its_pages_need(captured_db: Path, call: Run) -> None:
    """Of its own forum, and nothing that another one's pages need."""
    archive = open_archive(captured_db)
    with Captures(archive.conn) as captures:
        for site_id, host in ((1, "bbs.example"), (2, "other.example")):
            url = f"https://{host}/style.css"
            kept = captures.keep(
                Capture(
                    url=url,
                    fetched_at=datetime(2024, 5, 3, tzinfo=UTC),
                    status=200,
                    headers=(("Content-Type", "text/css"),),
                    body=b"p { color: red }",
                )
            )
            if site_id == 2:
                insert(archive.conn, "sites", name="乙", base_url=f"https://{host}/")
            insert(
                archive.conn,
                "media",
                site_id=site_id,
                name=url,
                url=url,
                due_at="",
                state="done",
                requisite="style",
                capture_id=kept.id,
            )
            captures.settle(
                kept.id, Verdict(outcome="other", kind="media", site_id=site_id)
            )
    archive.close()
    target = captured_db.with_name("out.warc.gz")
    words = ("export", captured_db, "--format", "warc", "--to", target)
    assert call(*words, "--thread", "2")[0] == 0
    addresses = [address for _, address, _ in records_of(target.read_bytes())]
    assert "https://bbs.example/style.css" in addresses
    assert "https://other.example/style.css" not in addresses


def test_lost_captures_are_told(captured_db: Path, call: Run) -> None:
    archive = open_archive(captured_db)
    for file in warc_folder(archive.conn).glob("*.warc.gz"):
        file.unlink()
    archive.close()
    target = captured_db.with_name("out.warc.gz")
    code, said = call("export", captured_db, "--format", "warc", "--to", target)
    assert code == 0
    assert "captures whose WARC record is lost: 2" in said


def test_a_package_is_what_its_manifest_says(captured_db: Path, call: Run) -> None:
    pytest.importorskip("surt")
    target = captured_db.with_name("out.wacz")
    code, _ = call("export", captured_db, "--format", "wacz", "--to", target)
    assert code == 0
    package = zipfile.ZipFile(target)
    assert package.testzip() is None
    manifest_bytes = package.read("datapackage.json")
    manifest = json.loads(manifest_bytes)
    assert manifest["profile"] == "data-package"
    assert manifest["wacz_version"] == "1.1.1"
    assert manifest["title"] == "试论坛"
    seal = json.loads(package.read("datapackage-digest.json"))
    digest = hashlib.sha256(manifest_bytes).hexdigest()
    assert seal == {"path": "datapackage.json", "hash": f"sha256:{digest}"}

    listed = {each["path"]: each for each in manifest["resources"]}
    named = {"datapackage.json", "datapackage-digest.json"}
    assert set(package.namelist()) == set(listed) | named
    for path, each in listed.items():
        data = package.read(path)
        assert each["bytes"] == len(data)
        assert each["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
    stored = package.getinfo("archive/data.warc.gz")
    assert stored.compress_type == zipfile.ZIP_STORED

    head, *pages = package.read("pages/pages.jsonl").decode().splitlines()
    assert json.loads(head)["format"] == "json-pages-1.0"
    assert [json.loads(page)["title"] for page in pages] == ["甲", "乙"]


def test_each_line_of_the_index_leads_to_its_record(
    captured_db: Path, call: Run
) -> None:
    pytest.importorskip("surt")
    target = captured_db.with_name("out.wacz")
    assert call("export", captured_db, "--format", "wacz", "--to", target)[0] == 0
    package = zipfile.ZipFile(target)
    data = package.read("archive/data.warc.gz")
    lines = package.read("indexes/index.cdx").decode().splitlines()
    assert lines == sorted(lines)
    assert lines[0].startswith("example,bbs)/thread-1-1-1.html 20240501000000 {")
    kinds = []
    for line in lines:
        _, _, said = line.split(" ", 2)
        values = json.loads(said)
        start = int(values["offset"])
        end = start + int(values["length"])
        ((kind, address, _),) = records_of(data[start:end])
        assert address == values["url"]
        kinds.append((kind, values["mime"], values["status"]))
    assert kinds == [
        ("response", "text/html", "200"),
        ("revisit", "warc/revisit", "200"),
    ]
