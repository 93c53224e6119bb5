"""Pictures and files that posts show: which are wanted, and what became of each. Bytes go
to the WARC files, once."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from archive.crawl.frontier import stamp
from archive.warc.captures import Captures, Verdict, clean
from scraper.addresses.urls import absolute
from scraper.fetch.values import Answer, Failure
from scraper.policy.politeness import retry_delay_s

_SHOWN: Final = """SELECT p.id, NULL AS aid, i.url FROM images i JOIN posts p ON p.id = i.post_id WHERE {which}
  UNION ALL
  SELECT p.id, a.aid, a.url FROM attachments a JOIN posts p ON p.id = a.post_id WHERE {which} AND a.url <> ''"""
_INSERT: Final = """INSERT INTO media(site_id, name, url, post_id, due_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET url = excluded.url, post_id = excluded.post_id WHERE state <> 'done'"""
_DUE: Final = """SELECT m.name, m.url, m.tries, t.tid FROM media m LEFT JOIN posts p ON p.id = m.post_id
  LEFT JOIN threads t ON t.id = p.thread_id
  WHERE m.site_id = ? AND m.state = 'due' AND m.due_at <= ? ORDER BY m.due_at LIMIT ?"""


@dataclass(frozen=True, slots=True)
class MediaDue:
    """A picture or file to fetch; `tid` is the thread that shows it."""

    name: str
    url: str
    tries: int = 0
    tid: int | None = None


class Media:
    """The pictures and files of one forum."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        site_id: int,
        base: str,
        tries: int = 6,
    ) -> None:
        self._conn, self._captures, self._site_id, self._base, self._tries = (
            conn,
            captures,
            site_id,
            base,
            tries,
        )

    def want_all(self, now: datetime) -> None:
        """Enqueue what all posts show that are here already."""
        self._want("p.site_id = ?", (self._site_id,), now)

    def want_of(self, thread_id: int, seen_at: datetime, now: datetime) -> None:
        """Enqueue what the posts of a page show: those of a thread that were seen at its time."""
        self._want(
            "p.thread_id = ? AND p.last_seen_at = ?", (thread_id, stamp(seen_at)), now
        )

    def take(self, count: int, now: datetime, busy: set[str]) -> list[MediaDue]:
        """The next ones to fetch."""
        rows = self._conn.execute(_DUE, (self._site_id, stamp(now), count + len(busy)))
        return [
            one for one in (MediaDue(*row) for row in rows) if one.name not in busy
        ][:count]

    def next_due(self) -> datetime | None:
        """When the next one is due; None where none is."""
        query = "SELECT min(due_at) FROM media WHERE site_id = ? AND state = 'due'"
        found = self._conn.execute(query, (self._site_id,)).fetchone()[0]
        return datetime.fromisoformat(found) if found else None

    def left(self) -> int:
        """How many are left."""
        query = "SELECT count(*) FROM media WHERE site_id = ? AND state = 'due'"
        return int(self._conn.execute(query, (self._site_id,)).fetchone()[0])

    def came(self, due: MediaDue, answer: Answer) -> str:
        """Keep what came; empty, or why it is no file."""
        capture = answer.capture
        what = clean(capture)
        kept = self._captures.find(what) or self._captures.keep(
            what
        )  # two names may lead to one address
        there = capture.status == 200
        self._captures.settle(
            kept.id, Verdict(outcome="other", kind="media", site_id=self._site_id)
        )
        self._conn.execute(
            "UPDATE media SET state = ?, capture_id = ?, digest = ?, content_type = ?, size_bytes = ?, message = ?, "
            "tries = tries + 1 WHERE site_id = ? AND name = ?",
            (
                "done" if there else "given_up",
                kept.id,
                what.digest if there else "",
                capture.header("content-type"),
                len(capture.body),
                "" if there else f"status {capture.status}",
                self._site_id,
                due.name,
            ),
        )
        return "" if there else f"status {capture.status}"

    def failed(self, due: MediaDue, failure: Failure, now: datetime) -> bool:
        """Note a failure; True where it is given up."""
        over = not failure.transient or due.tries + 1 >= self._tries
        wait = timedelta(
            seconds=max(retry_delay_s(due.tries + 1), failure.retry_after_s or 0.0)
        )
        self._conn.execute(
            "UPDATE media SET state = ?, due_at = ?, tries = tries + 1, message = ? WHERE site_id = ? AND name = ?",
            (
                "given_up" if over else "due",
                stamp(now + wait),
                f"{failure.reason}: {failure.message}"[:500],
                self._site_id,
                due.name,
            ),
        )
        return over

    def _want(self, which: str, values: tuple[object, ...], now: datetime) -> None:
        rows = self._conn.execute(_SHOWN.format(which=which), values * 2)
        self._conn.executemany(
            _INSERT,
            (  # one by one: a large forum's pictures do not fit into memory
                (self._site_id, file_name(aid, address), address, post_id, stamp(now))
                for post_id, aid, url in rows
                if (address := absolute(self._base, url)).startswith(
                    ("http://", "https://")
                )
            ),
        )


def file_name(aid: int | None, address: str) -> str:
    """What identifies a file: the attachment's number where its address carries a token
    that changes on every view."""
    tokened = "mod=attachment" in address or "attachment.php?" in address
    return f"aid:{aid}" if aid and tokened else address
