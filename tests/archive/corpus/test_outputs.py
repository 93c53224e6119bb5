"""Files of a corpus are whole or not there, on a disk and in an object store."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from archive.corpus.outputs import Output
from scraper.core.errors import InputError, StorageError

pytest.importorskip("fsspec")


@pytest.fixture(params=["disk", "memory"])
def out(request: pytest.FixtureRequest, tmp_path: Path) -> Output:
    """A folder for results: on the disk, and in a store that cannot rename."""
    if request.param == "disk":
        return Output(str(tmp_path / "out"))
    return Output(f"memory://{uuid.uuid4().hex}")


def test_a_file_is_there_when_it_is_whole(out: Output) -> None:
    with out.file("pages/a.parquet") as file:
        file.write(b"one")
        file.write(b"two")
    assert out.names("pages") == ["pages/a.parquet"]
    assert out.read("pages/a.parquet") == b"onetwo"


def test_on_a_disk_it_is_not_there_before(tmp_path: Path) -> None:
    out = Output(str(tmp_path))
    with out.file("pages/a.parquet") as file:
        file.write(b"one")
        assert "pages/a.parquet" not in out.names("pages")


def test_nothing_is_left_of_one_that_failed(out: Output) -> None:
    with pytest.raises(TypeError), out.file("pages/a") as file:
        file.writelines([b"one", "no bytes"])  # type: ignore[list-item]
    assert out.names("") == []


def test_json_takes_the_place_of_the_older(out: Output) -> None:
    out.write_json("m.json", {"a": "甲"})
    out.write_json("m.json", {"a": "乙"})
    assert out.read_json("m.json") == {"a": "乙"}


def test_what_is_no_json_is_named(out: Output) -> None:
    with out.file("m.json") as file:
        file.write(b"{")
    with pytest.raises(StorageError, match=r"m\.json cannot be read"):
        out.read_json("m.json")


def test_sweeping_leaves_what_is_wanted(out: Output) -> None:
    for name in ("pages/a", "pages/b", "pages/deep/c", "other/d"):
        with out.file(name) as file:
            file.write(b"x")
    assert out.sweep("pages", {"pages/b"}) == 2
    assert out.names("") == ["other/d", "pages/b"]


def test_a_place_that_is_none_is_named() -> None:
    with pytest.raises(InputError, match="no place to write to"):
        Output("gopher://x/y").names("")
