"""Are the first pages of a very large archive right? Against its newest posts, each of which is
read: to list all hits of common words among twenty million posts would fill the memory.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from rich.table import Table
from search_cases import Case

from archive.index.fold import normalise
from archive.search.executor import look_up
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats

PAGE_HITS = 20
READ_POSTS = 200_000
_NEWEST = """SELECT id, text, subject, author, posted_at FROM posts
  ORDER BY posted_at DESC, id DESC LIMIT ?"""


def first_pages(conn: sqlite3.Connection, some: list[Case]) -> Table:
    """Recall and precision by kind of the first page, newest first; of rarer words, of what
    it shows of the READ_POSTS newest posts."""
    truths, read = _right(conn, some)
    counts: dict[str, list[tuple[int, int, int]]] = {}
    for case, truth in zip(some, truths, strict=True):
        shown = {post_id for post_id in _page(conn, case) if post_id in read}
        right = set(truth)
        counted = len(right), len(shown), len(right & shown)
        counts.setdefault(case.kind, []).append(counted)
    title = f"first pages, newest first, against the {READ_POSTS:,} newest posts"
    return quality_table(title, counts)


def quality_table(title: str, counts: dict[str, list[tuple[int, int, int]]]) -> Table:
    """Recall and precision by kind, of how many posts are right, found, and both."""
    table = Table(
        "kind",
        "queries",
        "hits",
        "recall",
        "precision",
        title=title,
    )
    for kind, numbers in counts.items():
        right, got, both = (sum(column) for column in zip(*numbers, strict=True))
        recall = both / right if right else 1.0
        precision = both / got if got else 1.0
        table.add_row(
            kind,
            str(len(numbers)),
            f"{right:,}",
            f"{recall:.4f}",
            f"{precision:.4f}",
        )
    return table


def _right(
    conn: sqlite3.Connection, some: list[Case]
) -> tuple[list[list[int]], set[int]]:
    """The posts that belong on each page, and all that were read for it."""
    truths: list[list[int]] = [[] for _ in some]
    read: set[int] = set()
    for post_id, row in _newest(conn):
        read.add(post_id)
        for case, truth in zip(some, truths, strict=True):
            if len(truth) < PAGE_HITS and case.fits(*row):
                truth.append(post_id)
    return truths, read


def _newest(conn: sqlite3.Connection) -> Iterator[tuple[int, tuple[str, str, str]]]:
    for post_id, text, subject, author, at in conn.execute(_NEWEST, (READ_POSTS,)):
        yield post_id, (normalise(f"{text}\n{subject}"), author, at)


def _page(conn: sqlite3.Connection, case: Case) -> list[int]:
    root = parse(case.query).root
    assert root
    return look_up(conn, plan(root, IndexStats(conn)), "newest", PAGE_HITS, 0).ids
