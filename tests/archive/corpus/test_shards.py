"""The list of what is to be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.corpus.shards import Shard, read_list
from scraper.core.errors import InputError


def listed(folder: Path, *lines: str, base: str = "") -> list[Shard]:
    path = folder / "list"
    path.write_text("\n".join(lines), encoding="utf-8")
    return read_list(path, base)


def test_paths_lie_beside_the_list(tmp_path: Path) -> None:
    assert listed(tmp_path, "a.warc.gz", "", "# b.warc.gz", "sub/c.arc.gz") == [
        Shard(str(tmp_path / "a.warc.gz")),
        Shard(str(tmp_path / "sub/c.arc.gz")),
    ]


def test_addresses_and_whole_paths_stay(tmp_path: Path) -> None:
    lines = ["s3://bucket/a.warc.gz", "/data/b.warc.gz"]
    assert [shard.file for shard in listed(tmp_path, *lines)] == sorted(lines)


def test_a_base_stands_before_paths(tmp_path: Path) -> None:
    (shard,) = listed(tmp_path, "crawl-data/a.warc.gz", base="s3://commoncrawl/")
    assert shard.file == "s3://commoncrawl/crawl-data/a.warc.gz"


def test_ranges_of_one_file_are_one_shard_in_their_order(tmp_path: Path) -> None:
    row = {"filename": "/a.warc.gz", "offset": "10", "length": "5", "status": "200"}
    lines = [json.dumps(row), "/a.warc.gz\t3\t4", "/a.warc.gz\t3\t4"]
    assert listed(tmp_path, *lines) == [Shard("/a.warc.gz", ((3, 4), (10, 5)))]


def test_a_file_that_is_wanted_whole_is_read_once(tmp_path: Path) -> None:
    assert listed(tmp_path, "/a.warc.gz\t3\t4", "/a.warc.gz") == [Shard("/a.warc.gz")]


def test_many_ranges_are_several_shards_with_names_of_their_own(tmp_path: Path) -> None:
    shards = listed(tmp_path, *(f"/a.warc.gz\t{at}\t1" for at in range(2500)))
    assert [len(shard.ranges) for shard in shards] == [1000, 1000, 500]
    assert len({shard.name for shard in shards}) == 3


def test_a_shard_has_the_same_name_in_the_next_run(tmp_path: Path) -> None:
    lines = ["/a.warc.gz\t3\t4", "/b.warc.gz"]
    first, second = listed(tmp_path, *lines), listed(tmp_path, *reversed(lines))
    assert [shard.name for shard in first] == [shard.name for shard in second]


@pytest.mark.parametrize(
    "line", ["a.warc.gz\t1", "a.warc.gz\tx\ty", '{"filename": "a"}', "{", "a\t1\t2\t3"]
)
def test_a_line_that_says_nothing_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(InputError, match="line 2"):
        listed(tmp_path, "# a comment", line)


def test_an_empty_list_and_a_missing_one_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="names no file"):
        listed(tmp_path, "# nothing")
    with pytest.raises(InputError, match="cannot be read"):
        read_list(tmp_path / "missing")
