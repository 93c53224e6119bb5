"""SQL functions of the search, for users' own queries in Datasette.

dz_match(q)           a query as an expression: … WHERE posts_fts MATCH dz_match('外婆 OR 收音机')
dz_snippet(text, q)   the part of a text that fits a query, words marked 【so】
dz_fold(text)         a text as the search compares it: simplified, lower case, half width
escape_fts(q)         Datasette's own, so that ?_search= in its tables finds Chinese; only words
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from archive.index.fold import normalise
from archive.search.api import match_expression
from archive.search.exact import widest_expression
from archive.search.query import parse
from archive.search.snippet import PLAIN, snippet
from scraper.core.errors import QueryError

_NOTHING: Final = '""'


def register(conn: sqlite3.Connection) -> None:
    """Give a connection the functions."""
    for name, parameters, function in _FUNCTIONS:
        conn.create_function(name, parameters, function, deterministic=True)


def match(query: object) -> str:
    """A query of words for MATCH. One that asks for more, or means nothing, is an expression
    that FTS5 refuses with our words: SQLite has no other way to say why."""
    try:
        return match_expression(_text(query))
    except QueryError as error:
        return _refused(error)


def words_of(query: object) -> str:
    """The words of a query for Datasette's `?_search=`, which asks for its filters beside
    them (table_search.py)."""
    try:
        root = parse(_text(query)).root
    except QueryError as error:
        return _refused(error)
    return widest_expression(root) if root else _NOTHING


def _refused(error: QueryError) -> str:
    """What FTS5 calls a column that is not there."""
    words = str(error).replace('"', "'")
    return f'"{words}" : "x"'


def fitting_part(text: object, query: object) -> str:
    """The part of a text that fits a query."""
    try:
        words = parse(_text(query)).words()
    except QueryError:
        words = ()
    found = snippet([_text(text)], words)
    return found.marked(PLAIN)


def fold(text: object) -> str:
    """A text as it is compared."""
    return normalise(_text(text))


def _text(value: object) -> str:
    return "" if value is None else str(value)


_FUNCTIONS: Final[tuple[tuple[str, int, Callable[..., str]], ...]] = (
    ("dz_match", 1, match),
    ("dz_snippet", 2, fitting_part),
    ("dz_fold", 1, fold),
    ("escape_fts", 1, words_of),
)
