"""Which forum a page belongs to. A forum is a row with addresses, not a host name: hosts
change, people type www.

The address that a forum's pages print decides. The address of the capture decides where
they print none; it is remembered as another address of the forum, unless that forum prints
an address of its own that differs: then two forums have lived at one place, one after the
other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from archive.store.generations import BY_ID, forum_at, other_forum
from archive.store.layouts import DESKTOP, rank_of
from archive.store.other_post import AnotherForum
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
_GONE: Final = "SELECT id FROM sites WHERE gone_at IS NOT NULL"
_SET_ZONE: Final = """
  UPDATE sites SET utc_offset_minutes = ?1 WHERE id = ?2 AND utc_offset_minutes <> ?1"""
_REMEMBER: Final = """
  INSERT INTO site_addresses(address, site_id, printed) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET printed = 1 WHERE excluded.printed = 1 AND printed = 0"""

_OF_NONE: Final = """
  SELECT id, url FROM captures
  WHERE url BETWEEN ? AND ? AND site_id IS NULL AND kind <> ''"""
_SET_SITE: Final = "UPDATE captures SET site_id = ? WHERE id = ?"
_LAST_CHARACTER: Final = "\U0010ffff"


@lru_cache(maxsize=1024)
def address_of(base_url: str) -> str:
    """Host and folder as they identify a forum: lower case host, no scheme, no www, a final
    slash; empty for files."""
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        return ""
    usual_port = _PORTS.get(parts.scheme)
    if usual_port is None:
        return ""
    if not parts.hostname:
        return ""
    host = parts.hostname.removeprefix("www.")
    if port and port != usual_port:
        host += f":{port}"
    folder = parts.path
    if not folder.endswith("/"):
        folder += "/"
    return host + folder


def _folders_above(base_url: str) -> Iterator[str]:
    """The folders that an address lies in, from the nearest one up to its host's root."""
    scheme, separator, path = base_url.partition("://")
    if not separator:
        return
    path = path.rstrip("/")
    folders = path.split("/")
    while len(folders) > 1:
        folders.pop()
        path = "/".join(folders)
        yield f"{scheme}://{path}/"


class Sites:
    """The forums of one archive."""

    def __init__(
        self, conn: sqlite3.Connection, utc_offset_minutes: int | None = None
    ) -> None:
        self._conn = conn
        self._utc_offset_minutes = utc_offset_minutes
        self._pairs: dict[int, tuple[AddressPair, ...]] = {}
        self._gone: set[int] | None = None

    def settings(self, url: str) -> Site:
        """What is known of the forum that an address belongs to, for reading its pages."""
        row, base = self._forum_of(url)
        offset_minutes = self._utc_offset_minutes
        if offset_minutes is None:
            offset_minutes = _stored_offset_minutes(row)
        if row is None:
            return Site(base, offset_minutes)
        pairs = self._pairs_of(row)
        return Site(base, offset_minutes, pairs)

    def own_forms(self, url: str) -> OwnForms:
        """The forms of addresses that the forum of an address has for itself."""
        row, _ = self._forum_of(url)
        if row is None:
            return NO_FORMS
        pairs = self._pairs_of(row)
        host = host_of(url)
        return learn(pairs, host)

    def target(self, url: str) -> Target | None:
        """The page that an address stands for, by its forum's own forms, too."""
        forms = self.own_forms(url)
        target = forms.target(url)
        if target is not None:
            return target
        return parse_url(url)

    def usual_address(self, url: str) -> str:
        """An address of a forum's own form as Discuz!'s own for the same page; any other
        as it is."""
        forms = self.own_forms(url)
        target = forms.target(url)
        if target is None:
            return url
        _, base = self._forum_of(url)
        return canonical(target, base)

    def find(self, url: str, at: str = "") -> int | None:
        """The number of the forum that an address belongs to; None where it is not known.
        `at`: the one that was there at a time, in stored form; the last one without."""
        row, _ = self._forum_of(url)
        if row is None:
            return None
        if at:
            row = forum_at(self._conn, row, at)
        return _id_of(row)

    def is_gone(self, site_id: int) -> bool:
        """Whether another forum has taken the place of one."""
        if self._gone is None:
            rows = self._conn.execute(_GONE)
            self._gone = {each for (each,) in rows}
        return site_id in self._gone

    def other(
        self, site_id: int, at: str, another: AnotherForum, seen: Collection[int]
    ) -> int:
        """The number of the forum that was before or after one at its address; none of those
        that were `seen` to be others, too. `at`: when its page was captured."""
        self._gone = None
        return other_forum(self._conn, site_id, at, another, seen)

    def undone(self) -> None:
        """To be told when a transaction around `save` was rolled back."""
        self._pairs.clear()
        self._gone = None

    def save(self, page: Page, at: str, site_id: int | None = None) -> int:
        """The number of a page's forum, its row brought up to date. InputError where the
        page does not tell it. `site_id`: the forum, where it is known."""
        printed = address_of(page.site_url)
        here = _captured_address(page)
        address = printed or here
        if not address:
            raise InputError(
                "the page does not tell which forum it is from; give its address with --url"
            )
        row = self._row(address)
        if row is None:
            row = self._moved(printed, here)
        if site_id is not None:
            row = select(self._conn, BY_ID, (site_id,))
        elif row is not None:
            row = forum_at(self._conn, row, at)
        is_new = row is None
        site_id = self._insert_or_update(row, page, at)
        if is_new:
            self._claim_captures(site_id, page.url)
        self._remember(site_id, printed, here)
        if page.pairs:
            save_pairs(self._conn, site_id, page.pairs)
            self._pairs.pop(site_id, None)
        return site_id

    def _insert_or_update(self, row: Row | None, page: Page, at: str) -> int:
        if row is None:
            return self._insert(page, at)
        return self._update(row, page, at)

    def _insert(self, page: Page, at: str) -> int:
        base_url = page.site_url or base_of(page.url)
        observed = {
            "name": page.site_name,
            "software": page.software,
            "base_url": base_url,
            "utc_offset_minutes": self._utc_offset_minutes,
        }
        return insert(self._conn, "sites", observed, at)

    def _claim_captures(self, site_id: int, url: str) -> None:
        """Pages beside a new forum's first one that did not tell their forum are its own."""
        base = base_of(url)
        rows = self._conn.execute(_OF_NONE, (base, base + _LAST_CHARACTER))
        for capture_id, its_url in rows.fetchall():
            if base_of(its_url) == base:
                self._conn.execute(_SET_SITE, (site_id, capture_id))

    def _update(self, row: Row, page: Page, at: str) -> int:
        site_id = _id_of(row)
        offset_minutes = self._utc_offset_minutes
        if offset_minutes is not None:
            self._conn.execute(_SET_ZONE, (offset_minutes, site_id))
        observed = {
            "name": page.site_name,
            "software": page.software,
        }
        # layouts other than the desktop's cut names and versions
        is_full = rank_of(page.theme) == DESKTOP
        seen_at = str(row["last_seen_at"])
        newer = is_full and at >= seen_at
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
        address = address_of(base)
        row = self._row(address)
        if row is not None:
            return row, base
        host = host_of(url)
        for folder in _folders_above(base):
            address = address_of(folder)
            row = self._row(address)
            if row is None:
                continue
            pairs = self._pairs_of(row)
            forms = learn(pairs, host)
            if forms.folder_of(url) == folder:
                return row, folder
        return None, base

    def _pairs_of(self, row: Row) -> tuple[AddressPair, ...]:
        site_id = _id_of(row)
        pairs = self._pairs.get(site_id)
        if pairs is None:
            pairs = read_pairs(self._conn, site_id)
            self._pairs[site_id] = pairs
        return pairs

    def _moved(self, printed: str, here: str) -> Row | None:
        """The forum known at the capture's address, if its own pages have not printed
        another address so far."""
        if not printed or not here:
            return None
        row = self._row(here)
        if row is None:
            return None
        site_id = _id_of(row)
        cursor = self._conn.execute(_PRINTS_ITS_ADDRESS, (site_id,))
        prints_another = cursor.fetchone() is not None
        if prints_another:
            return None
        return row

    def _remember(self, site_id: int, printed: str, here: str) -> None:
        if printed:
            is_news = int(printed != here)
            self._conn.execute(_REMEMBER, (printed, site_id, is_news))
        if here:
            self._conn.execute(_REMEMBER, (here, site_id, 0))


def _id_of(row: Row) -> int:
    return int(str(row["id"]))


def _stored_offset_minutes(row: Row | None) -> int:
    """The time zone that is stored of a forum; the usual one for a forum not known."""
    if row is None:
        return DEFAULT_SITE.utc_offset_minutes
    stored = str(row["utc_offset_minutes"])
    return int(stored)


def _captured_address(page: Page) -> str:
    """Where a page was captured: the address that it prints, if it lies below that."""
    printed = address_of(page.site_url)
    if printed and page.url.startswith(page.site_url):
        return printed
    base = base_of(page.url)
    return address_of(base)
