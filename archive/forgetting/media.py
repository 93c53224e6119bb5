"""The pictures and files of posts that are to be forgotten, unless others show them, too.
Only reads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from archive.store.shown_files import file_name
from scraper.addresses.urls import absolute

_SHOWN: Final = """
  SELECT p.site_id, s.base_url, NULL, i.url, p.id
  FROM images i JOIN posts p ON p.id = i.post_id JOIN sites s ON s.id = p.site_id
  UNION ALL
  SELECT p.site_id, s.base_url, a.aid, a.url, p.id
  FROM attachments a JOIN posts p ON p.id = a.post_id JOIN sites s ON s.id = p.site_id"""
_BY_POST: Final = """
  SELECT site_id, name FROM media
  WHERE post_id IN (SELECT value FROM json_each(?))"""
_ROWS: Final = "SELECT site_id, name, url, digest, capture_id FROM media"
_CAPTURES: Final = """
  SELECT id, url, digest FROM captures WHERE kind = 'media'"""
_REFERRED: Final = """
  SELECT refers_to FROM captures
  WHERE refers_to IS NOT NULL AND id NOT IN (SELECT value FROM json_each(?))"""


@dataclass(slots=True)
class ForgottenMedia:
    """Rows of `media` (forum and name), and captures, that go."""

    names: set[tuple[int, str]] = field(default_factory=set)
    captures: set[int] = field(default_factory=set)


def choose_media(conn: sqlite3.Connection, posts: Collection[int]) -> ForgottenMedia:
    """What only these posts show. A content that another post shows under another address
    stays, under that one."""
    found = ForgottenMedia()
    if not posts:
        return found
    theirs, of_others = _shown(conn, posts)
    by_post = set(conn.execute(_BY_POST, (json.dumps(sorted(posts)),)))
    found.names = (theirs | by_post) - of_others
    urls = set[str]()
    kept_digests = set[str]()
    kept = set[int]()
    gone = set[int]()
    for site_id, name, url, digest, capture_id in conn.execute(_ROWS):
        if (site_id, name) in found.names:
            urls |= {url, name}
            gone.add(capture_id)
        else:
            kept_digests.add(digest)
            kept.add(capture_id)
    for capture_id, url, digest in conn.execute(_CAPTURES):
        is_theirs = capture_id in gone or url in urls
        if is_theirs and capture_id not in kept and digest not in kept_digests:
            found.captures.add(capture_id)
    listed = json.dumps(sorted(found.captures))
    found.captures -= {number for (number,) in conn.execute(_REFERRED, (listed,))}
    return found


def _shown(
    conn: sqlite3.Connection, posts: Collection[int]
) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """The names of what these posts show, and of what others do."""
    theirs = set[tuple[int, str]]()
    of_others = set[tuple[int, str]]()
    for site_id, base_url, aid, url, post_id in conn.execute(_SHOWN):
        name = file_name(aid, absolute(base_url, url))
        names = theirs if post_id in posts else of_others
        names.add((site_id, name))
        names.add((site_id, url))
    return theirs, of_others
