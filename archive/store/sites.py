"""Which forum a page belongs to. A forum is a row with addresses, not a host name: hosts
change, people type www.

The address that a forum's pages print decides. The address of the capture decides where
they print none; it is remembered as another address of the forum, unless that forum prints
an address of its own that differs: then two forums have lived at one place, one after the
other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from archive.store.layouts import DESKTOP, rank_of
from archive.store.own_addresses import read_pairs, save_pairs
from archive.store.upsert import Row, insert, select, update_row
from scraper.addresses.canonical import canonical
from scraper.addresses.form_learning import learn
from scraper.addresses.own_forms import NO_FORMS, OwnForms, host_of
from scraper.addresses.urls import Target, base_of, parse_url
from scraper.core.errors import InputError
from scraper.core.records import Page
from scraper.core.site import DEFAULT_SITE, AddressPair, Site

_PORTS: Final = {"http": 80, "https": 443}
_BY_ADDRESS: Final = """
  SELECT s.*, a.printed FROM site_addresses a JOIN sites s ON s.id = a.site_id
  WHERE a.address = ?"""
_PRINTS_ITS_ADDRESS: Final = """
  SELECT 1 FROM site_addresses WHERE site_id = ? AND printed = 1"""
_SET_ZONE: Final = """
  UPDATE sites SET utc_offset_minutes = ?1 WHERE id = ?2 AND utc_offset_minutes <> ?1"""
_REMEMBER: Final = """
  INSERT INTO site_addresses(address, site_id, printed) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET printed = 1 WHERE excluded.printed = 1 AND printed = 0"""


@lru_cache(maxsize=1024)
def address_of(base_url: str) -> str:
    """Host and folder as they identify a forum: lower case host, no scheme, no www, a final
    slash; empty for files."""
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in _PORTS or not parts.hostname:
        return ""
    host = parts.hostname.removeprefix("www.")
    if port and port != _PORTS[parts.scheme]:
        host += f":{port}"
    folder = parts.path if parts.path.endswith("/") else parts.path + "/"
    return host + folder


def _folders_above(base_url: str) -> Iterator[str]:
    """The folders that an address lies in, from the nearest one up to its host's root."""
    scheme, separator, path = base_url.partition("://")
    folders = path.rstrip("/").split("/")
    while separator and len(folders) > 1:
        folders.pop()
        yield f"{scheme}://{'/'.join(folders)}/"


class Sites:
    """The forums of one archive."""

    def __init__(
        self, conn: sqlite3.Connection, utc_offset_minutes: int | None = None
    ) -> None:
        self._conn = conn
        self._utc_offset_minutes = utc_offset_minutes
        self._pairs: dict[int, tuple[AddressPair, ...]] = {}

    def settings(self, url: str) -> Site:
        """What is known of the forum that an address belongs to, for reading its pages."""
        row, base = self._forum_of(url)
        offset_minutes = self._utc_offset_minutes
        if row is None:
            if offset_minutes is None:
                offset_minutes = DEFAULT_SITE.utc_offset_minutes
            return Site(base, offset_minutes)
        if offset_minutes is None:
            offset_minutes = int(str(row["utc_offset_minutes"]))
        return Site(base, offset_minutes, self._pairs_of(row))

    def own_forms(self, url: str) -> OwnForms:
        """The forms of addresses that the forum of an address has for itself."""
        row, _ = self._forum_of(url)
        if row is None:
            return NO_FORMS
        return learn(self._pairs_of(row), host_of(url))

    def target(self, url: str) -> Target | None:
        """The page that an address stands for, by its forum's own forms, too."""
        return self.own_forms(url).target(url) or parse_url(url)

    def usual_address(self, url: str) -> str:
        """An address of a forum's own form as Discuz!'s own for the same page; any other
        as it is."""
        _, base = self._forum_of(url)
        target = self.own_forms(url).target(url)
        return canonical(target, base) if target is not None else url

    def find(self, url: str) -> int | None:
        """The number of the forum that an address belongs to; None where it is not known."""
        row, _ = self._forum_of(url)
        return int(str(row["id"])) if row else None

    def undone(self) -> None:
        """To be told when a transaction around `save` was rolled back."""
        self._pairs.clear()

    def save(self, page: Page, at: str) -> int:
        """The number of a page's forum, its row brought up to date. InputError where the
        page does not tell it."""
        printed = address_of(page.site_url)
        is_below = bool(printed) and page.url.startswith(page.site_url)
        here = printed if is_below else address_of(base_of(page.url))
        if not (printed or here):
            raise InputError(
                "the page does not tell which forum it is from; give its address with --url"
            )
        row = self._row(printed or here) or self._moved(printed, here)
        site_id = self._update(row, page, at) if row else self._insert(page, at)
        self._remember(site_id, printed, here)
        if page.pairs:
            save_pairs(self._conn, site_id, page.pairs)
            self._pairs.pop(site_id, None)
        return site_id

    def _insert(self, page: Page, at: str) -> int:
        observed = {
            "name": page.site_name,
            "software": page.software,
            "base_url": page.site_url or base_of(page.url),
            "utc_offset_minutes": self._utc_offset_minutes,
        }
        return insert(self._conn, "sites", observed, at)

    def _update(self, row: Row, page: Page, at: str) -> int:
        site_id = int(str(row["id"]))
        if self._utc_offset_minutes is not None:
            self._conn.execute(_SET_ZONE, (self._utc_offset_minutes, site_id))
        observed = {"name": page.site_name, "software": page.software}
        # layouts other than the desktop's cut names and versions
        is_full = rank_of(page.theme) == DESKTOP
        newer = is_full and at >= str(row["last_seen_at"])
        update_row(
            self._conn,
            "sites",
            row,
            observed,
            at,
            newer=newer,
            hourly=True,
        )
        return site_id

    def _row(self, address: str) -> Row | None:
        return select(self._conn, _BY_ADDRESS, (address,))

    def _forum_of(self, url: str) -> tuple[Row | None, str]:
        """The row of the forum that an address belongs to, and the forum's own address.

        A form of the owner's may have folders of its own (`/topic/5/page/2`): then the
        forum is one that lies above them and has that form.
        """
        base = base_of(url)
        row = self._row(address_of(base))
        if row is not None:
            return row, base
        for folder in _folders_above(base):
            row = self._row(address_of(folder))
            if row is None:
                continue
            forms = learn(self._pairs_of(row), host_of(url))
            if forms.folder_of(url) == folder:
                return row, folder
        return None, base

    def _pairs_of(self, row: Row) -> tuple[AddressPair, ...]:
        site_id = int(str(row["id"]))
        if site_id not in self._pairs:
            self._pairs[site_id] = read_pairs(self._conn, site_id)
        return self._pairs[site_id]

    def _moved(self, printed: str, here: str) -> Row | None:
        """The forum known at the capture's address, if its own pages have not printed
        another address so far."""
        if not printed or not here:
            return None
        row = self._row(here)
        if row is None:
            return None
        prints_another = self._conn.execute(
            _PRINTS_ITS_ADDRESS, (row["id"],)
        ).fetchone()
        return None if prints_another else row

    def _remember(self, site_id: int, printed: str, here: str) -> None:
        if printed:
            is_news = int(printed != here)
            self._conn.execute(_REMEMBER, (printed, site_id, is_news))
        if here:
            self._conn.execute(_REMEMBER, (here, site_id, 0))
