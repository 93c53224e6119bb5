"""`discuz-archive stats`: what an archive holds, forum by forum."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from archive.schema import open_archive
from archive.warc.captures import warc_folder

_FORUMS = """
SELECT s.name AS forum, s.base_url AS address, s.software,
  (SELECT count(*) FROM boards WHERE site_id = s.id) AS boards,
  (SELECT count(*) FROM threads WHERE site_id = s.id) AS threads,
  (SELECT count(*) FROM users WHERE site_id = s.id) AS members,
  (SELECT count(*) FROM captures WHERE site_id = s.id) AS captures,
  p.*, (SELECT count(*) FROM post_versions v JOIN posts USING (id) WHERE site_id = s.id) AS versions
FROM sites s LEFT JOIN (
  SELECT site_id, count(*) AS posts, min(posted_at) AS oldest, max(posted_at) AS newest,
    sum(withheld <> '') AS withheld, sum(gone_at IS NOT NULL) AS gone, sum(pid IS NULL) AS without_pid
  FROM posts GROUP BY site_id) p ON p.site_id = s.id
ORDER BY posts DESC"""
_OUTCOMES = "SELECT outcome, count(*) FROM captures GROUP BY outcome ORDER BY 2 DESC"


@click.command()
@click.argument("db", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(db: Path, as_json: bool) -> None:
    """Say what the archive DB holds: forums with their boards, threads, posts, members,
    dates and sizes."""
    archive = open_archive(db, create=False)
    forums, files = _forums(archive.conn), _files(archive.conn, db)
    archive.close()
    if as_json:
        click.echo(json.dumps({"forums": forums, **files}, ensure_ascii=False))
    elif not forums:
        click.echo("the archive is empty")
    else:
        _print(forums)
        click.echo(
            f"{files['captures']} captures; {_mb(files['db_bytes'])} archive, {_mb(files['warc_bytes'])} WARC"
        )


def _forums(conn: sqlite3.Connection) -> list[dict[str, object]]:
    cursor = conn.execute(_FORUMS)
    names = [column[0] for column in cursor.description]
    rows = (dict(zip(names, row, strict=True)) for row in cursor)
    return [
        {name: value for name, value in row.items() if name != "site_id"}
        for row in rows
    ]


def _files(conn: sqlite3.Connection, db: Path) -> dict[str, object]:
    folder = warc_folder(conn)
    outcomes = dict(conn.execute(_OUTCOMES).fetchall())
    return {
        "captures": sum(outcomes.values()),
        "captures_by_outcome": outcomes,
        "db_bytes": db.stat().st_size,
        "warc_bytes": sum(path.stat().st_size for path in folder.glob("*.warc.gz")),
    }


def _print(forums: list[dict[str, object]]) -> None:
    for forum in forums:
        title = f"{forum.pop('forum') or 'unnamed forum'} ({forum.pop('address')})"
        lines = {
            name: str(value)
            for name, value in forum.items()
            if value not in (None, "", 0)
        }
        if sys.stdout.isatty():
            table = Table(
                title=title, title_justify="left", show_header=False, box=None
            )
            for name, value in lines.items():
                table.add_row(name.replace("_", " "), value)
            Console().print(table)
        else:
            click.echo(title)
            for name, value in lines.items():
                click.echo(f"  {name.replace('_', ' ')}: {value}")


def _mb(size: object) -> str:
    return f"{int(str(size)) / 1e6:.1f} MB"
