"""Pages scattered over shards come together as `ingest` would have them, whatever happens to
files and workers meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from command_line import Run
from corpus_shards import (
    captures_of,
    corpus_in_own_process,
    scatter,
    write_list,
    write_warc,
)

from archive.commands.demo import lay_out

TABLES = ("posts", "threads", "boards", "users", "quotes")
OF_THE_ARCHIVE = frozenset({"forum", "site_id", "thread_id", "post_id", "board_id"})
"""Columns that differ: numbers of an archive's rows are others in a corpus."""
KILLS = int(os.environ.get("DISCUZ_ARCHIVE_TRIES", "3"))

POISON = b"<html>ends its parser</html>"
BREAKING = f"""
import os
from archive.intake import page_parser
read = page_parser.parse_capture
def parse_capture(capture, site):
    if capture.body == {POISON!r}:
        os.abort()
    return read(capture, site)
page_parser.parse_capture = parse_capture
"""
"""What every Python process of a test begins with."""

pytestmark = pytest.mark.usefixtures("spark_here")


@pytest.fixture
def forums(tmp_path: Path) -> Path:
    """The WARC file of the demo's two forums."""
    folder = tmp_path / "pages"
    lay_out(folder)
    (file,) = folder.glob("forums*")
    return file


def test_scattered_pages_come_together_as_ingest_has_them(
    call: Run, tmp_path: Path, forums: Path
) -> None:
    out = parsed_and_merged(call, tmp_path, forums)
    assert rows_of(merged_files(out)) == rows_of(ingested_files(call, tmp_path, forums))


def test_what_is_damaged_is_named(call: Run, tmp_path: Path, forums: Path) -> None:
    out = parsed_and_merged(call, tmp_path, forums)
    lines = [
        line
        for file in (out / "problems").glob("*.jsonl")
        for line in file.read_text("utf-8").splitlines()
    ]
    sources = {Path(json.loads(line)["source"]).name for line in lines}
    assert any("cut" in source for source in sources)
    assert any("broken" in source for source in sources)


def test_a_page_that_ends_its_parser_is_named_and_the_others_are_read(
    tmp_path: Path, forums: Path
) -> None:
    whole = captures_of(forums)
    first = whole[0]
    poisoned = replace(first, url=f"{first.url}&poisoned=1", body=POISON)
    warc = write_warc(tmp_path / "warcs", "all", [*whole[:5], poisoned, *whole[5:]])
    patches = tmp_path / "patches"
    patches.mkdir()
    (patches / "sitecustomize.py").write_text(BREAKING, encoding="utf-8")
    listed = write_list(tmp_path / "list", [warc])
    code, said = corpus_in_own_process(
        "parse",
        listed,
        tmp_path / "out",
        environment={"PYTHONPATH": str(patches)},
    )
    assert code == 0
    assert "1 problems" in said
    (file,) = (tmp_path / "out" / "problems").iterdir()
    (line,) = file.read_text("utf-8").splitlines()
    assert json.loads(line)["url"] == poisoned.url
    (pages,) = (tmp_path / "out" / "pages").iterdir()
    assert pq.ParquetFile(pages).metadata.num_rows == len(whole)


def test_what_is_done_is_not_read_again_and_what_is_left_over_is_swept(
    call: Run, tmp_path: Path, forums: Path
) -> None:
    out = tmp_path / "out"
    listed = write_list(tmp_path / "list", [forums])
    assert call("corpus", "parse", listed, out)[0] == 0
    left = out / "pages" / "0123456789abcdef-00000000.parquet"
    left.write_bytes(b"cut short")
    (out / "pages" / "another.parquet.tmp").write_bytes(b"cut short")
    code, said = call("corpus", "parse", listed, out)
    assert code == 0
    assert "0 files read, 1 were done before" in said
    assert "2 files of tasks that were cut short deleted" in said
    assert len(list((out / "pages").iterdir())) == 1


def test_a_merge_again_takes_the_place_of_the_one_before(
    call: Run, tmp_path: Path, forums: Path
) -> None:
    out = parsed_and_merged(call, tmp_path, forums)
    before = merged_files(out)
    rows = rows_of(before)
    assert call("corpus", "merge", out, "--parts", 2)[0] == 0
    after = merged_files(out)
    assert not set(before) & set(after)
    assert not any(file.exists() for file in before)
    assert rows_of(after) == rows


def test_nothing_to_merge_is_said(call: Run, tmp_path: Path) -> None:
    assert call("corpus", "merge", tmp_path / "nothing")[0] != 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["x34-utf8", "x35-a", "x5-a", "d72-gbk"])
def test_recorded_forums_while_workers_are_killed(
    call: Run, tmp_path: Path, shared: Path, name: str
) -> None:
    forum = shared / "pages" / f"{name}.warc.gz"
    expected = rows_of(ingested_files(call, tmp_path, forum))
    with workers_killed(KILLS) as killed:
        out = parsed_and_merged(call, tmp_path, forum)
    assert rows_of(merged_files(out)) == expected
    assert killed


def parsed_and_merged(call: Run, folder: Path, forum: Path) -> Path:
    """A forum's pages scattered, read and merged; where the results are."""
    out = folder / "out"
    shards = folder / "shards"
    files = scatter(shards, captures_of(forum), shards=5, seed=1)
    listed = write_list(folder / "list", files)
    until_done(call, "parse", listed, out)
    until_done(call, "merge", out, "--parts", 4)
    return out


def until_done(call: Run, *words: object) -> None:
    """Run a step as its own message says: again where too many workers died."""
    codes: list[int] = []
    while not codes or (codes[-1] and len(codes) < 10):
        codes.append(call("corpus", *words)[0])
    assert codes[-1] == 0


def ingested_files(call: Run, folder: Path, forum: Path) -> list[Path]:
    """The tables of an archive that took in the same pages."""
    pages = folder / "in-order"
    warc = write_warc(pages, "all", captures_of(forum))
    db = folder / "all.db"
    tables = folder / "tables"
    assert call("ingest", db, warc)[0] == 0
    assert call("export", db, "--format", "parquet", "--to", tables)[0] == 0
    return sorted(tables.glob("*.parquet"))


def merged_files(out: Path) -> list[Path]:
    """The files that the manifest of a merge names."""
    manifest = json.loads((out / "merged.json").read_text("utf-8"))
    return [out / name for name in manifest["files"]]


def rows_of(files: list[Path]) -> dict[str, Counter[str]]:
    """The rows of each table, without an archive's own numbers."""
    found: dict[str, Counter[str]] = {}
    for table in TABLES:
        rows: list[dict[str, Any]] = []
        for file in files:
            if file.name.startswith(table):
                rows += pq.ParquetFile(file).read().to_pylist()
        found[table] = Counter(written(row) for row in rows)
    assert found["posts"]
    return found


def written(row: dict[str, Any]) -> str:
    kept = {key: row[key] for key in row if key not in OF_THE_ARCHIVE}
    return json.dumps(kept, default=str, ensure_ascii=False, sort_keys=True)


@contextmanager
def workers_killed(times: int) -> Iterator[list[int]]:
    """Kill a worker of Spark's now and then; the numbers of those that were."""
    killed: list[int] = []
    is_over = threading.Event()
    dice = random.Random(2)

    def kill() -> None:
        while len(killed) < times and not is_over.wait(dice.uniform(0.2, 2)):
            workers = workers_of_spark()
            if workers:
                pid = dice.choice(workers)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        is_over.set()
        thread.join()


def workers_of_spark() -> list[int]:
    """The processes that do tasks: copies of Spark's `pyspark.daemon`."""
    daemons = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"pyspark.daemon" in (folder / "cmdline").read_bytes():
                stat = (folder / "stat").read_text("utf-8")
                daemons[int(folder.name)] = int(stat.rpartition(")")[2].split()[1])
    return [pid for pid, parent in daemons.items() if parent in daemons]
