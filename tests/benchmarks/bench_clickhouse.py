"""How quick is the search in ClickHouse, and how large its index? Prints figures; nothing is
asserted.

    python tests/benchmarks/bench_clickhouse.py [--posts N ...] [--queries N] [--keep FOLDER]

An invented forum of N posts is written as `export --format parquet` writes one, loaded by the
engine in this process, and asked; of several N the figures stand one below the other, to show
growth. Times are of the processor, all threads together, which a busy machine spoils less;
milliseconds for p50 / p95. `count` is the total alone, the others a page of 20 hits with
snippets, by `archive.clickhouse.api.search`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from search_corpus import BenchPost, Corpus

from archive.clickhouse.api import search
from archive.clickhouse.columns import exported
from archive.clickhouse.ddl import statements
from archive.clickhouse.engine import Engine, connect
from archive.clickhouse.filters import tree_sql
from archive.clickhouse.index import Index
from archive.clickhouse.load import load
from archive.corpus.outputs import Output
from archive.export.arrow_tables import schema_of
from archive.search.context import Order
from archive.search.query import parse

PIECE_POSTS = 20_000
SAMPLE_POSTS = 500
SITE = {"site_id": 1, "site": "论坛", "base_url": "https://bbs.example/"}


def write_tables(folder: Path, count: int) -> int:
    """The tables of an invented forum; returns the bytes of all texts."""
    text_bytes = 0
    posts = enumerate(Corpus().posts(count), 1)
    schema = schema_of(exported("posts"))
    with pq.ParquetWriter(folder / "posts.parquet", schema, compression="zstd") as file:
        while piece := list(islice(posts, PIECE_POSTS)):
            rows = [_row(number, post) for number, post in piece]
            text_bytes += sum(len(post.text.encode()) for _, post in piece)
            file.write_table(pa.Table.from_pylist(rows, schema))
    site = {**SITE, "utc_offset_minutes": 480}
    sites = pa.Table.from_pylist([site], schema_of(exported("sites")))
    pq.write_table(sites, folder / "sites.parquet")
    return text_bytes


def _row(number: int, post: BenchPost) -> dict[str, Any]:
    return {
        "site_id": 1,
        "site": SITE["site"],
        "board": f"版块{post.board}",
        "tid": post.thread,
        "thread_id": post.thread,
        "thread": post.subject,
        "pid": number,
        "post_id": number,
        "author": post.author,
        "posted_at": datetime.fromisoformat(post.posted_at),
        "posted_at_is_day": False,
        "subject": post.subject,
        "text": post.text,
        "quotes": [],
        "attachments": [],
        "poll": [],
        "images": [],
        "links": [],
    }


def words_of(texts: list[str], length: int, seed: int) -> Iterator[str]:
    """Pieces of Chinese runs of so many characters, from posts by chance."""
    chance = random.Random(seed)
    while True:
        run = chance.choice(chance.choice(texts).split() or [""])
        if len(run) < length or not all("\u4e00" <= char <= "\u9fff" for char in run):
            continue
        start = chance.randrange(len(run) - length + 1)
        yield run[start : start + length]


def timed(calls: list[Callable[[], object]]) -> str:
    """p50 / p95 of the processor's milliseconds."""
    times = []
    for call in calls:
        start = time.process_time()
        call()
        times.append((time.process_time() - start) * 1e3)
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times):.1f} / {p95:.1f}"


def ask(engine: Engine, queries: int) -> Iterator[tuple[str, str, str, str]]:
    """Kind of question, then the times of its counts, newest and best pages."""
    rows = engine.rows(
        f"SELECT runs FROM posts ORDER BY cityHash64(post_id) LIMIT {SAMPLE_POSTS}"
    )
    texts = [row[0] for row in rows]

    def count(query: str) -> int:
        index = Index(engine)
        root = parse(query).root
        assert root
        return index.count(tree_sql(root, index))[0]

    def page(query: str, order: Order) -> object:
        return search(Index(engine), query, order=order)

    kinds = {f"{length} characters": (length,) for length in (1, 2, 3, 4)}
    kinds |= {"two words": (2, 2), "two, without one": (2, -2)}
    for kind, lengths in kinds.items():
        asked = []
        words = [words_of(texts, abs(each), seed=9) for each in lengths]
        for seed, each in enumerate(lengths):
            words[seed] = words_of(texts, abs(each), seed=seed)
        for _ in range(queries):
            signs = ["-" if each < 0 else "" for each in lengths]
            pieces = [
                sign + next(each) for sign, each in zip(signs, words, strict=True)
            ]
            asked.append(" ".join(pieces))
        yield (
            kind,
            timed([lambda q=q: count(q) for q in asked]),
            timed([lambda q=q: page(q, "newest") for q in asked]),
            timed([lambda q=q: page(q, "best") for q in asked]),
        )


def measure(folder: Path, posts: int, queries: int, console: Console) -> None:
    tables = folder / "tables"
    tables.mkdir(parents=True)
    text_bytes = write_tables(tables, posts)
    with connect(f"chdb://{folder}/index", create=True) as engine:
        for statement in statements():
            engine.run(statement)
        began, clock = time.process_time(), time.perf_counter()
        load(engine, Output(str(tables)))
        cpu_s = time.process_time() - began
        clock_s = time.perf_counter() - clock
        began = time.process_time()
        engine.run("OPTIMIZE TABLE posts FINAL")
        merge_s = time.process_time() - began
        ((index_bytes, data_bytes),) = engine.rows(
            """SELECT sum(secondary_indices_compressed_bytes), sum(bytes_on_disk)
            FROM system.parts WHERE table = 'posts' AND active"""
        )
        console.print(
            f"{posts:,} posts, {text_bytes / 1e6:,.0f} MB of text: loaded in {clock_s:.0f} s "
            f"({posts / clock_s:,.0f} posts/s), {cpu_s / posts * 1e6:.0f} µs of the processor "
            f"a post ({posts / cpu_s:,.0f} posts/s a core), merging {merge_s / posts * 1e6:.0f} "
            f"µs more; text index {index_bytes / text_bytes:.2f} x text, "
            f"all {data_bytes / text_bytes:.2f} x text"
        )
        table = Table("CPU ms p50 / p95", "count", "newest", "best")
        for row in ask(engine, queries):
            table.add_row(*row)
        console.print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="bench-clickhouse-") as temporary:
        folder = given.keep or Path(temporary)
        for posts in given.posts:
            measure(folder / str(posts), posts, given.queries, console)


if __name__ == "__main__":
    main()
