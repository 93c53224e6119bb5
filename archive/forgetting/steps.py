"""The steps of a removal, in order. The first is one transaction, after which no reader sees
anything of it; each of the others can be done again, and is, by the next command that writes,
where the program ends before."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from archive.forgetting.choosing import Chosen, choose
from archive.forgetting.judging import Judge, Read
from archive.forgetting.media import ForgottenMedia, choose_media
from archive.forgetting.others import Others, find_others, settle_own_words
from archive.forgetting.requests import Request, advance, is_unfinished, steps_left
from archive.forgetting.rows import new_key, remove_rows, with_marks
from archive.forgetting.warc_files import LookedThrough, WarcFiles
from archive.index.half_made import is_half_made
from archive.index.writer import catch_up, is_outdated, optimise
from archive.schema import transaction
from archive.store.compact import vacuum
from archive.store.forgotten import Tombstones, read_tombstones
from archive.warc.lock import warc_folder
from scraper.core.errors import StorageError

Tick = Callable[[], None]

_FILES: Final = """
  SELECT name FROM warc_files
  WHERE is_ours AND accepted = '' AND EXISTS (SELECT 1 FROM captures WHERE file = name)"""
_IN_USE: Final = (
    "another program reads the archive, and SQLite keeps what was removed for it: "
    "the next command that writes tries again, or `discuz-archive forget DB` does"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Removal:
    """What a request comes to, before anything is done."""

    chosen: Chosen
    others: Others
    media: ForgottenMedia
    forgotten: Tombstones


def plan_removal(conn: sqlite3.Connection, request: Request) -> Removal:
    """What a request comes to in the tables. Only reads. InputError where there is no such
    thing; StorageError where the search index has to be made again first, or a WARC file is
    missing."""
    _check_index(conn)
    _check_files(conn)
    chosen = choose(conn, request)
    settle_own_words(conn, chosen)
    forgotten = with_marks(
        conn,
        chosen,
        new_key(),
    )
    return Removal(
        chosen=chosen,
        others=find_others(conn, chosen, forgotten),
        media=choose_media(conn, chosen.posts),
        forgotten=forgotten,
    )


def measure(
    conn: sqlite3.Connection, removal: Removal, read: Read, tick: Tick
) -> LookedThrough:
    """What it comes to in the WARC files. Only reads."""
    files = WarcFiles(
        conn,
        Judge(removal.forgotten, read),
        tick,
    )
    return files.measure(removal.media.captures)


def begin(conn: sqlite3.Connection, removal: Removal) -> None:
    """Remove the rows, all at once, and write down what is left to do."""
    conn.execute("PRAGMA secure_delete = ON")
    with transaction(conn):
        remove_rows(
            conn,
            removal.chosen,
            removal.others,
            removal.media,
            removal.forgotten,
        )


def finish(
    conn: sqlite3.Connection, read: Read, tick: Tick = lambda: None
) -> LookedThrough:
    """Do what removals have left to do; nothing where that is nothing. The caller is the
    archive's only writer."""
    looked_through = LookedThrough()
    if not is_unfinished(conn):
        return looked_through
    conn.execute("PRAGMA secure_delete = ON")
    judge = Judge(read_tombstones(conn), read)
    files = WarcFiles(
        conn,
        judge,
        tick,
    )
    files.clear_up()
    if "pages" in steps_left(conn):
        looked_through = files.look_through()
        _advance(conn, "pages")
    if "index" in steps_left(conn):
        # FTS5 keeps what is taken out until its pieces are merged
        with transaction(conn):
            catch_up(conn)
            optimise(conn)
        _advance(conn, "index")
    if _vacuum(conn):
        _advance(conn, "file")
        _truncate(conn)
    return looked_through


def _advance(conn: sqlite3.Connection, step: str) -> None:
    with transaction(conn):
        match step:
            case "pages":
                advance(conn, "pages", "index")
            case "index":
                advance(conn, "index", "file")
            case _:
                advance(conn, "file", "done")


def _vacuum(conn: sqlite3.Connection) -> bool:
    """Write the file anew: pages and parts of pages that are free may hold what was there
    long before. False where that cannot be yet: nobody's work ends for it."""
    try:
        vacuum(conn)
    except sqlite3.OperationalError as error:
        _log.warning("what was removed is still in free parts of the file: %s", error)
        return False
    return _truncate(conn)


def _truncate(conn: sqlite3.Connection) -> bool:
    """Empty the file beside it, where SQLite writes first. False where somebody reads that,
    and SQLite must still keep what was removed."""
    is_busy, _, _ = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        _log.warning(_IN_USE)
    return not is_busy


def _check_files(conn: sqlite3.Connection) -> None:
    """Whether all WARC files are there: one that comes back later would bring all back."""
    folder = warc_folder(conn)
    for (name,) in conn.execute(_FILES):
        if not (folder / name).is_file():
            raise StorageError(
                f"{folder.name}/{name} is missing, and nothing can be removed from it: "
                "`discuz-archive check DB` says what to do"
            )


def _check_index(conn: sqlite3.Connection) -> None:
    if is_outdated(conn) or is_half_made(conn):
        raise StorageError(
            "the search index is outdated, or is being made again: "
            "run `discuz-archive reindex DB` to its end first"
        )
