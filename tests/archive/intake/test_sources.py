"""Inputs: WARC files whole, damaged and foreign; saved pages that tell their address and
time; what is no page."""

from __future__ import annotations

import base64
import gzip
import io
import os
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from archive.intake.inputs import Hints, InputRecord, Problem
from archive.intake.saved import time_in
from archive.intake.saved_address import address_in
from archive.intake.sources import read_captures, read_inputs
from scraper.core.errors import InputError

PAGE = "<html><body>页面</body></html>".encode()


def record(
    url: str,
    block: bytes,
    kind: WarcRecordType = WarcRecordType.response,
    level: int = 6,
) -> bytes:
    out = io.BytesIO()
    made = WarcRecord()
    made.init_headers(record_type=kind)
    made.headers["WARC-Target-URI"] = url
    made.headers["WARC-Date"] = "2024-05-14T13:46:00Z"
    if kind == WarcRecordType.response:
        made.is_http = True
    made.set_bytes_content(block)
    writer = GzipWriter(out, compression_level=level)
    made.write(writer)
    writer.finish()
    return out.getvalue()


def http(body: bytes, *headers: str) -> bytes:
    return (
        "\r\n".join(
            ("HTTP/1.1 200 OK", "Content-Type: text/html", *headers, "", "")
        ).encode()
        + body
    )


def found(path: Path, hints: Hints | None = None) -> list[InputRecord]:
    return [
        item for item in read_inputs([path], hints) if isinstance(item, InputRecord)
    ]


def reasons(path: Path, hints: Hints | None = None) -> list[str]:
    return [
        item.reason for item in read_inputs([path], hints) if isinstance(item, Problem)
    ]


def test_warc_response_resource_and_text(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(
        record("https://a.example/1", http(PAGE, "X-Twice: 1", "X-Twice: 2"))
        + record("https://a.example/2", b"words", WarcRecordType.conversion)
        + record(
            "https://a.example/3", b"GET / HTTP/1.1\r\n\r\n", WarcRecordType.request
        )
        + record("https://a.example/4", PAGE, WarcRecordType.resource)
    )
    items = found(file)
    assert [item.record for item in items] == ["response", "conversion", "resource"]
    first = items[0].capture
    assert first.url == "https://a.example/1"
    assert first.body == PAGE
    assert first.fetched_at == datetime(2024, 5, 14, 13, 46, tzinfo=UTC)
    assert [value for name, value in first.headers if name == "X-Twice"] == ["1", "2"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (gzip.compress(PAGE), ["Content-Encoding: gzip"]),
        (zlib.compress(PAGE), ["Content-Encoding: deflate"]),
        (b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), ["Transfer-Encoding: chunked"]),
        (PAGE, ["Content-Encoding: gzip"]),  # kept decoded under the old header
        (PAGE, ["Transfer-Encoding: chunked"]),
    ],
)
def test_codings_are_taken_off(tmp_path: Path, body: bytes, headers: list[str]) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(record("https://a.example/", http(body, *headers)))
    assert [item.capture.body for item in found(file)] == [PAGE]


def test_cut_warc_gives_what_was_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    noise = os.urandom(5000)
    whole = record("https://a.example/1", http(PAGE))
    file.write_bytes(whole + record("https://a.example/2", http(noise))[:-2000])
    assert [item.capture.url for item in found(file)] == ["https://a.example/1"]
    assert ["cut in the middle" in reason for reason in reasons(file)] == [True]


@pytest.mark.parametrize("packed", [True, False])
def test_damage_in_the_middle_costs_one_record(tmp_path: Path, packed: bool) -> None:
    records = [
        record(f"https://a.example/{n}", http(os.urandom(3000))) for n in range(3)
    ]
    if not packed:
        records = [gzip.decompress(one) for one in records]
    at = 1000 if packed else 4
    records[1] = records[1][:at] + b"\0" * 40 + records[1][at + 40 :]
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"".join(records))
    assert [item.capture.url for item in found(file)] == [
        "https://a.example/0",
        "https://a.example/2",
    ]
    assert len(reasons(file)) == 1


def test_big_records_are_named(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    bomb = gzip.compress(b"a" * 1_000_000)
    file.write_bytes(
        record("https://a.example/big", http(b"a" * 200_000))
        + record("https://a.example/bomb", http(bomb, "Content-Encoding: gzip"))
        + record("https://a.example/1", http(PAGE))
    )
    hints = Hints(max_bytes=100_000)
    assert [item.capture.url for item in found(file, hints)] == ["https://a.example/1"]
    assert all("too big" in reason for reason in reasons(file, hints))
    assert len(reasons(file, hints)) == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "an empty file"),
        (b"  \n", "an empty file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "a PNG picture, not a saved page"),
        (b"PK\x03\x04", "cannot be read: File is not a zip file"),
        (b"abc\0def", "not text"),
        (gzip.compress(b""), "an empty file"),
    ],
)
def test_what_is_no_page_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "a.html").write_bytes(content)
    assert reasons(tmp_path / "a.html") == [reason]


def test_missing_file_is_named(tmp_path: Path) -> None:
    assert reasons(tmp_path / "none.html") == [
        "cannot be read: No such file or directory"
    ]


def test_folder_skips_what_browsers_save_beside(tmp_path: Path) -> None:
    (tmp_path / "b.html").write_bytes(PAGE)
    (tmp_path / "a_files").mkdir()
    (tmp_path / "a_files" / "x.js").write_text("1")
    (tmp_path / "a_files" / "inner.htm").write_bytes(PAGE)
    (tmp_path / ".hidden.html").write_bytes(PAGE)
    assert [Path(item.source).name for item in found(tmp_path)] == [
        "inner.htm",
        "b.html",
    ]
    assert reasons(tmp_path) == []


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (
            "<!-- saved from url=(0043)https://a.example/thread-1-1-1.html -->",
            "https://a.example/thread-1-1-1.html",
        ),
        (
            "<!--\n Page saved with SingleFile \n url: https://a.example/x.php?a=1&b=2 \n-->",
            "https://a.example/x.php?a=1&b=2",
        ),
        (
            '<link href="https://a.example/forum.php?mod=viewthread&amp;tid=5" rel="canonical" />',
            "https://a.example/forum.php?mod=viewthread&tid=5",
        ),
        (
            '<meta property="og:url" content="https://a.example/thread-9-1-1.html">',
            "https://a.example/thread-9-1-1.html",
        ),
        (
            "REPORTURL = '"
            + base64.b64encode(b"https://a.example/forum.php?gid=1").decode()
            + "',",
            "https://a.example/forum.php?gid=1",
        ),
        (
            '<base href="https://a.example/bbs/" /><a href="thread-7-1-1.html" '
            'id="thread_subject">x</a>',
            "https://a.example/bbs/thread-7-1-1.html",
        ),
        (
            "<td>欢迎光临 论坛 (https://a.example/bbs/)</td>",
            "https://a.example/bbs/thread-3-1-1.html",
        ),
        ("<p>nothing", ""),
    ],
)
def test_address_in_page(page: str, address: str) -> None:
    assert address_in(page.encode(), "thread-3-1-1.html") == address


@pytest.mark.parametrize(
    ("footer", "hour"),
    [
        ("GMT+8, 2024-5-14 21:46 , Processed in", 13),
        ("GMT+8, 现在时间是 2024-05-14 21:46</p>", 13),
        ("GMT, 2024-5-14 09:46 PM", 21),
        ("GMT+9999, 2024-5-14 00:46", 10),
    ],
)
def test_time_in_footer(footer: str, hour: int) -> None:
    told = time_in(footer.encode())
    assert told is not None
    assert told.hour == hour


def test_time_is_the_users_then_the_footers_then_the_files(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(PAGE + b"GMT+8, 2024-5-14 21:46")
    assert found(file)[0].capture.fetched_at == datetime(
        2024, 5, 14, 13, 46, tzinfo=UTC
    )
    os.utime(
        file, (1_000_000_000, 1_000_000_000)
    )  # older than what the page says: the page is wrong
    assert found(file)[0].capture.fetched_at == datetime.fromtimestamp(
        1_000_000_000, UTC
    )
    mine = datetime(2020, 1, 1, tzinfo=UTC)
    assert found(file, Hints(captured_at=mine))[0].capture.fetched_at == mine


def test_wayback_address_is_unwrapped(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    hints = Hints(
        url="https://web.archive.org/web/20130112002037id_/http://a.example/thread-1-1-1.html"
    )
    capture = found(tmp_path / "a.html", hints)[0].capture
    assert capture.url == "http://a.example/thread-1-1-1.html"
    assert capture.fetched_at == datetime(2013, 1, 12, 0, 20, 37, tzinfo=UTC)


def test_mhtml(tmp_path: Path) -> None:
    (tmp_path / "a.mhtml").write_bytes(
        b"From: <Saved by Blink>\r\nSnapshot-Content-Location: "
        b"https://a.example/thread-1-1-1.html\r\n"
        b"Date: Tue, 14 May 2024 13:46:00 -0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; '
        b'boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n'
        b"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: "
        b"https://a.example/x\r\n\r\n"
        b"<html>=E9=A1=B5</html>\r\n--b--\r\n"
    )
    capture = found(tmp_path / "a.mhtml")[0].capture
    assert capture.url == "https://a.example/thread-1-1-1.html"
    assert capture.body.strip() == "<html>页</html>".encode()
    assert capture.fetched_at == datetime(2024, 5, 14, 13, 46, tzinfo=UTC)


def test_text_is_a_conversion_named_after_its_file(tmp_path: Path) -> None:
    (tmp_path / "帖子.txt").write_text("作者:\n某人", encoding="utf-8")
    item = found(tmp_path / "帖子.txt")[0]
    assert item.record == "conversion"
    assert item.capture.header("content-type") == "text/plain"
    assert item.capture.url == "file:///%E5%B8%96%E5%AD%90.txt"


def test_read_captures_names_problems_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    captures = read_captures([tmp_path / "none", tmp_path / "a.html"])
    assert next(captures).body == PAGE
    with pytest.raises(InputError, match="none: cannot be read"):
        next(captures)
