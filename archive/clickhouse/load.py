"""Loads a corpus into an index. A post that is there as it is costs no writing; one that
changed takes the older one's place; what a run that was killed left behind is put right by
the next.

For each batch: what is new or other than the digests of `post_keys` say is found; older rows
of it are deleted; its keys are written as doubtful (digest 0), then the posts, then the keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from archive.clickhouse.batches import names_of, with_folded, with_runs
from archive.clickhouse.columns import (
    DIGEST_LEFT_OUT,
    MARKS,
    NEWEST,
    Stored,
    exported,
    words_of,
)
from archive.clickhouse.ddl import OTHERS, POST_COLUMNS
from archive.clickhouse.engine import Engine
from archive.clickhouse.files import batches, files_of
from archive.clickhouse.node import Node, posts_at
from archive.corpus.outputs import Output

_PART_ROWS: Final = 50_000
"""So many posts are written as a part; parts of a batch are made side by side."""
BATCH_ROWS: Final = 2 * _PART_ROWS
_IN_PARTS: Final = """SETTINGS
  min_insert_block_size_rows = 1, min_insert_block_size_bytes = 1"""
"""ClickHouse would put the blocks of a statement together, and index them by one thread."""
_DELETED_AT_ONCE: Final = 10_000
_INCOMING: Final = "incoming"
_CHANGED: Final = "changed"
_DIGESTED: Final = ", ".join(
    column.name for column in POST_COLUMNS if column.name not in DIGEST_LEFT_OUT
)
_PLAIN: Final = tuple(Stored(each.name, each.kind) for each in POST_COLUMNS)
_MADE: Final = (
    Stored("newest", "Int64", f"MATERIALIZED {NEWEST}"),
    Stored("marks", "Array(String)", f"MATERIALIZED {MARKS}"),
    Stored(
        "digest", "UInt64", f"MATERIALIZED cityHash64(formatRow('TSV', {_DIGESTED}))"
    ),
)
"""What is made of the others, once for each post that comes in."""
_ALL_NAMES: Final = ", ".join(column.name for column in (*_PLAIN, *_MADE))


@dataclass(slots=True)
class Loaded:
    """How many posts were read, how many of them were new and how many other than before,
    and how many were not taken, having been forgotten."""

    read: int = 0
    new: int = 0
    changed: int = 0
    forgotten: int = 0

    @property
    def same(self) -> int:
        """How many were there as they are."""
        return self.read - self.new - self.changed - self.forgotten


def load(
    engine: Engine,
    out: Output,
    *,
    tick: Callable[[int], None] = lambda _posts: None,
) -> Loaded:
    """Load all that a folder holds; `tick` is told how many more posts were read. InputError
    where it holds no posts."""
    files = files_of(out)
    node = Node(engine)
    with _Loading(node) as loading:
        for table in OTHERS:
            for name in files.get(table, ()):
                _load_other(
                    node,
                    out,
                    name,
                    table,
                )
        for name in files["posts"]:
            for batch in _made_ahead(_posts_of(out, name)):
                loading.take(batch)
                tick(batch.num_rows)
    return loading.loaded


def _load_other(node: Node, out: Output, name: str, table: str) -> None:
    columns = exported(table)
    wanted = [each.name for each in columns]
    for batch in batches(out, name, wanted, BATCH_ROWS):
        rows = with_folded(
            batch,
            table,
            columns,
        )
        node.engine.insert(node.all(table), rows)


def _posts_of(out: Output, name: str) -> Iterator[Any]:
    columns = exported("posts")
    wanted = [each.name for each in columns]
    for batch in batches(out, name, wanted, BATCH_ROWS):
        yield with_runs(batch, columns)


def _made_ahead(batches: Iterator[Any]) -> Iterator[Any]:
    """The batches, each made while the engine has the one before."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = maker.submit(next, batches, None)
            yield batch


class _Loading:
    """Takes posts, a batch at a time. A context; `loaded` counts."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._engine = node.engine
        self.loaded = Loaded()

    def __enter__(self) -> _Loading:
        self._drop()
        columns = ",\n".join(each.sql for each in (*_PLAIN, *_MADE))
        self._engine.run(f"CREATE TABLE {_INCOMING} (\n{columns}\n) ENGINE = Memory")
        self._engine.run(
            f"""CREATE TABLE {_CHANGED} (post_id Int64, site_id Int64, newest Int64,
            digest UInt64, is_known UInt8, old_newest Int64) ENGINE = Memory"""
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def _drop(self) -> None:
        for table in (_INCOMING, _CHANGED):
            self._engine.run(f"DROP TABLE IF EXISTS {table} SYNC")

    def take(self, batch: Any) -> None:
        """Load a batch."""
        for table in (_INCOMING, _CHANGED):
            self._engine.run(f"TRUNCATE TABLE {table}")
        for start in range(0, batch.num_rows, _PART_ROWS):
            # each is a block, and becomes a part
            part = batch.slice(start, _PART_ROWS)
            self._engine.insert(_INCOMING, part)
        self._find_changed()
        ((changed, known),) = self._engine.rows(
            f"SELECT count(), sum(is_known) FROM {_CHANGED}"
        )
        self.loaded.read += batch.num_rows
        self.loaded.new += changed - known
        self.loaded.changed += known
        self.loaded.forgotten += self._forgotten()
        if not changed:
            return
        if known:
            self._delete_old()
        self._write_keys("0")
        self._engine.insert(self._node.all("names"), names_of(batch))
        self._write_posts()
        self._write_keys("digest")

    def _find_changed(self) -> None:
        self._engine.run(
            f"""INSERT INTO {_CHANGED}
            SELECT i.post_id, i.site_id, i.newest, i.digest, k.is_known, k.newest
            FROM (
              SELECT post_id, site_id, newest, digest
              FROM {_INCOMING} WHERE NOT ({_is_forgotten()}) LIMIT 1 BY post_id
            ) AS i LEFT JOIN (
              SELECT post_id, 1 AS is_known, argMax(newest, version) AS newest,
                argMax(digest, version) AS digest
              FROM {self._node.all("post_keys")}
              WHERE post_id IN (SELECT post_id FROM {_INCOMING}) GROUP BY post_id
            ) AS k ON k.post_id = i.post_id
            WHERE k.is_known = 0 OR k.digest != i.digest"""
        )

    def _forgotten(self) -> int:
        ((posts,),) = self._engine.rows(
            f"SELECT count() FROM {_INCOMING} WHERE {_is_forgotten()}"
        )
        return int(posts)

    def _delete_old(self) -> None:
        old = self._engine.rows(
            f"SELECT old_newest, post_id FROM {_CHANGED} WHERE is_known"
        )
        for start in range(0, len(old), _DELETED_AT_ONCE):
            some = old[start : start + _DELETED_AT_ONCE]
            # literally: other nodes of a cluster have no such table
            self._node.delete(posts_at(some))

    def _write_keys(self, digest: str) -> None:
        self._engine.run(
            f"""INSERT INTO {self._node.all("post_keys")}
              (post_id, site_id, newest, digest)
            SELECT post_id, site_id, newest, {digest} FROM {_CHANGED}"""
        )

    def _write_posts(self) -> None:
        these = f"post_id IN (SELECT post_id FROM {_CHANGED})"
        self._engine.run(
            f"""INSERT INTO {self._node.all("vocabulary")} (word)
            SELECT DISTINCT arrayJoin({words_of("concat(runs, quote_runs)")}) AS word
            FROM {_INCOMING} WHERE {these}"""
        )
        self._engine.run(
            f"""INSERT INTO {self._node.all("posts")} ({_ALL_NAMES})
            {_IN_PARTS}
            SELECT {_ALL_NAMES} FROM {_INCOMING} WHERE {these}
            LIMIT 1 BY post_id"""
        )


def _is_forgotten() -> str:
    """Whether a post that comes in was forgotten on request, alone or with its thread or
    author."""
    tests = [
        f"(site_id, ifNull({column}, -1)) IN "
        f"(SELECT site_id, item FROM forgotten WHERE kind = '{kind}')"
        for kind, column in FORGETS.items()
    ]
    return " OR ".join(tests)


FORGETS: Final = {"post": "pid", "thread": "tid", "user": "uid"}
"""What can be forgotten, and the column of posts that says its number."""
