"""Pictures and files that posts show, and what pages need to look as they did: which are
wanted, and what became of each. Bytes go to the WARC files, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from archive.crawl.values import stamp
from archive.store.shown_files import file_name
from archive.warc.captures import Captures, Verdict, clean
from scraper.addresses.urls import absolute
from scraper.core.requisites import RequisiteKind
from scraper.fetch.values import Answer, Failure
from scraper.policy.judgement import retry_at
from scraper.policy.requisites import AGAIN_AFTER

_SHOWN: Final = """SELECT p.id, NULL AS aid, i.url
    FROM images i JOIN posts p ON p.id = i.post_id WHERE {which}
  UNION ALL
  SELECT p.id, a.aid, a.url
    FROM attachments a JOIN posts p ON p.id = a.post_id WHERE {which} AND a.url <> ''"""
_INSERT: Final = """INSERT INTO media(site_id, name, url, post_id, due_at)
  VALUES (:site_id, :name, :url, :post_id, :now)
  ON CONFLICT DO UPDATE SET url = excluded.url, post_id = excluded.post_id WHERE state <> 'done'"""
_DUE: Final = """SELECT m.name, m.url, m.tries, t.tid, m.requisite,
    m.requisite <> '' AND m.digest <> ''
  FROM media m
  LEFT JOIN posts p ON p.id = m.post_id LEFT JOIN threads t ON t.id = p.thread_id
  WHERE m.site_id = :site_id AND m.state = 'due' AND m.due_at <= :now AND {which}
  ORDER BY m.due_at LIMIT :most"""
_NEXT_DUE: Final = """SELECT min(due_at) FROM media
  WHERE site_id = :site_id AND state = 'due' AND {which}"""
_LEFT: Final = """SELECT count(*) FROM media
  WHERE site_id = :site_id AND state = 'due' AND {which}"""
_KEPT: Final = """UPDATE media
  SET state = :state, capture_id = :capture_id, digest = :digest, content_type = :content_type,
    size_bytes = :size_bytes, message = :message, tries = tries + 1, due_at = :due_at
  WHERE site_id = :site_id AND name = :name"""
_FAILED: Final = """UPDATE media
  SET state = :state, due_at = :due_at, tries = tries + 1, message = :message
  WHERE site_id = :site_id AND name = :name"""
_RETRY: Final = """UPDATE media SET state = 'due', tries = 0, due_at = ''
  WHERE site_id = ? AND state = 'given_up'"""
_WANT_LOST: Final = """UPDATE media SET state = 'due', tries = 0, due_at = :now
  WHERE site_id = :site_id AND state <> 'due' AND {which}
    AND capture_id IN (SELECT id FROM lost_captures)"""

_OF_PAGES: Final = "(requisite <> '' AND requisite <> 'thumb')"
_OF_POSTS: Final = "requisite IN ('', 'thumb')"
_MESSAGE_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class QueuedFile:
    """A picture or file to fetch; `tid` is the thread that shows it. `requisite`: what it is
    to pages that need it; `is_kept`: an earlier answer of it is here, and stays."""

    name: str
    url: str
    tries: int = 0
    tid: int | None = None
    requisite: RequisiteKind | Literal[""] = ""
    is_kept: bool = False


class Media:
    """The pictures and files of one forum. `tries` of one before it is given up; `of_posts`
    and `of_pages`: whether what posts show is asked for, and what pages need."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        captures: Captures,
        site_id: int,
        base: str,
        tries: int,
        *,
        of_posts: bool = True,
        of_pages: bool = False,
    ) -> None:
        self._conn = conn
        self._captures = captures
        self._site_id = site_id
        self._base = base
        self._tries = tries
        self._parts = [_OF_PAGES] * of_pages + [_OF_POSTS] * of_posts
        self._which = f"({' OR '.join(self._parts)})"

    def want_all(self, now: datetime) -> None:
        """Enqueue what all posts show that are here already."""
        shown = self._conn.execute(
            _SHOWN.format(which="p.site_id = :site_id"),
            {"site_id": self._site_id},
        )
        self._want(shown, now)

    def want_lost(self, now: datetime) -> None:
        """Enqueue again what was fetched, and is lost."""
        self._captures.note_losses()
        query = _WANT_LOST.format(which=self._which)
        self._execute(query, now=stamp(now))

    def want_of(self, thread_id: int, seen_at: datetime, now: datetime) -> None:
        """Enqueue what the posts of a page show: those of a thread that were seen at its time."""
        which = "p.thread_id = :thread_id AND p.last_seen_at = :seen_at"
        shown = self._conn.execute(
            _SHOWN.format(which=which),
            {"thread_id": thread_id, "seen_at": stamp(seen_at)},
        )
        self._want(shown, now)

    def take(
        self, count: int, now: datetime, busy: Collection[str]
    ) -> list[QueuedFile]:
        """The next ones to fetch, none of those that are `busy`; what pages need goes first,
        since it is little."""
        most = count + len(busy)
        files = list[QueuedFile]()
        for part in self._parts:
            query = _DUE.format(which=part)
            rows = self._execute(query, now=stamp(now), most=most)
            files += [QueuedFile(*row) for row in rows]
        return [file for file in files if file.name not in busy][:count]

    def next_due(self) -> datetime | None:
        """When the next one is due; None where none is."""
        rows = self._execute(_NEXT_DUE.format(which=self._which))
        (due_at,) = rows.fetchone()
        return datetime.fromisoformat(due_at) if due_at else None

    def left(self) -> int:
        """How many are left."""
        rows = self._execute(_LEFT.format(which=self._which))
        (count,) = rows.fetchone()
        return int(count)

    def keep(self, file: QueuedFile, answer: Answer) -> str:
        """Keep a response; empty, or why it is no file."""
        capture = answer.capture
        cleaned = clean(capture)
        kept = self._captures.find(cleaned)  # two names may lead to one address
        if kept is None:
            kept = self._captures.keep(cleaned)
        verdict = Verdict(
            outcome="other",
            kind="media",
            site_id=self._site_id,
        )
        self._captures.settle(kept.id, verdict)

        is_file = capture.status == 200
        reason = "" if is_file else f"status {capture.status}"
        if file.is_kept and not is_file:
            self._settle_failed(file, None, reason, capture.fetched_at)
            return reason
        self._execute(
            _KEPT,
            name=file.name,
            state="done" if is_file else "given_up",
            due_at=_again_at(file, capture.fetched_at),
            capture_id=kept.id,
            digest=cleaned.digest if is_file else "",
            content_type=capture.header("content-type"),
            size_bytes=len(capture.body),
            message=reason,
        )
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
        message = f"{failure.reason}: {failure.message}"
        self._settle_failed(file, again_at, message, now)
        return again_at is None

    def _settle_failed(
        self, file: QueuedFile, again_at: datetime | None, message: str, now: datetime
    ) -> None:
        state = "done" if file.is_kept else "given_up"
        self._execute(
            _FAILED,
            name=file.name,
            state="due" if again_at else state,
            due_at=stamp(again_at) if again_at else _again_at(file, now),
            message=message[:_MESSAGE_CHARS],
        )

    def _want(self, shown: sqlite3.Cursor, now: datetime) -> None:
        wanted = self._wanted(shown, stamp(now))
        self._conn.executemany(_INSERT, wanted)

    def _wanted(self, shown: sqlite3.Cursor, now: str) -> Iterator[dict[str, object]]:
        """One by one: the pictures of a large forum do not fit into memory."""
        for post_id, aid, url in shown:
            address = absolute(self._base, url)
            if not address.startswith(("http://", "https://")):
                continue
            yield {
                "site_id": self._site_id,
                "name": file_name(aid, address),
                "url": address,
                "post_id": post_id,
                "now": now,
            }

    def _execute(self, query: str, **values: object) -> sqlite3.Cursor:
        """Execute a statement on this forum's rows."""
        values["site_id"] = self._site_id
        return self._conn.execute(query, values)


def _again_at(file: QueuedFile, now: datetime) -> str:
    """From when on a page that still names a file has it asked for again; empty for what
    posts show: that is asked for once."""
    return stamp(now + AGAIN_AFTER) if file.requisite else ""


def retry_files(conn: sqlite3.Connection, site_id: int) -> int:
    """Put the files of a forum that were given up back; how many."""
    return conn.execute(_RETRY, (site_id,)).rowcount
