"""One page of a crawl: kept, parsed, saved, and what it leads to enqueued, all in one
transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from archive.crawl.frontier import Frontier, QueuedPage, stamp
from archive.crawl.media import Media, MediaDue
from archive.crawl.values import NOTHING, CrawlResult, VisitOutcome
from archive.intake.page_step import verdict_of
from archive.schema import transaction
from archive.store.save import Saved, Store
from archive.store.stamps import DESKTOP, rank_of
from archive.warc.captures import Captures, Outcome, Verdict
from scraper.addresses.canonical import Style, canonical
from scraper.addresses.target import Target
from scraper.addresses.urls import parse_url
from scraper.core.errors import InputError, PageError, StorageError
from scraper.core.records import (
    BoardPage,
    Capture,
    Content,
    IndexPage,
    Notice,
    Page,
    Reason,
    ThreadPage,
    Unknown,
)
from scraper.fetch.values import Answer, Failure
from scraper.parsing import parse_capture
from scraper.policy import plan
from scraper.policy.plan import DiscoveredPage, Key, Scope
from scraper.policy.politeness import retry_delay_s

_REFUSALS: Final[frozenset[Reason]] = frozenset(
    {"forbidden", "login", "password", "other"}
)
_WORTHLESS: Final = frozenset({"truncated", "garbled", "empty", "reset", "timeout"})
"""Failures whose bytes are no evidence of anything, and might be taken for the page later."""
_GONE_POSTS: Final = """UPDATE posts SET gone_at = ? WHERE thread_id = ? AND gone_at IS NULL AND pid IS NOT NULL
  AND last_seen_at < ?"""


@dataclass(slots=True)
class CrawlContext:
    """Where a crawl is at: one forum, its frontier, what the run is about, the form of its
    addresses."""

    base: str
    frontier: Frontier
    scope: Scope
    style: Style = "x"
    tries: int = 6
    media: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What a page is to the crawl: how the visit ends, whether the page brought news, when
    to come back."""

    ending: VisitOutcome
    again_at: datetime | None = None
    reason: str = ""


def address(key: Key, base: str, style: Style) -> str:
    """The address to ask for a page at."""
    if key.kind == "user":
        page = f"&page={key.page}" if key.page > 1 else ""
        return f"{base}home.php?mod=space&uid={key.item}&do=thread&view=me&from=space{page}"
    if key.kind == "archiver":
        return canonical(
            Target("thread", key.item, key.page, view="archiver"), base, style
        )
    if key.kind == "media":
        raise ValueError("a picture or file has its own address")
    return canonical(Target(key.kind, key.item or None, key.page), base, style)


def key_of(url: str) -> Key | None:
    """The page that an address stands for, where it is one that crawls visit."""
    target = parse_url(url)
    if target is None or target.partial or target.last:
        return None
    if target.view == "archiver" and target.kind == "thread" and target.id:
        return Key("archiver", target.id, target.page)
    if target.view == "desktop" and target.kind in (
        "index",
        "category",
        "board",
        "thread",
    ):
        return Key(target.kind, target.id or 0, target.page)
    return None


class Steps:
    """Takes pages into one archive."""

    def __init__(
        self, conn: sqlite3.Connection, captures: Captures, store: Store
    ) -> None:
        self._conn, self._captures, self.store = conn, captures, store

    def page(self, place: CrawlContext, due: QueuedPage, answer: Answer) -> CrawlResult:
        """A page that came: all of it in one transaction, after its capture is in the WARC file."""
        with self._transaction():
            for hop in answer.redirects:
                self._keep_only(hop, "redirect", hop.header("location"))
            kept = self._captures.keep(answer.capture)
            return self._take(place, due, answer.capture, kept.id)

    def failure(
        self, place: CrawlContext, due: QueuedPage, failure: Failure, now: datetime
    ) -> CrawlResult:
        """A page that did not come: tried again later, or given up; what came instead is
        kept as evidence."""
        with self._transaction():
            if failure.capture and failure.reason not in _WORTHLESS:
                outcome: Outcome = "redirect" if _sent_away(failure) else "failed"
                self._keep_only(failure.capture, outcome, failure.message)
            if failure.reason == "foreign" and _sent_away(
                failure
            ):  # a board that is but a link to somewhere else
                place.frontier.done(
                    due.key,
                    now,
                    now + plan.REFUSED_AGAIN,
                    "elsewhere",
                    message=failure.message,
                )
                return CrawlResult(
                    forum=place.base,
                    key=due.key,
                    url=failure.url,
                    ending="elsewhere",
                    reason=failure.message,
                )
            return self._again(
                place,
                due,
                failure.url,
                f"{failure.reason}: {failure.message}",
                now,
                failure.retry_after_s,
                for_good=not failure.transient,
            )

    def media(self, place: CrawlContext) -> Media:
        """The pictures and files of a forum."""
        return Media(
            self._conn, self._captures, place.frontier.site_id, place.base, place.tries
        )

    def file(
        self,
        place: CrawlContext,
        due: MediaDue,
        outcome: Answer | Failure,
        now: datetime,
    ) -> CrawlResult:
        """A picture or file that came, or did not."""
        media, key, url = self.media(place), Key("media"), due.url
        with self._transaction():
            if isinstance(outcome, Answer):
                reason = media.came(due, outcome)
                return CrawlResult(
                    forum=place.base,
                    key=key,
                    url=url,
                    ending="given_up" if reason else "page",
                    reason=reason,
                )
            over = media.failed(due, outcome, now)
        reason = f"{outcome.reason}: {outcome.message}"
        return CrawlResult(
            forum=place.base,
            key=key,
            url=url,
            ending="given_up" if over else "again",
            reason=reason,
        )

    def catch_up(self, now: datetime) -> int:
        """Read captures that a killed run kept and did not come to read; how many."""
        count = 0
        for capture_id in self._captures.pending():
            with self._transaction():
                self._one_pending(capture_id, now)
            count += 1
        return count

    def _one_pending(self, capture_id: int, now: datetime) -> None:
        try:
            capture = self._captures.read(capture_id)
        except StorageError as error:
            self._captures.settle(
                capture_id, Verdict(outcome="failed", message=str(error))
            )
            return
        key, site_id = key_of(capture.url), self.store.sites.find(capture.url)
        if site_id is None or key is None:
            self._save(self._parsed(capture), capture_id)
            return
        frontier = Frontier(self._conn, site_id, now)
        self._take(
            CrawlContext("", frontier, plan.ANYTHING),
            QueuedPage(key),
            capture,
            capture_id,
        )

    def _transaction(self) -> _Guarded:
        return _Guarded(self._conn, self.store)

    def _take(
        self, place: CrawlContext, due: QueuedPage, capture: Capture, capture_id: int
    ) -> CrawlResult:
        page = self._parsed(capture)
        saved, problem = self._save(page, capture_id)
        if isinstance(page, Exception) or problem:
            return self._again(
                place, due, capture.url, problem or str(page), capture.fetched_at
            )
        judged = judge(page.content, due.key, page.captured_at)
        if judged.again_at is None:
            return self._again(
                place,
                due,
                capture.url,
                judged.reason,
                capture.fetched_at,
                for_good=judged.ending == "given_up",
            )
        gone = self._marks(place, due, page, saved, judged)
        found = self._leads(place, due, page.content, capture)
        count = place.frontier.add(self._allowed(place, found), page.captured_at)
        if place.media and saved.thread_id is not None:
            self.media(place).want_of(
                saved.thread_id, page.captured_at, page.captured_at
            )
        return CrawlResult(
            forum=place.base,
            key=due.key,
            url=capture.url,
            ending=judged.ending,
            saved=saved,
            gone=gone,
            due=count,
            reason=judged.reason,
        )

    def _marks(
        self,
        place: CrawlContext,
        due: QueuedPage,
        page: Page,
        saved: Saved,
        judged: _Judged,
    ) -> int:
        """Note the visit, and what it shows to be missing; how many posts those are."""
        frontier, content, key = place.frontier, page.content, due.key
        assert judged.again_at
        news = bool(saved.new or saved.changed)
        frontier.done(
            key,
            page.captured_at,
            judged.again_at,
            judged.ending,
            changed=news,
            message=judged.reason,
        )
        if (
            not isinstance(content, ThreadPage)
            or key.kind != "thread"
            or content.tid not in (None, key.item)
        ):
            return 0
        frontier.drop_after("thread", key.item, content.pages)
        if content.fid:
            frontier.told_fid(key, content.fid)
        oldest = frontier.whole_since(key.item, content.pages)
        if (
            not oldest
            or rank_of(page.theme) < DESKTOP
            or content.filtered
            or saved.thread_id is None
        ):
            return 0
        return self._conn.execute(
            _GONE_POSTS, (stamp(page.captured_at), saved.thread_id, oldest)
        ).rowcount

    def _leads(
        self, place: CrawlContext, due: QueuedPage, content: Content, capture: Capture
    ) -> list[DiscoveredPage]:
        key, frontier = due.key, place.frontier
        match content:
            case IndexPage():
                found = list(plan.from_index(content, place.scope))
            case BoardPage() if key.kind == "board":
                found = self._from_board(place, key, content)
            case ThreadPage() if key.kind in ("thread", "archiver"):
                found = list(plan.from_thread(content, key, due.fid))
            case Notice():
                found = (
                    list(plan.instead(key, content.reason, due.fid))
                    if not frontier.was_read(key)
                    else []
                )
            case _ if key.kind == "user":
                found = list(plan.from_member(capture.body.decode("latin-1"), key))
            case _:
                found = []
        place.scope = place.scope.also(found)
        return found

    def _from_board(
        self, place: CrawlContext, key: Key, page: BoardPage
    ) -> list[DiscoveredPage]:
        frontier, first = place.frontier, Key("board", key.item)
        walked = frontier.mark(first)
        board = plan.KnownBoard(walked, frontier.marks(row.tid for row in page.threads))
        found = list(plan.from_board(page, key, board, place.scope))
        if plan.walk_ends(page, place.scope):
            frontier.drop_after("board", key.item, key.page)
            found = [
                lead
                for lead in found
                if lead.key.kind != "board" or lead.key.item != key.item
            ]
        elif page.page != key.page:
            frontier.drop_after("board", key.item, page.pages)
        if key.page == 1:
            frontier.set_mark(first, plan.walked_until(walked, place.scope.since))
        return found

    def _allowed(
        self, place: CrawlContext, leads: Iterable[DiscoveredPage]
    ) -> list[DiscoveredPage]:
        """Leads without threads that were forgotten on request."""
        query = "SELECT item FROM tombstones WHERE site_id = ? AND kind = 'thread'"
        forgotten = {
            row[0] for row in self._conn.execute(query, (place.frontier.site_id,))
        }
        return [
            lead
            for lead in leads
            if lead.key.kind not in ("thread", "archiver")
            or lead.key.item not in forgotten
        ]

    def _again(
        self,
        place: CrawlContext,
        due: QueuedPage,
        url: str,
        reason: str,
        now: datetime,
        wait_s: float | None = None,
        *,
        for_good: bool = False,
    ) -> CrawlResult:
        tries = due.tries + 1
        over = for_good or tries >= place.tries
        wait = timedelta(seconds=max(retry_delay_s(tries), wait_s or 0.0))
        place.frontier.failed(
            due.key, None if over else now + wait, reason.partition(":")[0][:40], reason
        )
        return CrawlResult(
            forum=place.base,
            key=due.key,
            url=url,
            ending="given_up" if over else "again",
            reason=reason,
        )

    def _parsed(self, capture: Capture) -> Page | PageError:
        try:
            return parse_capture(capture, self.store.sites.settings(capture.url))
        except PageError as error:
            return error
        except (ImportError, MemoryError, sqlite3.Error):
            raise
        except Exception as error:  # a reader's mistake costs one page, which is kept and named, not the crawl
            return PageError(f"the parser failed: {type(error).__name__}: {error}")

    def _save(self, page: Page | PageError, capture_id: int) -> tuple[Saved, str]:
        """What was saved, or why it could not be."""
        if isinstance(page, PageError):
            self._captures.settle(
                capture_id, Verdict(outcome="failed", message=str(page))
            )
            return NOTHING, f"unreadable: {page}"
        try:
            saved = self.store.save(page, capture_id)
        except (
            MemoryError,
            OSError,
            sqlite3.OperationalError,
        ):  # not of this page: the disk is full, say
            raise
        except Exception as error:
            words = (
                str(error)
                if isinstance(error, InputError)
                else f"{type(error).__name__}: {error}"
            )
            self._captures.settle(
                capture_id, Verdict(outcome="failed", theme=page.theme, message=words)
            )
            return NOTHING, f"unreadable: {words}"
        self._captures.settle(capture_id, verdict_of(page, saved))
        return saved, ""

    def _keep_only(self, capture: Capture, outcome: Outcome, message: str) -> None:
        kept = self._captures.keep(capture)
        if not kept.known:
            site_id = self.store.sites.find(capture.url)
            self._captures.settle(
                kept.id, Verdict(outcome=outcome, site_id=site_id, message=message)
            )


def judge(content: Content, key: Key, at: datetime) -> _Judged:
    """What a page is to the crawl; without a time to come back, the visit failed. Pure."""
    match content:
        case Notice(reason="not_found"):
            return _Judged(
                ending="gone", again_at=at + plan.MOST_RARELY, reason=content.message
            )
        case Notice(reason=reason) if reason in _REFUSALS:
            return _Judged(
                ending="refused",
                again_at=at + plan.REFUSED_AGAIN,
                reason=f"{reason}: {content.message}",
            )
        case Notice():
            return _Judged(
                ending="again", reason=f"{content.reason}: {content.message}"
            )
        case Unknown():
            return _Judged(ending="again", reason=f"unreadable: {content.message}")
        case ThreadPage() if key.kind in ("thread", "archiver"):
            other = content.tid not in (None, key.item)
            ending: VisitOutcome = (
                "elsewhere"
                if other
                else "past_end"
                if content.page < key.page
                else "page"
            )
            return _Judged(
                ending=ending, again_at=plan.revisit_at(at, plan.last_change(content))
            )
        case BoardPage() if key.kind == "board":
            often = key.page == 1 and content.page == 1
            again_at = (
                plan.board_again_at(at, plan.newest_reply(content))
                if often
                else at + plan.MOST_RARELY
            )
            return _Judged(
                ending="page" if content.page == key.page else "past_end",
                again_at=again_at,
            )
        case IndexPage() if key.kind in ("index", "category"):
            return _Judged(ending="page", again_at=at + plan.BOARD_RARELY)
    if key.kind == "user":
        return _Judged(ending="page", again_at=at + plan.BOARD_RARELY)
    words = f"a page of kind {content.kind} answers there"
    return _Judged(ending="elsewhere", again_at=at + plan.REFUSED_AGAIN, reason=words)


def _sent_away(failure: Failure) -> bool:
    return failure.capture is not None and 300 <= failure.capture.status < 400


class _Guarded:
    """A transaction that tells the store when it is undone."""

    def __init__(self, conn: sqlite3.Connection, store: Store) -> None:
        self._inner, self._store = transaction(conn), store

    def __enter__(self) -> None:
        self._inner.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: object,
    ) -> bool | None:
        if kind is not None:
            self._store.undone()
        return self._inner.__exit__(kind, error, trace)  # type: ignore[arg-type]
