"""Bodies and files packed in pieces without end, or again and again, are named within
bounds; pieces without content in the middle of a file hide nothing behind them."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import pytest

from archive.intake.inputs import Problem
from archive.intake.sources import read_inputs

PAGE = b"<html><head><title>t</title></head><body>" + b"words " * 20 + b"</body></html>"
NOTHING = gzip.compress(b"")
ZSTD_NOTHING = bytes.fromhex("28b52ffd2000010000")
ZSTD_SKIPPED = bytes.fromhex("502a4d1800000000")
MANY = 100_000


def bodies(path: Path) -> list[bytes]:
    return [
        item.capture.body
        for item in read_inputs([path])
        if not isinstance(item, Problem)
    ]


def problems(path: Path) -> list[str]:
    return [item.reason for item in read_inputs([path]) if isinstance(item, Problem)]


def zstd(content: bytes) -> bytes:
    """A frame of one raw block."""
    size = len(content)
    block_head = (size << 3 | 1).to_bytes(3, "little")
    return b"\x28\xb5\x2f\xfd\xa0" + size.to_bytes(4, "little") + block_head + content


def record(body: bytes, *headers: str, url: str = "https://a.example/1") -> bytes:
    """A WARC record of a response, not packed."""
    head = "\r\n".join(("HTTP/1.1 200 OK", *headers, "", ""))
    block = head.encode() + body
    fields = (
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Target-URI: {url}",
        "WARC-Date: 2024-05-14T13:46:00Z",
        "WARC-Record-ID: <urn:uuid:0b9b9a9e-0000-4000-8000-000000000000>",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
        "",
        "",
    )
    return "\r\n".join(fields).encode() + block + b"\r\n\r\n"


def chunked(body: bytes, size: int) -> bytes:
    out = b""
    for at in range(0, len(body), size):
        chunk = body[at : at + size]
        out += b"%x\r\n%s\r\n" % (len(chunk), chunk)
    return out + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", NOTHING * MANY + gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(b"x") * MANY),
        ("zstd", ZSTD_NOTHING * MANY + zstd(PAGE)),
        ("zstd", ZSTD_SKIPPED * MANY + zstd(PAGE)),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x") * MANY)),
        ("zstd, gzip", gzip.compress(ZSTD_NOTHING * MANY)),
    ],
)
def test_bodies_in_pieces_without_end_are_named(
    tmp_path: Path, coding: str, body: bytes
) -> None:
    file = tmp_path / "a.warc"
    packed = record(body, f"Content-Encoding: {coding}")
    file.write_bytes(packed + record(PAGE, url="https://a.example/2"))
    assert bodies(file) == [PAGE]
    (problem,) = problems(file)
    assert "cannot be unpacked" in problem


def test_chunks_hide_no_pieces(tmp_path: Path) -> None:
    file = tmp_path / "a.warc"
    body = chunked(ZSTD_NOTHING * 2_000 + zstd(PAGE), size=3)
    headers = ("Content-Encoding: zstd", "Transfer-Encoding: chunked")
    file.write_bytes(record(body, *headers))
    (problem,) = problems(file)
    assert "in more than 1,000 pieces" in problem


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Encoding: " + ",".join(["gzip"] * 6_000)],
        ["Content-Encoding: br"] * 1_000,
        ["Transfer-Encoding: " + ",".join(["chunked"] * 3_000)],
        ["Transfer-Encoding: zstd, chunked"],
        ["Content-Encoding: gzip, gzip", "Transfer-Encoding: gzip, gzip, chunked"],
    ],
)
def test_codings_without_end_are_named(tmp_path: Path, headers: list[str]) -> None:
    file = tmp_path / "a.warc"
    file.write_bytes(record(gzip.compress(PAGE), *headers))
    assert bodies(file) == []
    (problem,) = problems(file)
    assert "cannot be unpacked" in problem


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])),
        ("gzip, gzip", gzip.compress(gzip.compress(PAGE))),
        ("gzip, gzip", gzip.compress(PAGE)),
        ("deflate, gzip", gzip.compress(zlib.compress(PAGE))),
        ("zstd", zstd(PAGE[:50]) + ZSTD_NOTHING * 10 + zstd(PAGE[50:])),
    ],
)
def test_bodies_in_some_pieces_are_read(
    tmp_path: Path, coding: str, body: bytes
) -> None:
    file = tmp_path / "a.warc"
    packed = chunked(body, size=7)
    headers = (f"Content-Encoding: {coding}", "Transfer-Encoding: chunked")
    file.write_bytes(record(packed, *headers))
    assert bodies(file) == [PAGE]


@pytest.mark.parametrize("count", [1, 2, MANY])
def test_members_without_content_hide_no_record(tmp_path: Path, count: int) -> None:
    file = tmp_path / "a.warc.gz"
    packed = gzip.compress(record(PAGE))
    request = record(b"").replace(b"WARC-Type: response", b"WARC-Type: metadata")
    file.write_bytes((packed + gzip.compress(request) + NOTHING * count) * 3)
    assert bodies(file) == [PAGE] * 3
    assert problems(file) == []


def test_frames_without_content_hide_no_record(tmp_path: Path) -> None:
    file = tmp_path / "a.warc.zst"
    file.write_bytes((zstd(record(PAGE)) + ZSTD_NOTHING * 1_000) * 3)
    assert bodies(file) == [PAGE] * 3


@pytest.mark.parametrize("content", [b"", b"x"])
def test_saved_files_in_pieces_without_end_are_named(
    tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "a.html.gz"
    file.write_bytes(gzip.compress(PAGE) + gzip.compress(content) * MANY)
    assert bodies(file) == []
    (problem,) = problems(file)
    assert "gzip members" in problem


def test_saved_files_in_some_pieces_are_read(tmp_path: Path) -> None:
    file = tmp_path / "a.html.gz"
    file.write_bytes(
        gzip.compress(PAGE[:50]) + NOTHING * 500 + gzip.compress(PAGE[50:])
    )
    assert bodies(file) == [PAGE]
