"""Pictures and files that posts show, as rows of `media`: what identifies one, and which are
here."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final

_KEPT: Final = """
  INSERT INTO media(site_id, name, url, post_id, due_at, state, capture_id, digest,
    content_type, size_bytes)
  VALUES (:site_id, :name, :url, :post_id, :at, 'done', :capture_id, :digest,
    :content_type, :size_bytes)
  ON CONFLICT DO UPDATE SET state = 'done', message = '', capture_id = excluded.capture_id,
    digest = excluded.digest, content_type = excluded.content_type,
    size_bytes = excluded.size_bytes"""


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A picture or file that a post shows: its `name` as in `media`, and its address as the
    post has it."""

    site_id: int
    name: str
    url: str
    post_id: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What a capture of a picture or file holds."""

    capture_id: int
    digest: str
    content_type: str
    size_bytes: int


def file_name(aid: int | None, address: str) -> str:
    """What identifies a file: the attachment's number where its address carries a token
    that changes on every view."""
    return f"aid:{aid}" if aid and has_token(address) else address


def has_token(address: str) -> bool:
    """Whether an address is that of a download of Discuz!'s own, with a token in it."""
    return "mod=attachment" in address or "attachment.php?" in address


def note_kept(
    conn: sqlite3.Connection, shown: ShownFile, kept: KeptFile, at: str
) -> None:
    """Write down which capture holds a file."""
    values = {
        "site_id": shown.site_id,
        "name": shown.name,
        "url": shown.url,
        "post_id": shown.post_id,
        "at": at,
        "capture_id": kept.capture_id,
        "digest": kept.digest,
        "content_type": kept.content_type,
        "size_bytes": kept.size_bytes,
    }
    conn.execute(_KEPT, values)
