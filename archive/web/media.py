"""Pictures and files that the archive holds: their bytes, made harmless."""

from __future__ import annotations

import sqlite3
from typing import Final

from archive.reading.lookup import MissingError
from archive.reading.rows import fetch_one
from archive.warc.captures import Captures
from archive.web.values import ArchiveRequest, FileResponse, PageResponse
from scraper.core.errors import StorageError

_IS_MEDIA: Final = """
SELECT url FROM media WHERE capture_id = ? AND state = 'done' LIMIT 1
"""
# What a browser is told is read from the bytes: a forum's word for a stranger's file is
# worth nothing.
_SIGNATURES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def picture_type(body: bytes) -> str:
    """The type of a picture that browsers show and that cannot run anything; empty for all
    else, SVG included."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    for signature, content_type in _SIGNATURES:
        if body.startswith(signature):
            return content_type
    return ""


def media(request: ArchiveRequest) -> PageResponse:
    """A picture to show; any other file to save."""
    body = media_body(request.conn, int(request.path["capture"]))
    headers = {"Cache-Control": "max-age=86400"}
    content_type = picture_type(body)
    if not content_type:
        content_type = "application/octet-stream"
        headers["Content-Disposition"] = "attachment"
    return FileResponse(
        body=body,
        content_type=content_type,
        headers=headers,
    )


def media_body(conn: sqlite3.Connection, capture_id: int) -> bytes:
    """The bytes of a capture that is a picture or file of a forum. Raises MissingError for
    any other, and where its WARC file is not there."""
    if fetch_one(conn, _IS_MEDIA, capture_id) is None:
        raise MissingError("file")
    try:
        return Captures(conn).read(capture_id).body
    except (StorageError, OSError) as error:
        raise MissingError("file") from error
