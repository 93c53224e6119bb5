"""What is known of forums' own forms of addresses: the links that prove them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from scraper.core.site import AddressPair

_PAIRS: Final = """SELECT kind, address, number, page, name FROM own_addresses
  WHERE site_id = ? ORDER BY kind, address, name"""
_SAVE: Final = """INSERT OR IGNORE INTO own_addresses
  (site_id, kind, address, number, page, name) VALUES (?, ?, ?, ?, ?, ?)"""


def read_pairs(conn: sqlite3.Connection, site_id: int) -> tuple[AddressPair, ...]:
    """The links of one forum that prove its forms."""
    rows = conn.execute(_PAIRS, (site_id,))
    return tuple(AddressPair(*row) for row in rows)


def save_pairs(
    conn: sqlite3.Connection, site_id: int, pairs: Iterable[AddressPair]
) -> None:
    """Keep what a page tells of them."""
    rows = [
        (site_id, pair.kind, pair.address, pair.number, pair.page, pair.name)
        for pair in pairs
    ]
    conn.executemany(_SAVE, rows)
