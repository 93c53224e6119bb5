"""Which forum a page belongs to. A forum is a row with addresses, not a host name: hosts
change, people type www.

The address that a forum's pages print decides. The address of the capture decides where
they print none; it is remembered as another address of the forum, unless that forum prints
an address of its own that differs: then two forums have lived at one place, one after the
other.
"""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from urllib.parse import urlsplit

from archive.store.layouts import DESKTOP, rank_of
from archive.store.upsert import insert, select, update_row
from scraper.addresses.urls import base_of
from scraper.core.errors import InputError
from scraper.core.records import Page
from scraper.core.site import DEFAULT_SITE, Site


@lru_cache(maxsize=1024)
def address_of(base_url: str) -> str:
    """Host and folder as they identify a forum: lower case host, no scheme, no www, a final
    slash; empty for files."""
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    host = parts.hostname.removeprefix("www.")
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        host += f":{port}"
    return host + (parts.path if parts.path.endswith("/") else parts.path + "/")


class Sites:
    """The forums of one archive."""

    def __init__(
        self, conn: sqlite3.Connection, utc_offset_minutes: int | None = None
    ) -> None:
        self._conn = conn
        self._offset = utc_offset_minutes

    def settings(self, url: str) -> Site:
        """What is known of the forum that an address belongs to, for reading its pages."""
        base = base_of(url)
        row = self._row(address_of(base)) if self._offset is None else None
        offset = row["utc_offset_minutes"] if row else self._offset
        return (
            Site(base, int(str(offset)))
            if offset is not None
            else Site(base, DEFAULT_SITE.utc_offset_minutes)
        )

    def find(self, url: str) -> int | None:
        """The number of the forum that an address belongs to; None where it is not known."""
        row = self._row(address_of(base_of(url)))
        return int(str(row["id"])) if row else None

    def save(self, page: Page, at: str) -> int:
        """The number of a page's forum, its row brought up to date. InputError where the
        page does not tell it."""
        here = address_of(base_of(page.url))
        printed = address_of(page.site_url)
        if not (printed or here):
            raise InputError(
                "the page does not tell which forum it is from; give its address with --url"
            )
        told: dict[str, object] = {"name": page.site_name, "software": page.software}
        row = self._row(printed or here) or self._moved(printed, here)
        if row is None:
            told |= {"base_url": page.site_url or base_of(page.url)}
            site_id = insert(
                self._conn, "sites", told | {"utc_offset_minutes": self._offset}, at
            )
        else:
            site_id = int(str(row["id"]))
            self._set_zone(site_id)
            newer = (
                at >= str(row["last_seen_at"]) and rank_of(page.theme) == DESKTOP
            )  # others cut names and versions
            update_row(self._conn, "sites", row, told, at, newer=newer, hourly=True)
        self._remember(site_id, printed, here)
        return site_id

    def _set_zone(self, site_id: int) -> None:
        if self._offset is not None:
            query = "UPDATE sites SET utc_offset_minutes = ?1 WHERE id = ?2 AND utc_offset_minutes <> ?1"
            self._conn.execute(query, (self._offset, site_id))

    def _row(self, address: str) -> dict[str, object] | None:
        return select(
            self._conn,
            "SELECT s.*, a.printed FROM site_addresses a JOIN sites s ON s.id = a.site_id WHERE a.address = ?",
            (address,),
        )

    def _moved(self, printed: str, here: str) -> dict[str, object] | None:
        """The forum known at the capture's address, if its own pages have not printed
        another address so far."""
        if not printed or not here or not (row := self._row(here)):
            return None
        query = "SELECT 1 FROM site_addresses WHERE site_id = ? AND printed = 1"
        return None if self._conn.execute(query, (row["id"],)).fetchone() else row

    def _remember(self, site_id: int, printed: str, here: str) -> None:
        for address, is_printed in ((printed, printed != here), (here, False)):
            if address:
                self._conn.execute(
                    "INSERT INTO site_addresses VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET printed = 1 "
                    "WHERE excluded.printed = 1 AND printed = 0",
                    (address, site_id, int(is_printed)),
                )
