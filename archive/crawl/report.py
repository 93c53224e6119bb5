"""What a run comes to, for people and for monitoring: one line of JSON, Prometheus text,
the runs table."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from archive.crawl.frontier import stamp
from archive.crawl.values import Totals
from archive.warc.records import software_version

_METRICS: Final = (
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ForumReport:
    """How a run ended for one forum: `left` pages (and `files_left`) are still due,
    `stopped`: why it ended early."""

    forum: str
    site_id: int | None
    totals: Totals
    requests: int
    left: int
    delay_s: float
    stopped: str = ""
    files_left: int = 0

    @property
    def outcome(self) -> str:
        """done, left (pages are still due) or stopped."""
        return (
            "stopped"
            if self.stopped
            else "left"
            if self.left or self.files_left
            else "done"
        )


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
            **counts(report.totals),
        }
        for report in reports
    ]
    return {"outcome": outcome, "seconds": round(seconds, 1), "forums": forums}


def counts(totals: Totals) -> dict[str, int]:
    """The sums by name."""
    names = (
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
    return {name: getattr(totals, name) for name in names}


def as_prometheus(
    reports: Sequence[ForumReport], ended_at: datetime, seconds: float
) -> str:
    """The run in Prometheus' text format (exposition format 0.0.4), for a text file collector."""
    lines = list[str]()
    for name, text in _METRICS:
        lines += [
            f"# HELP discuz_archive_{name} {text}.",
            f"# TYPE discuz_archive_{name} gauge",
        ]
        lines += [
            f'discuz_archive_{name}{{forum="{_label(report.forum)}"}} {getattr(report.totals, name)}'
            for report in reports
        ]
    for name, text in (
        ("left", "Pages still due"),
        ("files_left", "Pictures and files still due"),
        ("requests", "Requests sent in the last run"),
    ):
        lines += [
            f"# HELP discuz_archive_{name} {text}.",
            f"# TYPE discuz_archive_{name} gauge",
        ]
        lines += [
            f'discuz_archive_{name}{{forum="{_label(report.forum)}"}} {getattr(report, name)}'
            for report in reports
        ]
    lines += [
        "# HELP discuz_archive_stopped Whether the last run was stopped by the forum.",
        "# TYPE discuz_archive_stopped gauge",
    ]
    lines += [
        f'discuz_archive_stopped{{forum="{_label(report.forum)}"}} {int(bool(report.stopped))}'
        for report in reports
    ]
    lines += [
        "# HELP discuz_archive_run_seconds Length of the last run.",
        "# TYPE discuz_archive_run_seconds gauge",
        f"discuz_archive_run_seconds {seconds:.1f}",
        "# HELP discuz_archive_last_run_timestamp_seconds When the last run ended.",
        "# TYPE discuz_archive_last_run_timestamp_seconds gauge",
        f"discuz_archive_last_run_timestamp_seconds {ended_at.timestamp():.0f}",
    ]
    return "\n".join(lines) + "\n"


def begin_run(
    conn: sqlite3.Connection, command: str, arguments: str, began_at: datetime
) -> int:
    """A row of `runs`."""
    cursor = conn.execute(
        "INSERT INTO runs(command, arguments, version, started_at) VALUES (?, ?, ?, ?)",
        (command, arguments, software_version(), stamp(began_at)),
    )
    return cursor.lastrowid or 0


def end_run(
    conn: sqlite3.Connection,
    run: int,
    reports: Sequence[ForumReport],
    ended_at: datetime,
    outcome: str,
) -> None:
    """Write down how a run ended."""
    conn.execute(
        """UPDATE runs SET ended_at = ?, pages = ?, posts_new = ?, posts_changed = ?, posts_gone = ?, problems = ?,
          requests = ?, outcome = ?, message = ?, site_id = ? WHERE id = ?""",
        (
            stamp(ended_at),
            *(
                sum(getattr(report.totals, name) for report in reports)
                for name in ("pages", "new", "changed", "gone", "failed")
            ),
            sum(report.requests for report in reports),
            outcome,
            "; ".join(
                f"{report.forum}: {report.stopped}"
                for report in reports
                if report.stopped
            ),
            reports[0].site_id if len(reports) == 1 else None,
            run,
        ),
    )


def duration(seconds: float) -> str:
    """A length of time for people: `40 s`, `12 min`, `3.5 h`, `2.1 days`."""
    for unit, size, digits in (("days", 86_400, 1), ("h", 3_600, 1), ("min", 60, 0)):
        if seconds >= size * (2 if unit == "days" else 1):
            return f"{seconds / size:.{digits}f} {unit}"
    return f"{seconds:.0f} s"


def _label(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
