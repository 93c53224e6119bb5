"""Threads that repeat another, in whatever forum it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from archive.corpus.numbers import number_of
from archive.corpus.outputs import Output

pytestmark = pytest.mark.usefixtures("spark_here")
pq = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("datasketch")

LONG = "".join(chr(0x4E00 + (number * 7919) % 9000) for number in range(600))
OTHER = "".join(chr(0x4E00 + (number * 104729) % 9000) for number in range(600))
FIRST = datetime(2010, 1, 1, tzinfo=UTC)


def post(forum: str, tid: int, day: int, text: str) -> dict[str, Any]:
    return {
        "forum": forum,
        "site_id": number_of(forum),
        "tid": tid,
        "thread_id": number_of(f"{forum} {tid}"),
        "thread": "",
        "posted_at": FIRST + timedelta(days=day),
        "text": text,
    }


def merged(out: Path, *files: list[dict[str, Any]]) -> None:
    """A merged corpus of these posts."""
    from archive.corpus.merge_forums import MergedRows
    from archive.corpus.merged_files import MergedFiles

    names = []
    for number, posts in enumerate(files):
        with MergedFiles(Output(str(out)), f"merged/x/part={number:04d}") as part:
            part.write(MergedRows("posts", posts))
        names += [each["file"] for each in part.written]
    Output(str(out)).write_json("merged.json", {"files": names})


def test_the_earliest_is_named_across_forums(call: Run, tmp_path: Path) -> None:
    again = LONG[:590] + "改了几个字"
    merged(
        tmp_path,
        [
            post("a.cn/", 1, 5, LONG),
            post("a.cn/", 2, 0, OTHER),
            post("a.cn/", 3, 1, "短"),
        ],
        [post("b.cn/", 7, 1, again), post("b.cn/", 8, 9, LONG)],
    )
    assert call("corpus", "copies", tmp_path, "--parts", 2)[0] == 0
    rows = pq.read_table(tmp_path / "copies.parquet").to_pylist()
    found = {(row["forum"], row["tid"], row["of_forum"], row["of_tid"]) for row in rows}
    assert found == {("a.cn/", 1, "b.cn/", 7), ("b.cn/", 8, "b.cn/", 7)}
    assert all(row["likeness"] >= 0.8 for row in rows)


def test_what_is_not_merged_is_said(call: Run, tmp_path: Path) -> None:
    assert call("corpus", "copies", tmp_path)[0] != 0
