"""What Datasette shows about an archive: descriptions from the schema's own comments,
facets, named queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from archive.schema import descriptions
from archive.web.named_queries import QUERIES
from archive.web.table_search import INDEX, TABLE

FACETS = {
    "posts": ["thread_id", "author", "withheld_reason"],
    "post_list": ["board", "author", "site"],
    "threads": ["board_id", "special", "type", "author"],
    "thread_list": ["board", "author", "site"],
    "boards": ["site_id"],
    "captures": ["kind", "outcome", "theme", "status"],
    "attachments": ["image"],
    "frontier": ["kind", "state", "outcome"],
}
SORTS = {
    "posts": "posted_at",
    "post_list": "posted_at",
    "threads": "last_post_at",
    "thread_list": "last_post_at",
}
LABELS = {"sites": "name", "boards": "name", "users": "name", "threads": "title"}
INTERNAL = ("posts_fts",)
"""The index and its shadow tables: nothing to read there."""


def metadata(databases: Sequence[str]) -> dict[str, Any]:
    """Datasette's metadata for the archives that it knows by these names."""
    tables = {}
    for name, (text, columns) in descriptions().items():
        tables[name] = _table(name, text, columns)
    return {
        "title": "discuz-archive",
        "description": "Discuz! 论坛存档 / An archive of Discuz! forums",
        "databases": {
            database: {
                "tables": tables,
                "queries": QUERIES,
            }
            for database in databases
        },
    }


def _table(name: str, text: str, columns: dict[str, str]) -> dict[str, Any]:
    about: dict[str, Any] = {
        "description": text,
        "columns": columns,
    }
    if name in FACETS:
        about["facets"] = FACETS[name]
    if name in SORTS:
        about["sort_desc"] = SORTS[name]
    if name in LABELS:
        about["label_column"] = LABELS[name]
    if name == TABLE:
        about["fts_table"] = INDEX
        about["fts_pk"] = "id"
    if name.startswith(INTERNAL):
        about["hidden"] = True
    return about
