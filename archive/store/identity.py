"""Which stored post a printed one is: by its number, else by author, time and order. Pure.

Print, archiver and text pages print no pid (DESIGN.md, Identity). Author and time to the
minute settle nearly every post; where someone posted twice within a minute, the words, then
the neighbours on the page, then the order decide.

Rows are looked up by author, minute and words, never compared one by one with the posts of
the page: a page of five hundred posts costs what five hundred pages of one do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from archive.store.row_index import RowIndex
from archive.store.stamps import iso
from archive.store.stored_post import COLUMNS as COLUMNS
from archive.store.stored_post import StoredPost as StoredPost
from archive.store.wording import squeezed
from scraper.core.records import Post

_NAMELESS: Final = frozenset({"匿名", "匿名者", "Anonymous", "anonymous"})


def match(
    stored: Sequence[StoredPost], posts: Sequence[Post]
) -> list[StoredPost | None]:
    """For each post of a page the stored one that it is, or None."""
    by_pid = {row.pid: row for row in stored if row.pid is not None}
    matched: list[StoredPost | None] = [None] * len(posts)
    for at, post in enumerate(posts):
        if post.pid is not None:
            matched[at] = by_pid.get(post.pid)
    # a numbered post that is new may be a stored one without number, and no other
    _match_rest(stored, posts, matched, has_pid=True)
    _match_rest(stored, posts, matched, has_pid=False)
    return matched


def name_key(author: str, anonymous: object) -> str | None:
    """The author's name for comparing; empty for every way of saying anonymous; None where
    none is printed."""
    if anonymous or author in _NAMELESS:
        return ""
    return author or None


def times_of(posts: Iterable[Post]) -> tuple[str, str] | None:
    """The first and last time that posts print, with room for a minute or a day; None where
    they print none."""
    times = [iso(post.posted_at) for post in posts]
    printed = [when for when in times if when]
    if not printed:
        return None
    return min(printed)[:10], max(printed)[:16] + "~"


def _match_rest(
    stored: Sequence[StoredPost],
    posts: Sequence[Post],
    matched: list[StoredPost | None],
    *,
    has_pid: bool,
) -> None:
    """Fill in what can be matched of the posts with a number, or of those without."""
    taken = {row.id for row in matched if row}
    free = []
    for row in stored:
        if row.id in taken or (has_pid and row.pid is not None):
            continue
        free.append(row)
    if not free:
        return
    unmatched = []
    for at, post in enumerate(posts):
        if matched[at] is None and (post.pid is not None) == has_pid:
            unmatched.append(at)
    if not unmatched:
        return
    for at, row in _Matching(free, posts, unmatched).result().items():
        matched[at] = row


def _order(row: StoredPost) -> tuple[bool, int, str, int]:
    return row.pid is None, row.pid or 0, row.posted_at or "", row.id


class _Candidates:
    """Rows that some posts of a page may be: one object for all posts that may be the same."""

    def __init__(self, rows: tuple[int, ...], row_words: Sequence[str]) -> None:
        self.rows = rows
        self.members = frozenset(rows)
        self.left = iter(rows)
        """For taking them one after another."""
        self.by_words: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            self.by_words[row_words[row]].append(row)


class _Matching:
    """Assigns free rows to posts of a page; each step only takes what is certain by its own
    light.

    Rows and posts are known by their places, from 0.
    """

    def __init__(
        self,
        free: Sequence[StoredPost],
        posts: Sequence[Post],
        unmatched: Sequence[int],
    ) -> None:
        self._free = sorted(free, key=_order)
        self._posts = posts
        self._row_words = [squeezed(row.text) for row in self._free]
        self._post_words = {at: squeezed(posts[at].text) for at in unmatched}
        self._names = [name_key(row.author, row.anonymous) for row in self._free]
        self._index = RowIndex(self._free, self._names, self._row_words)
        self._candidates = self._find_candidates(unmatched)
        self._matched: dict[int, int] = {}
        self._taken: set[int] = set()

    def result(self) -> dict[int, StoredPost]:
        """Place of a post → the stored post that it is."""
        self._match_only_ones()
        self._match_same_words()
        self._match_neighbours()
        self._match_in_order()
        return {at: self._free[row] for at, row in self._matched.items()}

    def _find_candidates(self, unmatched: Sequence[int]) -> dict[int, _Candidates]:
        shared: dict[tuple[int, ...], _Candidates] = {}
        candidates = {}
        for at in unmatched:
            rows = self._rows_for(self._posts[at], self._post_words[at])
            if rows not in shared:
                shared[rows] = _Candidates(rows, self._row_words)
            candidates[at] = shared[rows]
        return candidates

    def _rows_for(self, post: Post, words: str) -> tuple[int, ...]:
        """The rows that a post may be: of its author and time; else, where a layout prints
        no author, of its time; else by its words; else hidden ones of its time."""
        when = iso(post.posted_at)
        name = name_key(post.author, post.anonymous)
        if name is None:
            rows = self._index.at_time(when)
        else:
            rows = self._index.by_author_at(name, when)
            rows = rows or self._index.by_author_at(None, when)
        if rows:
            return rows
        if words:
            rows = self._without_time(words, name, when)
            if rows:
                return rows
        if post.withheld or not post.text:
            return self._index.hidden_at(when)
        return ()

    def _without_time(
        self, words: str, name: str | None, when: str | None
    ) -> tuple[int, ...]:
        """Old touch pages print neither a number nor, of a recent post, the exact time: its
        author and words tell."""
        same = self._index.with_words(words)
        if when is not None:
            same = [row for row in same if not self._free[row].posted_at]
        if name is None:
            return tuple(same)
        named = [row for row in same if self._names[row] == name]
        nameless = [row for row in same if self._names[row] is None]
        return tuple(named + nameless)

    def _match_only_ones(self) -> None:
        """Posts with one candidate that is no other's."""
        claims: Counter[int] = Counter()
        for candidates, count in Counter(self._candidates.values()).items():
            for row in candidates.rows:
                claims[row] += count
        for at, candidates in self._candidates.items():
            if len(candidates.rows) == 1 and claims[candidates.rows[0]] == 1:
                self._take(at, candidates.rows[0])

    def _match_same_words(self) -> None:
        """Posts whose words only one candidate has, and no other post with the same
        candidates."""
        unmatched = self._unmatched()
        rivals = Counter(map(self._wording, unmatched))
        for at in unmatched:
            candidates, words = self._wording(at)
            if rivals[candidates, words] > 1:
                continue
            same = filter(self._is_free, candidates.by_words.get(words, ()))
            only = list(islice(same, 2))
            if len(only) == 1:
                self._take(at, only[0])

    def _wording(self, at: int) -> tuple[_Candidates, str]:
        return self._candidates[at], self._post_words[at]

    def _match_neighbours(self) -> None:
        """Posts that stand beside a matched one, as a candidate stands beside its row."""
        for at in self._unmatched():
            self._match_beside(at, step=1)
        for at in reversed(self._unmatched()):
            self._match_beside(at, step=-1)

    def _match_beside(self, at: int, *, step: int) -> None:
        neighbour = self._matched.get(at - step)
        if neighbour is None:
            return
        row = neighbour + step
        if not 0 <= row < len(self._free) or not self._is_free(row):
            return
        if row in self._candidates[at].members or self._is_placeholder(row):
            self._take(at, row)

    def _is_placeholder(self, row: int) -> bool:
        """A post of which a desktop page showed number and floor only, its author being
        deleted or banned."""
        stored = self._free[row]
        return stored.posted_at is None and bool(stored.withheld)

    def _match_in_order(self) -> None:
        """The rest: the first candidate that is left."""
        for at in self._unmatched():
            for row in self._candidates[at].left:
                if self._is_free(row):
                    self._take(at, row)
                    break

    def _unmatched(self) -> list[int]:
        return [at for at in self._candidates if at not in self._matched]

    def _is_free(self, row: int) -> bool:
        return row not in self._taken

    def _take(self, at: int, row: int) -> None:
        self._matched[at] = row
        self._taken.add(row)
