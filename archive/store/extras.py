"""What hangs on a post: quotes, attachments, pictures, links, ratings, comments, a poll; as
rows, and as a fingerprint.

Ratings and comments only ever grow: pages show the last few of them. Attachments that a
page does not show stay: many forums hide them from guests. Addresses of attachments carry
tokens and are never a difference.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from archive.store.stamps import iso
from archive.store.wording import squeezed
from scraper.core.records import Attachment, Comment, Poll, Post, Quote, Rating

_Rows: TypeAlias = list[tuple[object, ...]]
_INSERTS: Final = {
    "quotes": "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?)",
    "attachments": "INSERT INTO attachments VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "images": "INSERT INTO images VALUES (?, ?, ?)",
    "links": "INSERT INTO links VALUES (?, ?, ?)",
    "ratings": "INSERT INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?)",
    "comments": "INSERT INTO comments VALUES (?, ?, ?, ?, ?, ?)",
    "polls": "INSERT INTO polls VALUES (?, ?, ?, ?)",
    "poll_options": "INSERT INTO poll_options VALUES (?, ?, ?, ?, ?)",
}


def fingerprint(post: Post) -> str:
    """A digest of all that hangs on a post; empty where nothing does. Tokens, counts and
    sizes are left out."""
    parts = (
        post.quotes
        and [(quote.pid, quote.author, squeezed(quote.text)) for quote in post.quotes],
        post.attachments
        and [
            (file.aid, file.name, file.description, file.price)
            for file in post.attachments
        ],
        [_stable(url) for url in post.images],
        [_stable(url) for url in post.links],
        post.ratings
        and [
            (rating.author, rating.score, rating.credit, rating.reason)
            for rating in post.ratings
        ],
        post.comments
        and [(comment.author, squeezed(comment.text)) for comment in post.comments],
        post.poll,
    )
    return (
        hashlib.blake2b(repr(parts).encode(), digest_size=8).hexdigest()
        if any(parts)
        else ""
    )


def add(conn: sqlite3.Connection, posts: Iterable[tuple[int, Post]]) -> None:
    """Write what hangs on new posts; each comes with the number of its row."""
    rows: dict[str, _Rows] = {table: [] for table in _INSERTS}
    for post_id, post in posts:
        _collect(rows, post_id, post)
    for table, found in rows.items():
        if found:
            conn.executemany(_INSERTS[table], found)


def replace(conn: sqlite3.Connection, post_id: int, post: Post) -> None:
    """Write what now hangs on a known post, in place of what did; ratings, comments and
    hidden files stay."""
    for table in ("quotes", "images", "links"):
        conn.execute(f"DELETE FROM {table} WHERE post_id = ?", (post_id,))
    if post.attachments:
        conn.execute("DELETE FROM attachments WHERE post_id = ?", (post_id,))
    rows: dict[str, _Rows] = {table: [] for table in _INSERTS}
    _collect(rows, post_id, post)
    rows["ratings"] = _only_new(
        conn, "author, credit, score, reason", "ratings", rows["ratings"], (2, 5, 4, 6)
    )
    rows["comments"] = _only_new(
        conn, "author, text", "comments", rows["comments"], (2, 5)
    )
    if post.poll:
        conn.execute("DELETE FROM poll_options WHERE post_id = ?", (post_id,))
        conn.execute("DELETE FROM polls WHERE post_id = ?", (post_id,))
    for table, found in rows.items():
        conn.executemany(_INSERTS[table], found)


def _collect(rows: dict[str, _Rows], post_id: int, post: Post) -> None:
    rows["quotes"] += [
        _quote(post_id, at, quote) for at, quote in enumerate(post.quotes, 1)
    ]
    rows["attachments"] += [
        _attachment(post_id, at, file) for at, file in enumerate(post.attachments, 1)
    ]
    rows["images"] += [(post_id, at, url) for at, url in enumerate(post.images, 1)]
    rows["links"] += [(post_id, at, url) for at, url in enumerate(post.links, 1)]
    rows["ratings"] += [
        _rating(post_id, at, rating) for at, rating in enumerate(post.ratings, 1)
    ]
    rows["comments"] += [
        _comment(post_id, at, comment) for at, comment in enumerate(post.comments, 1)
    ]
    if post.poll:
        rows["polls"].append(_poll(post_id, post.poll))
        rows["poll_options"] += [
            (post_id, at, option.text, option.votes, option.percent)
            for at, option in enumerate(post.poll.options, 1)
        ]


def _only_new(
    conn: sqlite3.Connection,
    columns: str,
    table: str,
    rows: _Rows,
    places: Sequence[int],
) -> _Rows:
    """The rows that are not there yet, numbered on from those that are. Compared by some
    columns at `places`."""
    if not rows:
        return rows
    known = set(
        conn.execute(f"SELECT {columns} FROM {table} WHERE post_id = ?", (rows[0][0],))
    )
    fresh = [row for row in rows if tuple(row[place] for place in places) not in known]
    last = conn.execute(
        f"SELECT ifnull(max(position), 0) FROM {table} WHERE post_id = ?", (rows[0][0],)
    ).fetchone()[0]
    return [(row[0], at, *row[2:]) for at, row in enumerate(fresh, last + 1)]


def _quote(post_id: int, at: int, quote: Quote) -> tuple[object, ...]:
    return post_id, at, quote.pid, quote.author, iso(quote.posted_at), quote.text


def _attachment(post_id: int, at: int, file: Attachment) -> tuple[object, ...]:
    return (
        post_id,
        at,
        file.aid,
        file.name,
        file.url,
        file.size_bytes,
        int(file.image),
        file.downloads,
        file.price,
        file.description,
    )


def _rating(post_id: int, at: int, rating: Rating) -> tuple[object, ...]:
    return (
        post_id,
        at,
        rating.author,
        rating.uid,
        rating.score,
        rating.credit,
        rating.reason,
    )


def _comment(post_id: int, at: int, comment: Comment) -> tuple[object, ...]:
    return (
        post_id,
        at,
        comment.author,
        comment.uid,
        iso(comment.posted_at),
        comment.text,
    )


def _poll(post_id: int, poll: Poll) -> tuple[object, ...]:
    return post_id, poll.voters, int(poll.multiple), int(poll.ended)


def _stable(url: str) -> str:
    """An address for comparing: those of attachments carry a token that changes on every view."""
    return "attachment" if "mod=attachment" in url or "attachment.php?" in url else url
