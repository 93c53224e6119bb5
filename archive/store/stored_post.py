"""A stored post as far as matching and merging need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A row of `posts`, without the long columns that neither asks for; times in stored
    form. Fields in the order of `COLUMNS`."""

    id: int
    thread_id: int
    pid: int | None
    floor: int | None
    opening: int
    author: str
    user_id: int | None
    anonymous: int
    posted_at: str | None
    subject: str
    text: str
    withheld: str
    withheld_reason: str | None
    edited_by: str
    edited_at: str | None
    best_answer: int
    side: str
    location: str
    rank: int
    fingerprint: str
    capture_id: int | None
    words_since: str
    words_seen_at: str
    first_seen_at: str
    last_seen_at: str
    gone_at: str | None
    ratings_total: int | None = None
    comments_total: int | None = None
    view: str = ""
    last_capture_id: int | None = None


COLUMNS: Final = ", ".join(StoredPost.__slots__)
