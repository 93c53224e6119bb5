"""The same pages, saved by every program that people save pages with, give the same rows."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from browser import chromium
from corpus import ROOT
from fake_forum import Running, qingshi, serve
from ingesting import ingested
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGES = 20
AT = "2024-05-20T13:30:00Z"
ROWS = """SELECT t.tid, p.pid, p.author, p.posted_at, p.text
  FROM posts p JOIN threads t ON t.id = p.thread_id ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Saved:
    """Where a forum is served, and the pages of it that are to be saved."""

    url: str
    addresses: tuple[str, ...]
    bodies: tuple[bytes, ...]


@pytest.fixture(scope="module")
def pages() -> Iterator[Saved]:
    forum = qingshi()
    with serve(forum, relative_dates=False, guests_see_files=True) as site:
        addresses = tuple(
            f"{site.url}forum.php?mod=viewthread&tid={tid}" for tid in _tids(site)
        )
        assert len(addresses) == PAGES
        bodies = tuple(httpx.get(address).content for address in addresses)
        yield Saved(site.url, addresses, bodies)


def _tids(site: Running) -> list[int]:
    """Threads that a guest reads."""
    readable = []
    for tid in site.forum.threads:
        answer = httpx.get(f"{site.url}forum.php?mod=viewthread&tid={tid}")
        if answer.status_code == 200 and b'id="postlist"' in answer.content:
            readable.append(tid)
        if len(readable) == PAGES:
            break
    return readable


def rows(db: Path, *inputs: Path) -> list[tuple[object, ...]]:
    """The posts of an archive that was made of some inputs."""
    results = ingested(db, *inputs)
    faults = [
        one for one in results if one.result in ("failed", "unreadable", "foreign")
    ]
    assert faults == []
    conn = sqlite3.connect(db)
    found = conn.execute(ROWS).fetchall()
    conn.close()
    return found


def run(*command: str | Path, ends_with: tuple[int, ...] = (0,)) -> None:
    """Run a program that saves pages."""
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"no {command[0]} here")
    done = subprocess.run(list(map(str, command)), capture_output=True, timeout=120)
    assert done.returncode in ends_with, done.stderr[-500:]


def warc_bytes(saved: Saved, gzip: bool = True) -> bytes:
    """A WARC file as warcio writes it."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=gzip)
    for address, body in zip(saved.addresses, saved.bodies, strict=True):
        head = [("Content-Type", "text/html; charset=utf-8")]
        http = StatusAndHeaders("200 OK", head, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            address,
            "response",
            payload=BytesIO(body),
            http_headers=http,
            warc_headers_dict={"WARC-Date": AT},
        )
        writer.write_record(record)
    return out.getvalue()


def warc(saved: Saved, folder: Path) -> Path:
    path = folder / "a.warc.gz"
    path.write_bytes(warc_bytes(saved))
    return path


def warc_zst(saved: Saved, folder: Path) -> Path:
    plain = folder / "a.warc"
    plain.write_bytes(warc_bytes(saved, gzip=False))
    run("zstd", "-q", "--rm", plain)
    return folder / "a.warc.zst"


def warc_by_wget(saved: Saved, folder: Path) -> Path:
    run(
        "wget",
        "-q",
        "-P",
        folder / "pages",
        f"--warc-file={folder}/w",
        *saved.addresses,
    )
    return folder / "w.warc.gz"


def arc_bytes(saved: Saved) -> bytes:
    """An ARC file, version 1, as Heritrix 1 wrote it."""
    about = b"1 0 InternetArchive\nURL IP-address Archive-date Content-type Archive-length\n"
    out = b"filedesc://a.arc 0.0.0.0 20080601000000 text/plain %d\n" % len(about)
    out += about + b"\n"
    for address, body in zip(saved.addresses, saved.bodies, strict=True):
        block = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
        )
        line = f"{address} 127.0.0.1 20240520133000 text/html {len(block)}\n"
        out += line.encode() + block + b"\n"
    return out


def arc(saved: Saved, folder: Path) -> Path:
    path = folder / "a.arc"
    path.write_bytes(arc_bytes(saved))
    return path


def arc_gz(saved: Saved, folder: Path) -> Path:
    arc(saved, folder)
    run("gzip", folder / "a.arc")
    return folder / "a.arc.gz"


def wacz(saved: Saved, folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.wacz", "w") as archive:
        archive.writestr("archive/data.warc.gz", warc_bytes(saved))
        archive.writestr("datapackage.json", '{"profile": "data-package"}')
        archive.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
        archive.writestr("indexes/index.cdx", "org,example)/ 2024\n")
    return folder / "a.wacz"


def zip_of_pages(saved: Saved, folder: Path) -> Path:
    for number, body in enumerate(saved.bodies):
        (folder / f"帖子{number}.html").write_bytes(body)
    run("zip", "-q", "-r", "-m", folder / "a.zip", folder)
    return folder / "a.zip"


def zip_in_zip(saved: Saved, folder: Path) -> Path:
    with zipfile.ZipFile(folder / "in.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("w/data.warc", warc_bytes(saved, gzip=False))
    with zipfile.ZipFile(folder / "out.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "in.zip", "deep/in.zip")
    return folder / "out.zip"


def wget(saved: Saved, folder: Path) -> Path:
    run("wget", "-q", "-x", "-P", folder, *saved.addresses)
    return folder


def wget_with_suffixes(saved: Saved, folder: Path) -> Path:
    run("wget", "-q", "-x", "-E", "-P", folder, *saved.addresses)
    return folder


def wget_for_windows(saved: Saved, folder: Path) -> Path:
    named = "--restrict-file-names=windows"
    run("wget", "-q", "-x", "-k", named, "-P", folder, *saved.addresses)
    return folder


def wget_twice(saved: Saved, folder: Path) -> Path:
    """Into one folder, where the second copies are numbered."""
    for _ in range(2):
        run("wget", "-q", "-nd", "-P", folder, *saved.addresses)
    assert list(folder.glob("*.1"))
    return folder


def wayback_machine_downloader(saved: Saved, folder: Path) -> Path:
    host = saved.url.split("/")[2].replace(":", "%3a")
    root = folder / "websites" / host.replace("%3a", ":")
    root.mkdir(parents=True)
    for address, body in zip(saved.addresses, saved.bodies, strict=True):
        name = address.rpartition("/")[2].replace("?", "%3f")
        (root / name).write_bytes(body)
    return folder


def httrack(saved: Saved, folder: Path) -> Path:
    run("httrack", *saved.addresses, "-O", folder, "-r1", "-q", "-s0", "-%v0")
    return folder


def jsonl(saved: Saved, folder: Path) -> Path:
    with (folder / "items.jsonl").open("w") as file:
        for address, body in zip(saved.addresses, saved.bodies, strict=True):
            entry = {"url": address, "status": 200, "body": body.decode()}
            file.write(json.dumps(entry) + "\n")
    return folder / "items.jsonl"


def json_list(saved: Saved, folder: Path) -> Path:
    entries = [
        {"html": body.decode(), "loadedUrl": address, "loadedAt": AT}
        for address, body in zip(saved.addresses, saved.bodies, strict=True)
    ]
    (folder / "items.json").write_text(json.dumps(entries, indent=1))
    return folder


def export_of_ours(saved: Saved, folder: Path) -> Path:
    """Posts as an archive of ours gives them away."""
    target = folder / "posts.jsonl"
    with TemporaryDirectory() as elsewhere:
        database = Path(elsewhere) / "a.db"
        ingested(database, warc(saved, Path(elsewhere)))
        words = ["export", database, "--format", "jsonl", "--to", target]
        command = [sys.executable, "-m", "archive", *words]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return target


def joined(saved: Saved, folder: Path) -> Path:
    (folder / "all.html").write_bytes(b"\n".join(saved.bodies))
    return folder / "all.html"


def har(saved: Saved, folder: Path) -> Path:
    with chromium() as browser:
        context = browser.new_context(record_har_path=folder / "a.har")
        for address in saved.addresses:
            # a tab that goes on loses the body that it had
            page = context.new_page()
            page.goto(address, wait_until="networkidle")
        context.close()
    return folder / "a.har"


def mhtml(saved: Saved, folder: Path) -> Path:
    with chromium() as browser:
        page = browser.new_page()
        session = page.context.new_cdp_session(page)
        for number, address in enumerate(saved.addresses):
            page.goto(address)
            snapshot = session.send("Page.captureSnapshot", {"format": "mhtml"})
            path = folder / f"{number}.mhtml"
            path.write_bytes(snapshot["data"].encode())
    return folder


FORMS: tuple[Callable[[Saved, Path], Path], ...] = (
    warc_zst,
    warc_by_wget,
    arc,
    arc_gz,
    wacz,
    zip_of_pages,
    zip_in_zip,
    wget,
    wget_with_suffixes,
    wget_for_windows,
    wget_twice,
    wayback_machine_downloader,
    httrack,
    jsonl,
    json_list,
    export_of_ours,
    joined,
    har,
    mhtml,
)


@pytest.fixture(scope="module")
def wanted(
    pages: Saved, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[object, ...]]:
    folder = tmp_path_factory.mktemp("warc")
    found = rows(folder / "a.db", warc(pages, folder))
    assert len({row[0] for row in found}) == PAGES
    return found


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_same_pages_same_rows(
    form: Callable[[Saved, Path], Path],
    pages: Saved,
    wanted: list[tuple[object, ...]],
    tmp_path: Path,
) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    assert rows(tmp_path / "a.db", form(pages, folder)) == wanted
