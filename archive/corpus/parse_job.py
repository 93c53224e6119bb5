"""The job that reads a list of shards: one task a shard, and none for those that are done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from archive.corpus.outputs import Output
from archive.corpus.parse_shard import DONE, PAGES, PROBLEMS, Told, parse_shard
from archive.corpus.shards import Shard
from archive.corpus.worker_parsers import parsers_of_attempt

_SUFFIX: Final = ".json"


@dataclass(frozen=True, slots=True)
class ParseSummary:
    """What a run did: shards read now and before, and of those that were read now, pages
    by kind, problems, and what is no page."""

    read: int
    done_before: int
    swept: int
    counts: Counter[str]
    passed_over: Counter[str]


@dataclass(frozen=True, slots=True)
class _Task:
    """What a worker needs to read shards; goes to it as a value."""

    out: Output
    utc_offset_minutes: int | None

    def __call__(self, shards: Iterable[Shard]) -> Iterator[Told]:
        # of the extra that is there where this runs
        from pyspark import TaskContext

        context = TaskContext.get()
        parsers = parsers_of_attempt(context.attemptNumber() if context else 0)
        for shard in shards:
            yield parse_shard(
                shard,
                self.out,
                parsers,
                self.utc_offset_minutes,
            )


def run(
    spark: Any,
    shards: Sequence[Shard],
    out: Output,
    utc_offset_minutes: int | None = None,
) -> ParseSummary:
    """Read those shards of a list that are not done. Files of tasks that ended before their
    time are swept away, those of this run and of earlier ones."""
    manifests = manifests_of(out)
    swept = sweep(out, manifests.values())
    todo = [shard for shard in shards if shard.name not in manifests]
    counts: Counter[str] = Counter()
    passed_over: Counter[str] = Counter()
    if todo:
        task = _Task(out, utc_offset_minutes)
        tasks = spark.sparkContext.parallelize(todo, len(todo)).mapPartitions(task)
        for told in tasks.collect():
            counts.update(told["counts"])
            passed_over.update(told["passed_over"])
        swept += sweep(out, manifests_of(out).values())
    return ParseSummary(
        read=len(todo),
        done_before=len(shards) - len(todo),
        swept=swept,
        counts=counts,
        passed_over=passed_over,
    )


def manifests_of(out: Output) -> dict[str, Told]:
    """What is done: name of a shard → what its manifest says."""
    found = {}
    for name in out.names(DONE):
        if name.endswith(_SUFFIX):
            shard = name.removeprefix(f"{DONE}/").removesuffix(_SUFFIX)
            found[shard] = out.read_json(name)
    return found


def sweep(out: Output, manifests: Iterable[Told]) -> int:
    """Delete what no manifest names. How many files that were."""
    wanted = set()
    for told in manifests:
        wanted |= {told["pages"], told["problems"]}
    return out.sweep(PAGES, wanted) + out.sweep(PROBLEMS, wanted)
