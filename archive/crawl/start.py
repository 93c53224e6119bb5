"""How the crawl of a forum starts: a new round from its front page, or the round of a run
that was interrupted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from archive.crawl.backlog import Backlog
from archive.crawl.consent import note_consent
from archive.crawl.context import CrawlContext
from archive.crawl.file_step import FileStep
from archive.crawl.frontier import Frontier
from archive.crawl.remembered_scope import joined_text, scope_text
from archive.crawl.values import CrawlSettings, stamp
from archive.schema import transaction
from archive.store.sites import Sites, address_of
from archive.store.upsert import insert
from scraper.addresses.canonical import Style
from scraper.core.records import Capture
from scraper.markup.snapshot import take_snapshot
from scraper.markup.zone import parse_zone
from scraper.policy.plan import seeds

# A run that was interrupted earlier is not resumed: boards are looked at first.
_SAME_ROUND: Final = timedelta(days=1)
_CLASSIC: Final = (b"forumdisplay.php?fid=", b"viewthread.php?tid=")
_X: Final = (b"mod=forumdisplay", b"mod=viewthread", b"forum.php?")

_LAST_ROUND: Final = """SELECT style, begun_at FROM crawls
  WHERE site_id = :site_id AND address = :address AND begun_at > :earliest"""
_WAS_GUEST: Final = "SELECT 1 FROM crawls WHERE site_id = :site_id AND member = 0"
_NOTE_ROUND: Final = """INSERT INTO crawls
  (site_id, address, style, begun_at, member, member_since, scope)
  VALUES (:site_id, :address, :style, :begun_at, :member, iif(:member, :begun_at, ''), :scope)
  ON CONFLICT DO UPDATE SET address = excluded.address, style = excluded.style,
    begun_at = excluded.begun_at, stopped = '', member = excluded.member,
    member_since = iif(member < excluded.member, excluded.begun_at, member_since)"""
_NOTE_SCOPE: Final = "UPDATE crawls SET scope = :scope WHERE site_id = :site_id"
_NOTE_ADDRESS: Final = """INSERT INTO site_addresses(address, site_id)
  VALUES (:address, :site_id)"""
_KEPT: Final = "SELECT own_kinds, scope FROM crawls WHERE site_id = :site_id"


@dataclass(frozen=True, slots=True)
class CrawlStart:
    """What a run knows of a forum before its first page: its address, the settings, when the
    run began, and whether robots.txt lets us ask for an address."""

    conn: sqlite3.Connection
    sites: Sites
    base: str
    settings: CrawlSettings
    began: datetime
    allowed: Callable[[str], bool]

    def resume(self) -> CrawlContext | None:
        """The round of a run that was interrupted less than a day ago; None where none was."""
        site_id = self.sites.find(self.base)
        if site_id is None:
            return None
        round_ = self._execute(
            _LAST_ROUND,
            site_id=site_id,
            address=self.base,
            earliest=stamp(self.began - _SAME_ROUND),
        ).fetchone()
        if round_ is None:
            return None
        backlog = Backlog(self.conn, site_id)
        patience = timedelta(seconds=self.settings.patience_s)
        if not backlog.has_due(self.settings.scope, self.began + patience):
            return None

        style, begun_at = round_
        began = datetime.fromisoformat(begun_at)
        frontier = Frontier(self.conn, site_id, began)
        return self._context(frontier, style)

    def start(self, front: Capture) -> CrawlContext:
        """A new round, with the forum's row made where there is none. `front` is the forum's
        front page; with a first login, what was refused to a guest is due."""
        site_id = self._site_id(front)
        frontier = Frontier(self.conn, site_id, self.began)
        login = self.settings.login
        was_guest = self._execute(_WAS_GUEST, site_id=site_id).fetchone()
        if login and was_guest:
            frontier.retry(self.began, refused=True)

        style = style_of(front.body)
        self._execute(
            _NOTE_ROUND,
            site_id=site_id,
            address=self.base,
            style=style,
            begun_at=stamp(self.began),
            member=int(login),
            scope=scope_text(self.settings.scope),
        )
        return self._context(frontier, style)

    def seed(self, context: CrawlContext, files: FileStep) -> None:
        """Enqueue what the run begins with."""
        frontier = context.frontier
        scope = context.scope
        with transaction(self.conn):
            if self.settings.seeds:
                pages = seeds(scope, frontier.boards())
                frontier.add(pages, self.began)
            if scope.complete:
                frontier.sweep(self.began, scope)
            if self.settings.owner_consents:
                note_consent(self.conn, frontier, self.base, self.began)
            if context.requisites:
                files.requisites(context).look_back(self.began)
            media = files.media(context)
            if context.media:
                media.want_all(self.began)
            if context.takes_files and scope.complete:
                media.want_lost(self.began)

    def _context(self, frontier: Frontier, style: Style) -> CrawlContext:
        site = self.sites.settings(self.base)
        scope = replace(
            self.settings.scope,
            utc_offset_minutes=site.utc_offset_minutes,
        )
        rows = self._execute(_KEPT, site_id=frontier.site_id)
        own_kinds, asked_for = rows.fetchone()
        self._execute(
            _NOTE_SCOPE,
            scope=joined_text(asked_for, scope),
            site_id=frontier.site_id,
        )
        return CrawlContext(
            self.base,
            frontier,
            scope,
            style,
            tries=self.settings.tries,
            media=self.settings.media,
            requisites=self.settings.requisites,
            allowed=self.allowed,
            own_forms=self.sites.own_forms(self.base),
            own_kinds=set(own_kinds.split(",")) if own_kinds else set(),
        )

    def _site_id(self, front: Capture) -> int:
        """The forum's row, made where there is none, with the zone that its front page
        states. A member is shown the zone of their own settings, which says nothing."""
        site_id = self.sites.find(self.base)
        if site_id is not None:
            return site_id

        columns: dict[str, object] = {"base_url": self.base}
        if not self.settings.login:
            columns["utc_offset_minutes"] = stated_utc_offset_minutes(front)
        site_id = insert(
            self.conn,
            "sites",
            columns,
            stamp(self.began),
        )
        self._execute(
            _NOTE_ADDRESS,
            address=address_of(self.base),
            site_id=site_id,
        )
        return site_id

    def _execute(self, query: str, **values: object) -> sqlite3.Cursor:
        return self.conn.execute(query, values)


def stated_utc_offset_minutes(page: Capture) -> int | None:
    """The zone of the times on a page, as its footer states it; None where it does not."""
    zone = parse_zone(take_snapshot(page).text)
    if zone is None:
        return None
    offset = zone.utcoffset(None)
    return round(offset.total_seconds() / 60)


def style_of(front_page: bytes) -> Style:
    """The form of a forum's addresses, by the links of its front page."""
    has_x = any(sign in front_page for sign in _X)
    has_classic = any(sign in front_page for sign in _CLASSIC)
    return "classic" if has_classic and not has_x else "x"
