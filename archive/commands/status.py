"""`discuz-archive status`: how far each forum's crawl is, and the pages given up or
refused, with reasons."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import click

from archive.commands._crawling import now
from archive.crawl.frontier import Frontier, GivenUp
from archive.crawl.steps import address
from archive.schema import open_archive
from scraper.addresses.canonical import Style
from scraper.policy.plan import ANYTHING

_SHOWN = 200


@click.command()
@click.argument("db", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="One JSON object a forum, a line each, with every page.",
)
def command(db: Path, as_json: bool) -> int:
    """Say how far the crawls of DB are, and list the pages that were given up or are refused."""
    conn = open_archive(db, create=False).conn
    crawls = conn.execute(
        "SELECT site_id, address, style, stopped FROM crawls"
    ).fetchall()
    if not crawls and not as_json:
        click.echo(
            f"{db}: nothing was crawled into it yet: `discuz-archive crawl {db} ADDRESS` begins"
        )
    for site_id, base, style, stopped in crawls:
        report = _report(conn, site_id, base, style, stopped)
        click.echo(json.dumps(report, ensure_ascii=False)) if as_json else _print(
            report
        )
    return 0


def _report(
    conn: sqlite3.Connection, site_id: int, base: str, style: Style, stopped: str
) -> dict[str, Any]:
    frontier = Frontier(conn, site_id, now())
    next_at = frontier.next_visit()
    run = conn.execute(
        "SELECT started_at, ended_at, outcome, posts_new FROM runs WHERE command = 'crawl' "
        "ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return {
        "forum": base,
        "stopped": stopped,
        "left": frontier.count_due(now(), ANYTHING),
        "next_visit": f"{next_at:%Y-%m-%dT%H:%M:%SZ}" if next_at else "",
        "last_run": dict(
            zip(("started_at", "ended_at", "outcome", "posts_new"), run, strict=True)
        )
        if run
        else {},
        "threads": _count(conn, "threads", site_id),
        "posts": _count(conn, "posts", site_id),
        "pages": [_page(one, base, style) for one in frontier.given_up()]
        + _files(conn, site_id),
    }


def _count(conn: sqlite3.Connection, table: str, site_id: int) -> int:
    return int(
        conn.execute(
            f"SELECT count(*) FROM {table} WHERE site_id = ?", (site_id,)
        ).fetchone()[0]
    )


def _page(one: GivenUp, base: str, style: Style) -> dict[str, Any]:
    state = "given up" if one.state == "given_up" else "refused"
    return {
        "url": address(one.key, base, style),
        "state": state,
        "reason": one.message,
        "tries": one.tries,
    }


def _files(conn: sqlite3.Connection, site_id: int) -> list[dict[str, Any]]:
    """Pictures and files that were given up, as pages are listed."""
    query = "SELECT url, message, tries FROM media WHERE site_id = ? AND state = 'given_up' ORDER BY url"
    return [
        {"url": url, "state": "given up", "reason": message, "tries": tries}
        for url, message, tries in conn.execute(query, (site_id,))
    ]


def _print(report: dict[str, Any]) -> None:
    click.echo(
        f"{report['forum']}: {report['threads']} threads, {report['posts']} posts here; "
        f"{report['left']} pages due, the next at {report['next_visit'] or '-'}"
    )
    if run := report["last_run"]:
        how = run["outcome"] or "running, or killed"
        click.echo(
            f"  last run: began {run['started_at']}, ended {run['ended_at'] or '-'} ({how}), "
            f"{run['posts_new']} new posts"
        )
    if report["stopped"]:
        click.echo(f"  stopped: {report['stopped']}")
    pages = report["pages"]
    for page in pages[:_SHOWN]:
        click.echo(f"  {page['state']}: {page['url']}: {page['reason']}")
    if len(pages) > _SHOWN:
        click.echo(f"  and {len(pages) - _SHOWN} more: --json lists all")
    if any(page["state"] == "given up" for page in pages):
        click.echo("  `discuz-archive retry` puts the pages given up back")
