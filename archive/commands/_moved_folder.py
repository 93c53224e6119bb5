"""Says that the folder of WARC files was not moved along with its archive, where a command
needs what lies in it."""

from __future__ import annotations

import sqlite3

from archive.commands._saying import say
from archive.warc.losses import folder_left_behind
from scraper.core.errors import StorageError


def refuse_without_folder(conn: sqlite3.Connection) -> None:
    """StorageError where the folder is not there: nothing can be done without it."""
    words = folder_left_behind(conn)
    if words:
        raise StorageError(words)


def say_if_left_behind(conn: sqlite3.Connection) -> None:
    """One line on the error stream where the folder is not there: pictures are missing."""
    words = folder_left_behind(conn)
    if words:
        say(f"warning: {words}", err=True)
