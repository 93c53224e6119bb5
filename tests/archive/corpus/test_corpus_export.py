"""A merged corpus in other forms: the same as an archive of the same pages exports."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from archive.cli import cli, run
from archive.commands.demo import lay_out
from tests.archive.corpus.test_corpus_job import (
    OF_THE_ARCHIVE,
    ingested_files,
    parsed_and_merged,
    rows_of,
    written,
)

pytestmark = pytest.mark.usefixtures("spark_here")


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    for line in path.read_text("utf-8").splitlines():
        yield json.loads(line)


def cells_of(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file of CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def threads_of(path: Path) -> list[str]:
    """The threads of the Chinese corpus, without numbers of an archive's rows."""
    threads = []
    for thread in lines_of(path):
        for reply in thread["回复"]:
            if reply["楼ID"].startswith("row"):
                reply["楼ID"] = ""
        threads.append(json.dumps(thread, ensure_ascii=False, sort_keys=True))
    return sorted(threads)


def test_a_corpus_in_other_forms_is_what_an_archive_exports(
    call: Run, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    lay_out(pages)
    (forum,) = pages.glob("forums*")
    of_archive = ingested_files(call, tmp_path, forum)
    out = parsed_and_merged(call, tmp_path, forum)
    db = tmp_path / "all.db"

    for form, read in (("jsonl", lines_of), ("csv", cells_of)):
        one = tmp_path / f"archive.{form}"
        other = tmp_path / f"corpus.{form}"
        assert call("export", db, "--format", form, "--to", one)[0] == 0
        assert call("corpus", "export", out, "--format", form, "--to", other)[0] == 0
        expected = Counter(written(row) for row in read(one))
        assert sum(expected.values()) > 20
        assert Counter(written(row) for row in read(other)) == expected
        (first, *_) = read(other)
        assert OF_THE_ARCHIVE - {"forum", "board_id"} <= first.keys()

    tables = tmp_path / "corpus-tables"
    assert call("corpus", "export", out, "--format", "parquet", "--to", tables)[0] == 0
    assert rows_of(sorted(tables.glob("*.parquet"))) == rows_of(of_archive)

    one = tmp_path / "archive-mnbvc.jsonl"
    other = tmp_path / "corpus-mnbvc.jsonl"
    assert call("export", db, "--format", "mnbvc", "--to", one)[0] == 0
    assert call("corpus", "export", out, "--format", "mnbvc", "--to", other)[0] == 0
    assert threads_of(other) == threads_of(one)
    folder = tmp_path / "mnbvc"
    assert call("corpus", "export", out, "--format", "mnbvc", "--to", folder)[0] == 0
    assert (folder / "forum-0001.jsonl").read_bytes() == other.read_bytes()
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert report["threads"] == len(threads_of(one))


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--format", "jsonl"), 3, "corpus merge"),
        (("--format", "epub"), 3, "csv, jsonl, mnbvc, parquet"),
        (("--format", "epub"), 3, "`ingest` its pages"),
        (("--format", "csv", "--no-personal-data"), 2, "csv cannot do that"),
    ],
)
def test_what_cannot_be_written_is_said(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    if "jsonl" not in words:
        (tmp_path / "merged.json").write_text('{"files": [], "rows": {}}', "utf-8")
    argv = ["corpus", "export", str(tmp_path), *words, "--to", str(tmp_path / "x.y")]
    assert run(lambda: cli.main(argv, standalone_mode=False)) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x.y").exists()
