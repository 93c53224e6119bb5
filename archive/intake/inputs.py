"""What inputs hold, as values: a page that was found, a file that a page may show, what is
neither, or a problem with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from scraper.core.records import Capture

if TYPE_CHECKING:
    from archive.warc.records import RecordKind

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
class FoundFile:
    """A picture or other file that is no page: posts may show it. `load` reads it; OSError
    where that cannot be done. `kind`: as what it is counted, where it is not shown; empty
    for one that is met elsewhere, too."""

    source: str
    url: str
    load: Callable[[], Capture]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SameBytes:
    """An address at which a crawler met the very bytes that it has under another (a
    `revisit` record)."""

    source: str
    url: str
    kept_as: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """What is no page, and nothing that a post shows; `kind` in words (`style sheets`)."""

    source: str
    kind: str


InputItem: TypeAlias = InputRecord | FoundFile | SameBytes | PassedOver | Problem


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user says of saved files that do not tell it: their address, or that of the
    folder that they are a copy of; their time; and the size limit."""

    url: str = ""
    folder_url: str = ""
    captured_at: datetime | None = None
    max_bytes: int = MAX_BYTES

    def too_big(self, size_bytes: int) -> str:
        """The reason to pass over something of a size; empty where the size is fine."""
        if size_bytes <= self.max_bytes:
            return ""
        size_mb = size_bytes / 1e6
        limit_mb = self.max_bytes / 1e6
        return f"too big for a page: {size_mb:.0f} MB, the limit is {limit_mb:.0f} MB (--max-mb)"
