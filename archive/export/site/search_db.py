"""The database that a site's search reads: of the copy what the search asks for, compact, cut
into parts that any web space takes."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from archive.export.form import Part
from archive.schema import transaction

PART_BYTES: Final = 64 << 20
"""GitHub takes no file of more than 100 MB, and warns of more than 50."""
PAGE_BYTES: Final = 4096
"""A search reads some three hundred pages in a few thousand posts: larger ones are more bytes,
smaller ones no fewer requests."""
_PIECE_BYTES: Final = 1 << 20
_DIGEST_CHARS: Final = 12
_NOT_SEARCHED: Final = (
    "archive_facts",
    "user_fields",
    "thread_tags",
    "thread_fields",
    "forgotten_places",
    "post_versions",
    "ratings",
    "comments",
    "poll_options",
    "media",
    "own_addresses",
)
_SEEN: Final = ("first_seen_at", "last_seen_at")
_UNUSED_TEXTS: Final = {
    "sites": _SEEN,
    "boards": _SEEN,
    "users": ("first_seen_at",),
    "threads": _SEEN,
    "posts": (
        "html",
        "markdown",
        "signature",
        "fingerprint",
        "words_since",
        "words_seen_at",
        *_SEEN,
    ),
}
"""Columns that no search asks for: without them the file stays the same where a crawl saw
what it knew."""
_UNUSED_PARTS: Final = """
SELECT type, name FROM sqlite_master
WHERE type = 'trigger' OR (type = 'view' AND name <> 'post_list')
"""
_WITH_COMMENTS: Final = "SELECT rowid, sql FROM sqlite_master WHERE sql LIKE '%--%'"
_SET_DEFINITION: Final = "UPDATE sqlite_master SET sql = ? WHERE rowid = ?"
_COMMENT: Final = re.compile(r"--[^\n]*")


@dataclass(frozen=True, slots=True)
class SearchDatabase:
    """The file, and where it is cut."""

    path: Path
    digest: str
    size_bytes: int

    @property
    def names(self) -> list[tuple[str, int]]:
        """Its parts: name and size. The name tells what is in it, so that a browser never
        puts pieces of two versions together."""
        parts = []
        for number, start in enumerate(range(0, self.size_bytes, PART_BYTES), 1):
            size = min(PART_BYTES, self.size_bytes - start)
            parts.append((f"posts-{self.digest}-{number}.db", size))
        return parts

    def parts(self, folder: str) -> Iterator[Part]:
        """Its parts as files."""
        start = 0
        for name, size in self.names:
            yield self._part(
                f"{folder}/{name}",
                start,
                size,
            )
            start += size

    def _part(self, name: str, start: int, size: int) -> Part:
        def write(out: BinaryIO) -> None:
            with self.path.open("rb") as file:
                file.seek(start)
                left = size
                while left:
                    piece = file.read(min(left, _PIECE_BYTES))
                    out.write(piece)
                    left -= len(piece)

        return Part(name, write)


def make_search_database(copy: sqlite3.Connection, path: Path) -> SearchDatabase:
    """Write it. Takes what no search asks for out of the copy."""
    with transaction(copy):
        for table in _NOT_SEARCHED:
            copy.execute(f"DELETE FROM {table}")
        for table, names in _UNUSED_TEXTS.items():
            emptied = ", ".join(f"{name} = ''" for name in names)
            copy.execute(f"UPDATE {table} SET {emptied}")
        copy.execute("UPDATE users SET profile_seen_at = NULL")
    _make_schema_small(copy)
    copy.execute("PRAGMA journal_mode = DELETE")
    copy.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    copy.execute("VACUUM INTO ?", (str(path),))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SearchDatabase(
        path=path,
        digest=digest[:_DIGEST_CHARS],
        size_bytes=path.stat().st_size,
    )


def _make_schema_small(copy: sqlite3.Connection) -> None:
    """Every reader reads the tables' definitions first: away with their comments, and with
    views and triggers that nobody uses there."""
    with transaction(copy):
        for kind, name in copy.execute(_UNUSED_PARTS).fetchall():
            copy.execute(f"DROP {kind} {name}")
    copy.execute("PRAGMA writable_schema = ON")
    with transaction(copy):
        for row_id, sql in copy.execute(_WITH_COMMENTS).fetchall():
            plain = _COMMENT.sub("", sql)
            copy.execute(_SET_DEFINITION, (plain, row_id))
    copy.execute("PRAGMA writable_schema = RESET")
