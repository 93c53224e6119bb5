"""Filters and whole trees of a query as conditions on `posts`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from archive.clickhouse import literals
from archive.clickhouse.columns import UNDATED
from archive.clickhouse.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    all_of,
    negated,
    one_of,
)
from archive.clickhouse.index import Index
from archive.clickhouse.words import marked, words_sql
from archive.index.fold import normalise
from archive.search.filters import Filter, Name
from archive.search.tree import And, Node, Not, Words

_MOST_DIGITS: Final = 15
_EPOCH: Final = datetime(
    1970,
    1,
    1,
    tzinfo=UTC,
)
_MARKED_NAMES: Final = 1_000
"""So many authors are asked of the text index; more are looked for in the posts."""


def tree_sql(node: Node, index: Index) -> Condition:
    """Any tree as a condition."""
    if isinstance(node, Filter):
        return _FILTERS[node.name](node, index)
    if isinstance(node, Words):
        return words_sql(node, index).condition
    if isinstance(node, Not):
        return negated(tree_sql(node.part, index))
    parts = [tree_sql(part, index) for part in node.parts]
    if isinstance(node, And):
        return all_of(parts)
    return one_of(parts)


def _author(node: Filter, index: Index) -> Condition:
    name = node.value
    folded = literals.text(normalise(name))
    if not node.is_prefix:
        if index.has_name("author", name):
            return marked([f"@{name}"])
        names = index.names_like("author", f"folded = {folded}")
        return marked([f"@{each}" for each in names])
    if index.has_name("author", name, is_prefix=True):
        where = (
            f"startsWith(folded, {folded}) AND startsWith(name, {literals.text(name)})"
        )
    else:
        where = f"startsWith(folded, {folded})"
    names = index.names_like("author", where)
    if len(names) <= _MARKED_NAMES:
        return marked([f"@{each}" for each in names])
    return Condition(f"author IN ({', '.join(map(literals.text, names))})")


def _location(node: Filter, index: Index) -> Condition:
    name = literals.text(normalise(node.value))
    where = f"position(folded, {name}) > 0"
    if node.is_prefix:
        where = f"startsWith(folded, {name})"
    found = index.names_like("location", where)
    if not found:
        return NEVER
    return Condition(f"location IN ({', '.join(map(literals.text, found))})")


def _board(node: Filter, index: Index) -> Condition:
    name = node.value
    where = _has_part(
        "folded",
        "name",
        name,
    )
    if name.isdecimal():
        fid = int(name[:_MOST_DIGITS])
        where = f"fid = {fid} OR name = {literals.text(name)}"
    # of one node: boards lie where their forum's posts do
    return Condition(
        f"(site_id, board) IN (SELECT site_id, name FROM boards FINAL WHERE {where})"
    )


def _site(node: Filter, index: Index) -> Condition:
    where = _has_part(
        "folded",
        "concat(site, '\\n', base_url)",
        node.value,
    )
    return Condition(f"site_id IN (SELECT site_id FROM sites FINAL WHERE {where})")


def _has_part(folded: str, written: str, part: str) -> str:
    """That a name has this part, in any characters; as written where it folds to nothing."""
    name = normalise(part)
    if name.strip():
        return f"position({folded}, {literals.text(name)}) > 0"
    return f"position({written}, {literals.text(part)}) > 0"


def _dates(node: Filter, index: Index) -> Condition:
    zones = index.zones
    if len(zones) < 2:
        return _between(node, next(iter(zones), 0))
    parts = []
    for minutes in zones:
        sites = f"SELECT site_id FROM sites FINAL WHERE utc_offset_minutes = {minutes}"
        days = _between(node, minutes)
        parts.append(_of_days(f"({days.sql} AND site_id IN ({sites}))"))
    return one_of(parts)


def _between(node: Filter, utc_offset_minutes: int) -> Condition:
    """Posts of the days of a filter, by their sorting key: the later the less."""
    first_day, day_after = node.days(utc_offset_minutes)
    bounds = [_of_days(f"newest != {UNDATED}")]
    if first_day:
        bounds.append(_of_days(f"newest <= {-_key(first_day, utc_offset_minutes)}"))
    if day_after:
        bounds.append(_of_days(f"newest > {-_key(day_after, utc_offset_minutes)}"))
    if not first_day and not day_after:
        return ALWAYS
    return all_of(bounds)


def _of_days(sql: str) -> Condition:
    return Condition(sql, is_dated=True)


def _key(day: date, utc_offset_minutes: int) -> int:
    """Twice the seconds at which a day begins in a zone."""
    midnight = datetime.combine(
        day,
        time.min,
        tzinfo=UTC,
    )
    since_epoch = midnight - _EPOCH - timedelta(minutes=utc_offset_minutes)
    return 2 * int(since_epoch.total_seconds())


def _floor(node: Filter, index: Index) -> Condition:
    return Condition(_bounds("floor", node))


def _bounds(column: str, node: Filter) -> str:
    bounds = [f"isNotNull({column})"]
    if isinstance(node.low, int):
        bounds.append(f"assumeNotNull({column}) >= {node.low}")
    if isinstance(node.high, int):
        bounds.append(f"assumeNotNull({column}) <= {node.high}")
    return f"({' AND '.join(bounds)})"


def _thread(node: Filter, index: Index) -> Condition:
    return marked([f"={int(node.value)}"])


def _figure(node: Filter, index: Index) -> Condition:
    """Posts of threads with so many replies or views as the forum states."""
    return _in_threads(_bounds(node.name, node))


def _in_threads(where: str) -> Condition:
    return Condition(
        f"(site_id, thread_id) IN "
        f"(SELECT site_id, thread_id FROM threads FINAL WHERE {where})"
    )


def _has(node: Filter, index: Index) -> Condition:
    return marked([f"?{node.value}"])


def _is(node: Filter, index: Index) -> Condition:
    if node.value == "digest":
        return _in_threads("ifNull(digest, 0) != 0")
    return marked([f"?{node.value}"])


_FILTERS: Final[dict[Name, Callable[[Filter, Index], Condition]]] = {
    "author": _author,
    "board": _board,
    "site": _site,
    "location": _location,
    "date": _dates,
    "floor": _floor,
    "thread": _thread,
    "replies": _figure,
    "views": _figure,
    "has": _has,
    "is": _is,
}
