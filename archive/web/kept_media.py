"""Which pictures and files the archive holds, and where they are served."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Final

from archive.web import paths

_KEPT: Final = """
SELECT name, capture_id FROM media
WHERE site_id = ? AND name IN (SELECT value FROM json_each(?))
  AND state = 'done' AND capture_id IS NOT NULL
"""


def kept_media(
    conn: sqlite3.Connection, site_id: int, names: Iterable[str]
) -> dict[str, str]:
    """Where we serve those of the pictures and files that are here: their names, as in
    `media`, to addresses."""
    wanted = json.dumps(list(names))
    rows = conn.execute(_KEPT, (site_id, wanted))
    kept = {}
    for name, capture_id in rows:
        kept[name] = paths.media(capture_id)
    return kept
