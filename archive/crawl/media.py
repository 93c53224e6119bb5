"""Pictures and files that posts show: which are wanted, and what became of each. Bytes go
to the WARC files, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archive.crawl.values import stamp
from archive.warc.captures import Captures, Verdict, clean
from scraper.addresses.urls import absolute
from scraper.fetch.values import Answer, Failure
from scraper.policy.judgement import retry_at

_SHOWN: Final = """SELECT p.id, NULL AS aid, i.url
    FROM images i JOIN posts p ON p.id = i.post_id WHERE {which}
  UNION ALL
  SELECT p.id, a.aid, a.url
    FROM attachments a JOIN posts p ON p.id = a.post_id WHERE {which} AND a.url <> ''"""
_INSERT: Final = """INSERT INTO media(site_id, name, url, post_id, due_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET url = excluded.url, post_id = excluded.post_id WHERE state <> 'done'"""
_DUE: Final = """SELECT m.name, m.url, m.tries, t.tid FROM media m
  LEFT JOIN posts p ON p.id = m.post_id LEFT JOIN threads t ON t.id = p.thread_id
  WHERE m.site_id = ? AND m.state = 'due' AND m.due_at <= ? ORDER BY m.due_at LIMIT ?"""
_NEXT_DUE: Final = "SELECT min(due_at) FROM media WHERE site_id = ? AND state = 'due'"
_LEFT: Final = "SELECT count(*) FROM media WHERE site_id = ? AND state = 'due'"
_KEPT: Final = """UPDATE media SET state = ?, capture_id = ?, digest = ?, content_type = ?,
    size_bytes = ?, message = ?, tries = tries + 1
  WHERE site_id = ? AND name = ?"""
_FAILED: Final = """UPDATE media SET state = ?, due_at = ?, tries = tries + 1, message = ?
  WHERE site_id = ? AND name = ?"""
_RETRY: Final = """UPDATE media SET state = 'due', tries = 0, due_at = ''
  WHERE site_id = ? AND state = 'given_up'"""

_MESSAGE_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class QueuedFile:
    """A picture or file to fetch; `tid` is the thread that shows it."""

    name: str
    url: str
    tries: int = 0
    tid: int | None = None


class Media:
    """The pictures and files of one forum. `tries` of one before it is given up."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        site_id: int,
        base: str,
        tries: int,
    ) -> None:
        self._conn = conn
        self._captures = captures
        self._site_id = site_id
        self._base = base
        self._tries = tries

    def want_all(self, now: datetime) -> None:
        """Enqueue what all posts show that are here already."""
        self._want("p.site_id = ?", (self._site_id,), now)

    def want_of(self, thread_id: int, seen_at: datetime, now: datetime) -> None:
        """Enqueue what the posts of a page show: those of a thread that were seen at its time."""
        which = "p.thread_id = ? AND p.last_seen_at = ?"
        self._want(which, (thread_id, stamp(seen_at)), now)

    def take(
        self, count: int, now: datetime, busy: Collection[str]
    ) -> list[QueuedFile]:
        """The next ones to fetch, none of those that are `busy`."""
        most = count + len(busy)
        rows = self._conn.execute(_DUE, (self._site_id, stamp(now), most))
        files = [QueuedFile(*row) for row in rows]
        return [file for file in files if file.name not in busy][:count]

    def next_due(self) -> datetime | None:
        """When the next one is due; None where none is."""
        (due_at,) = self._conn.execute(_NEXT_DUE, (self._site_id,)).fetchone()
        return datetime.fromisoformat(due_at) if due_at else None

    def left(self) -> int:
        """How many are left."""
        return int(self._conn.execute(_LEFT, (self._site_id,)).fetchone()[0])

    def keep(self, file: QueuedFile, answer: Answer) -> str:
        """Keep what came; empty, or why it is no file."""
        capture = answer.capture
        cleaned = clean(capture)
        # two names may lead to one address
        kept = self._captures.find(cleaned) or self._captures.keep(cleaned)
        verdict = Verdict(outcome="other", kind="media", site_id=self._site_id)
        self._captures.settle(kept.id, verdict)

        is_file = capture.status == 200
        reason = "" if is_file else f"status {capture.status}"
        values = (
            "done" if is_file else "given_up",
            kept.id,
            cleaned.digest if is_file else "",
            capture.header("content-type"),
            len(capture.body),
            reason,
        )
        self._conn.execute(_KEPT, (*values, self._site_id, file.name))
        return reason

    def failed(self, file: QueuedFile, failure: Failure, now: datetime) -> bool:
        """Note a failure; True where the file is given up."""
        again_at = retry_at(
            now,
            file.tries + 1,
            self._tries,
            failure.retry_after_s,
            for_good=not failure.transient,
        )
        state = "due" if again_at else "given_up"
        due_at = stamp(again_at) if again_at else ""
        message = f"{failure.reason}: {failure.message}"[:_MESSAGE_CHARS]
        values = (state, due_at, message, self._site_id, file.name)
        self._conn.execute(_FAILED, values)
        return again_at is None

    def _want(self, which: str, values: tuple[object, ...], now: datetime) -> None:
        rows = self._conn.execute(_SHOWN.format(which=which), values * 2)
        self._conn.executemany(_INSERT, self._wanted(rows, stamp(now)))

    def _wanted(
        self, rows: sqlite3.Cursor, due_at: str
    ) -> Iterator[tuple[int, str, str, int, str]]:
        """One by one: the pictures of a large forum do not fit into memory."""
        for post_id, aid, url in rows:
            address = absolute(self._base, url)
            if address.startswith(("http://", "https://")):
                name = file_name(aid, address)
                yield self._site_id, name, address, post_id, due_at


def retry_files(conn: sqlite3.Connection, site_id: int) -> int:
    """Put the files of a forum that were given up back; how many."""
    return conn.execute(_RETRY, (site_id,)).rowcount


def file_name(aid: int | None, address: str) -> str:
    """What identifies a file: the attachment's number where its address carries a token
    that changes on every view."""
    tokened = "mod=attachment" in address or "attachment.php?" in address
    return f"aid:{aid}" if aid and tokened else address
