"""Which pictures and files the archive holds, and where they are served."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archive.reading.media_captures import captures_of_media
from archive.web import paths


def kept_media(
    conn: sqlite3.Connection, site_id: int, names: Iterable[str]
) -> dict[str, str]:
    """Where we serve those of the pictures and files that are here: their names, as in
    `media`, to addresses."""
    found = captures_of_media(conn, site_id, names)
    return {name: paths.media(capture_id) for name, capture_id in found.items()}
