"""Which of the files that inputs hold some post shows: addresses are noted on the disk while
pages are read, and looked up once all of them are stored."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import unquote

from archive.schema import transaction
from archive.store.shown_files import ShownFile, file_name
from scraper.addresses.urls import absolute
from scraper.markup.attachments import aid_of_link

_TABLES: Final = """
  CREATE TABLE found(url TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE spelled(
    spelling TEXT, site_id INTEGER, url TEXT, PRIMARY KEY (spelling, site_id)
  ) WITHOUT ROWID;
  CREATE TABLE numbered(
    aid INTEGER, site_id INTEGER, url TEXT, PRIMARY KEY (aid, site_id)
  ) WITHOUT ROWID;
  CREATE TABLE shown(
    url TEXT, site_id INTEGER, name TEXT, address TEXT, post_id INTEGER,
    PRIMARY KEY (site_id, name)
  );
  CREATE INDEX shown_by_url ON shown(url);"""
_SITES: Final = "SELECT id, base_url FROM sites"
_ANY_SITE: Final = 0
# The addresses in posts are read once, in their order, and each is looked up.
_BY_SPELLING: Final = """
  INSERT OR IGNORE INTO inputs.shown
  SELECT s.url, x.id, media_name(f.aid, x.base_url, f.url), full_address(x.base_url, f.url), p.id
  FROM (
    SELECT post_id, NULL AS aid, url FROM images
    UNION ALL SELECT post_id, aid, url FROM attachments
  ) f
  CROSS JOIN inputs.spelled s ON s.spelling = f.url
  CROSS JOIN posts p ON p.id = f.post_id AND s.site_id IN (0, p.site_id)
  JOIN sites x ON x.id = p.site_id"""
_BY_NUMBER: Final = """
  INSERT OR IGNORE INTO inputs.shown
  SELECT n.url, x.id, media_name(a.aid, x.base_url, a.url), full_address(x.base_url, a.url), p.id
  FROM inputs.numbered n
  CROSS JOIN attachments a ON a.aid = n.aid
  CROSS JOIN posts p ON p.id = a.post_id AND p.site_id = n.site_id
  JOIN sites x ON x.id = p.site_id"""
_FORGET_HERE: Final = """
  DELETE FROM inputs.shown WHERE EXISTS (
    SELECT 1 FROM media m
    WHERE m.site_id = shown.site_id AND m.name = shown.name AND m.state = 'done'
      AND m.capture_id NOT IN (SELECT id FROM lost_captures))"""
_SHOWN: Final = "SELECT site_id, name, address, post_id FROM shown WHERE url = ?"
_DONE: Final = "DELETE FROM shown WHERE url = ?"


class FileIndex:
    """The files of one run's inputs. Close it, or use it as a context."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._notes: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: object,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Forget all of it."""
        if self._notes is not None:
            self._notes.close()
            self._notes = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def note(self, url: str) -> None:
        """An input holds a file of this address."""
        notes = self._opened()
        notes.execute("INSERT OR IGNORE INTO found VALUES (?)", (url,))

    def look_up(self) -> bool:
        """Find out which of them posts show that are not in the archive yet; whether there
        are any."""
        if self._notes is None:
            return False
        self._spell()
        self._notes.commit()
        self._conn.create_function("media_name", 3, _name, deterministic=True)
        self._conn.create_function("full_address", 2, absolute, deterministic=True)
        self._conn.execute("ATTACH DATABASE ? AS inputs", (str(self._path()),))
        try:
            with transaction(self._conn):
                for query in (_BY_SPELLING, _BY_NUMBER, _FORGET_HERE):
                    self._conn.execute(query)
        finally:
            self._conn.execute("DETACH DATABASE inputs")
        return self.is_any_left()

    def is_any_left(self) -> bool:
        """Whether there is a file that a post shows and that was not met again."""
        row = self._opened().execute("SELECT 1 FROM shown").fetchone()
        return row is not None

    def take(self, url: str) -> list[ShownFile]:
        """What posts show that the file of an address is; nothing when asked again."""
        notes = self._opened()
        rows = notes.execute(_SHOWN, (url,)).fetchall()
        if rows:
            notes.execute(_DONE, (url,))
        return [ShownFile(*row) for row in rows]

    def _spell(self) -> None:
        """Write down how posts may spell each address, on each forum."""
        notes = self._opened()
        sites = self._conn.execute(_SITES).fetchall()
        for (url,) in notes.execute("SELECT url FROM found"):
            spelled = list(_spellings(url, sites))
            rows = [(spelling, site_id, url) for spelling, site_id in spelled]
            notes.executemany("INSERT OR IGNORE INTO spelled VALUES (?, ?, ?)", rows)
            aid = aid_of_link(unquote(url))
            if aid is None:
                continue
            site_ids = [site_id for _, site_id in spelled if site_id != _ANY_SITE]
            numbers = [(aid, site_id, url) for site_id in site_ids]
            notes.executemany(
                "INSERT OR IGNORE INTO numbered VALUES (?, ?, ?)", numbers
            )

    def _path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="discuz-archive-")
        return Path(self._folder.name) / "inputs.db"

    def _opened(self) -> sqlite3.Connection:
        """The notes, on the disk: there may be as many files as a web archive has."""
        if self._notes is None:
            self._notes = sqlite3.connect(self._path())
            self._notes.execute("PRAGMA synchronous = OFF")
            self._notes.executescript(_TABLES)
        return self._notes


def _name(aid: int | None, base: str, address: str) -> str:
    return file_name(aid, absolute(base, address))


def _spellings(url: str, sites: list[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """How a post may have an address: in full, whatever the scheme, escaped or not; on its
    own forum without what all its addresses begin with."""
    if "://" not in url:
        yield url, _ANY_SITE
        return
    for spelled in {url, unquote(url), unquote(url, "gb18030")}:
        _, _, rest = spelled.partition("://")
        for scheme in ("http:", "https:", ""):
            yield f"{scheme}//{rest}", _ANY_SITE
        for site_id, base_url in sites:
            _, _, base = base_url.partition("://")
            if rest.startswith(base):
                below = rest.removeprefix(base)
                yield below, site_id
                yield f"./{below}", site_id
