"""Is the best hit first? Questions of two words drawn from an archive's own sentences.

    python tests/benchmarks/bench_relevance.py forum.db --questions 320

A question is two words of one clause of a post, for which the archive has posts with both in
one clause and posts with them apart. A post is judged 2 where one of its clauses, or its
title, has both, 1 where a sentence has, else 0: by the text as it is, not by the search's
own rules. Printed for the order `best` and, for comparison, `newest`: how often the first
hit is judged 2, how many of the first five are (of as many as there are), and nDCG@10.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from pathlib import Path

from rich.console import Console
from rich.table import Table

from archive.index.fold import normalise
from archive.schema import open_archive
from archive.search.api import search
from archive.search.context import Order

CLAUSE = re.compile(r"[，。！？；、：,.!?;:\s()（）“”\"…]+")
SENTENCE = re.compile(r"[。！？!?\n]+")
WORD = re.compile(r"[\u4e00-\u9fff]{2}")
MOST_POSTS = 400
FIRST = 5
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """Two words, and the judgement of each post that has both."""

    words: str
    judged: dict[int, int]


def judgement(text: str, subject: str, words: tuple[str, str]) -> int:
    """2 for a clause or title with both words, 1 for a sentence, else 0."""
    clauses = [*CLAUSE.split(text), subject]
    if any(all(word in clause for word in words) for clause in clauses):
        return 2
    sentences = SENTENCE.split(text)
    return int(any(all(word in each for word in words) for each in sentences))


def questions(conn: sqlite3.Connection, count: int, seed: int) -> Iterator[Question]:
    """Questions whose posts are not all as good."""
    rng = random.Random(seed)
    rows = conn.execute("SELECT id, text, subject FROM posts WHERE text != ''")
    posts = {
        post_id: (normalise(text), normalise(subject))
        for post_id, text, subject in rows
    }
    found = 0
    while found < count:
        text, _ = posts[rng.choice(list(posts))]
        clause = rng.choice(CLAUSE.split(text))
        inside = WORD.findall(clause)
        if len(set(inside)) < 2:
            continue
        words = tuple(rng.sample(sorted(set(inside)), 2))
        judged = {
            post_id: judgement(*post, words)
            for post_id, post in posts.items()
            if all(word in post[0] or word in post[1] for word in words)
        }
        grades = set(judged.values())
        if 2 not in grades or 0 not in grades or len(judged) > MOST_POSTS:
            continue
        found += 1
        yield Question(" ".join(words), judged)


def gain(grades: list[int]) -> float:
    """The discounted cumulated gain of the first hits."""
    pairs = enumerate(grades[:DEPTH])
    return sum((2**grade - 1) / log2(rank + 2) for rank, grade in pairs)


def measure(
    conn: sqlite3.Connection, asked: list[Question], order: Order
) -> tuple[float, float, float]:
    """First right, precision of the first five, nDCG@10."""
    first = five = ndcg = 0.0
    for question in asked:
        hits = search(conn, question.words, limit=DEPTH, order=order).hits
        grades = [question.judged.get(hit.post_id, 0) for hit in hits]
        ideal = sorted(question.judged.values(), reverse=True)
        first += grades[:1] == [2]
        possible = min(FIRST, ideal.count(2))
        five += grades[:FIRST].count(2) / possible
        ndcg += gain(grades) / gain(ideal)
    count = len(asked)
    return first / count, five / count, ndcg / count


def main() -> None:
    """Print a line for each order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("db", type=Path)
    parser.add_argument("--questions", type=int, default=320)
    parser.add_argument("--seed", type=int, default=15)
    given = parser.parse_args()
    conn = open_archive(given.db, create=False).conn
    asked = list(questions(conn, given.questions, given.seed))
    table = Table("order", "first right", "P@5", "nDCG@10")
    orders: tuple[Order, ...] = ("best", "newest")
    for order in orders:
        row = [f"{value:.3f}" for value in measure(conn, asked, order)]
        table.add_row(order, *row)
    Console().print(f"{len(asked)} questions", table)


if __name__ == "__main__":
    main()
