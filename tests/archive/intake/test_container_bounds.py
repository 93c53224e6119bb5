"""Containers made to break their reader: what is named, what is kept of the rest, and that
nothing is written."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import struct
import subprocess
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.intake.inputs import Hints, InputItem, InputRecord, PassedOver, Problem
from archive.intake.sources import read_inputs

PAGE = "<html><head><title>页面</title></head><body>页面</body></html>".encode()
URL = "https://a.example/thread-1-1-1.html"


def read(path: Path, hints: Hints | None = None) -> tuple[list[bytes], list[str]]:
    """The pages of an input, and its problems."""
    items: list[InputItem] = list(read_inputs([path], hints))
    pages = [item.capture.body for item in items if isinstance(item, InputRecord)]
    return pages, [item.reason for item in items if isinstance(item, Problem)]


def peak_bytes(work: Callable[[], object]) -> int:
    """The most memory that Python held while it worked."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def packed_blanks(size_bytes: int) -> tuple[bytes, int]:
    """Bare deflate of what begins as a page does, a thousandth of its size; its checksum."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    checksum = 0
    piece = b"<html>".ljust(1 << 20)
    out = []
    for _ in range(size_bytes >> 20):
        out.append(packer.compress(piece))
        checksum = zlib.crc32(piece, checksum)
    return b"".join([*out, packer.flush()]), checksum


def zip_bomb(path: Path, files: int, size_bytes: int) -> None:
    """An archive of pages of blanks."""
    data, checksum = packed_blanks(size_bytes)
    out = io.BytesIO()
    listed = b""
    names = [f"{number}.html".encode() for number in range(files)]
    for name in names:
        numbers = struct.pack(
            "<HHHHHLLL", 20, 0, 8, 0, 33, checksum, len(data), size_bytes
        )
        lengths = struct.pack("<HH", len(name), 0)
        place = struct.pack("<HHHLL", 0, 0, 0, 0, out.tell())
        listed += b"PK\x01\x02\x14\x00" + numbers + lengths + place + name
        out.write(b"PK\x03\x04" + numbers + lengths + name + data)
    start = out.tell()
    end = struct.pack("<HHHHLLH", 0, 0, files, files, len(listed), start, 0)
    path.write_bytes(out.getvalue() + listed + b"PK\x05\x06" + end)


def test_zip_bomb_is_read_no_further(tmp_path: Path) -> None:
    """Forty files of 64 MB in 2.6 MB."""
    zip_bomb(tmp_path / "a.zip", files=40, size_bytes=64 << 20)
    pages, problems = read(tmp_path / "a.zip", Hints(max_bytes=100 << 20))
    assert 0 < len(pages) < 7
    reason = "unpacks to more than 100 times its size: what follows was not read"
    assert problems == [reason]


def test_bomb_in_a_folder_costs_itself(tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    zip_bomb(folder / "b.zip", files=3, size_bytes=64 << 20)
    (folder / "a.html").write_bytes(PAGE)
    (folder / "c.html").write_bytes(PAGE)
    pages, problems = read(folder, Hints(max_bytes=100 << 20))
    assert (pages[0], pages[-1]) == (PAGE, PAGE)
    assert ["times its size" in problem for problem in problems] == [True]


def test_bombs_within_archives_share_what_may_be_unpacked(tmp_path: Path) -> None:
    zip_bomb(tmp_path / "in.zip", files=1, size_bytes=64 << 20)
    with zipfile.ZipFile(tmp_path / "out.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.write(tmp_path / "in.zip", f"{number}.zip")
        archive.writestr("page.html", PAGE)
    pages, problems = read(tmp_path / "out.zip", Hints(max_bytes=100 << 20))
    assert len(pages) == 1
    assert ["times its size" in problem for problem in problems] == [True]


def test_archives_in_archives_end_somewhere(tmp_path: Path) -> None:
    data = PAGE
    name = "page.html"
    for depth in range(8):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(name, data)
        data, name = out.getvalue(), f"{depth}.zip"
    (tmp_path / "a.zip").write_bytes(data)
    pages, problems = read(tmp_path / "a.zip")
    assert pages == []
    assert problems == ["lies in more than 4 archives, one in another"]


def test_names_of_an_archive_write_nothing(tmp_path: Path) -> None:
    names = ("../up.html", "/root.html", "C:\\\\x.html", "a/../../b.html", "a\nb.html")
    folder = tmp_path / "some" / "where"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), PAGE)
    before = sorted(tmp_path.rglob("*"))
    pages, problems = read(folder / "a.zip")
    assert pages == [PAGE] * len(names)
    assert problems == []
    assert sorted(tmp_path.rglob("*")) == before


def test_what_an_archive_hides_is_named(tmp_path: Path) -> None:
    """Files with a password, and links."""
    if shutil.which("zip") is None:
        pytest.skip("no zip here")
    (tmp_path / "secret.html").write_bytes(PAGE)
    (tmp_path / "open.html").write_bytes(PAGE)
    (tmp_path / "link.html").symlink_to("/etc/passwd")
    command = ["zip", "-q", "-y", "a.zip"]
    for more in (["-P", "word", "secret.html"], ["open.html", "link.html"]):
        subprocess.run([*command, *more], cwd=tmp_path, check=True)
    pages, problems = read(tmp_path / "a.zip")
    assert pages == [PAGE]
    assert sorted(problems) == [
        "1 files in it are links",
        "1 files in it are locked with a password",
    ]


def test_damage_in_an_archive_costs_one_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("a.html", "b.html", "c.html"):
            archive.writestr(name, PAGE)
    raw = bytearray((tmp_path / "a.zip").read_bytes())
    at = raw.index(b"b.html")
    raw[at - 30 : at - 26] = b"XXXX"
    (tmp_path / "a.zip").write_bytes(raw)
    pages, problems = read(tmp_path / "a.zip")
    assert pages == [PAGE, PAGE]
    assert len(problems) == 1


@pytest.mark.parametrize("start", [b'{"log": {"entries": [', b"WARC", PAGE])
def test_gzip_bombs_take_little_memory(start: bytes, tmp_path: Path) -> None:
    """600 MB in 0.6 MB, whatever they seem to be."""
    with gzip.open(tmp_path / "a.gz", "wb") as file:
        file.write(start)
        for _ in range(600):
            file.write(b" " * (1 << 20))
    problems = list[str]()
    peak = peak_bytes(lambda: problems.extend(read(tmp_path / "a.gz")[1]))
    assert len(problems) == 1
    assert peak < 80 << 20


def har(*texts: str) -> bytes:
    entries = []
    for text in texts:
        content = {"mimeType": "text/html", "text": text}
        entries.append(
            {
                "startedDateTime": "2024-06-01T02:03:04Z",
                "request": {"method": "GET", "url": URL},
                "response": {"status": 200, "headers": [], "content": content},
            }
        )
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def test_entries_of_a_har_are_bounded_one_by_one(tmp_path: Path) -> None:
    page = PAGE.decode()
    (tmp_path / "a.har").write_bytes(har(page, "a" * 300_000, page))
    pages, problems = read(tmp_path / "a.har", Hints(max_bytes=100_000))
    assert pages == [PAGE, PAGE]
    assert ["too big" in problem for problem in problems] == [True]


def test_endless_entry_ends_the_file(tmp_path: Path) -> None:
    page = PAGE.decode()
    (tmp_path / "a.har").write_bytes(har(page, "a" * 9_000_000, page))
    pages, problems = read(tmp_path / "a.har", Hints(max_bytes=100_000))
    assert pages == [PAGE]
    assert problems == ["cannot be read: one entry has more than 2 MB"]


@pytest.mark.parametrize("cut", [500, 900])
def test_cut_har_gives_what_was_whole(cut: int, tmp_path: Path) -> None:
    (tmp_path / "a.har").write_bytes(
        har(PAGE.decode(), PAGE.decode(), "x" * 500)[:-cut]
    )
    pages, problems = read(tmp_path / "a.har")
    assert 1 <= len(pages) <= 2
    assert len(problems) == 1


def arc(*blocks: bytes, version: int = 1, said: int = 0) -> bytes:
    """An ARC file; `said`: what its records claim to be longer."""
    about = f"{version} 0 InternetArchive\n{'URL ...'}\n".encode()
    out = f"filedesc://a.arc 0.0.0.0 20080601000000 text/plain {len(about)}\n".encode()
    if version == 2:
        out = out.replace(b"text/plain", b"text/plain 200 - - 0 a.arc")
    out += about + b"\n"
    for number, body in enumerate(blocks):
        block = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
        more = "200 AB12 - 1234 a.arc " if version == 2 else ""
        line = f"http://a.example/{number} 192.0.2.1 20080601020304 text/html {more}"
        out += f"{line}{len(block) + said}\n".encode() + block + b"\n"
    return out


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("packed", [True, False])
def test_arc_versions(version: int, packed: bool, tmp_path: Path) -> None:
    """Packed record by record, as the Internet Archive did."""
    plain = arc(PAGE, b"<p>2", version=version)
    data = plain
    if packed:
        parts = plain.split(b"\nhttp://")
        parts = [parts[0] + b"\n", *(b"http://" + part + b"\n" for part in parts[1:])]
        data = b"".join(map(gzip.compress, parts))
    (tmp_path / "a.arc").write_bytes(data)
    assert read(tmp_path / "a.arc") == ([PAGE, b"<p>2"], [])


def test_arc_that_is_cut_or_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.arc"
    path.write_bytes(arc(PAGE, PAGE)[:-20])
    pages, problems = read(path)
    assert pages == [PAGE]
    assert ["cut in the middle" in problem for problem in problems] == [True]

    path.write_bytes(arc(PAGE, PAGE, PAGE, said=-5))
    pages, problems = read(path)
    assert len(pages) == 3
    assert ["no record where one should begin" in each for each in problems] == [
        True
    ] * 3

    path.write_bytes(arc(PAGE).replace(b"text/html 1", b"text/html 999999999991"))
    pages, problems = read(path)
    assert pages == []
    assert ["too big" in problem for problem in problems] == [True]


def test_endless_line_of_an_arc_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.arc"
    path.write_bytes(arc(PAGE) + b"x " * (30 << 20))
    found = list[bytes]()
    peak = peak_bytes(lambda: found.extend(read(path)[0]))
    assert found == [PAGE]
    assert peak < 20 << 20


def test_folder_counts_what_is_no_page(tmp_path: Path) -> None:
    files = {
        "a.html": PAGE,
        "a_files/x.css": b"a {}",
        "a_files/x.js": b"1",
        "a_files/x.png": b"\x89PNG\r\n\x1a\n",
        "hts-log.txt": b"HTTrack3 launched",
        "hts-cache/new.lst": b"x",
        "robots.txt": b"User-agent: *",
        "empty.html": b"",
        "data.bin": b"\0\1\2",
        "a.pdf": b"%PDF-1.4",
    }
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    items = list(read_inputs([tmp_path]))
    assert [item for item in items if isinstance(item, Problem)] == []
    kinds = sorted(item.kind for item in items if isinstance(item, PassedOver))
    assert kinds == [
        "documents and archives",
        "empty files",
        "logs and lists of the program that saved",
        "logs and lists of the program that saved",
        "other files",
        "pictures",
        "robots.txt",
        "scripts",
        "style sheets",
    ]
