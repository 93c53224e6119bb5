"""Numbers of forums, threads, posts and boards that hold beyond one archive: made of what the
forum itself calls them, so that the next merge gives the same ones."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Final

from archive.export.tables import Values
from archive.store.sites import address_of

_SITES: Final = "SELECT id, base_url FROM sites ORDER BY id"
_BITS: Final = 63
_OWN: Final = {
    "thread_id": "tid",
    "post_id": "pid",
    "board_id": "fid",
}
"""Row numbers, and the forum's own number of the same thing."""
FORUM: Final = "forum"


class Numbers:
    """The numbers of one small archive's rows."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._forums: dict[int, str] = {}
        taken = set[str]()
        for site_id, base_url in conn.execute(_SITES):
            name = name_of(base_url)
            while name in taken:  # another forum, set up anew at the same address
                name += "+"
            taken.add(name)
            self._forums[site_id] = name

    def put_into(self, row: Values) -> None:
        """Put the numbers that hold everywhere in place of those of the archive's rows."""
        forum = self._forums[row["site_id"]]
        row[FORUM] = forum
        row["site_id"] = number_of(forum)
        for column, own_name in _OWN.items():
            if column in row:
                row[column] = _number_in(
                    forum,
                    column,
                    row,
                    own_name,
                )


def name_of(base_url: str) -> str:
    """A forum's name in a corpus: its host and folder, `bbs.example.com/` say."""
    return address_of(base_url) or base_url


def number_of(said: str) -> int:
    """A number of 63 bits."""
    digest = hashlib.blake2b(said.encode(), digest_size=8).digest()
    return int.from_bytes(digest) & ((1 << _BITS) - 1)


def _number_in(forum: str, column: str, row: Values, own_name: str) -> int:
    own = row[own_name]
    if own is not None:
        return number_of(f"{forum} {column} {own}")
    # a print page shows no numbers: then it is the row's, which holds for this merge
    return number_of(f"{forum} {column} row {row[column]}")
