"""Tables are read by those who read such: every value, its kind and its time."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from corpus import ROOT

from archive.cli import cli, run
from archive.export.schema_text import schema_text
from archive.export.table_others import TABLES
from scraper.core.errors import InputError
from tests.archive.export.conftest import WITHHELD

FIRST = datetime(2024, 5, 1, tzinfo=UTC)
DAY = datetime(2024, 5, 2, tzinfo=UTC)


def exported(call: Run, db: Path, name: str, *words: str) -> Path:
    """The folder of tables."""
    target = db.with_name(f"tables-{name}")
    code, said = call("export", db, "--format", name, "--to", target, *words)
    assert code == 0
    assert f"{len(TABLES)} files" in said
    return target


def lines_of(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows of a table as JSON has them."""
    text = (folder / f"{table}.jsonl").read_bytes().decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line]


def test_json_says_all_of_a_post(forum_db: Path, call: Run) -> None:
    folder = exported(call, forum_db, "jsonl")
    rows = lines_of(folder, "posts")
    assert [row["post_id"] for row in rows] == [1, 2, 3, 4, 5, 6]
    first, second, third, fourth, fifth, _ = rows
    assert first["posted_at"] == "2024-05-01T00:00:00Z"
    assert first["posted_at_is_day"] is False
    assert first["opening"] is True
    assert first["uid"] == 77
    assert first["text"].endswith("\x1b[31m")
    assert first["attachments"][0]["name"] == "底板.jpg"
    assert second["posted_at_is_day"] is True
    assert second["quotes"][0]["text"] == "只剩沙沙声"
    assert third["gone_at"] == "2024-06-01T00:00:00Z"
    assert (fourth["withheld"], fourth["withheld_reason"]) == (WITHHELD, "blocked")
    assert fifth["pid"] is None
    assert fifth["posted_at"] is None
    assert "tid=1&pid=2" in second["url"].replace("ptid", "tid")

    (quote,) = lines_of(folder, "quotes")
    assert (quote["pid"], quote["quoted_pid"], quote["author"]) == (2, 1, "=老周")
    threads = lines_of(folder, "threads")
    assert [row["posts_here"] for row in threads] == [4, 1, 1]
    assert [row["name"] for row in lines_of(folder, "boards")] == ["数码", "宠物"]
    site, _ = lines_of(folder, "sites")
    assert site["base_url"] == "https://bbs.example/"
    (user,) = lines_of(folder, "users")
    assert (user["uid"], user["name"], user["posts_here"]) == (77, "小雨点", 2)


def test_a_part_has_the_boards_and_members_of_that_part(
    forum_db: Path, call: Run
) -> None:
    folder = exported(call, forum_db, "jsonl", "--board", "2")
    assert [row["name"] for row in lines_of(folder, "boards")] == ["宠物"]
    assert lines_of(folder, "users") == []


def test_no_cell_of_csv_is_a_formula(forum_db: Path, call: Run) -> None:
    folder = exported(call, forum_db, "csv")
    assert (folder / "posts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (folder / "posts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[1]["author"] == "'=老周"
    assert rows[0]["author"] == "小雨点"
    assert rows[0]["opening"] == "true"
    assert "\x00" not in rows[0]["text"]
    assert "\n" in rows[0]["text"]
    assert "quotes" not in rows[0]


def test_posts_alone_go_into_one_file(forum_db: Path, call: Run) -> None:
    for name in ("jsonl", "csv", "parquet"):
        if name == "parquet":
            pytest.importorskip("pyarrow")
        target = forum_db.with_name(f"posts.{name}")
        code, said = call("export", forum_db, "--format", name, "--to", target)
        assert code == 0
        assert said.startswith("wrote 3 threads, 6 posts: 1 file, ")


def test_arrow_reads_kinds_and_times(forum_db: Path, call: Run) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    path = exported(call, forum_db, "parquet") / "posts.parquet"
    file = pq.ParquetFile(path)
    group = file.metadata.row_group(0)
    assert group.column(0).compression == "ZSTD"
    names = file.schema_arrow.names
    ordered = [names[each.column_index] for each in group.sorting_columns]
    assert ordered == ["site_id", "tid", "pid"]
    field = file.schema_arrow.field("posted_at")
    assert str(field.type) == "timestamp[us, tz=UTC]"
    assert field.metadata == {b"comment": b"when it was posted"}

    rows = file.read().to_pylist()
    assert [row["posted_at"] for row in rows[:2]] == [FIRST, DAY]
    assert rows[1]["quotes"][0]["posted_at"] == FIRST
    assert rows[0]["images"] == ["https://img.example/a.jpg"]
    keys = [(row["site_id"], row["tid"], row["pid"] or 1 << 40) for row in rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("name", ["jsonl", "csv", "parquet"])
def test_duckdb_reads_kinds_and_times(forum_db: Path, call: Run, name: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    if name == "parquet":
        pytest.importorskip("pyarrow")
    folder = exported(call, forum_db, name)
    duck = duckdb.connect()
    duck.execute("SET TimeZone = 'UTC'")
    source = f"'{folder / f'posts.{name}'}'"
    described = duck.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    kinds = {column: kind for column, kind, *_ in described}
    assert kinds["posted_at"].startswith("TIMESTAMP")
    assert kinds["gone_at"].startswith("TIMESTAMP")
    assert (kinds["pid"], kinds["opening"]) == ("BIGINT", "BOOLEAN")
    found = duck.execute(
        f"SELECT post_id FROM {source} WHERE posted_at >= '2024-05-02' ORDER BY 1"
    ).fetchall()
    assert found == [(2,), (3,), (4,)]
    threads = f"'{folder / f'threads.{name}'}'"
    joined = duck.execute(
        f"SELECT t.title, count(*) FROM {source} p JOIN {threads} t USING (thread_id)"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    ).fetchall()
    assert joined[0] == ("收音机 <求助>", 4)
    if name == "csv":
        return
    quotes = duck.execute(f"SELECT unnest(quotes).text FROM {source}").fetchall()
    assert quotes == [("只剩沙沙声",)]


def test_a_table_without_rows_has_its_columns(forum_db: Path, call: Run) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    folder = exported(call, forum_db, "parquet", "--site", "2")
    table = pq.read_table(folder / "quotes.parquet")
    assert table.num_rows == 0
    assert "quoted_pid" in table.column_names


def test_the_guide_describes_every_column() -> None:
    guide = (ROOT / "archive" / "export" / "README.md").read_text("utf-8")
    assert schema_text() in guide


def test_a_missing_library_is_named_with_its_extra(
    forum_db: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delitem(sys.modules, "archive.export.forms.parquet", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    target = forum_db.with_name("posts.parquet")
    line = ["export", str(forum_db), "--format", "parquet", "--to", str(target)]
    code = run(lambda: cli.main(line, standalone_mode=False))
    assert code == InputError.exit_code
    message = capsys.readouterr().err
    assert "needs pyarrow: pip install 'discuz-archive[parquet]'" in message
