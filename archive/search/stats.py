"""What planning a query needs to know of the archive it is asked of."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from archive.index.segment import RUN, normalise

COMMON_MATCHES = 5_000
"""A word with more matches than this is looked up post by post where a condition needs it."""
SHARE_MATCHES = 2_000
"""So many matches at each end of the file tell how common a word is."""
MAX_TERMS = 60
"""A word with * that so many words of the index begin with is asked for as these words."""
MAX_AUTHORS = 20_000
"""So many names are compared at most."""
_AUTHORS = """WITH RECURSIVE names(name) AS (
    SELECT min(author) FROM posts
    UNION ALL SELECT (SELECT min(author) FROM posts WHERE author > name) FROM names WHERE name IS NOT NULL
) SELECT name FROM names WHERE name IS NOT NULL LIMIT ?"""


class IndexStats:
    """An archive, seen by the planner: its forums' clocks, how common a word is, how a
    character may be written."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self._spellings: dict[str, tuple[str, ...]] = {}

    @cached_property
    def zones(self) -> list[tuple[int, int]]:
        """(site id, minutes east of Greenwich) of each forum, for dates as its readers know
        them."""
        return self.conn.execute(
            "SELECT id, utc_offset_minutes FROM sites ORDER BY id"
        ).fetchall()

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The numbers of the first and the last post; (0, 0) where there are none."""
        first, last = (
            self.conn.execute(f"SELECT {end}(id) FROM posts").fetchone()[0] or 0
            for end in ("min", "max")
        )
        return first, last

    @cached_property
    def author_names(self) -> dict[str, str]:
        """Folded name → name of the archive's authors, each found by one step in the index
        on them."""
        names = (row[0] for row in self.conn.execute(_AUTHORS, (MAX_AUTHORS,)))
        return {normalise(name): name for name in names}

    def is_common(self, expression: str) -> bool:
        """Whether an FTS5 expression has more than COMMON_MATCHES matches among the posts."""
        return not self.are_few(
            "SELECT 1 FROM posts_fts WHERE posts_fts MATCH ?", (expression,)
        )

    def share(self, expression: str) -> float:
        """About which part of the posts fulfils an FTS5 expression, by how densely they lie
        at the ends of the file."""
        first, last = self.ends
        shares: list[float] = []
        for order, rest in (
            ("ASC", "max(rowid) - {first} + 1"),
            ("DESC", "{last} - min(rowid) + 1"),
        ):
            sql = f"""SELECT count(*), {rest.format(first=first, last=last)} FROM
                (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ? ORDER BY rowid {order} LIMIT {SHARE_MATCHES})"""
            count, span = self.conn.execute(sql, (expression,)).fetchone()
            if count < SHARE_MATCHES:
                return int(count) / max(last - first + 1, 1)
            shares.append(int(count) / int(span))
        return sum(shares) / len(shares)

    def about(self, expression: str) -> int:
        """About how many posts fulfil an FTS5 expression, to two digits: 166,357 → 170,000."""
        first, last = self.ends
        return int(float(f"{self.share(expression) * (last - first + 1):.1e}"))

    def are_few(self, select: str, params: tuple[str | int, ...] = ()) -> bool:
        """Whether a statement has at most COMMON_MATCHES rows: so few are better listed
        than asked of each post."""
        sql = f"SELECT count(*) FROM ({select} LIMIT ?)"
        return bool(
            self.conn.execute(sql, (*params, COMMON_MATCHES + 1)).fetchone()[0]
            <= COMMON_MATCHES
        )

    def sites(self, name: str) -> list[int]:
        """The numbers of the forums that have this in their name or address."""
        sql = "SELECT id FROM sites WHERE instr(lower(name), lower(?)) OR instr(lower(base_url), lower(?)) ORDER BY id"
        return [row[0] for row in self.conn.execute(sql, (name, name))]

    def words_with(self, prefix: str) -> tuple[str, ...]:
        """The words of the index that begin so, if they are not too many; FTS5 joins all
        their lists at each question.

        Compounds are left out: the words they are made of are there.
        """
        words = list(islice(self.terms(prefix), MAX_TERMS + 1))
        if len(words) > MAX_TERMS:
            return ()
        return tuple(
            word
            for word in words
            if (run := RUN.fullmatch(word)) and run.lastindex != 1
        )

    def terms(self, prefix: str) -> Iterator[str]:
        """All that the index has of words and pairs that begin so, in order, each found by
        one step."""
        # a vocabulary of rows would count the posts of each word; here, only its first
        # place is read
        vocabulary = "fts5vocab(main, posts_fts, instance)"
        self.conn.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.posts_fts_places USING {vocabulary}"
        )
        sql = "SELECT term FROM temp.posts_fts_places WHERE term >= ? AND term < ? LIMIT 1"
        since, until = prefix, prefix + "\U0010ffff"
        while row := self.conn.execute(sql, (since, until)).fetchone():
            yield row[0]
            since = f"{row[0]}\x01"  # no word has a control character in it

    def spellings(self, char: str) -> tuple[str, ...]:
        """A folded character and all that fold to it."""
        if char not in self._spellings:
            rows = self.conn.execute(
                "SELECT c FROM posts_fts_charmap WHERE instr(n, ?)", (char,)
            )
            self._spellings[char] = (char, *(row[0] for row in rows))
        return self._spellings[char]

    def authors(self, name: str, *, is_prefix: bool = False) -> tuple[str, ...]:
        """The names that are the same in other characters (`張三` for `张三`), where nobody
        has just this one."""
        end = name + ("\U0010ffff" if is_prefix else "")
        if self.conn.execute(
            "SELECT 1 FROM posts WHERE author BETWEEN ? AND ? LIMIT 1", (name, end)
        ).fetchone():
            return ()
        required_chars = normalise(name)
        if not is_prefix:
            return (
                (self.author_names[required_chars],)
                if required_chars and required_chars in self.author_names
                else ()
            )
        found = (
            each
            for text, each in self.author_names.items()
            if text.startswith(required_chars)
        )
        return tuple(islice(found, MAX_TERMS)) if required_chars else ()
