"""Files of web servers, read in parts: the bytes are right, the requests few and polite."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from range_server import Ranged, serve_ranges

from scraper.core.errors import FetchError, InputError
from scraper.fetch.clients import Tools
from scraper.fetch.ranges import open_ranged
from scraper.fetch.remote import open_remote
from scraper.fetch.values import FetchSettings

QUICK = FetchSettings(delay_s=0.0)
PART = 8 << 20
BODY = os.urandom(PART + 5_000)


@pytest.fixture
def server() -> Iterator[Ranged]:
    with serve_ranges() as ranged:
        ranged.files["/a.warc"] = BODY
        yield ranged


def test_parts_are_asked_for_once_where_they_are_read(server: Ranged) -> None:
    file, size_bytes = open_ranged(f"{server.url}/a.warc", QUICK)
    with file:
        assert size_bytes == len(BODY)
        assert file.read(100) == BODY[:100]
        file.seek(PART - 10)
        assert file.read(20) == BODY[PART - 10 : PART + 10]
        assert file.read() == BODY[PART + 10 :]
        file.seek(7)
        assert file.read(3) == BODY[7:10]
        assert file.seek(0, 2) == len(BODY)
        assert file.read(1) == b""
    starts = [asked.removeprefix("bytes=").partition("-")[0] for asked in server.asked]
    assert starts == ["0", str(PART), "7"]


def test_redirects_lead_to_the_file(server: Ranged) -> None:
    server.moved["/latest"] = "/a.warc"
    file, size_bytes = open_ranged(f"{server.url}/latest", QUICK)
    with file:
        assert (file.read(5), size_bytes) == (BODY[:5], len(BODY))


def test_busy_server_is_asked_again_when_it_says(server: Ranged) -> None:
    waited_s = list[float]()
    server.failing = [503, 500]
    tools = Tools(sleep=waited_s.append)
    file, _ = open_ranged(f"{server.url}/a.warc", QUICK, tools)
    with file:
        assert file.read(5) == BODY[:5]
    assert len(server.asked) == 3
    assert 1.0 in waited_s


@pytest.mark.parametrize(
    ("path", "ranges", "failing", "reason"),
    [
        ("/a.warc", False, [], "more than"),
        ("/small", False, [], "gives no parts of files"),
        ("/none", True, [], "status 404"),
        ("/a.warc", True, [500] * 9, "server_error"),
    ],
)
def test_what_is_not_given_is_said(
    path: str, ranges: bool, failing: list[int], reason: str, server: Ranged
) -> None:
    server.files["/small"] = b"small"
    server.ranges = ranges
    server.failing = failing
    tools = Tools(sleep=lambda _: None)
    with pytest.raises(FetchError, match=reason):
        open_ranged(f"{server.url}{path}", QUICK, tools)


def test_file_that_changes_meanwhile_is_not_mixed(server: Ranged) -> None:
    file, _ = open_ranged(f"{server.url}/a.warc", QUICK)
    with file:
        file.read(10)
        server.etag = '"2"'
        file.seek(PART + 1)
        with pytest.raises(FetchError, match="changed while it was read"):
            file.read(1)


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_stores(scheme: str, tmp_path: object) -> None:
    fsspec = pytest.importorskip("fsspec")
    address = f"{scheme}://{tmp_path}/a.warc"
    with fsspec.open(address, "wb") as file:
        file.write(BODY[:9_000])
    opened, size_bytes = open_remote(address)
    with opened:
        opened.seek(8_990)
        assert opened.read() == BODY[8_990:9_000]
    assert size_bytes == 9_000


@pytest.mark.parametrize(
    ("address", "error", "reason"),
    [
        ("memory://not/there", FetchError, "FileNotFoundError"),
        ("nothing://a", InputError, "no address that can be read"),
    ],
)
def test_stores_that_have_nothing(
    address: str, error: type[Exception], reason: str
) -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(error, match=reason):
        open_remote(address)
