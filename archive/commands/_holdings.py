"""What an archive holds, forum by forum, counted and shown."""

from __future__ import annotations

import json
import sqlite3
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from archive.commands._saying import plain, say, say_json
from archive.schema import connect
from archive.warc.captures import warc_folder

_FORUMS = """
SELECT s.name AS forum, s.base_url AS address, s.software,
  (SELECT count(*) FROM boards WHERE site_id = s.id) AS boards,
  (SELECT count(*) FROM threads WHERE site_id = s.id) AS threads,
  (SELECT count(*) FROM users WHERE site_id = s.id) AS members,
  (SELECT count(*) FROM captures WHERE site_id = s.id) AS captures,
  p.posts, p.oldest, p.newest, p.withheld, p.gone, p.without_pid,
  (
    SELECT count(*) FROM post_versions v JOIN posts ON posts.id = v.post_id
    WHERE posts.site_id = s.id
  ) AS versions
FROM sites s LEFT JOIN (
  SELECT site_id, count(*) AS posts, min(posted_at) AS oldest, max(posted_at) AS newest,
    sum(withheld <> '') AS withheld, sum(gone_at IS NOT NULL) AS gone,
    sum(pid IS NULL) AS without_pid
  FROM posts GROUP BY site_id
) p ON p.site_id = s.id
ORDER BY p.posts DESC"""
_OUTCOMES = "SELECT outcome, count(*) FROM captures GROUP BY outcome ORDER BY 2 DESC"


@dataclass(frozen=True, slots=True)
class Files:
    """What is kept of pages as they were served, and how large the files are."""

    captures: int
    captures_by_outcome: dict[str, int]
    db_bytes: int
    warc_bytes: int


def tell_holdings(db: Path, *, as_json: bool) -> None:
    """Print what is there of each forum, and the sizes of the files."""
    conn = connect(db, create=False)
    forums = _forums(conn)
    files = _files(conn, db)
    conn.close()

    if as_json:
        said = {"forums": forums, **asdict(files)}
        say_json(json.dumps(said, ensure_ascii=False))
        return
    if not forums:
        say("the archive is empty")
        return
    for forum in forums:
        _print(forum)
    archive_size = _mb(files.db_bytes)
    warc_size = _mb(files.warc_bytes)
    say(f"{files.captures} captures; {archive_size} archive, {warc_size} WARC")


def _forums(conn: sqlite3.Connection) -> list[dict[str, object]]:
    cursor = conn.execute(_FORUMS)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _files(conn: sqlite3.Connection, db: Path) -> Files:
    outcomes = dict(conn.execute(_OUTCOMES).fetchall())
    warc_bytes = 0
    for path in warc_folder(conn).glob("*.warc.gz"):
        warc_bytes += path.stat().st_size
    return Files(
        captures=sum(outcomes.values()),
        captures_by_outcome=outcomes,
        db_bytes=db.stat().st_size,
        warc_bytes=warc_bytes,
    )


def _print(forum: dict[str, object]) -> None:
    name = forum.pop("forum") or "unnamed forum"
    address = forum.pop("address")
    title = f"{name} ({address})"
    lines = {}
    for column, value in forum.items():
        if value:
            lines[column.replace("_", " ")] = str(value)

    if not sys.stdout.isatty():
        say(title)
        for label, text in lines.items():
            say(f"  {label}: {text}")
        return
    table = Table(
        title=Text(plain(title)),
        title_justify="left",
        show_header=False,
        box=None,
    )
    for label, text in lines.items():
        table.add_row(label, Text(plain(text)))
    Console().print(table)


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB"
