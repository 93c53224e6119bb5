"""What the loss of WARC records costs: captures, pages, threads, and posts that no record shows
any more; and who could bring them back."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from archive.warc.accepted import count_accepted, forget_returned
from archive.warc.captures import Captures
from archive.warc.examine import all_captures, captures_in, examine, sample
from archive.warc.ledger import Ledger
from archive.warc.lock import warc_folder
from archive.warc.mend import FileTrouble, Folder

SAMPLED_CAPTURES: Final = 200

_LOST: Final = """
  SELECT count(*), count(DISTINCT c.url), count(DISTINCT c.thread_id),
    count(*) FILTER (WHERE c.kind = 'media')
  FROM lost_unreplaced l JOIN captures c ON c.id = l.id
  WHERE l.id NOT IN (SELECT capture_id FROM accepted_losses)"""
_MADE_GOOD: Final = """
  SELECT (SELECT count(*) FROM lost_captures) - (SELECT count(*) FROM lost_unreplaced)"""
_LOST_IN_FILE: Final = """
  SELECT l.id IN (SELECT id FROM lost_unreplaced)
    AND l.id NOT IN (SELECT capture_id FROM accepted_losses)
  FROM lost_captures l JOIN captures c ON c.id = l.id WHERE c.file = ? ORDER BY 1 DESC LIMIT 1"""
_MAY_BE_READ: Final = """
  SELECT damaged = 1 OR NOT EXISTS (SELECT 1 FROM lost_captures l WHERE l.id = captures.id)
  FROM captures WHERE id = ?"""
_POSTS: Final = """
  SELECT p.id FROM lost_unaccepted l JOIN posts p ON p.capture_id = l.id ORDER BY p.id"""
_BACK: Final = """
  SELECT count(DISTINCT c.url), count(DISTINCT c.thread_id)
  FROM lost_unreplaced l JOIN captures c ON c.id = l.id
  JOIN crawls r ON r.site_id = c.site_id
  LEFT JOIN threads t ON t.id = c.thread_id
  WHERE c.kind IN ('thread', 'board', 'index', 'profile') AND t.gone_at IS NULL
    AND l.id NOT IN (SELECT capture_id FROM accepted_losses)"""
_FILES_BACK: Final = """
  SELECT count(*) FROM media m JOIN lost_unaccepted l ON l.id = m.capture_id
  WHERE m.site_id IN (SELECT site_id FROM crawls)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What was found. `troubles`: files that cost captures for which no later one of the same
    address is there; `made_good`: lost captures for which one is. `examined`: captures that
    were read back; `accepted`: lost ones of which that was accepted, which count nowhere else;
    `captures`: those that are lost for good so far; `pages` and `threads` count what the lost
    captures show; `posts`: numbers of those whose words no record shows any more; the last
    three: what `crawl --complete` could ask the forum for again."""

    files: int
    troubles: tuple[FileTrouble, ...]
    examined: int
    accepted: int
    captures: int
    made_good: int
    pages: int
    threads: int
    media: int
    posts: array[int]
    pages_back: int
    threads_back: int
    media_back: int

    def __bool__(self) -> bool:
        """Whether anything is lost, or wrong with a file."""
        return bool(self.troubles or self.captures or self.posts)


def find_losses(conn: sqlite3.Connection, *, full: bool = False) -> Losses:
    """Look over the WARC files, and read captures back: a sample of them, or all. What is
    lost is written down, as what is there again is."""
    folder = Folder(conn, warc_folder(conn))
    troubles = folder.look_over()
    folder.note_troubles()
    captures = all_captures(conn) if full else sample(conn, SAMPLED_CAPTURES)
    suspects = _suspects(conn, troubles)
    examined = examine(
        conn,
        _not_lost(conn, [*captures, *suspects]),
        Captures(conn).read,
    )
    forget_returned(conn)
    return _losses(conn, troubles, examined)


def folder_elsewhere(
    conn: sqlite3.Connection, troubles: Iterable[FileTrouble]
) -> Path | None:
    """The folder beside an archive's own that has one of its missing files; None where none
    has: the archive was renamed, or moved without it."""
    own = warc_folder(conn)
    missing = [each.path.name for each in troubles if each.trouble == "missing"]
    for folder in sorted(own.parent.glob("*/")):
        if folder != own and any((folder / name).is_file() for name in missing):
            return folder
    return None


def folder_left_behind(conn: sqlite3.Connection) -> str:
    """What to say where an archive's folder is not there at all, and something was kept in
    it; empty else, and where that loss was accepted."""
    folder = warc_folder(conn)
    if folder.is_dir():
        return ""
    troubles = Folder(conn, folder).look_over()
    captures = sum(each.captures for each in troubles if not each.is_accepted)
    if not captures:
        return ""
    words = (
        f"there is no folder {folder}, which has the {captures:,} kept pages and files"
    )
    elsewhere = folder_elsewhere(conn, troubles)
    if elsewhere:
        return f"{words} of this archive: rename {elsewhere} to {folder.name}"
    return f"{words} of this archive: put it back beside the file"


def _suspects(conn: sqlite3.Connection, troubles: list[FileTrouble]) -> Iterator[int]:
    for each in troubles:
        if each.trouble == "altered":
            yield from captures_in(conn, each.path.name)


def _not_lost(conn: sqlite3.Connection, captures: list[int]) -> Iterator[int]:
    """Captures without those whose file says already that they are lost."""
    for capture_id in captures:
        (may_be_read,) = conn.execute(_MAY_BE_READ, (capture_id,)).fetchone()
        if may_be_read:
            yield capture_id


def _losses(
    conn: sqlite3.Connection, troubles: list[FileTrouble], examined: int
) -> Losses:
    captures, pages, threads, media = _row(conn, _LOST)
    pages_back, threads_back = _row(conn, _BACK)
    (made_good,) = _row(conn, _MADE_GOOD)
    costly = [each for each in troubles if _is_costly(conn, each)]
    (media_back,) = _row(conn, _FILES_BACK)
    posts = array("q")
    for (post_id,) in conn.execute(_POSTS):
        posts.append(post_id)
    ours = [known for known in Ledger(conn).files() if known.is_ours]
    return Losses(
        files=len(ours),
        troubles=tuple(costly),
        examined=examined,
        accepted=count_accepted(conn),
        captures=captures,
        made_good=made_good,
        pages=pages,
        threads=threads,
        media=media,
        posts=posts,
        pages_back=pages_back,
        threads_back=threads_back,
        media_back=media_back,
    )


def _is_costly(conn: sqlite3.Connection, trouble: FileTrouble) -> bool:
    """Whether anything is lost of a file that was not captured again later, nor accepted as
    lost; where nothing is lost of it, whether its trouble was not accepted."""
    lost = conn.execute(_LOST_IN_FILE, (trouble.path.name,)).fetchone()
    return bool(lost[0]) if lost else not trouble.is_accepted


def _row(conn: sqlite3.Connection, query: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = conn.execute(query).fetchone()
    return row
