"""What inputs hold, as values: a capture that was found, or a problem with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from archive.warc.records import RecordKind
from scraper.core.records import Capture

MAX_BYTES: Final = 20 << 20


def printable(text: str | Path) -> str:
    """A text that can be printed and stored: file names may hold bytes of another encoding."""
    return str(text).encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class InputRecord:
    """A capture read from an input; `source` is the file's path as it was given."""

    source: str
    capture: Capture
    record: RecordKind = "response"


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, and why; `url` where it is known."""

    source: str
    reason: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user says of saved files that do not tell it: their address, their time; and
    the size limit."""

    url: str = ""
    captured_at: datetime | None = None
    max_bytes: int = MAX_BYTES

    def too_big(self, size_bytes: int) -> str:
        """The reason to pass over something of a size; empty where the size is fine."""
        if size_bytes <= self.max_bytes:
            return ""
        size_mb = size_bytes / 1e6
        limit_mb = self.max_bytes / 1e6
        return f"too big for a page: {size_mb:.0f} MB, the limit is {limit_mb:.0f} MB (--max-mb)"
