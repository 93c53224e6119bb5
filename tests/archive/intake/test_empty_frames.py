"""Files of zstd frames that hold nothing are read no further, whatever they begin with; frames of
short records are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastwarc.stream_io import ZstdWriter

from archive.intake.inputs import InputItem, InputRecord, Problem
from archive.intake.sources import read_inputs

EMPTY = bytes.fromhex("28b52ffd 20 00 010000")
"""A frame: its mark, what its head says, a content of no bytes, an empty last block."""
EMPTY_WITH_WINDOW = bytes.fromhex("28b52ffd 00 58 010000")
SKIPPED = bytes.fromhex("502a4d18 00000000")
SKIPPED_WORDS = bytes.fromhex("5f2a4d18 05000000") + b"words"
PAGE = "<html><head><title>页面</title></head><body>页面</body></html>".encode()
URL = "https://a.example/thread-1-1-1.html"
_LINE = {"url": URL, "html": PAGE.decode()}
WARC_HEAD = (
    "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
    "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: {url}\r\n"
    "Content-Type: text/html\r\nContent-Length: {size}\r\n\r\n"
)


def record(number: int) -> bytes:
    head = WARC_HEAD.format(number=number, url=URL, size=len(PAGE))
    return head.encode() + PAGE + b"\r\n\r\n"


BEGINNINGS = {
    "nothing": b"",
    "a page": PAGE,
    "a WARC record": record(1),
    "JSON lines": json.dumps(_LINE).encode() + b"\n",
    "a HAR file": b'{"log": {"version": "1.2", "entries": []}}',
}


def frame(data: bytes, folder: Path) -> bytes:
    """Data as one frame; nothing for none."""
    if not data:
        return b""
    path = folder / "frame.zst"
    with path.open("wb") as file:
        writer = ZstdWriter(file)
        writer.write(data)
        writer.close()
    return path.read_bytes()


def read(path: Path) -> tuple[list[bytes], list[str]]:
    """The pages of an input, and its problems."""
    items: list[InputItem] = list(read_inputs([path]))
    pages = [item.capture.body for item in items if isinstance(item, InputRecord)]
    return pages, [item.reason for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("empty", [EMPTY, EMPTY_WITH_WINDOW, SKIPPED, SKIPPED_WORDS])
@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_frames_that_hold_nothing(
    tmp_path: Path, empty: bytes, beginning: bytes
) -> None:
    path = tmp_path / "a.zst"
    path.write_bytes(frame(beginning, tmp_path) + empty * 200_000)
    _, problems = read(path)
    assert len(problems) == 1
    is_skipped = not beginning and empty in (SKIPPED, SKIPPED_WORDS)
    assert ("not text" if is_skipped else "zstd frames in a row hold nothing") in (
        problems[0]
    )


def test_what_comes_before_them_in_a_warc_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.zst"
    before = b"".join(frame(record(number), tmp_path) for number in range(500))
    path.write_bytes(before + EMPTY * 200_000)
    pages, problems = read(path)
    assert PAGE in pages
    assert len(problems) == 1


def test_a_frame_for_each_short_record(tmp_path: Path) -> None:
    """As tools write them, with a few that hold nothing among them."""
    path = tmp_path / "a.warc.zst"
    records = [frame(record(number), tmp_path) for number in range(1_000)]
    path.write_bytes((SKIPPED + EMPTY).join(records))
    pages, problems = read(path)
    assert (len(pages), problems) == (1_000, [])
