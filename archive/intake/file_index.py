"""Which of the files that inputs hold some post shows: addresses are noted on the disk while
pages are read, and looked up once all of them are stored."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from archive.schema import transaction
from archive.store.shown_files import ShownFile, file_name, has_token
from scraper.addresses.urls import absolute
from scraper.core.closing import Closing
from scraper.markup.attachments import aid_of_link

_TABLES: Final = """
  CREATE TABLE found(url TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE led(url TEXT PRIMARY KEY, target TEXT) WITHOUT ROWID;
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
_STARTS: Final = ("http://", "https://", "//")
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
_NOTE: Final = "INSERT OR IGNORE INTO found VALUES (?)"
_NOTE_LED: Final = "INSERT OR IGNORE INTO led VALUES (?, ?)"
_NAMES: Final = """
  SELECT url, url FROM found
  UNION ALL SELECT l.url, f.url FROM led l JOIN found f ON f.url = l.target"""
_SPELLED: Final = "INSERT OR IGNORE INTO spelled VALUES (?, ?, ?)"
_NUMBERED: Final = "INSERT OR IGNORE INTO numbered VALUES (?, ?, ?)"
_ANY: Final = "SELECT 1 FROM shown LIMIT 1"
_SHOWN: Final = "SELECT site_id, name, address, post_id FROM shown WHERE url = ?"
_DONE: Final = "DELETE FROM shown WHERE url = ?"


class FileIndex(Closing):
    """The files of one run's inputs. Close it, or use it as a context."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._notes: sqlite3.Connection | None = None

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
        notes.execute(_NOTE, (url,))

    def note_led(self, url: str, target: str) -> None:
        """Who asked for an address was led to another, which may be that of a file."""
        notes = self._opened()
        notes.execute(_NOTE_LED, (url, target))

    def look_up(self) -> bool:
        """Find out which of them posts show that are not in the archive yet; whether there
        are any."""
        if self._notes is None:
            return False
        self._spell()
        self._notes.commit()
        conn = self._conn
        conn.create_function("media_name", 3, _name)
        conn.create_function("full_address", 2, absolute)
        path = str(self._path())
        conn.execute("ATTACH DATABASE ? AS inputs", (path,))
        try:
            with transaction(conn):
                conn.execute(_BY_SPELLING)
                conn.execute(_BY_NUMBER)
                conn.execute(_FORGET_HERE)
        finally:
            conn.execute("DETACH DATABASE inputs")
        return self.is_any_left()

    def is_any_left(self) -> bool:
        """Whether there is a file that a post shows and that was not met again."""
        notes = self._opened()
        row = notes.execute(_ANY).fetchone()
        return row is not None

    def take(self, url: str) -> list[ShownFile]:
        """What posts show that the file of an address is; nothing when asked again."""
        notes = self._opened()
        rows = notes.execute(_SHOWN, (url,))
        shown = [ShownFile(*row) for row in rows]
        if shown:
            notes.execute(_DONE, (url,))
        return shown

    def _spell(self) -> None:
        """Write down how posts may spell each address, on each forum."""
        notes = self._opened()
        rows = self._conn.execute(_SITES)
        sites = rows.fetchall()
        for name, url in notes.execute(_NAMES):
            aid = _aid_of(name)
            for spelling, site_id in _spellings(name, sites):
                notes.execute(_SPELLED, (spelling, site_id, url))
                if aid and site_id != _ANY_SITE:
                    notes.execute(_NUMBERED, (aid, site_id, url))

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
    full = absolute(base, address)
    return file_name(aid, full)


def _aid_of(url: str) -> int | None:
    """The number of the attachment that an address gives as a whole: one of its picture in
    another size (`mod=image`) does not."""
    plain = unquote(url)
    if not has_token(plain):
        return None
    return aid_of_link(plain)


def _spellings(url: str, sites: list[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """How a post may have an address: in full, whatever the scheme, escaped or not; on its
    own forum without what all its addresses begin with."""
    scheme, _, _ = url.partition("://")
    if scheme == url:
        yield url, _ANY_SITE
        return
    for spelled in {url, unquote(url), unquote(url, "gb18030")}:
        _, _, rest = spelled.partition("://")
        for start in _STARTS:
            yield start + rest, _ANY_SITE
        for site_id, base_url in sites:
            _, _, base = base_url.partition("://")
            if not rest.startswith(base):
                continue
            below = rest.removeprefix(base)
            yield below, site_id
            yield f"./{below}", site_id
