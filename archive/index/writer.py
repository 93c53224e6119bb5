"""Keeps the search index in step with the rows of `posts`, whoever changed them.

Triggers (migrations/002_search.sql) note each changed post in `posts_fts_dirty` with the
words that the index still holds; `catch_up` takes those words out and puts the new ones in.
It belongs into the transaction that wrote the rows, so that rows and index become visible
together. FTS5 cannot know the old words of a contentless table by itself, and wrong ones
would leave stale terms that its own integrity check calls fine: hence the notes, and
`verify.check`. To make the whole index again see `rebuild.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, Final

from archive.index import made_tokens, segment
from archive.index.charmap import fill_charmap
from archive.schema import transaction

BATCH_ROWS: Final = 1_000
BEFORE_ALL: Final = -(2**63)
AFTER_ALL: Final = 2**63 - 1
"""The least and the greatest number that a row may have."""

Tokens = tuple[str, ...]
Change = tuple[int, Tokens | None, Tokens | None]
"""A row of an index: its number, what the index holds of it, and what it should hold; None
for nothing."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index, and how it is filled.

    `rows` reads all there is, `some_rows` so many behind a number, `changed` so many behind
    a number of those noted in the table `{dirty}`: all in the order of their numbers.
    `tokens` makes of the values of rows, column by column, what the index holds of each,
    `change` of a changed row what is to be done.
    """

    name: str
    columns: tuple[str, ...]
    rows: str
    some_rows: str
    changed: str
    change: Callable[[tuple[Any, ...]], Change]
    tokens: Callable[..., Iterable[Tokens]]

    @property
    def dirty_table(self) -> str:
        """The table that notes what changed."""
        return f"{self.name}_dirty"

    def renamed(self, name: str) -> Index:
        """The same index under another name, with notes of its own."""
        return replace(
            self,
            name=name,
        )

    def tokens_of_row(self, values: Iterable[Any]) -> Tokens:
        """What the index holds of one row."""
        columns = ([value] for value in values)
        (held,) = self.tokens(*columns)
        return held

    def changes(
        self, conn: sqlite3.Connection, behind: int, limit: int
    ) -> list[Change]:
        """What is noted of rows behind a number."""
        sql = self.changed.format(dirty=self.dirty_table)
        rows = conn.execute(sql, (behind, limit))
        return [self.change(row) for row in rows]

    def write(self, conn: sqlite3.Connection, changes: list[Change]) -> None:
        """Take old words out and put new ones in, row by row in ascending order: FTS5
        flushes where a row goes back."""
        insert = self._insert
        if all(old is None for _, old, _ in changes):
            rows = [(row, *new) for row, _, new in changes if new is not None]
            conn.executemany(insert, rows)
            return
        delete = self._delete
        for row, old, new in changes:
            if old == new:
                continue
            if old is not None:
                conn.execute(delete, (row, *old))
            if new is not None:
                conn.execute(insert, (row, *new))

    def command(self, conn: sqlite3.Connection, name: str) -> None:
        """Give FTS5 a command such as `optimize`."""
        conn.execute(f"INSERT INTO {self.name}({self.name}) VALUES (?)", (name,))

    def set(self, conn: sqlite3.Connection, option: str, value: int | str) -> None:
        """Set an option of FTS5's, which is kept in the file."""
        sql = f"INSERT INTO {self.name}({self.name}, rank) VALUES (?, ?)"
        conn.execute(sql, (option, value))

    @property
    def _insert(self) -> str:
        names = ", ".join(self.columns)
        marks = ", ?" * len(self.columns)
        return f"INSERT INTO {self.name}(rowid, {names}) VALUES (?{marks})"

    @property
    def _delete(self) -> str:
        names = ", ".join(self.columns)
        marks = ", ?" * len(self.columns)
        return f"""INSERT INTO {self.name}({self.name}, rowid, {names})
            VALUES ('delete', ?{marks})"""


def row_tokens(text: str, subject: str, posted_at: str | None) -> tuple[str, str, str]:
    """What the index holds of a post: (body, title, month)."""
    (held,) = _tokens_of_posts([text], [subject], [posted_at])
    return held


def _post_change(row: tuple[Any, ...]) -> Change:
    post_id, old_text, old_subject, old_time, text, subject, time = row
    old: Tokens | None = None
    new: Tokens | None = None
    if old_text is not None:
        old = row_tokens(old_text, old_subject or "", old_time)
    if text is not None:
        new = row_tokens(text, subject, time)
    return post_id, old, new


def _tokens_of_posts(
    texts: Sequence[str], subjects: Sequence[str], times: Sequence[str | None]
) -> Iterable[tuple[str, str, str]]:
    months = map(segment.month_token, times)
    return zip(
        made_tokens.rows_tokens(texts),
        made_tokens.rows_tokens(subjects),
        months,
        strict=True,
    )


def _quotes_tokens(text: str) -> Tokens:
    (held,) = _tokens_of_quotes([text])
    return held


def _tokens_of_quotes(texts: Sequence[str]) -> Iterable[Tokens]:
    return zip(made_tokens.rows_tokens(texts), strict=True)


def _quotes_change(row: tuple[Any, ...]) -> Change:
    post_id, old_text, text = row
    old: Tokens | None = None
    new: Tokens | None = None
    if old_text is not None:
        old = _quotes_tokens(old_text)
    if text is not None:
        new = _quotes_tokens(text)
    return post_id, old, new


POSTS: Final = Index(
    name="posts_fts",
    columns=("body", "title", "month"),
    rows="SELECT id, text, subject, posted_at FROM posts ORDER BY id",
    some_rows="""SELECT id, text, subject, posted_at FROM posts
        WHERE id > ? ORDER BY id LIMIT ?""",
    changed="""SELECT d.id, d.text, d.subject, d.posted_at, p.text, p.subject, p.posted_at
        FROM {dirty} d LEFT JOIN posts p USING (id) WHERE d.id > ? ORDER BY d.id LIMIT ?""",
    change=_post_change,
    tokens=_tokens_of_posts,
)
QUOTES: Final = Index(
    name="quotes_fts",
    columns=("body",),
    rows="""SELECT post_id, group_concat(text, char(10)) FROM quotes
        GROUP BY post_id ORDER BY post_id""",
    some_rows="""SELECT post_id, group_concat(text, char(10)) FROM quotes
        WHERE post_id > ? GROUP BY post_id ORDER BY post_id LIMIT ?""",
    changed="""SELECT d.id, d.text,
          (SELECT group_concat(text, char(10)) FROM quotes q WHERE q.post_id = d.id)
        FROM {dirty} d WHERE d.id > ? ORDER BY d.id LIMIT ?""",
    change=_quotes_change,
    tokens=_tokens_of_quotes,
)
INDEXES: Final = (POSTS, QUOTES)


def catch_up(conn: sqlite3.Connection) -> int:
    """Index every post that changed since the last time; returns how many there were. Part
    of an open transaction.

    Leaves an outdated index alone: old words would be taken out by rules that did not put
    them in. `rebuild.reindex` does all.
    """
    has_changes = any(_has_changes(conn, index) for index in INDEXES)
    if not has_changes or is_outdated(conn):
        return 0
    # Within a transaction no savepoint of its own: FTS5 writes out what it has gathered at
    # each one.
    step = nullcontext() if conn.in_transaction else transaction(conn)
    with step:
        record_version(conn)
        posts = _catch_up(conn, POSTS)
        _catch_up(conn, QUOTES)
    return posts


def _has_changes(conn: sqlite3.Connection, index: Index) -> bool:
    sql = f"SELECT 1 FROM {index.dirty_table} LIMIT 1"
    return conn.execute(sql).fetchone() is not None


def _catch_up(conn: sqlite3.Connection, index: Index) -> int:
    count = 0
    last = BEFORE_ALL
    while changes := index.changes(conn, last, BATCH_ROWS):
        index.write(conn, changes)
        count += len(changes)
        last = changes[-1][0]
    if count:
        conn.execute(f"DELETE FROM {index.dirty_table}")
    return count


def pending(conn: sqlite3.Connection) -> int:
    """How many posts changed since they were indexed."""
    row = conn.execute("SELECT count(*) FROM posts_fts_dirty").fetchone()
    return int(row[0])


def index_version(conn: sqlite3.Connection) -> int | None:
    """The segmentation that the index was made with; None while nothing is indexed."""
    sql = "SELECT value FROM posts_fts_state WHERE name = 'segmentation'"
    row = conn.execute(sql).fetchone()
    return int(row[0]) if row else None


def is_outdated(conn: sqlite3.Connection) -> bool:
    """Whether the index was made by other rules for words than today's, and wants `reindex`."""
    return index_version(conn) not in (None, segment.VERSION)


def record_version(conn: sqlite3.Connection) -> None:
    """Write the version at first use, with the tables by which plain SQL folds a query:
    they belong together."""
    if index_version(conn) is not None:
        return
    fill_charmap(conn)
    sql = "INSERT INTO posts_fts_state VALUES ('segmentation', ?)"
    conn.execute(sql, (str(segment.VERSION),))


def optimise(conn: sqlite3.Connection) -> None:
    """Merge each index into one piece: after a bulk load it is a tenth smaller and quicker."""
    for index in INDEXES:
        index.command(conn, "optimize")
