"""Conditions on posts in ClickHouse's SQL, and how they join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on `posts`, true or false for each. `is_indexed`: the text index answers
    it, and no post is read for it. `is_narrowed`: by the text index it is known which posts
    need not be read."""

    sql: str
    is_indexed: bool = False
    is_narrowed: bool = False


ALWAYS = Condition(
    "1",
    is_indexed=True,
)
"""What every post fulfils."""
NEVER = Condition(
    "0",
    is_indexed=True,
)
"""What no post fulfils."""


def all_of(conditions: Sequence[Condition]) -> Condition:
    """All of the conditions; ALWAYS for none."""
    if not conditions:
        return ALWAYS
    is_narrowed = any(each.is_narrowed for each in conditions)
    return _joined(conditions, " AND ", is_narrowed)


def one_of(conditions: Sequence[Condition]) -> Condition:
    """One of the conditions or more; NEVER for none."""
    if not conditions:
        return NEVER
    is_narrowed = all(each.is_narrowed for each in conditions)
    return _joined(conditions, " OR ", is_narrowed)


def negated(condition: Condition) -> Condition:
    """The opposite."""
    return Condition(f"NOT {condition.sql}", condition.is_indexed)


def _joined(conditions: Sequence[Condition], word: str, is_narrowed: bool) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    joined = word.join(each.sql for each in conditions)
    return Condition(
        sql=f"({joined})",
        is_indexed=all(each.is_indexed for each in conditions),
        is_narrowed=is_narrowed,
    )
