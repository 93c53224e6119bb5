"""Compares an archive with what a site's truth file says a complete crawl must hold; says
what is missing or twice."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a truth file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def missing(conn: sqlite3.Connection, truth: Path) -> list[str]:
    """Boards, threads, posts and words that an archive lacks or has wrong."""
    return list(_missing(conn, read_lines(truth)))


def _missing(conn: sqlite3.Connection, truth: list[dict[str, Any]]) -> Iterator[str]:
    threads = dict(conn.execute("SELECT tid, id FROM threads"))
    boards = dict(conn.execute("SELECT fid, id FROM boards"))
    categories = set(conn.execute("SELECT category, category_fid FROM boards"))
    query = """SELECT p.pid, t.tid, p.text, p.author, p.withheld, p.gone_at
      FROM posts p JOIN threads t ON t.id = p.thread_id"""
    posts = {row[0]: row[1:] for row in conn.execute(query)}
    for line in truth:
        what = line["what"]
        if what == "board" and line["fid"] not in boards:
            yield f"board {line['fid']}"
        if what == "category" and (line["name"], line["fid"]) not in categories:
            yield f"category {line['fid']}"
        if what == "pointer" and line["moved_to"] not in threads:
            yield f"pointer to {line['moved_to']}"
        if what == "thread":
            yield from _thread(conn, line, threads)
        if what == "post":
            yield from _post(line, posts)


def _thread(
    conn: sqlite3.Connection, line: dict[str, Any], threads: dict[int, int]
) -> Iterator[str]:
    tid = line["tid"]
    if tid not in threads:
        yield f"thread {tid}"
        return
    query = "SELECT pid FROM posts WHERE thread_id = ? AND gone_at IS NULL"
    here = [row[0] for row in conn.execute(query, (threads[tid],))]
    if len(here) != len(set(here)) or set(here) != set(line["posts"]):
        lacks, more = set(line["posts"]) - set(here), set(here) - set(line["posts"])
        yield f"thread {tid}: lacks {sorted(lacks)}, has besides {sorted(more, key=str)}"
    query = """SELECT t.title, t.author, t.replies, t.sticky, t.digest, t.closed, t.special, b.fid,
      substr(t.created_at, 1, 16) AS created_at, substr(t.last_post_at, 1, 16) AS last_post_at
      FROM threads t LEFT JOIN boards b ON b.id = t.board_id WHERE t.id = ?"""
    yield from _differences(f"thread {tid}", conn, query, threads[tid], line)
    told = {
        row[0]
        for row in conn.execute(
            "SELECT tag FROM thread_tags WHERE thread_id = ?", (threads[tid],)
        )
    }
    priced = _one(
        conn, "SELECT price FROM threads WHERE id = ?", threads[tid]
    )  # then guests see no tags
    if told != set(line.get("tags", ())) and not priced:
        yield f"thread {tid}: tags {told}"


def _differences(
    who: str, conn: sqlite3.Connection, query: str, row: int, line: dict[str, Any]
) -> Iterator[str]:
    """The columns of a row that differ from what the truth states; times to the minute, as
    pages print them."""
    cursor = conn.execute(query, (row,))
    for (name, *_), value in zip(cursor.description, cursor.fetchone(), strict=True):
        if name not in line or (name in ("author", "uid") and line.get("anonymous")):
            continue
        if name == "last_post_at" and value is None:  # picture boards print none
            continue
        expected = (
            line[name][:16] if name.endswith("_at") and line[name] else line[name]
        )
        if (value or None) != (expected or None):
            yield f"{who}: {name} is {value!r}, not {expected!r}"


def _post(line: dict[str, Any], posts: dict[int, tuple[Any, ...]]) -> Iterator[str]:
    row = posts.get(line["pid"])
    if row is None:
        yield f"post {line['pid']} of thread {line['tid']}"
        return
    tid, text, author, withheld, gone_at = row
    squeezed, at = "".join(text.split()), 0
    for piece in line.get("must", ()) if not withheld else ():
        found = squeezed.find("".join(piece.split()), at)
        if found < 0:
            yield f"post {line['pid']}: lacks {piece!r}"
            break
        at = found + 1
    if (
        tid != line["tid"]
        or gone_at
        or ("author" in line and not line.get("anonymous") and author != line["author"])
    ):
        yield f"post {line['pid']}: thread {tid}, author {author}, gone {gone_at}"


def unnoticed(conn: sqlite3.Connection, changes: Path) -> list[str]:
    """Changes that a sweep should have noticed and that neither versions nor marks tell of."""
    return [
        f"{line['change']} {line}"
        for line in read_lines(changes)
        if not _noticed(conn, line)
    ]


def _noticed(conn: sqlite3.Connection, line: dict[str, Any]) -> bool:
    tid, pid = line["tid"], line.get("pid")
    thread = "FROM threads t LEFT JOIN boards b ON b.id = t.board_id WHERE t.tid = ?"
    match line["change"]:
        case "thread_new":
            marks = ", ".join("?" * len(line["pids"]))
            return _one(
                conn,
                f"SELECT count(*) FROM posts WHERE pid IN ({marks})",
                *line["pids"],
            ) == len(line["pids"])
        case "post_new":
            return _one(conn, "SELECT count(*) FROM posts WHERE pid = ?", pid) == 1
        case "post_edited":
            query = (
                "SELECT count(*) FROM post_versions v JOIN posts p ON p.id = v.post_id WHERE "
                "p.pid = ?"
            )
            edited_at = _one(conn, "SELECT edited_at FROM posts WHERE pid = ?", pid)
            return (
                _one(conn, query, pid) >= 1
                and str(edited_at)[:16] == line["edited_at"][:16]
            )
        case "post_deleted":
            return (
                _one(conn, "SELECT gone_at FROM posts WHERE pid = ?", pid) is not None
            )
        case "thread_deleted":
            return _one(conn, f"SELECT t.gone_at {thread}", tid) is not None
        case "thread_moved":
            return bool(_one(conn, f"SELECT b.fid {thread}", tid) == line["fid"])
        case "thread_closed":
            return _one(conn, f"SELECT t.closed {thread}", tid) == 1
        case "rating_new":
            query = (
                "SELECT count(*) FROM ratings r JOIN posts p ON p.id = r.post_id WHERE p.pid "
                "= ? AND r.author = ?"
            )
            return _one(conn, query, pid, line["author"]) >= 1
        case "comment_new":
            query = (
                "SELECT count(*) FROM comments c JOIN posts p ON p.id = c.post_id WHERE "
                "p.pid = ? AND c.author = ?"
            )
            return _one(conn, query, pid, line["author"]) >= 1
    raise AssertionError(line)


def _one(conn: sqlite3.Connection, query: str, *values: object) -> Any:
    row = conn.execute(query, values).fetchone()
    return row[0] if row else None
