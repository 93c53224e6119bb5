"""Pictures and files that the archive holds: which capture has each, and their bytes, made
harmless."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Final

from archive.warc.captures import Captures
from archive.web import paths
from archive.web.ask import Answer, Ask, File, MissingError
from scraper.core.errors import StorageError

_NAMED = """SELECT name, capture_id FROM media WHERE site_id = ? AND name IN (SELECT value FROM json_each(?))
  AND state = 'done' AND capture_id IS NOT NULL"""
_IS_MEDIA = (
    "SELECT m.url FROM media m WHERE m.capture_id = ? AND m.state = 'done' LIMIT 1"
)
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)  # what a browser is told is read from the bytes: a forum's word for a stranger's file is worth nothing


def captures_of(
    conn: sqlite3.Connection, site: int, names: Iterable[str]
) -> dict[str, str]:
    """Where we serve those of the pictures and files that are here: their names, as in
    `media`, to addresses."""
    rows = conn.execute(_NAMED, (site, json.dumps(list(names))))
    return {name: f"{paths.MEDIA}{capture}" for name, capture in rows}


def picture_type(body: bytes) -> str:
    """The type of a picture that browsers show and that cannot run anything; empty for all
    else, SVG included."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _SIGNATURES if body.startswith(start)), "")


def media(ask: Ask) -> Answer:
    """A picture to show; any other file to save."""
    number = int(ask.path["capture"])
    row = ask.conn.execute(_IS_MEDIA, (number,)).fetchone()
    if row is None:
        raise MissingError("no_file")
    try:
        body = Captures(ask.conn).read(number).body
    except (StorageError, OSError) as error:
        raise MissingError("no_file") from error
    headers = {"Cache-Control": "max-age=86400"}
    if kind := picture_type(body):
        return File(body=body, content_type=kind, headers=headers)
    headers["Content-Disposition"] = "attachment"
    return File(body=body, content_type="application/octet-stream", headers=headers)
