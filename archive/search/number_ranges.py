"""Whole numbers as people write them in a query: 3, 2..10, >10, 10+, ≤5."""

from __future__ import annotations

import re
from typing import Final

from archive.search.days import RANGE
from archive.search.quoting import or_quote, or_quote_chinese
from scraper.core.errors import QueryError

Bounds = tuple[int | None, int | None]
"""The least and the greatest number, both included; None is open."""

MOST_DIGITS: Final = 9
"""No more are read than any floor or count has."""
_COMPARED: Final = re.compile(r"(>=|=>|≥|>|<=|=<|≤|<)?\s{0,3}(\d+)(\+)?")


def read_range(key: str, value: str) -> Bounds:
    """The numbers that a filter names. Raises QueryError for what is none."""
    compared = _COMPARED.fullmatch(value)
    if compared:
        return _compared(compared)
    parts = RANGE.split(value)
    if not _are_bounds(parts):
        raise QueryError(
            f"{key}:{value} is no number; write {key}:1, {key}:2..10 or '{key}:>10'. "
            f"{or_quote(key)}",
            f"{key}:{value} 不是数字；请写成 {key}:1、{key}:2..10 或 {key}:>10。"
            f"{or_quote_chinese(key)}",
        )
    return _whole(parts[0]), _whole(parts[-1])


def read_thread(key: str, value: str) -> str:
    """The forum's number of a thread. Raises QueryError for what is none."""
    if value.isdecimal():
        return str(int(value[:MOST_DIGITS]))
    raise QueryError(
        f"{key}:{value} is no number of a thread; write {key}:480, as in thread-480-1-1.html. "
        f"{or_quote(key)}",
        f"{key}:{value} 不是主题的编号；请写成 {key}:480，即 thread-480-1-1.html 里的数字。"
        f"{or_quote_chinese(key)}",
    )


def _compared(compared: re.Match[str]) -> Bounds:
    sign, digits, plus = compared.groups()
    number = int(digits[:MOST_DIGITS])
    if plus and not sign:
        return number, None
    match sign:
        case ">":
            return number + 1, None
        case ">=" | "=>" | "≥":
            return number, None
        case "<":
            return None, number - 1
        case "<=" | "=<" | "≤":
            return None, number
    return number, number


def _are_bounds(parts: list[str]) -> bool:
    """Whether these are one number, or two of which one may be left out."""
    numbers = [part for part in parts if part]
    if not numbers or len(parts) > 2:
        return False
    return all(number.isdecimal() for number in numbers)


def _whole(digits: str) -> int | None:
    return int(digits[:MOST_DIGITS]) if digits else None
