"""SQL conditions on `posts AS p`, with the values for their question marks, and how they join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Param = str | int


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a post.

    `is_listed`: it lists the posts or threads that it leaves, because they are few, so that
    SQLite finds them at once. `asks_index`: it asks the words' index, so that counting the
    posts that fulfil it may take long.
    """

    sql: str
    params: tuple[Param, ...] = ()
    is_listed: bool = False
    asks_index: bool = False


ALWAYS = Condition("1")
"""What every post fulfils."""
NEVER = Condition("0")
"""What no post fulfils."""


def all_of(conditions: Sequence[Condition]) -> Condition:
    """All of the conditions; ALWAYS for none. No brackets: it stands in a WHERE."""
    return _joined(conditions, " AND ") if conditions else ALWAYS


def one_of(conditions: Sequence[Condition]) -> Condition:
    """One of the conditions or more, in brackets; NEVER for none."""
    return bracketed(_joined(conditions, " OR ")) if conditions else NEVER


def bracketed(condition: Condition) -> Condition:
    """The condition in brackets, to stand beside others."""
    return Condition(
        sql=f"({condition.sql})",
        params=condition.params,
        asks_index=condition.asks_index,
    )


def negated(condition: Condition) -> Condition:
    """The opposite; what is unknown (NULL) counts as not fulfilled."""
    return Condition(
        sql=f"NOT coalesce({condition.sql}, 0)",
        params=condition.params,
        asks_index=condition.asks_index,
    )


def _joined(conditions: Sequence[Condition], word: str) -> Condition:
    params: list[Param] = []
    for condition in conditions:
        params += condition.params
    return Condition(
        sql=word.join(condition.sql for condition in conditions),
        params=tuple(params),
        asks_index=any(condition.asks_index for condition in conditions),
    )
