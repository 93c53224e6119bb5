"""What a forum was asked and what it served, as bytes: the raw end of everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes as a forum served them: `body` with no transfer or content coding left;
    `fetched_at` aware, UTC.

    `asked`: the headers of our request, without cookies; empty where somebody else did the asking.
    """

    url: str
    fetched_at: datetime
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    asked: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case; empty where there is none."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return ""
