"""The tables of an index, on one machine or on each node of a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archive.clickhouse import literals
from archive.clickhouse.columns import (
    GRAMS,
    QUOTE_GRAMS,
    RUNS,
    Stored,
    exported,
    stored,
)
from archive.clickhouse.shown import SHOWN

ALL: Final = "_all"
"""Behind the name of a table: the same on all nodes of a cluster."""
GRANULE_ROWS: Final = 64
"""So many posts are read at once to look for a phrase in one of them."""
_BLOCK_BYTES: Final = 16_384
_VERSION: Final = Stored(
    "version",
    "Int64",
    "DEFAULT toUnixTimestamp64Micro(now64(6))",
)
_FOLDED: Final = Stored("folded", "String")


@dataclass(frozen=True, slots=True)
class IndexTable:
    """A table. `sorted_by` is its key; of rows that are the same by it the last one counts,
    unless it `has_all`. `by` is what the nodes of a cluster are told apart by; `later` are
    columns made of others, which older indexes may lack."""

    name: str
    columns: tuple[Stored, ...]
    sorted_by: str
    has_all: bool = False
    by: str = "cityHash64(site_id)"
    inside: tuple[str, ...] = ()
    settings: str = ""
    later: tuple[Stored, ...] = ()


POST_COLUMNS: Final = (*stored(exported("posts")), *RUNS)
POSTS: Final = IndexTable(
    name="posts",
    columns=(
        Stored("newest", "Int64"),
        *POST_COLUMNS,
        Stored("marks", "Array(String)"),
        Stored("digest", "UInt64"),
        Stored("grams", "Array(String)", f"ALIAS {GRAMS}"),
        Stored("quote_grams", "Array(String)", f"ALIAS {QUOTE_GRAMS}"),
    ),
    sorted_by="newest, post_id",
    has_all=True,
    inside=(
        "  INDEX words grams TYPE text(tokenizer = 'array', posting_list_codec = 'bitpacking')",
        "  INDEX quoted quote_grams TYPE text(tokenizer = 'array')",
    ),
    settings=f"index_granularity = {GRANULE_ROWS}, "
    f"min_compress_block_size = {_BLOCK_BYTES}",
    later=(SHOWN,),
)
KEYS: Final = IndexTable(
    name="post_keys",
    columns=(
        Stored("post_id", "Int64"),
        Stored("site_id", "Int64"),
        Stored("newest", "Int64"),
        Stored("digest", "UInt64"),
        _VERSION,
    ),
    sorted_by="post_id",
)
OTHERS: Final = {
    "threads": "site_id, thread_id",
    "boards": "site_id, board_id",
    "users": "site_id, ifNull(uid, 0), name",
    "sites": "site_id",
}
"""Exported tables beside the posts, and what tells their rows apart."""
NAMES: Final = IndexTable(
    name="names",
    columns=(
        Stored("kind", "LowCardinality(String)"),
        _FOLDED,
        Stored("name", "String"),
        _VERSION,
    ),
    sorted_by="kind, folded, name",
    by="cityHash64(folded)",
)
VOCABULARY: Final = IndexTable(
    name="vocabulary",
    columns=(Stored("word", "String"), _VERSION),
    sorted_by="word",
    by="cityHash64(word)",
)
FORGOTTEN: Final = IndexTable(
    name="forgotten",
    columns=(
        Stored("kind", "LowCardinality(String)"),
        Stored("site_id", "Int64"),
        Stored("item", "Int64"),
        _VERSION,
    ),
    sorted_by="kind, site_id, item",
)


def tables() -> Iterator[IndexTable]:
    """All tables that stay."""
    yield POSTS
    yield KEYS
    for name, key in OTHERS.items():
        columns = stored(exported(name))
        yield IndexTable(
            name,
            (*columns, _FOLDED, _VERSION),
            key,
        )
    yield NAMES
    yield VOCABULARY
    yield FORGOTTEN


def statements(cluster: str = "") -> Iterator[str]:
    """What makes an index that is not there, and adds to one what it lacks: on this machine,
    or on all nodes of a cluster, with a table over all nodes for each."""
    on_cluster = f" ON CLUSTER {literals.name(cluster)}" if cluster else ""
    for table in tables():
        yield _create(table, on_cluster)
        yield from _added(table, table.name, on_cluster)
        if cluster:
            yield _over_all(table, cluster, on_cluster)
            yield from _added(table, f"{table.name}{ALL}", on_cluster)


def _create(table: IndexTable, on_cluster: str) -> str:
    lines = [column.sql for column in table.columns]
    lines += table.inside
    listed = ",\n".join(lines)
    settings = f"\nSETTINGS {table.settings}" if table.settings else ""
    return (
        f"CREATE TABLE IF NOT EXISTS {table.name}{on_cluster} (\n{listed}\n)\n"
        f"ENGINE = {_engine(table, is_replicated=bool(on_cluster))}\n"
        f"ORDER BY ({table.sorted_by}){settings}"
    )


def _added(table: IndexTable, name: str, on_cluster: str) -> Iterator[str]:
    for column in table.later:
        added = column.sql.strip()
        yield f"ALTER TABLE {name}{on_cluster} ADD COLUMN IF NOT EXISTS {added}"


def _engine(table: IndexTable, *, is_replicated: bool) -> str:
    kind = "MergeTree" if table.has_all else "ReplacingMergeTree"
    version = "" if table.has_all else "version"
    if not is_replicated:
        return f"{kind}({version})"
    place = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
    arguments = f"{place}, {version}" if version else place
    return f"Replicated{kind}({arguments})"


def _over_all(table: IndexTable, cluster: str, on_cluster: str) -> str:
    name = literals.name(cluster)
    return (
        f"CREATE TABLE IF NOT EXISTS {table.name}{ALL}{on_cluster} AS {table.name}\n"
        f"ENGINE = Distributed({name}, currentDatabase(), {table.name}, {table.by})"
    )
