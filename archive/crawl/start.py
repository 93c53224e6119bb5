"""How the crawl of a forum begins: anew from its front page, or with the round of a run
that was cut short."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from archive.crawl.frontier import Frontier, stamp
from archive.store.sites import Sites, address_of
from archive.store.upsert import insert
from scraper.addresses.canonical import Style
from scraper.core.records import Capture
from scraper.policy.plan import Scope

_SAME_ROUND: Final = timedelta(
    days=1
)  # later, boards are looked at again before the rest is gone on with
_CLASSIC: Final = (b"forumdisplay.php?fid=", b"viewthread.php?tid=")
_X: Final = (b"mod=forumdisplay", b"mod=viewthread", b"forum.php?")


@dataclass(frozen=True, slots=True)
class Begun:
    """A forum's frontier, and the form of its addresses."""

    frontier: Frontier
    style: Style


@dataclass(frozen=True, slots=True)
class CrawlStart:
    """What a run knows of a forum before its first page: its address, and when the run began."""

    conn: sqlite3.Connection
    sites: Sites
    base: str
    began: datetime

    def resume(self, scope: Scope) -> Begun | None:
        """The round of a run that was cut short less than a day ago; None where none was."""
        site_id = self.sites.find(self.base)
        query = "SELECT style, begun_at FROM crawls WHERE site_id = ? AND address = ? AND begun_at > ?"
        earliest = stamp(self.began - _SAME_ROUND)
        row = self.conn.execute(query, (site_id, self.base, earliest)).fetchone()
        if row is None or site_id is None:
            return None
        frontier = Frontier(self.conn, site_id, datetime.fromisoformat(row[1]))
        return Begun(frontier, row[0]) if frontier.has_due(scope) else None

    def anew(self, front: Capture, login: bool) -> Begun:
        """The forum's row and how it is crawled, from its front page. With a first `login`,
        what was refused is due."""
        style, site_id = style_of(front.body), self._site_id()
        frontier = Frontier(self.conn, site_id, self.began)
        was_guest = self.conn.execute(
            "SELECT 1 FROM crawls WHERE site_id = ? AND member = 0", (site_id,)
        ).fetchone()
        if was_guest and login:
            frontier.retry(self.began, refused=True)
        self.conn.execute(
            "INSERT INTO crawls(site_id, address, style, begun_at, member) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO "
            "UPDATE SET address = excluded.address, style = excluded.style, begun_at = excluded.begun_at, "
            "stopped = '', member = excluded.member",
            (site_id, self.base, style, stamp(self.began), int(login)),
        )
        return Begun(frontier, style)

    def _site_id(self) -> int:
        site_id = self.sites.find(self.base)
        if site_id is None:
            site_id = insert(
                self.conn, "sites", {"base_url": self.base}, stamp(self.began)
            )
            self.conn.execute(
                "INSERT INTO site_addresses(address, site_id) VALUES (?, ?)",
                (address_of(self.base), site_id),
            )
        return site_id


def style_of(front_page: bytes) -> Style:
    """The form of a forum's addresses, by the links of its front page."""
    classic = any(sign in front_page for sign in _CLASSIC)
    return "classic" if classic and not any(sign in front_page for sign in _X) else "x"
