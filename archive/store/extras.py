"""What hangs on a post: quotes, attachments, pictures, links, ratings, comments, a poll; as
rows, and as a fingerprint.

Ratings and comments only ever grow (`remarks`). Attachments that a page does not show
stay: many forums hide them from guests. Addresses of attachments carry tokens and are never
a difference.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import Final, TypeAlias

from archive.store.remarks import (
    COMMENT_COLUMNS,
    RATING_COLUMNS,
    add_comments,
    add_ratings,
    comment_rows,
    rating_rows,
)
from archive.store.stamps import iso
from archive.store.wording import squeezed
from scraper.core.records import Attachment, Comment, Poll, Post, Quote, Rating

_Row: TypeAlias = tuple[object, ...]
_Rows: TypeAlias = dict[str, list[_Row]]
"""Rows by the table that they go to, in the order of its columns."""

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "quotes": ("post_id", "position", "pid", "author", "posted_at", "text"),
    "attachments": (
        "post_id",
        "position",
        "aid",
        "name",
        "url",
        "size_bytes",
        "image",
        "downloads",
        "price",
        "description",
    ),
    "images": ("post_id", "position", "url"),
    "links": ("post_id", "position", "url"),
    "ratings": RATING_COLUMNS,
    "comments": COMMENT_COLUMNS,
    "polls": ("post_id", "voters", "multiple", "ended"),
    "poll_options": ("post_id", "position", "text", "votes", "percent"),
}


def _insert_into(table: str) -> str:
    columns = _COLUMNS[table]
    places = ", ".join("?" * len(columns))
    return f"INSERT INTO {table}({', '.join(columns)}) VALUES ({places})"


_INSERTS: Final = {table: _insert_into(table) for table in _COLUMNS}
_DELETE_FILE: Final = "DELETE FROM attachments WHERE post_id = ? AND aid = ?"


def fingerprint(post: Post) -> str:
    """A digest of all that hangs on a post; empty where nothing does. Tokens, counts and
    sizes are left out.

    Archives hold these digests: their form stays, and a new field of a record is no part of
    it unless it is named here.
    """
    parts = _parts(post)
    if not any(parts) and post.poll is None:
        return ""
    texts = [repr(part) for part in parts]
    texts.append(_poll_text(post.poll))
    text = f"({', '.join(texts)})"
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _parts(post: Post) -> list[object]:
    """What tells whether something has changed; `()` or `[]`, as it always was, for none."""
    quotes = list(map(_quote_part, post.quotes))
    files = list(map(_file_part, post.attachments))
    images = list(map(_stable, post.images))
    links = list(map(_stable, post.links))
    ratings = list(map(_rating_part, post.ratings))
    comments = list(map(_comment_part, post.comments))
    return [
        quotes or (),
        files or (),
        images,
        links,
        ratings or (),
        comments or (),
    ]


def _quote_part(quote: Quote) -> _Row:
    return (quote.pid, quote.author, squeezed(quote.text))


def _file_part(file: Attachment) -> _Row:
    return (file.aid, file.name, file.description, file.price)


def _rating_part(rating: Rating) -> _Row:
    return (
        rating.author,
        rating.score,
        rating.credit,
        rating.reason,
    )


def _comment_part(comment: Comment) -> _Row:
    return (comment.author, squeezed(comment.text))


def add(conn: sqlite3.Connection, posts: Iterable[tuple[int, Post]]) -> None:
    """Write what hangs on new posts; each comes with the number of its row."""
    rows = _no_rows()
    for post_id, post in posts:
        _collect(rows, post_id, post)
    for table, found in rows.items():
        insert(conn, table, found)


def replace(
    conn: sqlite3.Connection,
    post_id: int,
    post: Post,
    *,
    removed: frozenset[str] = frozenset(),
    is_reread: bool = False,
) -> None:
    """Write what now hangs on a known post, in place of what did; ratings, comments and
    hidden files stay. `removed`: attachments, by their numbers, that were taken out of the
    message; `is_reread`: of a page that was read before, by an older parser."""
    replaced = ["quotes", "images", "links"]
    if post.attachments:
        replaced.append("attachments")
    if post.poll:
        replaced += ["poll_options", "polls"]
    for table in replaced:
        conn.execute(f"DELETE FROM {table} WHERE post_id = ?", (post_id,))
    for aid in filter(str.isdecimal, removed):
        conn.execute(_DELETE_FILE, (post_id, int(aid)))
    for table, rows in rows_of(post_id, post).items():
        if table in replaced:
            insert(conn, table, rows)
    add_remarks(conn, post_id, post, is_reread=is_reread)


def add_remarks(
    conn: sqlite3.Connection, post_id: int, post: Post, *, is_reread: bool = False
) -> int:
    """Write the ratings and comments that are not here yet; how many."""
    added = add_ratings(conn, post_id, post.ratings, is_reread=is_reread)
    return added + add_comments(conn, post_id, post.comments, is_reread=is_reread)


def rows_of(post_id: int, post: Post) -> _Rows:
    """What hangs on one post, as rows by table."""
    rows = _no_rows()
    _collect(rows, post_id, post)
    return rows


def stored_rows(conn: sqlite3.Connection, table: str, post_id: object) -> list[_Row]:
    """The rows of one post in a table, in order."""
    columns = ", ".join(_COLUMNS[table])
    query = f"SELECT {columns} FROM {table} WHERE post_id = ? ORDER BY 1, 2"
    return conn.execute(query, (post_id,)).fetchall()


def insert(conn: sqlite3.Connection, table: str, rows: list[_Row]) -> None:
    """Write rows of a table."""
    if rows:
        conn.executemany(_INSERTS[table], rows)


def _no_rows() -> _Rows:
    return {table: [] for table in _COLUMNS}


def _collect(rows: _Rows, post_id: int, post: Post) -> None:
    """Add what hangs on one post to the rows of each table."""
    _collect_words(rows, post_id, post)
    for at, file in enumerate(post.attachments, 1):
        row = (
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
        rows["attachments"].append(row)
    for at, url in enumerate(post.images, 1):
        rows["images"].append((post_id, at, url))
    for at, url in enumerate(post.links, 1):
        rows["links"].append((post_id, at, url))
    if post.poll:
        _collect_poll(rows, post_id, post.poll)


def _collect_words(rows: _Rows, post_id: int, post: Post) -> None:
    """Add what others have written: quotes, ratings, comments."""
    for at, quote in enumerate(post.quotes, 1):
        row: _Row = (
            post_id,
            at,
            quote.pid,
            quote.author,
            iso(quote.posted_at),
            quote.text,
        )
        rows["quotes"].append(row)
    rows["ratings"] += rating_rows(post_id, post.ratings)
    rows["comments"] += comment_rows(post_id, post.comments)


def _collect_poll(rows: _Rows, post_id: int, poll: Poll) -> None:
    row: _Row = (
        post_id,
        poll.voters,
        int(poll.multiple),
        int(poll.ended),
    )
    rows["polls"].append(row)
    for at, option in enumerate(poll.options, 1):
        row = (
            post_id,
            at,
            option.text,
            option.votes,
            option.percent,
        )
        rows["poll_options"].append(row)


def _poll_text(poll: Poll | None) -> str:
    """A poll in the form that the digests of all archives are made of."""
    if poll is None:
        return "None"
    options = [
        f"PollOption(text={each.text!r}, votes={each.votes!r}, percent={each.percent!r})"
        for each in poll.options
    ]
    listed = ", ".join(options)
    if len(options) == 1:
        listed += ","
    return (
        f"Poll(options=({listed}), voters={poll.voters!r}, "
        f"multiple={poll.multiple!r}, ended={poll.ended!r})"
    )


def _stable(url: str) -> str:
    """An address for comparing: those of attachments carry a token that changes on every
    view."""
    is_tokened = "mod=attachment" in url or "attachment.php?" in url
    return "attachment" if is_tokened else url
