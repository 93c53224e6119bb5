"""An archive of an invented forum of any size, as crawls leave it: for measuring the
browser's pages.

The posts are those of `search_corpus`. Round them: members, a thread of ten thousand posts,
quotes that lead to posts, pictures, older versions, posts that have gone, captures, a
frontier with pages given up, runs.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from search_corpus import BenchPost, Corpus

from archive.index.rebuild import reindex
from archive.index.writer import optimise
from archive.schema import open_archive, transaction

ON_PAGE = 20
SEEN, GONE = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
Values = dict[str, Any]
_NEEDED: dict[str, Values] = {}


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the archive is. `longest`: posts of its biggest thread."""

    posts: int
    longest: int

    @classmethod
    def of(cls, posts: int) -> Shape:
        """A forum of so many posts."""
        return cls(posts, min(10_000, max(100, posts // 20)))


def make(path: Path, shape: Shape, seed: int = 1) -> None:
    """Write the archive, indexed."""
    conn = open_archive(path).conn
    conn.execute("PRAGMA foreign_keys = OFF")  # members are written last
    corpus = Corpus(seed)
    with transaction(conn):
        _insert(
            conn,
            "sites",
            [{"id": 1, "name": "论坛", "base_url": "https://bbs.example/"}],
        )
        _insert(conn, "site_addresses", [{"address": "bbs.example/", "site_id": 1}])
        _insert(
            conn,
            "boards",
            [
                {
                    "id": each,
                    "site_id": 1,
                    "fid": each,
                    "name": f"版块{each}",
                    "parent_id": each - 20 if each > 25 else None,
                    "category": f"分区{each % 4}",
                }
                for each in range(1, 31)
            ],
        )
    users: dict[str, int] = {}
    rng = random.Random(seed)
    whole = chain(
        _longest(corpus, shape.longest), corpus.posts(shape.posts - shape.longest)
    )
    with transaction(conn):
        pid = 0
        for thread, posts in groupby(whole, key=lambda each: (each.thread, each.board)):
            pid = _thread(
                conn, rng, users, thread[0] + 1 if thread[1] else 1, list(posts), pid
            )
        _insert(
            conn,
            "users",
            [
                {"id": number, "site_id": 1, "uid": number, "name": name}
                for name, number in users.items()
            ],
        )
        _crawled(conn)
    reindex(conn)
    optimise(conn)
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def _longest(corpus: Corpus, posts: int) -> Iterator[BenchPost]:
    """The biggest thread; its board is number 0 here, to tell it from the others."""
    time = datetime(2012, 1, 1, tzinfo=UTC)
    for number in range(posts):
        time += timedelta(minutes=37)
        author = f"用户{number % 700}"
        yield BenchPost(
            0,
            0,
            author,
            f"{time:%Y-%m-%dT%H:%M:%SZ}",
            "" if number else "盖楼",
            corpus.text(),
        )


def _thread(
    conn: sqlite3.Connection,
    rng: random.Random,
    users: dict[str, int],
    row: int,
    posts: list[BenchPost],
    pid: int,
) -> int:
    first, last = posts[0], posts[-1]
    pages = -(-len(posts) // ON_PAGE)
    _insert(
        conn,
        "threads",
        [
            {
                "id": row,
                "site_id": 1,
                "tid": row,
                "title": first.subject,
                "board_id": first.board or 2,
                "author": first.author,
                "user_id": _user(users, first.author),
                "created_at": first.posted_at,
                "replies": len(posts) - 1,
                "views": rng.randrange(100_000),
                "pages": pages,
                "last_post_at": last.posted_at,
                "last_author": last.author,
                "sticky": int(rng.random() < 0.0005),
                "digest": int(rng.random() < 0.005),
                "special": "poll" if rng.random() < 0.005 else "",
                "gone_at": GONE if rng.random() < 0.002 else None,
            }
        ],
    )
    capture = int(
        conn.execute("SELECT coalesce(max(id), 0) FROM captures").fetchone()[0]
    )
    _insert(
        conn,
        "captures",
        [
            {
                "id": capture + page,
                "site_id": 1,
                "url": f"thread-{row}-{page}-1.html",
                "status": 200,
                "digest": f"{row}-{page}",
                "fetched_at": SEEN,
                "record": "response",
                "kind": "thread",
                "thread_id": row,
                "outcome": "stored",
                "page": page,
            }
            for page in range(1, pages + 1)
        ],
    )
    _insert(
        conn,
        "posts",
        [
            _post(rng, users, post, pid + floor, floor, row, capture)
            for floor, post in enumerate(posts, 1)
        ],
    )
    for floor in range(2, len(posts) + 1):
        if rng.random() < 0.15:
            quoted = rng.randrange(1, floor)
            _quote(conn, pid + floor, pid + quoted, posts[quoted - 1])
        if rng.random() < 0.01:
            _insert(
                conn,
                "post_versions",
                [{"post_id": pid + floor, "text": "原来的话", "rank": 5}],
            )
    return pid + len(posts)


def _post(
    rng: random.Random,
    users: dict[str, int],
    post: BenchPost,
    pid: int,
    floor: int,
    thread: int,
    capture: int,
) -> Values:
    return {
        "id": pid,
        "site_id": 1,
        "thread_id": thread,
        "pid": pid,
        "floor": floor,
        "opening": int(floor == 1),
        "position": (floor - 1) % ON_PAGE + 1,
        "author": post.author,
        "user_id": _user(users, post.author),
        "rank": 5,
        "posted_at": post.posted_at,
        "subject": post.subject,
        "text": post.text,
        "first_seen_at": SEEN,
        "html": "<br />\n".join(post.text.splitlines()),
        "capture_id": capture + (floor - 1) // ON_PAGE + 1,
        "edited_at": post.posted_at if rng.random() < 0.05 else None,
        "gone_at": GONE if rng.random() < 0.002 else None,
        "last_seen_at": SEEN,
    }


def _quote(conn: sqlite3.Connection, pid: int, quoted: int, post: BenchPost) -> None:
    link = f"forum.php?mod=redirect&amp;goto=findpost&amp;pid={quoted}"
    html = (
        f'<div class="quote"><blockquote><font size="2"><a href="{link}" target="_blank">'
        f"{post.author} 发表于 {post.posted_at[:10]}</a></font><br />"
        f"{post.text[:60]}</blockquote></div><br />"
    )
    conn.execute("UPDATE posts SET html = ? || html WHERE id = ?", (html, pid))
    _insert(
        conn,
        "quotes",
        [
            {
                "post_id": pid,
                "position": 1,
                "pid": quoted,
                "author": post.author,
                "text": post.text[:60],
            }
        ],
    )


def _crawled(conn: sqlite3.Connection) -> None:
    """What crawls leave behind."""
    conn.execute(
        """INSERT INTO frontier(
          site_id, kind, item, page, state, due_at, outcome, message)
        SELECT 1, 'thread', tid, 1,
          iif(tid % 50 = 0, 'given_up', iif(tid % 3, 'due', 'done')),
          ?, 'failed', 'status 500'
        FROM threads""",
        (SEEN,),
    )
    _insert(
        conn,
        "runs",
        [{"command": "crawl", "started_at": SEEN, "ended_at": SEEN, "outcome": "done"}]
        * 200,
    )


def _user(users: dict[str, int], name: str) -> int:
    return users.setdefault(name, len(users) + 1)


def _insert(conn: sqlite3.Connection, table: str, rows: Iterable[Values]) -> None:
    """Rows with what is given; other columns that must be filled are empty or 0."""
    if table not in _NEEDED:
        _NEEDED[table] = {
            name: 0 if kind == "INTEGER" else ""
            for _, name, kind, needed, default, key in conn.execute(
                f"PRAGMA table_info({table})"
            )
            if needed and default is None and not key
        }
    filled = [{**_NEEDED[table], **row} for row in rows]
    if filled:
        names = ", ".join(filled[0])
        marks = ", ".join(f":{name}" for name in filled[0])
        sql = f"INSERT INTO {table}({names}) VALUES ({marks})"
        conn.executemany(sql, filled)
