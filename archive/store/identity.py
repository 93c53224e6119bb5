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
    by_pid = {row.pid: row for row in stored}
    matched: list[StoredPost | None] = []
    for post in posts:
        row = None
        if post.pid is not None:
            row = by_pid.get(post.pid)
        matched.append(row)
    # a numbered post that is new may be a stored one without number, and no other
    for has_pid in (True, False):
        _match_rest(stored, posts, matched, has_pid=has_pid)
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
    times = (iso(post.posted_at) for post in posts)
    printed = list(filter(None, times))
    if not printed:
        return None
    first = min(printed)
    last = max(printed)
    first_day = first[:10]
    last_minute = last[:16]
    return first_day, last_minute + "~"


def _match_rest(
    stored: Sequence[StoredPost],
    posts: Sequence[Post],
    matched: list[StoredPost | None],
    *,
    has_pid: bool,
) -> None:
    """Fill in what can be matched of the posts with a number, or of those without."""
    unmatched = []
    for at, post in enumerate(posts):
        if matched[at] is not None:
            continue
        is_numbered = post.pid is not None
        if is_numbered == has_pid:
            unmatched.append(at)
    if not unmatched:
        return
    free = _free_rows(stored, matched)
    if has_pid:
        free = [row for row in free if row.pid is None]
    if not free:
        return
    matching = _Matching(free, posts, unmatched)
    result = matching.result()
    for at, row in result.items():
        matched[at] = row


def _free_rows(
    stored: Iterable[StoredPost], matched: Iterable[StoredPost | None]
) -> list[StoredPost]:
    """The stored posts that none of the page's is so far."""
    taken = {row.id for row in matched if row}
    return [row for row in stored if row.id not in taken]


def _order(row: StoredPost) -> tuple[bool, int, str, int]:
    """By number; those without after them, by time."""
    return (
        row.pid is None,
        row.pid or 0,
        row.posted_at or "",
        row.id,
    )


class _Candidates:
    """Rows that some posts of a page may be: one object for all posts that may be the same."""

    def __init__(self, rows: tuple[int, ...], row_words: Sequence[str]) -> None:
        self.rows = rows
        self.members = frozenset(rows)
        self.left = iter(rows)
        """For taking them one after another."""
        self.by_words: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            words = row_words[row]
            self.by_words[words].append(row)


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
        self._names: list[str | None] = []
        self._row_words: list[str] = []
        for row in self._free:
            name = name_key(row.author, row.anonymous)
            words = squeezed(row.text)
            self._names.append(name)
            self._row_words.append(words)
        self._index = RowIndex(self._free, self._names, self._row_words)
        self._post_words: dict[int, str] = {}
        self._candidates: dict[int, _Candidates] = {}
        self._find_candidates(posts, unmatched)
        self._matched: dict[int, int] = {}
        self._taken: set[int] = set()

    def result(self) -> dict[int, StoredPost]:
        """Place of a post → the stored post that it is."""
        self._match_only_ones()
        self._match_same_words()
        self._match_neighbours()
        self._match_in_order()
        return {at: self._free[row] for at, row in self._matched.items()}

    def _find_candidates(self, posts: Sequence[Post], unmatched: Sequence[int]) -> None:
        shared: dict[tuple[int, ...], _Candidates] = {}
        for at in unmatched:
            post = posts[at]
            words = squeezed(post.text)
            rows = self._rows_for(post, words)
            candidates = shared.get(rows)
            if candidates is None:
                candidates = _Candidates(rows, self._row_words)
                shared[rows] = candidates
            self._post_words[at] = words
            self._candidates[at] = candidates

    def _rows_for(self, post: Post, words: str) -> tuple[int, ...]:
        """The rows that a post may be: of its author and time; else, where a layout prints
        no author, of its time; else by its words; else hidden ones of its time."""
        when = iso(post.posted_at)
        name = name_key(post.author, post.anonymous)
        rows = self._by_author_at(name, when)
        if rows:
            return rows
        if words:
            rows = self._without_time(words, name, when)
            if rows:
                return rows
        if post.withheld or not post.text:
            return self._index.hidden_at(when)
        return ()

    def _by_author_at(self, name: str | None, when: str | None) -> tuple[int, ...]:
        """The rows of an author and a time, else those of no author at that time."""
        index = self._index
        if name is None:
            return index.at_time(when)
        named = index.by_author_at(name, when)
        if named:
            return named
        return index.by_author_at(None, when)

    def _without_time(
        self, words: str, name: str | None, when: str | None
    ) -> tuple[int, ...]:
        """Old touch pages print neither a number nor, of a recent post, the exact time: its
        author and words tell."""
        named = []
        nameless = []
        rows = self._index.with_words(words)
        for row in rows:
            stored = self._free[row]
            if when is not None and stored.posted_at:
                continue
            its_name = self._names[row]
            if name is None or its_name == name:
                named.append(row)
            elif its_name is None:
                nameless.append(row)
        return (*named, *nameless)

    def _match_only_ones(self) -> None:
        """Posts with one candidate that is no other's."""
        claims = self._claims()
        for at, candidates in self._candidates.items():
            rows = candidates.rows
            if len(rows) != 1:
                continue
            (row,) = rows
            if claims[row] == 1:
                self._take(at, row)

    def _claims(self) -> Counter[int]:
        """How many posts each row may be."""
        posts_with = Counter(self._candidates.values())
        claims: Counter[int] = Counter()
        for candidates, count in posts_with.items():
            for row in candidates.rows:
                claims[row] += count
        return claims

    def _match_same_words(self) -> None:
        """Posts whose words only one candidate has, and no other post with the same
        candidates."""
        unmatched = self._unmatched()
        wordings = map(self._wording, unmatched)
        rivals = Counter(wordings)
        for at in unmatched:
            wording = self._wording(at)
            if rivals[wording] > 1:
                continue
            row = self._only_free(*wording)
            if row is not None:
                self._take(at, row)

    def _only_free(self, candidates: _Candidates, words: str) -> int | None:
        """The one free row among the candidates that has these words; None where there are
        none or several."""
        same = candidates.by_words.get(words, ())
        free = filter(self._is_free, same)
        row = next(free, None)
        other = next(free, None)
        if other is not None:
            return None
        return row

    def _wording(self, at: int) -> tuple[_Candidates, str]:
        return self._candidates[at], self._post_words[at]

    def _match_neighbours(self) -> None:
        """Posts that stand beside a matched one, as a candidate stands beside its row."""
        unmatched = self._unmatched()
        for at in unmatched:
            self._match_beside(at, step=1)
        left = self._unmatched()
        for at in reversed(left):
            self._match_beside(at, step=-1)

    def _match_beside(self, at: int, *, step: int) -> None:
        beside = at - step
        neighbour = self._matched.get(beside)
        if neighbour is None:
            return
        row = neighbour + step
        if not 0 <= row < len(self._free):
            return
        if not self._is_free(row):
            return
        candidates = self._candidates[at]
        if row in candidates.members or self._is_placeholder(row):
            self._take(at, row)

    def _is_placeholder(self, row: int) -> bool:
        """A post of which a desktop page showed number and floor only, its author being
        deleted or banned."""
        stored = self._free[row]
        if stored.posted_at is not None:
            return False
        return bool(stored.withheld)

    def _match_in_order(self) -> None:
        """The rest: the first candidate that is left."""
        for at in self._unmatched():
            candidates = self._candidates[at]
            free = filter(self._is_free, candidates.left)
            row = next(free, None)
            if row is not None:
                self._take(at, row)

    def _unmatched(self) -> list[int]:
        return [at for at in self._candidates if at not in self._matched]

    def _is_free(self, row: int) -> bool:
        return row not in self._taken

    def _take(self, at: int, row: int) -> None:
        self._matched[at] = row
        self._taken.add(row)
