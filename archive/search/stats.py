"""What planning a query needs to know of the archive: its forums' clocks, how common a word
is, how a character may be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cached_property

from archive.index.fold import normalise
from archive.index.segment import RUN
from archive.search import limits
from archive.search.expressions import MATCHES, is_expensive
from archive.search.expressions import expression as expression_of
from archive.search.fetch import fetch_column, fetch_value
from archive.search.names import LAST_CHAR, Names
from archive.search.tree import Words

COMMON_MATCHES = 5_000
"""A word with more matches than this is looked up post by post where a condition needs it."""
SHARE_MATCHES = 300
"""So many matches at each end of the file tell how common a word is."""
SHARE_IN_HUGE = 60
"""The same in an archive of more than HUGE_POSTS."""
SHARE_NUMBERS = 400_000
"""Those at the end of the file are looked for among so many numbers of posts: to find as many
of rarer words, all of their lists would be read."""
FEW_AT_END = 10
"""Words with fewer matches there are rare."""
MAX_TERMS = 60
"""A word with * that so many words of the index begin with is asked for as these words."""

_SITES = "SELECT id, name || char(10) || base_url FROM sites ORDER BY id"
_BOARDS = "SELECT id, name FROM boards ORDER BY id"
_BOARDS_BY_FID = "SELECT id FROM boards WHERE fid = ? OR name = ? ORDER BY id"
_THREADS = """SELECT id FROM threads
  WHERE site_id IN (SELECT id FROM sites) AND tid = ? ORDER BY id"""
_MOST_DIGITS = 15
_LAST_NUMBERS = 20_000
_UNSEEN = 0.5
"""None that was seen in a part of the numbers counts as so many."""
_SPELLINGS = """SELECT c FROM posts_fts_charmap WHERE n = ?
  UNION ALL
  SELECT c FROM posts_fts_charmap WHERE length(n) > 1 AND instr(n, ?)"""
_NEXT_TERM = """SELECT term FROM temp.posts_fts_places
  WHERE term >= ? AND term < ? LIMIT 1"""


class IndexStats:
    """An archive, seen by the planner. Every question is answered by a few short statements."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.authors = Names(conn, "author")
        self.locations = Names(conn, "location")
        self._spellings: dict[str, tuple[str, ...]] = {}
        self._first_shares: dict[str, float] = {}

    @cached_property
    def zones(self) -> list[tuple[int, int]]:
        """(site id, minutes east of Greenwich) of each forum, for dates as its readers know
        them."""
        sql = "SELECT id, utc_offset_minutes FROM sites ORDER BY id"
        return self.conn.execute(sql).fetchall()

    @cached_property
    def ends(self) -> tuple[int, int]:
        """The numbers of the first and the last post; (0, 0) where there are none."""
        first = fetch_value(self.conn, "SELECT min(id) FROM posts")
        last = fetch_value(self.conn, "SELECT max(id) FROM posts")
        if first is None:
            return 0, 0
        return first, last

    @property
    def numbers(self) -> int:
        """How many numbers there are from the first post to the last."""
        first, last = self.ends
        return last - first + 1

    @property
    def _share_matches(self) -> int:
        return SHARE_IN_HUGE if self.numbers > limits.HUGE_POSTS else SHARE_MATCHES

    def is_common(self, expression: str) -> bool:
        """Whether an FTS5 expression has more than COMMON_MATCHES matches among the posts."""
        return not self.are_few(MATCHES, (expression,))

    def are_few(self, select: str, params: tuple[str | int, ...] = ()) -> bool:
        """Whether a statement has at most COMMON_MATCHES rows: so few are better listed
        than asked of each post."""
        limit = COMMON_MATCHES + 1
        sql = f"SELECT count(*) FROM ({select} LIMIT {limit})"
        count: int = fetch_value(self.conn, sql, *params)
        return count < limit

    def share(self, expression: str) -> float:
        """About which part of the posts fulfils an FTS5 expression, by how densely they lie
        at the ends of the file; of what is rare among the last, by those alone, and never 0
        where the archive has more (see `share_of`)."""
        first, last = self.ends
        since = max(first, last - SHARE_NUMBERS + 1)
        count, last_found = self._matches_from(expression, since)
        if count < self._share_matches and since == first:
            return count / max(self.numbers, 1)
        if count < FEW_AT_END:
            # FTS5 would go through all of its lists for as many at the other end
            return max(count, _UNSEEN) / SHARE_NUMBERS
        until = last_found if count == self._share_matches else last
        newest = count / (until - since + 1)
        return (self.first_share(expression) + newest) / 2

    def _matches_from(self, expression: str, since: int) -> tuple[int, int]:
        """How many matches there are from a number on, up to a bound, and the number of the
        last of them."""
        sql = f"""SELECT count(*), max(rowid)
            FROM ({MATCHES} AND rowid >= ? ORDER BY rowid LIMIT {self._share_matches})"""
        count, last = self.conn.execute(sql, (expression, since)).fetchone()
        return count, last

    def is_absent(self, expression: str) -> bool:
        """Whether no post fulfils an FTS5 expression."""
        return fetch_value(self.conn, f"{MATCHES} LIMIT 1", expression) is None

    def is_commoner(self, expression: str, share: float) -> bool:
        """Whether a larger share of the last posts fulfils an FTS5 expression."""
        first, last = self.ends
        since = max(first, last - _LAST_NUMBERS + 1)
        numbers = last - since + 1
        least = int(share * numbers) + 1
        sql = f"""SELECT count(*)
            FROM ({MATCHES} AND rowid >= ? ORDER BY rowid LIMIT {least})"""
        count: int = fetch_value(self.conn, sql, expression, since)
        return count == least

    def share_of(self, words: Words) -> float:
        """The same of words; 0 for those that no post has."""
        expression = expression_of(words)
        if self.is_absent(expression):
            return 0.0
        return self.share(expression)

    def first_share_of(self, words: Words) -> float:
        """See `first_share`."""
        return self.first_share(expression_of(words))

    def head_share_of(self, words: Words) -> float | None:
        """The share of words without a last token that is expensive to ask for; None where
        nothing is left."""
        head = expression_of(
            words,
            head=is_expensive(words),
        )
        return self.share(head) if head else None

    def first_share(self, expression: str) -> float:
        """The share by the beginning of the file alone: half the work, and no telling of what
        came up later."""
        known = self._first_shares.get(expression)
        if known is not None:
            return known
        first, _ = self.ends
        count, until = self._matches_from(expression, first)
        seen = until - first + 1 if count == self._share_matches else self.numbers
        share = count / max(seen, 1)
        self._first_shares[expression] = share
        return share

    def about(self, expression: str) -> int:
        """About how many posts fulfil an FTS5 expression, to two digits: 166,357 → 170,000."""
        share = self.share(expression)
        posts = share * self.numbers
        rounded = f"{posts:.1e}"
        return int(float(rounded))

    def sites(self, name: str) -> list[int]:
        """The numbers of the forums that have this in their name or address, in any
        characters."""
        return self._with_part(_SITES, name)

    def boards(self, name: str) -> list[int]:
        """The rows of the boards that have this in their name, in any characters, or as
        their number."""
        if name.isdecimal():
            fid = int(name[:_MOST_DIGITS])
            return list(fetch_column(self.conn, _BOARDS_BY_FID, fid, name))
        return self._with_part(_BOARDS, name)

    def threads(self, tid: str) -> list[int]:
        """The rows of the threads with this number, of all forums."""
        return list(fetch_column(self.conn, _THREADS, int(tid)))

    def _with_part(self, select: str, part: str) -> list[int]:
        """The rows of (number, name) of which the name has this part, in any characters."""
        folded = normalise(part)
        found: list[int] = []
        is_folded = folded.strip() != ""
        for number, name in self.conn.execute(select):
            is_there = part in name
            if is_folded:
                is_there = folded in normalise(name)
            if is_there:
                found.append(number)
        return found

    def words_with(self, prefix: str) -> tuple[str, ...]:
        """The words of the index that begin so, if they are at most MAX_TERMS; else none:
        FTS5 joins all their lists at each question.

        Compounds are left out: the words they are made of are there.
        """
        words: list[str] = []
        for number, term in enumerate(self.terms(prefix)):
            if number == MAX_TERMS:
                return ()
            if _is_latin_word(term):
                words.append(term)
        return tuple(words)

    def terms(self, prefix: str) -> Iterator[str]:
        """All that the index has of words and pairs that begin so, in order, each found by
        one step."""
        # a vocabulary of rows would count the posts of each word; here, only its first
        # place is read
        self.conn.execute(
            """CREATE VIRTUAL TABLE IF NOT EXISTS temp.posts_fts_places
            USING fts5vocab(main, posts_fts, instance)"""
        )
        since = prefix
        until = prefix + LAST_CHAR
        while True:
            term = fetch_value(self.conn, _NEXT_TERM, since, until)
            if term is None:
                return
            yield term
            since = f"{term}\x01"  # no word has a control character in it

    def spellings(self, char: str) -> tuple[str, ...]:
        """A folded character and all that fold to it."""
        known = self._spellings.get(char)
        if known:
            return known
        found = (char, *fetch_column(self.conn, _SPELLINGS, char, char))
        self._spellings[char] = found
        return found


def _is_latin_word(term: str) -> bool:
    """Whether a term is one run of letters, digits or a symbol, and no pair of characters."""
    run = RUN.fullmatch(term)
    return run is not None and run.lastindex != 1
