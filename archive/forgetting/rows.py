"""Takes what is to be forgotten out of the tables, and writes down its marks and what is
still to be done: within one transaction of the caller's."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Final

from archive.forgetting.asked import remove_asked
from archive.forgetting.choosing import Chosen
from archive.forgetting.media import ForgottenMedia
from archive.forgetting.others import Change, Others
from archive.forgetting.requests import log_request
from archive.index.writer import catch_up
from archive.store.forgotten import KEY_FACT, REMOVED, Tombstones, read_tombstones

_KEY_BYTES: Final = 32
_PUT_KEY: Final = "INSERT OR IGNORE INTO archive_facts(name, value) VALUES (?, ?)"
_MARK: Final = """
  INSERT OR IGNORE INTO forgotten_marks(kind, mark, chars, request_id)
  VALUES (?, ?, ?, ?)"""
_PLACE: Final = """
  INSERT OR IGNORE INTO forgotten_places(thread_id, floor) VALUES (?, ?)"""
_FILES: Final = """
  INSERT OR IGNORE INTO forgetting_files(name)
  SELECT name FROM warc_files WHERE is_ours AND trouble NOT IN ('missing', 'exchanged')"""
_CAPTURE: Final = "INSERT OR IGNORE INTO forgetting_captures(capture_id) VALUES (?)"
_MEDIA: Final = "DELETE FROM media WHERE site_id = ? AND name = ?"
_POST: Final = "DELETE FROM posts WHERE id = ?"
_FRONTIER_OF_POST: Final = """
  DELETE FROM frontier WHERE site_id = ? AND item = ? AND kind IN ('ratings', 'comments')"""
_OPENED: Final = """
  UPDATE threads SET title = :removed, excerpt = '', fields_capture_id = NULL
  WHERE id = :id"""
_OF_OPENED: Final = (
    "DELETE FROM thread_tags WHERE thread_id = ?",
    "DELETE FROM thread_fields WHERE thread_id = ?",
)
_OF_THREAD: Final = (
    """DELETE FROM frontier WHERE (site_id, tid) IN (
         SELECT site_id, tid FROM threads WHERE id = ?)""",
    """DELETE FROM frontier WHERE kind IN ('thread', 'all_parts', 'archiver')
         AND (site_id, item) IN (SELECT site_id, tid FROM threads WHERE id = ?)""",
    "UPDATE captures SET thread_id = NULL WHERE thread_id = ?",
    "DELETE FROM threads WHERE id = ?",
)
_OF_USER: Final = (
    """DELETE FROM frontier WHERE kind = 'user' AND (site_id, item) IN (
         SELECT site_id, uid FROM users WHERE id = ?)""",
    """DELETE FROM ratings WHERE (uid, post_id) IN (
         SELECT u.uid, p.id FROM users u JOIN posts p ON p.site_id = u.site_id
         WHERE u.id = ?)""",
    """DELETE FROM comments WHERE (uid, post_id) IN (
         SELECT u.uid, p.id FROM users u JOIN posts p ON p.site_id = u.site_id
         WHERE u.id = ?)""",
    """DELETE FROM own_addresses WHERE kind = 'user' AND (site_id, number) IN (
         SELECT site_id, uid FROM users WHERE id = ?)""",
    "UPDATE posts SET user_id = NULL WHERE user_id = ?",
    "UPDATE threads SET user_id = NULL WHERE user_id = ?",
    "DELETE FROM users WHERE id = ?",
)
_BY_NAME: Final = (
    """UPDATE frontier SET mark = '' WHERE site_id = ?1 AND instr(mark, ?2)""",
    f"""UPDATE frontier SET message = replace(message, ?2, '{REMOVED}')
         WHERE site_id = ?1 AND instr(message, ?2)""",
    f"""UPDATE captures SET message = replace(message, ?2, '{REMOVED}')
         WHERE site_id = ?1 AND instr(message, ?2)""",
    f"""UPDATE runs SET message = replace(message, ?2, '{REMOVED}')
         WHERE ?1 AND instr(message, ?2)""",
    """DELETE FROM ratings WHERE author = ?2 AND post_id IN (
         SELECT id FROM posts WHERE site_id = ?1)""",
    """DELETE FROM comments WHERE author = ?2 AND post_id IN (
         SELECT id FROM posts WHERE site_id = ?1)""",
)


def with_marks(
    conn: sqlite3.Connection, chosen: Chosen, key: bytes = b""
) -> Tombstones:
    """All marks of the archive with those of a request. `key`: for an archive that has none
    yet."""
    now = read_tombstones(conn)
    keyed = Tombstones(now.key or key)
    new = chosen.digests(keyed)
    lengths = {chars for chars in new.values() if chars}
    return Tombstones(
        key=keyed.key,
        marks=now.marks | new.keys(),
        numbers=now.numbers,
        lengths=tuple(sorted({*now.lengths, *lengths})),
    )


def new_key() -> bytes:
    """A key for the marks of an archive."""
    return secrets.token_bytes(_KEY_BYTES)


def remove_rows(
    conn: sqlite3.Connection,
    chosen: Chosen,
    others: Others,
    media: ForgottenMedia,
    forgotten: Tombstones,
) -> None:
    """Remove a request's rows, and log it."""
    request = chosen.request
    counts = {
        "posts": len(chosen.posts),
        "others": len(others.posts),
        "threads": len(chosen.threads),
        "members": len(chosen.users),
        "media": len(media.names),
    }
    request_id = log_request(
        conn,
        request,
        counts,
    )
    conn.execute(_PUT_KEY, (KEY_FACT, forgotten.key.hex()))
    marks = chosen.digests(forgotten).items()
    conn.executemany(_MARK, [(*mark, chars, request_id) for mark, chars in marks])
    conn.execute(_FILES)
    conn.executemany(_CAPTURE, [(number,) for number in media.captures])

    for change in others.changes:
        _apply(conn, change)
    remove_asked(conn, chosen)
    conn.executemany(_MEDIA, sorted(media.names))
    conn.executemany(_FRONTIER_OF_POST, sorted(chosen.pids))
    conn.executemany(_POST, [(number,) for number in chosen.posts])
    for thread_id in chosen.opened:
        conn.execute(_OPENED, {"id": thread_id, "removed": REMOVED})
        _each(conn, _OF_OPENED, thread_id)
    for thread_id in chosen.threads:
        _each(conn, _OF_THREAD, thread_id)
    for user_id in chosen.users:
        _each(conn, _OF_USER, user_id)
    for name in chosen.names:
        _each(
            conn,
            _BY_NAME,
            request.site_id,
            name,
        )
    conn.executemany(_PLACE, sorted(chosen.places))
    catch_up(conn)


def _apply(conn: sqlite3.Connection, change: Change) -> None:
    values = ", ".join(f"{column} = ?" for column in change.values)
    where = " AND ".join(f"{column} = ?" for column in change.key)
    # a tag that is blanked may be there already
    may_meet = change.values.keys() & change.key.keys()
    verb = "UPDATE OR REPLACE" if may_meet else "UPDATE"
    conn.execute(
        f"{verb} {change.table} SET {values} WHERE {where}",
        (*change.values.values(), *change.key.values()),
    )


def _each(
    conn: sqlite3.Connection, statements: tuple[str, ...], *values: object
) -> None:
    for statement in statements:
        conn.execute(statement, values)
