"""Says how far the crawls of an archive are, and what they could not fetch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, Final

from archive.commands._crawling import now
from archive.commands._progress import incomplete
from archive.commands._saying import say, say_json
from archive.crawl.addresses import address
from archive.crawl.backlog import Backlog, GivenUp
from archive.crawl.week import last_week
from archive.schema import connect
from archive.store import suspects
from archive.store.census import WHAT_TO_DO, reader_warnings
from archive.store.windows import count_incomplete
from archive.warc.accepted import NOTHING_LOST, KnownLoss, losses_by_forum, total
from scraper.addresses.canonical import Style
from scraper.policy.plan import ANYTHING

_SHOWN: Final = 200
_LAST_RUN: Final = """SELECT started_at, ended_at, outcome, posts_new FROM runs
  WHERE command = 'crawl' ORDER BY id DESC LIMIT 1"""
_FILES_GIVEN_UP: Final = """SELECT url, message, tries FROM media
  WHERE site_id = ? AND state = 'given_up' ORDER BY url"""


def tell_status(db: Path, *, as_json: bool) -> None:
    """How far the crawl of each forum is, with the pages that it gave up or was refused."""
    conn = connect(db, create=False)
    query = "SELECT site_id, address, style, stopped FROM crawls"
    crawls = conn.execute(query).fetchall()
    if not crawls and not as_json:
        say(
            f"{db}: nothing was crawled into it yet: "
            f"`discuz-archive crawl {db} ADDRESS` begins"
        )
    set_aside = suspects.by_forum(conn)
    losses = losses_by_forum(conn)
    for site_id, base, style, stopped in crawls:
        report = _report(
            conn,
            site_id,
            base,
            style,
            stopped,
        )
        report["set_aside"] = _as_json(set_aside.pop(site_id, []))
        loss = losses.pop(site_id, NOTHING_LOST)
        report["losses"] = loss.as_json()
        if as_json:
            say_json(json.dumps(report, ensure_ascii=False))
        else:
            _print(report)
            _print_loss(loss)
    left = chain.from_iterable(set_aside.values())
    _say_rest(
        _as_json(left),
        total(losses.values()),
        as_json,
    )


def tell_week(db: Path, *, as_json: bool) -> None:
    """What the crawls of the last seven days came to."""
    conn = connect(db, create=False)
    found = last_week(conn, now())
    if as_json:
        say_json(json.dumps(asdict(found), ensure_ascii=False))
        return
    for line in found.lines():
        say(line)


def _say_rest(rest: list[dict[str, Any]], loss: KnownLoss, as_json: bool) -> None:
    """Name the pages that are set aside, and say what is lost, of no forum that was crawled."""
    if not rest and not loss.captures:
        return
    if as_json:
        report = {"forum": "", "set_aside": rest, "losses": loss.as_json()}
        say_json(json.dumps(report, ensure_ascii=False))
        return
    say("pages of forums that were not crawled:")
    _print_set_aside(rest)
    _print_loss(loss)


def _report(
    conn: sqlite3.Connection, site_id: int, base: str, style: Style, stopped: str
) -> dict[str, Any]:
    backlog = Backlog(conn, site_id)
    next_at = backlog.next_visit()
    pages = [_page(one, base, style) for one in backlog.given_up()]
    return {
        "forum": base,
        "stopped": stopped,
        "left": backlog.count_due(now(), ANYTHING),
        "next_visit": f"{next_at:%Y-%m-%dT%H:%M:%SZ}" if next_at else "",
        "last_run": _last_run(conn),
        "threads": _count(conn, "threads", site_id),
        "posts": _count(conn, "posts", site_id),
        "incomplete_posts": count_incomplete(conn, site_id),
        "pages": pages + _files(conn, site_id),
        "warnings": reader_warnings(conn, site_id),
    }


def _as_json(captures: Iterable[suspects.SetAside]) -> list[dict[str, Any]]:
    """Kept pages that ended what read them."""
    return [each.as_json() for each in captures]


def _last_run(conn: sqlite3.Connection) -> dict[str, Any]:
    row = conn.execute(_LAST_RUN).fetchone()
    if row is None:
        return {}
    started_at, ended_at, outcome, posts_new = row
    return {
        "started_at": started_at,
        "ended_at": ended_at,
        "outcome": outcome,
        "posts_new": posts_new,
    }


def _count(conn: sqlite3.Connection, table: str, site_id: int) -> int:
    query = f"SELECT count(*) FROM {table} WHERE site_id = ?"
    (count,) = conn.execute(query, (site_id,)).fetchone()
    return int(count)


def _page(one: GivenUp, base: str, style: Style) -> dict[str, Any]:
    return {
        "url": address(one.key, base, style, one.tid),
        "state": "given up" if one.state == "given_up" else "refused",
        "reason": one.message,
        "tries": one.tries,
    }


def _files(conn: sqlite3.Connection, site_id: int) -> list[dict[str, Any]]:
    """Pictures and files that were given up, as pages are listed."""
    return [
        {
            "url": url,
            "state": "given up",
            "reason": message,
            "tries": tries,
        }
        for url, message, tries in conn.execute(_FILES_GIVEN_UP, (site_id,))
    ]


def _print(report: dict[str, Any]) -> None:
    next_visit = report["next_visit"] or "-"
    say(
        f"{report['forum']}: {report['threads']} threads, {report['posts']} posts here; "
        f"{report['left']} pages due, the next at {next_visit}"
    )
    if report["last_run"]:
        _print_run(report["last_run"])
    if report["stopped"]:
        say(f"  stopped: {report['stopped']}")

    if report["incomplete_posts"]:
        say(f"  {incomplete(report['incomplete_posts'])}")

    pages = report["pages"]
    for page in pages[:_SHOWN]:
        say(f"  {page['state']}: {page['url']}: {page['reason']}")
    if len(pages) > _SHOWN:
        say(f"  and {len(pages) - _SHOWN} more: --json lists all")
    _print_set_aside(report["set_aside"])
    for warning in report["warnings"]:
        say(f"  warning: {warning}")
    if report["warnings"]:
        say(f"  {WHAT_TO_DO}")
    if any(page["state"] == "given up" for page in pages):
        say("  `discuz-archive retry` puts the pages given up back")


def _print_set_aside(captures: list[dict[str, Any]]) -> None:
    for capture in captures[:_SHOWN]:
        say(f"  set aside: {capture['url']}: {capture['reason']}")
    if len(captures) > _SHOWN:
        say(f"  and {len(captures) - _SHOWN} more: --json lists all")
    if captures:
        say(f"  {suspects.TRIED_AGAIN}")


def _print_loss(loss: KnownLoss) -> None:
    if loss.captures:
        say(f"  {loss}")


def _print_run(run: dict[str, Any]) -> None:
    ended_at = run["ended_at"] or "-"
    outcome = run["outcome"] or "running, or killed"
    say(
        f"  last run: began {run['started_at']}, ended {ended_at} ({outcome}), "
        f"{run['posts_new']} new posts"
    )
