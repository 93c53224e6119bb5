"""Pictures and attachments that posts show are kept where a copy holds them, whatever saved
it, and nothing else is."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from browser import chromium
from fake_forum import Running, qingshi, serve
from ingesting import ingested
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from web_client import pages_of

from archive.intake.summary import IngestSummary
from archive.schema import open_archive
from archive.warc.captures import Captures
from archive.warc.records import sha1_base32

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OTHER = PNG + b"2"
SCRIPT = b"<html><script>alert(1)</script></html>"
SITE = "http://bbs.town.example/"
PAGE = f"{SITE}forum.php?mod=viewthread&tid=11"


def page(message: str, files: str = "") -> bytes:
    """A thread page of X3.4 with one post."""
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8" /><title>茶摊 - 茶话 - 小镇论坛 - Powered by Discuz!</title>
<meta name="generator" content="Discuz! X3.4" /><base href="{SITE}" />
<script>var STYLEID = '1', discuz_uid = '0';</script></head>
<body id="nv_forum" class="pg_viewthread"><img src="static/image/common/logo.png" />
<div id="pt"><a href="forum.php">论坛</a> <a href="forum.php?mod=forumdisplay&fid=2">茶话</a></div>
<h1 class="ts"><a href="forum.php?mod=viewthread&tid=11" id="thread_subject">茶摊</a></h1>
<div id="postlist"><div id="post_101"><table id="pid101" class="plhin"><tr><td class="pls">
<div class="authi"><a href="home.php?mod=space&amp;uid=7" class="xw1">竹影</a></div></td>
<td class="plc"><div class="pi"><strong>
<a href="forum.php?mod=redirect&goto=findpost&ptid=11&pid=101"
id="postnum101"><em>1</em><sup>#</sup></a></strong><div class="pti"><div class="authi">
<em id="authorposton101">发表于 2024-3-1 10:00</em></div></div></div>
<div class="pct"><div class="pcb"><div class="t_fsz"><table><tr>
<td class="t_f" id="postmessage_101">
早市的茶摊 {message}</td></tr></table>{files}</div></div></div></td></tr></table></div></div>
<div id="ft">Powered by <strong>Discuz!</strong></div></body></html>
""".encode()


def kept(db: Path) -> dict[str, bytes]:
    """The files of an archive: names and bytes."""
    archive = open_archive(db)
    rows = archive.conn.execute(
        "SELECT name, capture_id, digest FROM media WHERE state = 'done'"
    )
    found = {}
    for name, capture_id, digest in rows.fetchall():
        body = Captures(archive.conn).read(capture_id).body
        assert sha1_base32(body) == digest
        found[name] = body
    archive.close()
    return found


Entry = tuple[str, str, bytes]
"""Address, headers (`type; disposition`), body."""


def warc(path: Path, *entries: Entry) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, kind, body in entries:
            content_type, _, disposition = kind.partition("; ")
            head = [("Content-Type", content_type)]
            if disposition:
                head.append(("Content-Disposition", disposition))
            http = StatusAndHeaders("200 OK", head, protocol="HTTP/1.1")
            record = writer.create_warc_record(
                address, "response", payload=BytesIO(body), http_headers=http
            )
            writer.write_record(record)
    return path


def har(path: Path, *entries: Entry) -> Path:
    made = []
    for address, kind, body in entries:
        content_type, _, disposition = kind.partition("; ")
        content = {
            "mimeType": content_type,
            "text": base64.b64encode(body).decode(),
            "encoding": "base64",
        }
        headers = [{"name": "Content-Disposition", "value": disposition}]
        made.append(
            {
                "startedDateTime": "2024-06-01T02:03:04.000Z",
                "request": {"method": "GET", "url": address},
                "response": {"status": 200, "headers": headers, "content": content},
            }
        )
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": made}}))
    return path


SHOWN = page(
    '<img src="static/image/common/none.gif" file="data/attachment/forum/1.png" id="aimg_5"'
    ' aid="5" zoomfile="data/attachment/forum/1.png" />'
    '<img src="https://img.example/空格 a.png" />'
    '<span id="attach_9"><a href="forum.php?mod=attachment&amp;aid=OXxhYmN8MTcxNDAwMDAwMHwwfDEx"'
    ' target="_blank">账本.html</a> <em>(12 Bytes, 下载次数: 3)</em></span>',
)
ENTRIES: tuple[Entry, ...] = (
    (f"{SITE}static/image/common/logo.png", "image/png", PNG + b"logo"),
    (f"{SITE}data/attachment/forum/1.png", "image/png", PNG),
    (PAGE, "text/html", SHOWN),
    ("http://img.example/%E7%A9%BA%E6%A0%BC%20a.png", "image/png", OTHER),
    (
        f"{SITE}forum.php?mod=attachment&aid=OXxkZWZ8MTcxNDAwMDAwMXwwfDEx",
        'text/html; attachment; filename="a.html"',
        SCRIPT,
    ),
    (f"{SITE}static/js/common.js", "application/javascript", b"1"),
    (f"{SITE}style.css", "text/css", b"a {}"),
)
KEPT = {
    f"{SITE}data/attachment/forum/1.png": PNG,
    "https://img.example/空格 a.png": OTHER,
    "aid:9": SCRIPT,
}


@pytest.mark.parametrize("write", [warc, har])
def test_recorded_files(write: Callable[..., Path], tmp_path: Path) -> None:
    """Before or after their page, under another scheme, escaped, with another token; served
    as HTML, but to be saved."""
    summary = IngestSummary()
    results = ingested(tmp_path / "a.db", write(tmp_path / "copy", *ENTRIES))
    for result in results:
        summary.add(result)
    assert kept(tmp_path / "a.db") == KEPT
    assert summary.problem_count == 0
    assert summary.results == {"stored": 1, "skipped": 3, "file": 3}
    assert +summary.passed_over == {"pictures": 1, "scripts": 1, "style sheets": 1}

    again = ingested(tmp_path / "a.db", tmp_path / "copy")
    assert "file" not in {result.result for result in again}
    assert kept(tmp_path / "a.db") == KEPT


@pytest.mark.parametrize("order", [1, -1])
def test_downloads_that_lead_elsewhere(order: int, tmp_path: Path) -> None:
    """A forum that keeps its files on another host; what is no download is not followed,
    and a picture in another size is not the picture."""
    link = f"{SITE}forum.php?mod=attachment&aid=OXxkZWZ8MTcxNDAwMDAwMXwwfDEx"
    sized = f"{SITE}forum.php?mod=image&aid=9&size=300x300&key=ab"
    path = tmp_path / "a.warc.gz"
    records = [
        (PAGE, "200 OK", ("Content-Type", "text/html"), SHOWN),
        (link, "302 Found", ("Location", "//files.example/9.bin"), b""),
        (sized, "200 OK", ("Content-Type", "image/png"), PNG),
        (
            "http://files.example/9.bin",
            "200 OK",
            ("Content-Type", "application/octet-stream"),
            SCRIPT,
        ),
    ]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, status, header, body in records[::order]:
            http = StatusAndHeaders(status, [header], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                address, "response", payload=BytesIO(body), http_headers=http
            )
            writer.write_record(record)
    ingested(tmp_path / "a.db", path)
    assert kept(tmp_path / "a.db") == {"aid:9": SCRIPT}


def test_same_bytes_at_another_address(tmp_path: Path) -> None:
    """Crawlers keep them once, and write a `revisit` record for the other address."""
    path = tmp_path / "a.warc.gz"
    shown = page('<img src="https://img.example/copy.png" />')
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, kind, body in (
            (PAGE, "text/html", shown),
            ("https://img.example/first.png", "image/png", PNG),
        ):
            http = StatusAndHeaders("200 OK", [("Content-Type", kind)], "HTTP/1.1")
            record = writer.create_warc_record(
                address, "response", payload=BytesIO(body), http_headers=http
            )
            writer.write_record(record)
        again = writer.create_revisit_record(
            "https://img.example/copy.png",
            digest=f"sha1:{sha1_base32(PNG)}",
            refers_to_uri="https://img.example/first.png",
            refers_to_date="2024-05-20T13:30:00Z",
        )
        writer.write_record(again)
    summary = IngestSummary()
    for result in ingested(tmp_path / "a.db", path):
        summary.add(result)
    assert kept(tmp_path / "a.db") == {"https://img.example/copy.png": PNG}
    assert summary.results == {"stored": 1, "skipped": 0, "file": 1}


def test_files_and_their_page_come_apart(tmp_path: Path) -> None:
    """In two runs: the page first, and what its posts show in another file."""
    others = [entry for entry in ENTRIES if entry[0] != PAGE]
    ingested(tmp_path / "a.db", warc(tmp_path / "pages.warc.gz", ENTRIES[2]))
    assert kept(tmp_path / "a.db") == {}
    ingested(tmp_path / "a.db", warc(tmp_path / "files.warc.gz", *others))
    assert kept(tmp_path / "a.db") == KEPT


def saved_complete(folder: Path) -> Path:
    """As Chrome saves a page: pictures renamed, in a folder beside it; what scripts load
    later keeps its address."""
    body = page(
        '<img src="./茶摊_files/1.png" file="data/attachment/forum/1.png" id="aimg_5" aid="5"'
        ' zoomfile="data/attachment/forum/1.png" /><img src="./茶摊_files/b(1).png" />'
    )
    mark = f"<!-- saved from url=(0060){PAGE} -->\n<html>".encode()
    (folder / "茶摊.html").write_bytes(body.replace(b"<html>", mark, 1))
    (folder / "茶摊_files").mkdir()
    (folder / "茶摊_files" / "1.png").write_bytes(PNG)
    (folder / "茶摊_files" / "b(1).png").write_bytes(OTHER)
    (folder / "茶摊_files" / "logo.png").write_bytes(PNG + b"logo")
    (folder / "茶摊_files" / "common.js").write_bytes(b"1")
    (folder / "茶摊_files" / "saved_resource.html").write_bytes(b"")
    return folder / "茶摊.html"


COMPLETE = {
    f"{SITE}data/attachment/forum/1.png": PNG,
    f"{SITE}茶摊_files/b(1).png": OTHER,
}


def the_folder(folder: Path) -> Path:
    saved_complete(folder)
    return folder


@pytest.mark.parametrize(
    "copy", [saved_complete, the_folder], ids=lambda copy: copy.__name__
)
def test_complete_pages(copy: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    results = ingested(tmp_path / "a.db", copy(folder))
    assert kept(tmp_path / "a.db") == COMPLETE
    assert not [result for result in results if result.result == "unreadable"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("by_windows", [True, False])
def test_complete_page_in_a_zip(method: int, by_windows: bool, tmp_path: Path) -> None:
    """Names in UTF-8, or in the encoding of a Chinese Windows, which are not marked."""
    folder = tmp_path / "copy"
    folder.mkdir()
    saved_complete(folder)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                info = _Named(str(path.relative_to(folder)), by_windows)
                info.compress_type = method
                archive.writestr(info, path.read_bytes())
    ingested(tmp_path / "a.db", tmp_path / "a.zip")
    assert kept(tmp_path / "a.db") == COMPLETE


class _Named(zipfile.ZipInfo):
    """A member whose name is written in GBK, as programs of Windows do."""

    def __init__(self, name: str, by_windows: bool) -> None:
        super().__init__(name)
        self._by_windows = by_windows

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        if self._by_windows:
            return self.filename.encode("gbk"), 0
        return self.filename.encode(), 0x800


@pytest.mark.parametrize("mark", ['"', "'", ""])
def test_picture_in_the_page_itself(mark: str, tmp_path: Path) -> None:
    """SingleFile puts the picture in the place of its address, and leaves the others; marks
    that are not needed it leaves out."""
    inlined = "data:image/png;base64," + base64.b64encode(PNG).decode()
    address = "data/attachment/forum/1.png"
    body = page(
        f"<img src={mark}{inlined}{mark} file={mark}{address}{mark} id=aimg_5 aid=5>"
    )
    (tmp_path / "a.html").write_bytes(body)
    ingested(tmp_path / "a.db", tmp_path / "a.html")
    assert kept(tmp_path / "a.db") == {f"{SITE}data/attachment/forum/1.png": PNG}


def test_picture_in_the_place_of_its_address(tmp_path: Path) -> None:
    """SingleFile leaves no address of a picture that is no attachment: it is named after
    its bytes, in the message, too, which stays as long as its words."""
    large = PNG + bytes(range(256)) * 20
    small = "data:image/gif;base64," + base64.b64encode(PNG).decode()
    inlined = "data:image/png;base64," + base64.b64encode(large).decode()
    head = f"<!--\n Page saved with SingleFile \n url: {PAGE} \n-->\n<html>".encode()
    body = page(f'<img src="{inlined}" /><img src="{small}" smilieid="12" />')
    path = tmp_path / "a.html"
    path.write_bytes(body.replace(b"<html>", head, 1))
    ingested(tmp_path / "a.db", path)
    name = f"urn:sha1:{sha1_base32(large)}"
    assert kept(tmp_path / "a.db") == {name: large}

    archive = open_archive(tmp_path / "a.db")
    (html,) = archive.conn.execute("SELECT html FROM posts").fetchone()
    archive.close()
    assert name in html
    assert "base64" in html
    assert len(html) < 500
    shown = pages_of(tmp_path / "a.db").get("/f/1/thread/11").text
    assert 'src="/-/media/' in shown


def test_parts_of_one_file(tmp_path: Path) -> None:
    """MHTML: parts by their address, and by the number that stands in its place."""
    body = page(
        '<img src="https://img.example/b.png" /><img src="cid:one@mhtml.blink" '
        'file="data/attachment/forum/1.png" id="aimg_5" aid="5" />'
    )
    text = MIMEText(body.decode(), "html", "utf-8")
    text["Content-Location"] = PAGE
    whole = MIMEMultipart("related")
    whole["Snapshot-Content-Location"] = PAGE
    whole["Date"] = "Tue, 14 May 2024 13:46:00 -0000"
    whole.attach(text)
    for name, value, picture in (
        ("Content-ID", "<one@mhtml.blink>", PNG),
        ("Content-Location", "https://img.example/b.png", OTHER),
        ("Content-Location", "https://img.example/not-shown.png", OTHER),
    ):
        part = MIMEImage(picture, "png")
        del part["Content-ID"]
        part[name] = value
        whole.attach(part)
    (tmp_path / "a.mhtml").write_bytes(b"MIME-Version: 1.0\r\n" + whole.as_bytes())
    ingested(tmp_path / "a.db", tmp_path / "a.mhtml")
    assert kept(tmp_path / "a.db") == {
        f"{SITE}data/attachment/forum/1.png": PNG,
        "https://img.example/b.png": OTHER,
    }


def test_nothing_outside_the_copy_is_taken(tmp_path: Path) -> None:
    """A page's address of a picture may be an attack: it leads out of the folder."""
    (tmp_path / "secret.png").write_bytes(PNG)
    folder = tmp_path / "copy"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    places = (
        "../secret.png",
        "link.png",
        f"{tmp_path}/secret.png",
        "%2e%2e/secret.png",
    )
    images = "".join(f'<img src="{place}" />' for place in places)
    (folder / "a.html").write_bytes(page(images))
    ingested(tmp_path / "a.db", folder / "a.html")
    assert kept(tmp_path / "a.db") == {}


@pytest.fixture(scope="module")
def forum() -> Iterator[Running]:
    with serve(qingshi(), relative_dates=False, guests_see_files=True) as site:
        site.site.guests_get_files = True
        yield site


def pictured(site: Running) -> tuple[str, dict[str, bytes]]:
    """A thread with pictures, and what they are."""
    for tid, thread in site.forum.threads.items():
        files = [file for file in thread.first.files if file.image]
        address = f"{site.url}forum.php?mod=viewthread&tid={tid}"
        if not files or b"data/attachment" not in httpx.get(address).content:
            continue
        wanted = {}
        for file in files:
            url = f"{site.url}data/attachment/{file.path}"
            wanted[url] = httpx.get(url).content
        return address, wanted
    raise AssertionError("no thread with pictures")


def by_wget(address: str, pictures: list[str], folder: Path) -> Path:
    """A WARC file of a page and all that stands in it."""
    _run("wget", "-q", "-p", f"--warc-file={folder}/w", folder, address, *pictures)
    return folder / "w.warc.gz"


def by_wget_as_folder(address: str, pictures: list[str], folder: Path) -> Path:
    """A mirror whose links were turned to its own files."""
    _run("wget", "-q", "-p", "-k", "-E", folder, address, *pictures)
    return folder


def by_chromium(address: str, pictures: list[str], folder: Path) -> Path:
    """What the developer tools record."""
    with chromium() as browser:
        context = browser.new_context(record_har_path=folder / "a.har")
        tab = context.new_page()
        tab.goto(address)
        for picture in pictures:
            tab.evaluate("address => fetch(address)", picture)
        tab.wait_for_load_state("networkidle")
        context.close()
    return folder / "a.har"


def _run(*command: str | Path) -> None:
    program, *options = command
    folder_at = next(at for at, word in enumerate(options) if isinstance(word, Path))
    options.insert(folder_at, "-P")
    if shutil.which(str(program)) is None:
        pytest.skip(f"no {program} here")
    words = [str(program), "-e", "robots=off", *map(str, options)]
    subprocess.run(words, check=False, timeout=120)


@pytest.mark.parametrize(
    "copy", [by_wget, by_wget_as_folder, by_chromium], ids=lambda copy: copy.__name__
)
def test_copies_of_a_real_server(
    copy: Callable[[str, list[str], Path], Path], forum: Running, tmp_path: Path
) -> None:
    """Pictures are kept, and of what else a page consists nothing is a problem."""
    address, wanted = pictured(forum)
    folder = tmp_path / "copy"
    folder.mkdir()
    summary = IngestSummary()
    for result in ingested(tmp_path / "a.db", copy(address, list(wanted), folder)):
        summary.add(result)
    assert kept(tmp_path / "a.db") == wanted
    assert summary.problems == []
    assert summary.pages["thread"] == 1


def test_problems_are_what_could_have_been_a_page(tmp_path: Path) -> None:
    """A server's error in a thread's place is one; those in a picture's place, what is too
    big and no page, and the program's own notes are counted."""
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, status, content_type, body in (
            (PAGE, "502 Bad Gateway", "text/html", b"<html>nginx</html>"),
            (f"{SITE}a/logo.png", "404 Not Found", "text/html", b"<html>nginx</html>"),
            (f"{SITE}film.mp4", "200 OK", "video/mp4", bytes(21 << 20)),
            (f"{SITE}thread-9-1-1.html", "200 OK", "text/html", bytes(21 << 20)),
            (f"{SITE}notes.txt", "200 OK", "text/plain", b"notes"),
            (f"{SITE}x.json", "200 OK", "application/json", b"{}"),
        ):
            head = [("Content-Type", content_type)]
            http = StatusAndHeaders(status, head, protocol="HTTP/1.1")
            record = writer.create_warc_record(
                address, "response", payload=BytesIO(body), http_headers=http
            )
            writer.write_record(record)
    summary = IngestSummary()
    for result in ingested(tmp_path / "a.db", path):
        summary.add(result)
    named = {problem["url"]: problem["reason"][:11] for problem in summary.problems}
    assert named == {PAGE: "status 502,", f"{SITE}thread-9-1-1.html": "too big for"}
    assert summary.passed_over == {
        "error pages of a server": 1,
        "files that are too big (--max-mb)": 1,
        "texts that are no page of a forum": 2,
    }
