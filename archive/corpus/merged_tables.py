"""Reads what `corpus merge` has written, bit by bit: rows of its tables, and threads with their
posts, as exports take them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Final

import pyarrow.parquet as pq

from archive.corpus.merge_job import MANIFEST
from archive.corpus.outputs import Output
from archive.export.job import POSTS_AT_ONCE, ChosenThread
from archive.export.table_others import TABLES
from archive.export.table_records import (
    forum_of,
    pairs_of,
    post_of,
    summary_of,
    thread_of,
)
from archive.export.tables import Chunks, Table, Values
from archive.reading.forums import Forum
from archive.reading.posts import ThreadPost
from scraper.core.errors import InputError

_ROWS_AT_ONCE: Final = 500


class MergedTables:
    """The tables of a merged corpus. InputError where nothing is merged; `tick` is told how
    many more posts were read."""

    def __init__(
        self, out: Output, tick: Callable[[int], None] = lambda _posts: None
    ) -> None:
        if not out.has(MANIFEST):
            raise InputError(
                f"{out.address} holds no merged forums yet: "
                f"`corpus merge {out.address}` first"
            )
        self._out = out
        self._tick = tick
        manifest = out.read_json(MANIFEST)
        self.posts = int(manifest["rows"].get("posts", 0))
        self._parts: dict[str, dict[str, str]] = {}
        for name in sorted(manifest["files"]):
            folder = str(PurePosixPath(name).parent)
            table, _, _ = PurePosixPath(name).name.partition("-")
            self._parts.setdefault(folder, {})[table] = name

    @property
    def parts(self) -> list[str]:
        """The parts of the forums, each with files of its own."""
        return list(self._parts)

    def rows(self, table: Table) -> Chunks:
        """The rows of a table, of all parts."""
        for part in self._parts:
            yield from self.rows_of_part(table.name, part)

    def rows_of_part(self, table: str, part: str) -> Chunks:
        """The same of one part."""
        name = self._parts[part].get(table)
        if name is None:
            return
        columns = _columns_of(table)
        with self._out.open(name) as stream:
            file = pq.ParquetFile(stream, pre_buffer=False)
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=columns):
                yield batch.to_pylist()
                if table == "posts":
                    self._tick(batch.num_rows)


def _columns_of(name: str) -> list[str]:
    (table,) = (each for each in TABLES if each.name == name)
    return [column.name for column in table.columns]


@dataclass(slots=True)
class MergedThreads:
    """The threads of a merged corpus, one after the other; in memory are the posts of one."""

    tables: MergedTables
    removes_personal: bool = False
    told: Counter[str] = field(default_factory=Counter)
    _posts: Mapping[int, ThreadPost] = field(default_factory=dict)

    def threads(self) -> Iterator[ChosenThread]:
        """The threads that have posts, these in the order of time."""
        for part in self.tables.parts:
            forums = self._forums(part)
            threads = _each(self.tables.rows_of_part("threads", part))
            posts = _each(self.tables.rows_of_part("posts", part))
            for thread_id, of_thread in groupby(posts, itemgetter("thread_id")):
                rows = list(of_thread)
                # posts stand in the order of their threads
                thread = next(row for row in threads if row["thread_id"] == thread_id)
                self._posts = {
                    post.id: post for post in sorted(map(post_of, rows), key=_time)
                }
                self.told["threads"] += 1
                yield _chosen(thread, forums[thread["site_id"]], tuple(self._posts))

    def posts(self, post_ids: Sequence[int]) -> Iterator[list[ThreadPost]]:
        """Posts of the last thread, so many at once as an archive's."""
        for start in range(0, len(post_ids), POSTS_AT_ONCE):
            wanted = post_ids[start : start + POSTS_AT_ONCE]
            posts = [self._posts[post_id] for post_id in wanted]
            yield posts
            self.told["posts"] += len(posts)

    def _forums(self, part: str) -> dict[int, Forum]:
        rows = _each(self.tables.rows_of_part("sites", part))
        return {row["site_id"]: forum_of(row) for row in rows}


def _each(chunks: Chunks) -> Iterator[Values]:
    for rows in chunks:
        yield from rows


def _time(post: ThreadPost) -> tuple[str, int]:
    """As an archive has them; rows come in the order of their numbers and places."""
    return post.posted_at or "", post.pid or 0


def _chosen(row: Values, forum: Forum, post_ids: tuple[int, ...]) -> ChosenThread:
    return ChosenThread(
        thread=thread_of(row, None),
        summary=summary_of(row, None),
        forum=forum,
        board=row["board"],
        fid=row["fid"],
        tags=tuple(row["tags"]),
        fields=pairs_of(row["fields"]),
        url=row["url"],
        post_ids=post_ids,
    )
