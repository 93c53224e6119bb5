"""A WARC file that begins records without end and makes none of them whole: it is read no further,
and named; some rubbish hides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.intake.inputs import InputRecord, Problem
from archive.intake.sources import read_inputs

WHOLE = (
    b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: https://a.example/1\r\n"
    b"WARC-Date: 2024-06-01T00:00:00Z\r\nContent-Type: text/html\r\n"
    b"Content-Length: 13\r\n\r\n<html>a</html\r\n\r\n"
)
BEGINNINGS = {
    "a version and no more": b"WARC/1.1\r\n",
    "a header without a value": b"WARC/1.0\r\nWARC-Type\r\n",
    "a length that is none": b"WARC/1.1\r\nContent-Length: x\r\n",
}


def read(path: Path) -> tuple[int, list[str]]:
    """How many captures come of a file, and what is said of it."""
    items = list(read_inputs([path]))
    captures = sum(isinstance(item, InputRecord) for item in items)
    return captures, [item.reason for item in items if isinstance(item, Problem)]


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_beginnings_without_end_are_named(tmp_path: Path, beginning: bytes) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(WHOLE + beginning * 20_000 + b"\r\n\r\n" + WHOLE)
    captures, said = read(path)
    assert captures == 1
    assert said[-1].endswith("nothing whole follows")


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_some_of_them_hide_nothing(tmp_path: Path, beginning: bytes) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(WHOLE + beginning * 20 + b"\r\n\r\n" + WHOLE)
    captures, _ = read(path)
    assert captures == 2
