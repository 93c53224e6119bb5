"""Says that an archive's search index was made by an older version, where new posts wait
outside it."""

from __future__ import annotations

import shlex
import sqlite3

from archive.commands._saying import say
from archive.index.writer import is_outdated
from archive.store.file import path_of


def say_if_outdated(conn: sqlite3.Connection) -> None:
    """One line on the error stream with the command that helps; nothing for an index of
    today's rules."""
    if not is_outdated(conn):
        return
    command = shlex.join(["discuz-archive", "reindex", path_of(conn)])
    say(
        "the search index was made by an older version and does not follow new posts; "
        f"everything else is kept. Run: {command}",
        err=True,
    )
