"""The tables of an index as they are named on this node: over all nodes of a cluster, where
they are, else the only ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from archive.clickhouse import literals
from archive.clickhouse.ddl import ALL
from archive.clickhouse.engine import Engine
from archive.clickhouse.shown import SHOWN
from scraper.core.errors import InputError


class Node:
    """An engine with an index. InputError where it has none."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._tables = engine.tables
        if "posts" not in self._tables:
            raise InputError(
                "there is no index at this address: `corpus index` makes it"
            )
        if f"posts.{SHOWN.name}" not in self._tables:
            raise InputError(
                "the index at this address was made by an older discuz-archive: "
                "`corpus index` adds what it lacks (of a cluster what `corpus ddl` prints)"
            )

    def all(self, table: str) -> str:
        """The name of a table over all nodes."""
        over_all = f"{table}{ALL}"
        return over_all if over_all in self._tables else table

    @cached_property
    def cluster(self) -> str:
        """The name of the cluster that the index is spread over; empty for one machine."""
        over_all = f"posts{ALL}"
        if over_all not in self._tables:
            return ""
        ((engine,),) = self.engine.rows(
            f"""SELECT engine_full FROM system.tables
            WHERE database = currentDatabase() AND name = {literals.text(over_all)}"""
        )
        _, _, arguments = str(engine).partition("Distributed('")
        cluster, _, _ = arguments.partition("'")
        return cluster

    @property
    def _on_cluster(self) -> str:
        return f" ON CLUSTER {literals.name(self.cluster)}" if self.cluster else ""

    def delete(self, where: str) -> None:
        """Take posts out of all answers at once; their room is freed with the next merges."""
        self.engine.run(f"DELETE FROM posts{self._on_cluster} WHERE {where}")

    def erase(self, table: str, where: str) -> None:
        """Take rows out of the files themselves, which are written anew."""
        self.engine.run(
            f"ALTER TABLE {table}{self._on_cluster} DELETE WHERE {where} "
            "SETTINGS mutations_sync = 2"
        )


def posts_at(places: Sequence[Sequence[int]]) -> str:
    """The condition for posts by sorting key and number, by which they are found at once."""
    keys = literals.numbers(dict.fromkeys(newest for newest, _ in places))
    ids = literals.numbers(post_id for _, post_id in places)
    return f"newest IN {keys} AND post_id IN {ids}"
