"""The pages of `fixtures/`, as they were captured."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from corpus import FIXTURES

from scraper.core.records import Capture

PAIRS = sorted(
    path for path in FIXTURES.glob("*/*.*") if path.suffix in {".html", ".txt"}
)


def capture_of(path: Path) -> Capture:
    """A fixture as it was captured."""
    known = json.loads(path.with_suffix(".json").read_text("utf-8"))["capture"]
    return Capture(
        known["url"],
        datetime.fromisoformat(known["fetched_at"]),
        path.read_bytes(),
        known.get("status", 200),
        (("Content-Type", known["content_type"]),),
    )
