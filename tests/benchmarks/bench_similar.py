"""Are copies of articles found whose words were swapped, and nothing else? Prints a table;
nothing is asserted.

    python tests/benchmarks/bench_similar.py [--posts N] [--articles N] [--seed N]

Among N posts of the invented forum of search_corpus.py are articles of several lengths,
each three times, every copy with a share of its words swapped for synonyms (one of two for
each word, as the machines do that spin texts). Each is asked for; found is what is called a
copy. Times are milliseconds of the processor a question.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent))
from search_archive import fill
from search_corpus import Corpus

from archive.index.rebuild import reindex
from archive.schema import open_archive
from archive.search.similar import similar

LENGTHS = (60, 150, 400, 3_000)
SHARES = (0.0, 0.1, 0.2, 0.3)
COPIES = 3


class Spinner:
    """Writes articles, and the same again with words swapped."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self._corpus, self._random = corpus, random.Random(seed)
        self._synonyms: dict[str, list[str]] = {}

    def article(self, length: int) -> list[str]:
        """Words of some characters in all."""
        words: list[str] = []
        while sum(map(len, words)) < length:
            words += [self._corpus.text()[at : at + 2] for at in range(0, 18, 2)] + [
                "，"
            ]
        return words

    def spun(self, words: list[str], share: float) -> str:
        """The text with a share of its words swapped."""
        return "".join(
            self._other(word)
            if self._random.random() < share and word != "，"
            else word
            for word in words
        )

    def _other(self, word: str) -> str:
        known = self._synonyms.setdefault(
            word, self._random.sample(self._corpus.words[100:], 2)
        )
        return self._random.choice(known)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument(
        "--articles", type=int, default=25, help="articles of each length and share"
    )
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    corpus = Corpus(args.seed)
    spinner = Spinner(corpus, args.seed)
    posts = list(corpus.posts(args.posts))
    count = len(LENGTHS) * len(SHARES) * args.articles * COPIES
    places = iter(random.Random(args.seed).sample(range(len(posts)), count))
    siblings: dict[tuple[int, float], list[list[int]]] = defaultdict(list)
    for length in LENGTHS:
        for share in SHARES:
            for _ in range(args.articles):
                words = spinner.article(length)
                ids = [next(places) for _ in range(COPIES)]
                for at in ids:
                    posts[at] = replace(posts[at], text=spinner.spun(words, share))
                siblings[length, share].append([at + 1 for at in ids])
    with tempfile.TemporaryDirectory() as folder:
        conn = open_archive(Path(folder) / "bench.db").conn
        fill(conn, posts)
        reindex(conn)
        Console(width=100).print(_measured(conn, siblings))


def _measured(
    conn: sqlite3.Connection, siblings: dict[tuple[int, float], list[list[int]]]
) -> Table:
    table = Table(
        "characters",
        "swapped",
        "asked",
        "found of siblings",
        "others called copies",
        "ms p50",
        "ms p95",
    )
    for (length, share), groups in siblings.items():
        hits = others = asked = 0
        times = []
        for group in groups:
            for post_id in group:
                start = time.process_time()
                found = {
                    one.hit.post_id for one in similar(conn, post_id) if one.is_copy
                }
                times.append((time.process_time() - start) * 1e3)
                asked += 1
                hits += len(found & set(group))
                others += len(found - set(group))
        table.add_row(
            str(length),
            f"{share:.0%}",
            str(asked),
            f"{hits / (asked * (COPIES - 1)):.3f}",
            str(others),
            f"{statistics.median(times):.0f}",
            f"{statistics.quantiles(times, n=20)[-1]:.0f}",
        )
    return table


if __name__ == "__main__":
    main()
