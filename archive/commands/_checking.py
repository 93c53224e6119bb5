"""Compares the search index of an archive with its posts, and its WARC files with what was
written to them, and says what it found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from archive.commands._crawling import now
from archive.commands._saying import say
from archive.index.verify import check
from archive.index.writer import catch_up
from archive.schema import connect
from archive.warc.accepted import accept_losses
from archive.warc.lock import warc_folder
from archive.warc.losses import Losses, find_losses, folder_elsewhere

EXIT_PROBLEMS = 1
_SHOWN = 10


def check_archive(db: Path, *, full: bool, accepts: bool) -> int:
    """Check the archive, and accept what is lost where that is said; the exit code."""
    conn = connect(db, create=False)
    is_index_right = _check_index(conn, db, full)
    are_pages_there = _check_pages(
        conn,
        db,
        full,
        accepts,
    )
    return 0 if is_index_right and are_pages_there else EXIT_PROBLEMS


def _check_index(conn: sqlite3.Connection, db: Path, full: bool) -> bool:
    waiting = catch_up(conn)
    if waiting:
        say(f"indexed {waiting:,} posts that another program had changed")
    report = check(
        conn,
        full=full,
    )
    for problem in report.problems:
        say(f"problem: {problem}")
    if report.problems:
        say(f"run: discuz-archive reindex {db}")
        return False
    say(
        f"{report.rows:,} rows indexed, {report.compared:,} compared word by word: all right"
    )
    return True


def _check_pages(conn: sqlite3.Connection, db: Path, full: bool, accepts: bool) -> bool:
    losses = find_losses(conn, full=full)
    if losses.accepted:
        say(f"{losses.accepted:,} captures are lost, and that was accepted")
    if losses.made_good:
        say(
            f"{losses.made_good:,} captures are lost, but made good: "
            "later ones of the same addresses are there"
        )
    if not losses:
        files = "file" if losses.files == 1 else "files"
        say(
            f"{losses.files:,} WARC {files}, "
            f"{losses.examined:,} captures read back: all right"
        )
        return True
    for line in _problems(conn, losses):
        say(f"problem: {line}")
    if accepts:
        return _accept(conn, losses)
    for line in _ways_back(conn, db, losses):
        say(line)
    if not full:
        say(f"to read every capture back: discuz-archive check --full {db}")
    say(f"if they are lost for good: discuz-archive check --accept-losses {db}")
    return False


def _accept(conn: sqlite3.Connection, losses: Losses) -> bool:
    """Accept losses, unless what is missing lies elsewhere; whether they were accepted."""
    elsewhere = folder_elsewhere(conn, losses.troubles)
    if elsewhere:
        say(f"not accepted as lost: files that are missing lie in {elsewhere}")
        return False
    count = accept_losses(conn, now())
    say(
        f"accepted: {count:,} more captures are lost. `discuz-archive status` shows it; "
        "what comes back, from a backup, say, is no longer lost"
    )
    return True


def _problems(conn: sqlite3.Connection, losses: Losses) -> Iterator[str]:
    folder = warc_folder(conn)
    if folder.is_dir():
        for each in losses.troubles[:_SHOWN]:
            yield f"{each}: {each.captures:,} captures lay there"
        more = len(losses.troubles) - _SHOWN
        if more > 0:
            yield f"{more:,} more files are like that"
    else:
        yield f"there is no folder {folder}, which has the kept pages"
    if losses.captures:
        yield (
            f"{losses.captures:,} captures are lost: {losses.pages:,} pages "
            f"of {losses.threads:,} threads, {losses.media:,} pictures and files"
        )
    if losses.posts:
        some = ", ".join(map(str, losses.posts[:_SHOWN]))
        more_posts = " …" if len(losses.posts) > _SHOWN else ""
        yield (
            f"{len(losses.posts):,} posts are here, but the page that they were read from "
            f"is lost: {some}{more_posts}"
        )


def _ways_back(conn: sqlite3.Connection, db: Path, losses: Losses) -> Iterator[str]:
    elsewhere = folder_elsewhere(conn, losses.troubles)
    folder = warc_folder(conn)
    if elsewhere and folder.is_dir():
        yield f"move the files of {elsewhere} to {folder}, and run check again"
    elif elsewhere:
        yield f"rename {elsewhere} to {folder.name}: it goes with {db.name} by its name"
    elif losses.troubles:
        yield (
            f"put the files back into {folder} as they were, from a backup, say, "
            "and run check again: their names are not used for others"
        )
    if losses.pages_back:
        yield (
            f"discuz-archive crawl {db} --complete asks the forum for "
            f"{losses.pages_back:,} of the pages again, of {losses.threads_back:,} threads "
            "that were not found missing"
        )
    if losses.media_back:
        yield (
            f"discuz-archive crawl {db} --complete --media asks for {losses.media_back:,} "
            "of the pictures and files again"
        )
    if losses.pages > losses.pages_back:
        yield (
            "pages that were read from files come back when these are read again: "
            f"discuz-archive ingest {db} FILE..."
        )
