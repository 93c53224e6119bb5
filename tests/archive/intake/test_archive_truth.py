"""What an archive says after a whole set was read, against what the pages' own database says.

The scorer looks at pages one by one; here all pages of a forum meet in one row a post and a
thread: other layouts, other orders, guests and members, boards and threads.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from corpus import SETS

_POST = """SELECT p.author, u.uid, p.anonymous, p.floor, substr(p.posted_at, 1, 16) AS posted_at,
  p.subject, t.tid,
  p.text, p.edited_by FROM posts p
  JOIN threads t ON t.id = p.thread_id LEFT JOIN users u ON u.id = p.user_id
  WHERE p.pid = ?"""
_STATED = ("uid", "floor", "posted_at", "subject", "edited_by")
_FLAGS = ("sticky", "digest", "closed")


@pytest.mark.parametrize("name", SETS)
def test_rows_are_what_the_forum_was(shared: Path, tmp_path: Path, name: str) -> None:
    db, warc = tmp_path / "forum.db", shared / "pages" / f"{name}.warc.gz"
    subprocess.run(
        [sys.executable, "-m", "archive", "ingest", str(db), str(warc)],
        check=True,
        capture_output=True,
    )
    conn = sqlite3.connect(db)
    conn.row_factory = sqlite3.Row
    truth = [
        json.loads(line)
        for line in (shared / "truth" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    assert [wrong for page in truth for wrong in _posts(conn, page)] == []
    assert list(_threads(conn, truth)) == []
    conn.close()


def _posts(
    conn: sqlite3.Connection, page: dict[str, Any]
) -> Iterator[tuple[object, ...]]:
    """Posts of a page that are not there, or not so."""
    in_order = (
        page["theme"] == "desktop"
        and "authorid=" not in page["url"]
        and "ordertype=" not in page["url"]
    )
    for post in page.get("posts", ()):
        if "pid" not in post:
            continue
        row = conn.execute(_POST, (post["pid"],)).fetchone()
        if row is None or row["tid"] != page.get("tid", row["tid"]):
            yield post["pid"], "not there", page["url"]
            continue
        stated = {
            key: post[key]
            for key in _STATED
            if post.get(key) and (key != "floor" or in_order)
        }
        if post.get("anonymous"):
            stated = {key: value for key, value in stated.items() if key != "uid"} | {
                "anonymous": 1
            }
        elif post.get("author"):
            stated["author"] = post["author"]
        for key, value in stated.items():
            expected = value[:16] if key == "posted_at" else value
            if row[key] != expected:
                yield post["pid"], key, row[key], expected, page["url"]
        if not post.get("withheld") and not _in_order(
            post.get("must", ()), row["text"]
        ):
            yield post["pid"], "words", page["url"]


def _in_order(pieces: list[str], text: str) -> bool:
    squeezed, at = "".join(text.split()), 0
    for piece in pieces:
        found = squeezed.find("".join(piece.split()), at)
        if found < 0:
            return False
        at = found + 1
    return True


def _threads(
    conn: sqlite3.Connection, truth: list[dict[str, Any]]
) -> Iterator[tuple[object, ...]]:
    """Threads that board pages mark, and that are not marked so."""
    rows = [
        row
        for page in truth
        for row in page.get("threads", ())
        if isinstance(row["tid"], int)
    ]
    for row in rows:
        known = conn.execute(
            "SELECT * FROM threads WHERE tid = ?", (row["tid"],)
        ).fetchone()
        if known is None:
            if "moved_to" not in row:
                yield row["tid"], "not there"
            continue
        yield from (
            (row["tid"], flag) for flag in _FLAGS if row.get(flag) and not known[flag]
        )
        if row.get("author") and known["author"] != row["author"]:
            yield row["tid"], "author", known["author"], row["author"]
