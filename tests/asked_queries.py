"""Queries as a search has them, and what an expression of the index finds."""

from __future__ import annotations

import sqlite3

from archive.search.query import parse
from archive.search.tree import Node


def root_of(query: str) -> Node:
    """The tree of a query that asks for something."""
    root = parse(query).root
    assert root
    return root


def matching(conn: sqlite3.Connection, match: str) -> set[int]:
    """The numbers of the posts that fulfil an FTS5 expression."""
    sql = "SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?"
    return {row[0] for row in conn.execute(sql, (match,))}
