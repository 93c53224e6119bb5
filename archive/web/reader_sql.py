"""What SQL that a reader wrote may do: functions and tables of a list, values, statements
and memory of a bounded size."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

from archive.reading.rows import fetch_column

HEAP_BYTES: Final = 128 << 20
"""What SQLite may take in one process."""
MAX_VALUE_BYTES: Final = 24 << 20
"""The longest value, and row: more than the longest page has that is ingested."""
MAX_STATEMENT_BYTES: Final = 100_000
_LIMITS: Final = (
    (sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, MAX_STATEMENT_BYTES),
    (sqlite3.SQLITE_LIMIT_COLUMN, 200),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 200),
    (sqlite3.SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (sqlite3.SQLITE_LIMIT_VDBE_OP, 100_000),
    (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
    (sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000),
    # Datasette names each row of a page when it looks up what they link to
    (sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 5_000),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
)

_FUNCTION_NAMES: Final = """
    -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling char coalesce
    concat concat_ws cos cosh count cume_dist current_date current_time current_timestamp
    date datetime degrees dense_rank exp first_value floor format glob group_concat hex
    highlight ifnull iif instr json json_array json_array_length json_each json_error_position
    json_extract json_group_array json_group_object json_insert json_object json_patch
    json_pretty json_quote json_remove json_replace json_set json_type json_valid julianday
    lag last_value lead length like likelihood likely ln log log10 log2 lower ltrim match
    max min mod nth_value ntile nullif octet_length percent_rank pi pow power printf quote
    radians random rank replace round row_number rtrim sign sin sinh snippet soundex
    sqlite_version sqrt strftime string_agg substr substring sum tan tanh time timediff
    total trim trunc typeof unhex unicode unixepoch unlikely upper zeroblob
    dz_match dz_snippet dz_fold escape_fts
"""
FUNCTIONS: Final = frozenset(_FUNCTION_NAMES.split())
"""SQLite's own that compute from what they are given, and ours. Not there: what loads
libraries, sets tokenizers, writes logs, or takes pointers."""

_READABLE_MODULES: Final = ("json_each", "json_tree")
_PRAGMA_NAMES: Final = """
    data_version database_list foreign_key_list function_list index_info index_list
    index_xinfo table_info table_list table_xinfo
"""
_PRAGMAS: Final = frozenset(_PRAGMA_NAMES.split())
_SETTABLE: Final = frozenset(
    ("application_id", "max_page_count", "page_count", "page_size", "schema_version")
)
"""PRAGMAs that ask, when nothing stands behind them."""
_SCHEMAS: Final = ("sqlite_master", "sqlite_temp_master")
"""SQLite asks for leave to change them when it opens a virtual table, such as the index; a
statement that would change them is refused whatever we say."""
_ALWAYS: Final = (
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_RECURSIVE,
    sqlite3.SQLITE_TRANSACTION,
)
_MODULES: Final = "SELECT name FROM pragma_module_list"

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def restrict(conn: sqlite3.Connection) -> None:
    """Hold a connection to what readers may do. The bound on memory is the whole process's."""
    refused = _refused_tables(conn)
    conn.execute(f"PRAGMA hard_heap_limit = {HEAP_BYTES}")
    for limit, value in _LIMITS:
        conn.setlimit(limit, value)
    conn.set_authorizer(_authorizer(refused))


def _refused_tables(conn: sqlite3.Connection) -> frozenset[str]:
    """The tables that SQLite's modules are by themselves, without being made."""
    modules = set(fetch_column(conn, _MODULES))
    modules -= set(_READABLE_MODULES)
    return frozenset(modules)


def _authorizer(refused_tables: frozenset[str]) -> Authorizer:
    """What SQLite asks for each thing that a statement does."""

    def authorize(
        action: int,
        first: str | None,
        second: str | None,
        _schema: str | None,
        _within: str | None,
    ) -> int:
        if action in _ALWAYS:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            is_readable = _is_readable(first or "", refused_tables)
        elif action == sqlite3.SQLITE_FUNCTION:
            is_readable = (second or "").lower() in FUNCTIONS
        elif action == sqlite3.SQLITE_PRAGMA:
            is_readable = _is_question(first or "", second)
        elif action == sqlite3.SQLITE_UPDATE:
            is_readable = first in _SCHEMAS
        else:
            is_readable = False
        return sqlite3.SQLITE_OK if is_readable else sqlite3.SQLITE_DENY

    return authorize


def _is_readable(table: str, refused_tables: frozenset[str]) -> bool:
    name = table.lower()
    if name.startswith("pragma_"):
        return name.removeprefix("pragma_") in _PRAGMAS | _SETTABLE
    return name not in refused_tables


def _is_question(pragma: str, value: str | None) -> bool:
    """Whether a PRAGMA asks and sets nothing."""
    name = pragma.lower()
    if name in _SETTABLE:
        return value is None
    return name in _PRAGMAS
