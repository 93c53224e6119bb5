"""Counts over a whole archive that pages show: kept, and made beside the pages."""

from __future__ import annotations

import sqlite3

from archive.reading.forums import (
    Holdings,
    HoldingsByBoard,
    count_holdings,
    sum_holdings,
)
from archive.reading.thread import POSTS_ON_PAGE, find_posts_per_page
from archive.web.cache import PATIENCE_S, kept, tell


def holdings(
    conn: sqlite3.Connection, patience_s: float = PATIENCE_S
) -> HoldingsByBoard:
    """What is in the file, by forum and board; empty while it is counted for the first
    time."""
    nothing: HoldingsByBoard = {}
    return kept(
        conn,
        "holdings",
        count_holdings,
        default=nothing,
        patience_s=patience_s,
    )


def forum_holdings(conn: sqlite3.Connection, forum_id: int) -> Holdings | None:
    """What is here of a forum; None while it is counted for the first time."""
    counted = holdings(conn)
    return sum_holdings(counted, forum_id)


def posts_per_page(conn: sqlite3.Connection, forum_id: int) -> int:
    """How many posts the forum puts on a page."""

    def find(own: sqlite3.Connection) -> int:
        return find_posts_per_page(own, forum_id)

    return kept(conn, _posts_on_page(forum_id), find, POSTS_ON_PAGE)


def set_posts_per_page(conn: sqlite3.Connection, forum_id: int, posts: int) -> None:
    """Say how many they are where the file itself does not tell: in a copy of a part."""
    tell(conn, _posts_on_page(forum_id), posts)


def _posts_on_page(forum_id: int) -> str:
    return f"posts on a page of {forum_id}"
