"""What a run comes to, for people and for monitoring: one line of JSON, Prometheus text,
the runs table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from archive.crawl.values import Totals, stamp
from archive.store.suspects import SetAside
from archive.warc.records import software_version

_TOTALS_METRICS: Final = (
    ("pages", "Pages visited in the last run"),
    ("new", "Posts that were new"),
    ("changed", "Posts that changed"),
    ("gone", "Posts found missing"),
    ("failed", "Visits that failed"),
    ("given_up", "Pages given up"),
    ("refused", "Pages that the forum refuses"),
    ("not_there", "Pages that the forum does not have"),
    ("files", "Pictures and files fetched"),
)
_REPORT_METRICS: Final = (
    ("left", "Pages still due"),
    ("files_left", "Pictures and files still due"),
    ("files_kept_out", "Pictures and files that the forum's robots.txt forbids"),
    ("requests", "Requests sent in the last run"),
    ("incomplete_posts", "Posts with more ratings or comments than are kept"),
)
_COUNTS: Final = (
    "pages",
    "boards",
    "threads",
    "new",
    "changed",
    "gone",
    "failed",
    "refused",
    "not_there",
    "given_up",
    "files",
)
_BEGIN_RUN: Final = """INSERT INTO runs(command, arguments, version, started_at)
  VALUES (:command, :arguments, :version, :started_at)"""
_END_RUN: Final = """UPDATE runs SET ended_at = :ended_at, pages = :pages, posts_new = :new,
    posts_changed = :changed, posts_gone = :gone, problems = :failed, requests = :requests,
    outcome = :outcome, message = :message, site_id = :site_id
  WHERE id = :id"""
_UNITS: Final = (("days", 2 * 86_400, 86_400), ("h", 3_600, 3_600), ("min", 60, 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumReport:
    """How a run ended for one forum: `left` pages (and `files_left`) are still due,
    `stopped`: why it ended early; `incomplete_posts`: posts that have more ratings or
    comments than are kept; `threads_before_login`: those that were read as a guest, and not
    since as the member; `set_aside`: kept pages that ended what read them."""

    forum: str
    site_id: int | None
    totals: Totals
    requests: int
    left: int
    delay_s: float
    stopped: str = ""
    files_left: int = 0
    files_kept_out: int = 0
    unchecked_hosts: tuple[str, ...] = ()
    owner_consents: bool = False
    incomplete_posts: int = 0
    threads_before_login: int = 0
    set_aside: tuple[SetAside, ...] = ()

    @property
    def outcome(self) -> str:
        """done, left (pages are still due) or stopped."""
        if self.stopped:
            return "stopped"
        return "left" if self.left or self.files_left else "done"


def as_json(
    reports: Sequence[ForumReport], seconds: float, outcome: str
) -> dict[str, Any]:
    """The run as JSON-ready data."""
    forums = [
        {
            "forum": report.forum,
            "outcome": report.outcome,
            "stopped": report.stopped,
            "requests": report.requests,
            "left": report.left,
            "files_left": report.files_left,
            "files_kept_out": report.files_kept_out,
            "unchecked_hosts": list(report.unchecked_hosts),
            "owner_consents": report.owner_consents,
            "incomplete_posts": report.incomplete_posts,
            "threads_before_login": report.threads_before_login,
            "set_aside": [each.as_json() for each in report.set_aside],
            **counts(report.totals),
            "warnings": dict(report.totals.warnings.pages),
        }
        for report in reports
    ]
    return {
        "outcome": outcome,
        "seconds": round(seconds, 1),
        "forums": forums,
    }


def counts(totals: Totals) -> dict[str, int]:
    """The sums by name."""
    return {name: getattr(totals, name) for name in _COUNTS}


def as_prometheus(
    reports: Sequence[ForumReport], ended_at: datetime, seconds: float
) -> str:
    """The run in Prometheus' text format (exposition format 0.0.4), for a text file collector."""
    lines = list[str]()
    for name, text in _TOTALS_METRICS:
        values = [(report.forum, getattr(report.totals, name)) for report in reports]
        lines += _gauge(name, text, values)
    for name, text in _REPORT_METRICS:
        values = [(report.forum, getattr(report, name)) for report in reports]
        lines += _gauge(name, text, values)

    warnings = [
        (report.forum, report.totals.warnings.pages.total()) for report in reports
    ]
    lines += _gauge("warnings", "Pages that print more than was read of them", warnings)
    lines += _gauge(
        "stopped",
        "Whether the last run was stopped by the forum",
        [(report.forum, int(bool(report.stopped))) for report in reports],
    )
    lines += _gauge(
        "run_seconds",
        "Length of the last run",
        [("", f"{seconds:.1f}")],
    )
    lines += _gauge(
        "last_run_timestamp_seconds",
        "When the last run ended",
        [("", f"{ended_at.timestamp():.0f}")],
    )
    return "\n".join(lines) + "\n"


def begin_run(
    conn: sqlite3.Connection, command: str, arguments: str, began_at: datetime
) -> int:
    """Write down that a run begins; the number of its row in `runs`."""
    values = {
        "command": command,
        "arguments": arguments,
        "version": software_version(),
        "started_at": stamp(began_at),
    }
    return conn.execute(_BEGIN_RUN, values).lastrowid or 0


def end_run(
    conn: sqlite3.Connection,
    run: int,
    reports: Sequence[ForumReport],
    ended_at: datetime,
    outcome: str,
) -> None:
    """Write down how a run ended."""
    totals = Totals()
    for report in reports:
        totals.include(report.totals)
    stopped = [
        f"{report.forum}: {report.stopped}" for report in reports if report.stopped
    ]
    values = {
        **counts(totals),
        "id": run,
        "ended_at": stamp(ended_at),
        "requests": sum(report.requests for report in reports),
        "outcome": outcome,
        "message": "; ".join(stopped),
        "site_id": reports[0].site_id if len(reports) == 1 else None,
    }
    conn.execute(_END_RUN, values)


def duration(seconds: float) -> str:
    """A length of time for people: `40 s`, `12 min`, `3.5 h`, `2.1 days`."""
    for unit, least_s, size_s in _UNITS:
        if seconds >= least_s:
            digits = 0 if unit == "min" else 1
            return f"{seconds / size_s:.{digits}f} {unit}"
    return f"{seconds:.0f} s"


def _gauge(name: str, text: str, values: Sequence[tuple[str, object]]) -> Iterator[str]:
    """The lines of one metric; `values` by forum, or one of the whole run without a forum."""
    metric = f"discuz_archive_{name}"
    yield f"# HELP {metric} {text}."
    yield f"# TYPE {metric} gauge"
    for forum, value in values:
        label = f'{{forum="{_label(forum)}"}}' if forum else ""
        yield f"{metric}{label} {value}"


def _label(text: str) -> str:
    for special, escaped in (("\\", r"\\"), ('"', r"\""), ("\n", r"\n")):
        text = text.replace(special, escaped)
    return text
