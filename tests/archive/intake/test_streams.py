"""Inputs that are no files of a disk: standard input, open streams, addresses."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from range_server import serve_ranges

from archive.intake.inputs import InputRecord, Problem
from archive.intake.sources import read_captures, read_inputs
from archive.warc.records import pack, sha1_base32
from scraper.core.records import Capture

AT = datetime(2024, 5, 20, 13, 30, tzinfo=UTC)


def warc_of(*bodies: bytes) -> bytes:
    out = b""
    for number, body in enumerate(bodies):
        capture = Capture(
            url=f"https://a.example/thread-{number}-1-1.html",
            fetched_at=AT,
            body=body,
            headers=(("Content-Type", "text/html"),),
        )
        out += pack(capture, "response", sha1_base32(body)).record
    return out


BODIES = (b"<html>one</html>", b"<html>two</html>")


class Pipe(io.RawIOBase):
    """A stream that cannot be sought in, and gives little at a time."""

    def __init__(self, data: bytes) -> None:
        self._left = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._left.read(min(size, 7) if size >= 0 else 7)


@pytest.mark.parametrize("stream", [io.BytesIO, Pipe])
def test_open_streams(stream: type) -> None:
    captures = read_captures([stream(warc_of(*BODIES))])
    assert [capture.body for capture in captures] == list(BODIES)


def test_streams_are_read_as_often_as_asked() -> None:
    inputs = read_inputs([Pipe(warc_of(*BODIES))])
    for _ in range(2):
        found = [item.capture.body for item in inputs if isinstance(item, InputRecord)]
        assert found == list(BODIES)


@pytest.mark.parametrize("packed", [True, False])
def test_standard_input(packed: bool, tmp_path: Path, fixtures: Path) -> None:
    page = next(path for path in sorted(fixtures.rglob("*.html")))
    given = page.read_bytes()
    if packed:
        given = warc_of(given)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "archive",
            "ingest",
            str(tmp_path / "a.db"),
            "-",
            "--json",
        ],
        input=given,
        capture_output=True,
        check=False,
        timeout=120,
    )
    told = json.loads(done.stdout)
    assert sum(told["results"].values()) == 1
    assert "unreadable" not in told["results"]


def test_parse_takes_standard_input_and_addresses(fixtures: Path) -> None:
    """A name that is neither, nor that of a file, is a wrong argument."""
    page = next(path for path in sorted(fixtures.rglob("*.html")))
    with serve_ranges() as server:
        server.files["/a.warc.gz"] = warc_of(page.read_bytes())
        names = ("-", f"{server.url}/a.warc.gz")
        done = subprocess.run(
            [sys.executable, "-m", "archive", "parse", *names],
            input=server.files["/a.warc.gz"],
            capture_output=True,
            check=False,
            timeout=120,
        )
    first, second = done.stdout.splitlines()
    assert first == second
    assert json.loads(first)["url"] == "https://a.example/thread-0-1-1.html"
    wrong = subprocess.run(
        [sys.executable, "-m", "archive", "parse", "no-such-file.html"],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert wrong.returncode == 2


def test_address_of_a_warc_file() -> None:
    """Read by ranges, damage in its middle and all."""
    noise = bytes(range(256)) * 40
    records = [warc_of(body) for body in (*BODIES, noise, b"<html>three</html>")]
    records[2] = records[2][:100] + b"\0" * 40 + records[2][140:]
    with serve_ranges() as server:
        server.files["/a.warc.gz"] = b"".join(records)
        items = list(read_inputs([f"{server.url}/a.warc.gz"]))
        assert len(server.asked) == 1
    bodies = [item.capture.body for item in items if isinstance(item, InputRecord)]
    assert bodies == [*BODIES, b"<html>three</html>"]
    assert len([item for item in items if isinstance(item, Problem)]) == 1


def test_address_in_a_store(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    with fsspec.open("memory://kept/a.warc.gz", "wb") as file:
        file.write(warc_of(*BODIES))
    captures = read_captures(["memory://kept/a.warc.gz"])
    assert [capture.body for capture in captures] == list(BODIES)


@pytest.mark.parametrize("address", ["memory://no/such", "http://127.0.0.1:9/a.warc"])
def test_address_with_nothing_is_named(address: str) -> None:
    pytest.importorskip("fsspec")
    (item,) = read_inputs([address])
    assert isinstance(item, Problem)
    assert item.source == address
