"""Which captures hold the pictures and files that posts show."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Final

_KEPT: Final = """
SELECT name, capture_id FROM media
WHERE site_id = ? AND name IN (SELECT value FROM json_each(?))
  AND state = 'done' AND capture_id IS NOT NULL
"""


def captures_of_media(
    conn: sqlite3.Connection, site_id: int, names: Iterable[str]
) -> dict[str, int]:
    """Those of the names, as in `media`, that are here, and the capture (its row) of each."""
    wanted = json.dumps(list(names))
    rows = conn.execute(_KEPT, (site_id, wanted))
    return dict(rows.fetchall())
