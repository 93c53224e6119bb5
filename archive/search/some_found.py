"""Posts that have some of a query's words: what they weigh, and their order."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final

from archive.search.chronological import Row
from archive.search.context import Order
from archive.search.match import Folded, holds_words, places
from archive.search.nearness import CLAUSE_SIGN
from archive.search.some_words import Weighed
from archive.search.tree import Words

LEAST_WEIGHT: Final = 0.4
"""Posts whose words weigh less than this part of the best one's are left out."""

_MOST_PLACES: Final = 1_000
"""Of a word that a post repeats without end so many are looked at."""

Choice = tuple[Weighed, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread, and what its forum states of it, -1 for nothing."""

    thread_id: int
    replies: int
    views: int


NO_THREAD: Final = Thread(0, -1, -1)
"""Where the order does not ask for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A post, which of the words it has, what they weigh, and what those do that stand in
    one clause of it."""

    post_id: int
    thread: Thread
    posted_at: str | None
    words: tuple[Words, ...]
    weight: float
    clause_weight: float

    @property
    def score(self) -> float:
        """How well it fits, higher is better."""
        return self.weight + self.clause_weight


def found_in(row: Row, post: Folded, thread: Thread, words: Sequence[Weighed]) -> Found:
    """A post with what it has of the words."""
    post_id, _, time = row
    held = [each for each in words if holds_words(post, each.words)]
    return Found(
        post_id=post_id,
        thread=thread,
        posted_at=time,
        words=tuple(each.words for each in held),
        weight=weight_of(held),
        clause_weight=_clause_weight(post, held),
    )


def choices(words: Sequence[Weighed], asked: Collection[Words]) -> list[Choice]:
    """All choices of one word or more, the weightiest first, but for that of all words that
    were asked for: no post has them."""
    found: list[Choice] = []
    for size in range(1, len(words) + 1):
        found += combinations(words, size)
    unlike = [
        choice for choice in found if {each.words for each in choice} != set(asked)
    ]
    return sorted(
        unlike,
        key=weight_of,
        reverse=True,
    )


def weight_of(choice: Sequence[Weighed]) -> float:
    return sum(each.weight for each in choice)


def _clause_weight(post: Folded, held: Sequence[Weighed]) -> float:
    """What the words of the weightiest clause of a post weigh; its title is one."""
    starts = [_starts(post.text, each.words) for each in held]
    last = max((some[-1] for some in starts if some), default=0)
    signs = [sign.start() for sign in CLAUSE_SIGN.finditer(post.text, 0, last)]
    in_title = 0.0
    in_clauses: defaultdict[int, float] = defaultdict(float)
    for each, some in zip(held, starts, strict=True):
        for clause in {bisect(signs, start) for start in some}:
            in_clauses[clause] += each.weight
        if any(places(post.subject, each.words)):
            in_title += each.weight
    heaviest = max(in_clauses.values(), default=0.0)
    return max(in_title, heaviest)


def _starts(text: str, words: Words) -> list[int]:
    """Where words stand in a folded text, the first of them."""
    found = islice(places(text, words), _MOST_PLACES)
    return [start for start, _ in found]


def weighty(found: list[Found]) -> list[Found]:
    """The posts whose words weigh enough beside those of the best."""
    heaviest = max((each.weight for each in found), default=0.0)
    least = LEAST_WEIGHT * heaviest
    return [each for each in found if each.weight >= least]


def ordered(found: list[Found], order: Order) -> list[Found]:
    """In the order asked for; of two that are equal the newer first. By time, those without
    one come last."""
    newest = sorted(
        found,
        key=_time,
        reverse=True,
    )
    if order == "oldest":
        newest.reverse()
        return sorted(
            newest,
            key=_is_undated,
        )
    key = _KEYS.get(order)
    if key is None:
        return newest
    return sorted(
        newest,
        key=key,
        reverse=True,
    )


def _time(found: Found) -> tuple[str, int]:
    return found.posted_at or "", found.post_id


def _is_undated(found: Found) -> bool:
    return found.posted_at is None


def _score(found: Found) -> float:
    return found.score


def _replies(found: Found) -> tuple[int, int]:
    return found.thread.replies, found.thread.thread_id


def _views(found: Found) -> tuple[int, int]:
    return found.thread.views, found.thread.thread_id


_KEYS: Final[dict[Order, Callable[[Found], float | tuple[int, int]]]] = {
    "best": _score,
    "replies": _replies,
    "views": _views,
}
BY_THREAD: Final = ("replies", "views")
