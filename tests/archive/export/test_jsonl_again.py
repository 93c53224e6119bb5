"""Posts that were exported as JSON lines come in again as the same rows."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from corpus import ROOT

from archive.schema import open_archive
from scraper.themes.exported import SCHEMA

POSTS = """
SELECT s.base_url, s.name, s.software, t.tid, t.title, b.fid, b.name, p.pid, p.floor,
  p.opening, p.author, u.uid, u.name, p.anonymous, p.posted_at, p.location, p.subject, p.text,
  p.html, p.markdown, p.withheld, p.withheld_reason, p.edited_by, p.edited_at, p.signature,
  p.best_answer, p.side, p.ratings_total, p.comments_total, p.first_seen_at, p.last_seen_at,
  p.gone_at
FROM posts p JOIN threads t ON t.id = p.thread_id JOIN sites s ON s.id = p.site_id
LEFT JOIN boards b ON b.id = t.board_id LEFT JOIN users u ON u.id = p.user_id
ORDER BY s.base_url, t.tid, p.pid, p.floor, p.author, p.text
"""
HANGING = """
SELECT s.base_url, t.tid, p.pid, p.floor, p.text, x.*
FROM {table} x JOIN posts p ON p.id = x.post_id JOIN threads t ON t.id = p.thread_id
JOIN sites s ON s.id = p.site_id
"""
TABLES = (
    "quotes",
    "attachments",
    "ratings",
    "comments",
    "polls",
    "poll_options",
    "images",
    "links",
)


def rows(path: Path, table: str = "") -> list[Any]:
    """Posts, or what hangs on them, without the numbers of rows."""
    conn = sqlite3.connect(path)
    if not table:
        found = conn.execute(POSTS).fetchall()
    else:
        cursor = conn.execute(HANGING.format(table=table))
        names = [each[0] for each in cursor.description]
        own = names.index("post_id")
        found = [row[:own] + row[own + 1 :] for row in cursor]
        found.sort(key=repr)
    conn.close()
    return found


@pytest.fixture(scope="module")
def exported(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("exported") / "posts.jsonl"
    words = ["export", str(demo), "--format", "jsonl", "--to", str(target)]
    command = [sys.executable, "-m", "archive", *words]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return target


def test_out_and_in_again_gives_the_same_rows(
    demo: Path, exported: Path, tmp_path: Path, call: Run
) -> None:
    again = tmp_path / "again.db"
    code, said = call("ingest", again, exported)
    assert code == 0, said
    assert rows(again) == rows(demo)
    assert len(rows(demo)) > 40
    for table in TABLES:
        assert rows(again, table) == rows(demo, table), table
    assert rows(demo, "ratings")
    assert rows(demo, "poll_options")


def test_what_is_gone_stays_gone(demo: Path, tmp_path: Path, call: Run) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(demo, copy)
    conn = sqlite3.connect(copy)
    conn.execute(
        "UPDATE posts SET gone_at = '2030-01-01T00:00:00Z'"
        " WHERE id IN (SELECT id FROM posts WHERE pid IS NOT NULL LIMIT 3)"
    )
    conn.commit()
    conn.close()
    target = tmp_path / "posts.jsonl"
    assert call("export", copy, "--format", "jsonl", "--to", target)[0] == 0
    again = tmp_path / "again.db"
    assert call("ingest", again, target)[0] == 0
    assert rows(again) == rows(copy)
    assert len([row for row in rows(again) if row[-1]]) >= 3


def test_twice_changes_nothing(exported: Path, tmp_path: Path, call: Run) -> None:
    again = tmp_path / "again.db"
    call("ingest", again, exported)
    before = rows(again)
    code, said = call("ingest", again, exported)
    assert code == 0
    assert "posts: 0 new, 0 changed" in said or "nothing new" in said, said
    assert rows(again) == before


def test_read_again_from_what_was_kept(
    exported: Path, tmp_path: Path, call: Run
) -> None:
    again = tmp_path / "again.db"
    call("ingest", again, exported)
    before = rows(again)
    assert call("reparse", again)[0] == 0
    assert rows(again) == before
    assert call("check", again, "--full")[0] == 0


def test_into_the_archive_that_it_came_from(
    demo: Path, exported: Path, tmp_path: Path, call: Run
) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(demo, copy)
    shutil.copytree(demo.with_suffix(".warc"), copy.with_suffix(".warc"))
    before = rows(copy)
    assert call("ingest", copy, exported)[0] == 0
    assert rows(copy) == before


def test_a_folder_of_tables_is_taken_by_its_posts(
    demo: Path, tmp_path: Path, call: Run
) -> None:
    folder = tmp_path / "tables"
    assert call("export", demo, "--format", "jsonl", "--to", folder)[0] == 0
    again = tmp_path / "again.db"
    code, said = call("ingest", again, folder)
    assert code == 0, said
    assert "tables of an export" in said
    assert rows(again) == rows(demo)


def test_every_row_says_what_it_is(exported: Path) -> None:
    for line in exported.read_text("utf-8").splitlines():
        row = json.loads(line)
        assert next(iter(row)) == "schema"
        assert row["schema"] == SCHEMA


def test_an_older_row_is_no_edit(
    demo: Path, exported: Path, tmp_path: Path, call: Run
) -> None:
    """The rules are those of pages: what was seen earlier does not replace what was later."""
    copy = tmp_path / "copy.db"
    lines = exported.read_text("utf-8").splitlines()
    row = json.loads(lines[0])
    row["text"] = row["html"] = "旧话"
    row["first_seen_at"] = row["last_seen_at"] = "2001-01-01T00:00:00Z"
    older = tmp_path / "older.jsonl"
    older.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    call("ingest", copy, exported)
    assert call("ingest", copy, older)[0] == 0
    stands = "SELECT text FROM posts WHERE pid = ? AND text = '旧话'"
    conn = open_archive(copy).conn
    assert conn.execute(stands, (row["pid"],)).fetchall() == []
    conn.close()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"pid": "7"}, "pid: not a whole number"),
        ({"text": 7}, "text: not a text"),
        ({"posted_at": "gestern"}, "posted_at: not a time"),
        ({"quotes": {"a": 1}}, "quotes: not a list"),
        ({"quotes": [7]}, "quotes that are no rows"),
        ({"last_seen_at": None}, "line 1 is no post of an export"),
        ({"base_url": "ftp://x/"}, "base_url is no address"),
        ({"base_url": 7}, "line 1 is no post of an export"),
    ],
)
def test_a_row_that_is_wrong_costs_itself(
    exported: Path, tmp_path: Path, call: Run, change: dict[str, Any], words: str
) -> None:
    first, second, *_ = exported.read_text("utf-8").splitlines()
    wrong = json.loads(first) | change
    whole = json.loads(second) | {"tid": 9_999, "thread_id": 9_999}
    target = tmp_path / "some.jsonl"
    lines = [json.dumps(each, ensure_ascii=False) for each in (wrong, whole)]
    target.write_text("\n".join(lines), encoding="utf-8")
    again = tmp_path / "again.db"
    _, said = call("ingest", again, target)
    assert words in said
    assert len(rows(again)) == 1
