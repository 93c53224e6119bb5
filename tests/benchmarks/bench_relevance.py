"""Is the best hit first? Questions of words and whole sentences, drawn from an archive's own.

    python tests/benchmarks/bench_relevance.py forum.db --questions 320

A question of words is two words of one clause of a post, for which the archive has posts
with both in one clause and posts with them apart. A post is judged 2 where one of its
clauses, or its title, has both, 1 where a sentence has, else 0.

A sentence is what no post answers in full: two words of one clause and one of another
post, as people ask (`服务器 罢工 怎么办`, `服务器罢工怎么办`). A post is judged by the
rarity of the words that one of its clauses has: 2 where no post has rarer or more, 1 where
it has at least half of that weight, be it in several clauses.

Judged is the text as it is, not by the search's own rules. Printed for the order `best` and,
for comparison, `newest`: how often the first hit is judged 2, how many of the first five are
(of as many as there are), and nDCG@10.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from math import log, log2
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


TAILS = ("怎么办", "怎么样", "吗", "是什么", "")
"""What a sentence ends with; it says nothing of the matter."""

Posts = dict[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the judgement of each post that is not judged 0."""

    words: str
    judged: dict[int, int]


def load(conn: sqlite3.Connection) -> Posts:
    """Folded text and subject of the posts by their numbers."""
    rows = conn.execute("SELECT id, text, subject FROM posts WHERE text != ''")
    return {
        post_id: (normalise(text), normalise(subject))
        for post_id, text, subject in rows
    }


def judgement(text: str, subject: str, words: tuple[str, str]) -> int:
    """2 for a clause or title with both words, 1 for a sentence, else 0."""
    clauses = [*CLAUSE.split(text), subject]
    if any(all(word in clause for word in words) for clause in clauses):
        return 2
    sentences = SENTENCE.split(text)
    return int(any(all(word in each for word in words) for each in sentences))


def two_words(posts: Posts, count: int, seed: int) -> Iterator[Question]:
    """Questions of two words whose posts are not all as good."""
    rng = random.Random(seed)
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


def sentences(posts: Posts, count: int, seed: int) -> Iterator[Question]:
    """Questions that no post answers in full."""
    rng = random.Random(seed)
    numbers = list(posts)
    found = 0
    while found < count:
        inside = words_of_clause(rng, posts[rng.choice(numbers)][0])
        other = words_of_clause(rng, posts[rng.choice(numbers)][0])
        if len(inside) < 2 or not other:
            continue
        words = list(dict.fromkeys([*rng.sample(inside, 2), rng.choice(other)]))
        rng.shuffle(words)
        judged = judged_by_rarity(posts, words)
        if not judged:
            continue
        found += 1
        blank = rng.choice(("", " "))
        asked = blank.join([*words, rng.choice(TAILS)])
        yield Question(asked.strip(), judged)


def words_of_clause(rng: random.Random, text: str) -> list[str]:
    """The different words of a clause of a text, two characters each."""
    clause = rng.choice(CLAUSE.split(text))
    return sorted(set(WORD.findall(clause)))


def judged_by_rarity(posts: Posts, words: list[str]) -> dict[int, int]:
    """The judgement of each post that has some of the words; none where a post has all, or
    too many have the best of them."""
    held = {
        post_id: [word for word in words if word in text or word in subject]
        for post_id, (text, subject) in posts.items()
    }
    counts = {word: sum(word in each for each in held.values()) for word in words}
    if any(len(each) == len(set(words)) for each in held.values()):
        return {}
    rarity = {word: log(1 + len(posts) / counts[word]) for word in words}

    def weight(text: str) -> float:
        return sum(rarity[word] for word in rarity if word in text)

    in_clause = {
        post_id: max(map(weight, [*CLAUSE.split(posts[post_id][0]), posts[post_id][1]]))
        for post_id, each in held.items()
        if each
    }
    best = max(in_clause.values())
    judged = {
        post_id: 2
        if value == best
        else int(sum(rarity[word] for word in held[post_id]) >= best / 2)
        for post_id, value in in_clause.items()
    }
    first = list(judged.values()).count(2)
    return judged if 0 < first <= MOST_POSTS and 0 in judged.values() else {}


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
    posts = load(conn)
    table = Table("questions", "order", "first right", "P@5", "nDCG@10")
    orders: tuple[Order, ...] = ("best", "newest")
    for kind, drawn in (("two words", two_words), ("sentences", sentences)):
        asked = list(drawn(posts, given.questions, given.seed))
        for order in orders:
            row = [f"{value:.3f}" for value in measure(conn, asked, order)]
            table.add_row(f"{len(asked)} {kind}", order, *row)
    Console().print(table)


if __name__ == "__main__":
    main()
