"""The filters of a query as SQL conditions on `posts AS p`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final

from archive.index.fold import normalise
from archive.search.conditions import NEVER, Condition, all_of, one_of
from archive.search.filters import Filter, Name
from archive.search.names import LAST_CHAR
from archive.search.stats import IndexStats

MAX_RANGES: Final = 60
"""Beginnings of names that are asked for one by one; more are asked for as a list."""


def filter_sql(node: Filter, stats: IndexStats) -> Condition:
    """The condition that a filter says."""
    return _FILTERS[node.name](node, stats)


def _author(node: Filter, stats: IndexStats) -> Condition:
    name = node.value
    is_prefix = node.is_prefix
    names = stats.authors.spelt_like(
        name,
        is_prefix=is_prefix,
    )
    if not names:
        names = (name,)
    if not is_prefix:
        return _is_one_of("p.author", names)
    if len(names) > MAX_RANGES:
        return _begins_with_one_of(names)
    ranges = [_begins_with(start) for start in names]
    if len(ranges) == 1:
        return ranges[0]
    return one_of(ranges)


def _begins_with_one_of(starts: tuple[str, ...]) -> Condition:
    sql = """EXISTS (SELECT 1 FROM json_each(?) AS start
        WHERE p.author >= start.value AND p.author < start.value || ?)"""
    list_of_starts = json.dumps(starts)
    return Condition(sql, (list_of_starts, LAST_CHAR))


def _begins_with(start: str) -> Condition:
    sql = "p.author >= ? AND p.author < ?"
    last = start + LAST_CHAR
    return Condition(sql, (start, last))


def _is_one_of(column: str, names: tuple[str, ...]) -> Condition:
    if len(names) == 1:
        return Condition(f"{column} = ?", names)
    marks = ", ".join("?" * len(names))
    return Condition(f"{column} IN ({marks})", names)


def _location(node: Filter, stats: IndexStats) -> Condition:
    """Places of which the name is a part, in any characters: 深圳 finds 广东省深圳市. With a
    star, those that begin so."""
    name = normalise(node.value)
    found: list[str] = []
    for location in stats.locations.each():
        folded = normalise(location)
        fits = folded.startswith(name) if node.is_prefix else name in folded
        if fits:
            found.append(location)
    list_of_found = json.dumps(found)
    # the index holds posts with a location only, and is used where the statement says so
    sql = "p.location <> '' AND p.location IN (SELECT value FROM json_each(?))"
    return Condition(sql, (list_of_found,))


def _board(node: Filter, stats: IndexStats) -> Condition:
    ids = stats.boards(node.value)
    if not ids:
        return NEVER
    boards = ", ".join(map(str, ids))
    return _in_threads(Condition(f"t.board_id IN ({boards})"), stats)


def _site(node: Filter, stats: IndexStats) -> Condition:
    ids = stats.sites(node.value)
    if not ids:
        return NEVER
    return _on_sites(ids)


def _on_sites(ids: list[int]) -> Condition:
    numbers = ", ".join(map(str, ids))
    return Condition(f"p.site_id IN ({numbers})")


def _dates(node: Filter, stats: IndexStats) -> Condition:
    sites: defaultdict[int, list[int]] = defaultdict(list)
    for site, minutes in stats.zones:
        sites[minutes].append(site)
    if len(sites) < 2:
        only_zone = next(iter(sites), 0)
        return _between(node, only_zone)
    parts: list[Condition] = []
    for minutes, ids in sites.items():
        days = _between(node, minutes)
        on_sites = _on_sites(ids)
        part = all_of([days, on_sites])
        parts.append(part)
    return one_of(parts)


def _between(node: Filter, utc_offset_minutes: int) -> Condition:
    """Posts of the days of a filter, on a forum whose clock is so many minutes ahead."""
    bounds: list[Condition] = []
    first_day, day_after = node.days(utc_offset_minutes)
    if first_day:
        low = _instant(first_day, utc_offset_minutes)
        not_before = Condition("p.posted_at >= ?", (low,))
        bounds.append(not_before)
    if day_after:
        high = _instant(day_after, utc_offset_minutes)
        before = Condition("p.posted_at < ?", (high,))
        bounds.append(before)
    return all_of(bounds)


def _instant(day: date, utc_offset_minutes: int) -> str:
    """The UTC time at which a day begins in a zone; a bare date at midnight, so that rows
    with a bare date compare."""
    local = datetime.combine(day, time.min)
    offset = timedelta(minutes=utc_offset_minutes)
    try:
        start = local - offset
    except OverflowError:
        return day.isoformat()
    if start.time() == time.min:
        start_day = start.date()
        return start_day.isoformat()
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")


def _floor(node: Filter, stats: IndexStats) -> Condition:
    return _bounds("p.floor", node)


def _bounds(column: str, node: Filter) -> Condition:
    bounds: list[Condition] = []
    if isinstance(node.low, int):
        at_least = Condition(f"{column} >= ?", (node.low,))
        bounds.append(at_least)
    if isinstance(node.high, int):
        at_most = Condition(f"{column} <= ?", (node.high,))
        bounds.append(at_most)
    return all_of(bounds)


def _thread(node: Filter, stats: IndexStats) -> Condition:
    ids = stats.threads(node.value)
    if not ids:
        return NEVER
    threads = ", ".join(map(str, ids))
    return _in_threads(Condition(f"t.id IN ({threads})"), stats)


def _figure(node: Filter, stats: IndexStats) -> Condition:
    """Posts of threads with so many replies or views as the forum states."""
    wanted = _bounds(f"t.{node.name}", node)
    return _in_threads(wanted, stats)


def _in_threads(wanted: Condition, stats: IndexStats) -> Condition:
    """Posts of some threads, as a list of these where they have few posts."""
    threads = f"threads t WHERE {wanted.sql}"
    thread_ids = f"SELECT t.id FROM {threads}"
    posts = f"SELECT 1 FROM posts WHERE thread_id IN ({thread_ids})"
    if stats.are_few(posts, wanted.params):
        return Condition(
            f"p.thread_id IN ({thread_ids})",
            wanted.params,
            is_listed=True,
        )
    sql = f"EXISTS (SELECT 1 FROM {threads} AND t.id = p.thread_id)"
    return Condition(sql, wanted.params)


def _has(node: Filter, stats: IndexStats) -> Condition:
    lists: list[str] = []
    tests: list[Condition] = []
    for table in _HAS[node.value]:
        lists.append(f"SELECT post_id FROM {table}")
        word = "AND" if "WHERE" in table else "WHERE"
        sql = f"EXISTS (SELECT 1 FROM {table} {word} post_id = p.id)"
        test_of_table = Condition(sql)
        tests.append(test_of_table)
    posts = " UNION ALL ".join(lists)
    test = one_of(tests)
    return _listed_if_few(posts, test, stats)


def _is(node: Filter, stats: IndexStats) -> Condition:
    test = Condition(_IS[node.value])
    posts = _RARE.get(node.value)
    if not posts:
        return test
    return _listed_if_few(posts, test, stats)


def _listed_if_few(posts: str, test: Condition, stats: IndexStats) -> Condition:
    """A condition by the list of the posts that a statement finds, else by a test of each post."""
    if not stats.are_few(posts):
        return test
    return Condition(
        f"p.id IN ({posts})",
        is_listed=True,
    )


_HAS: Final = {
    "image": ("images", "attachments WHERE image"),
    "attachment": ("attachments",),
    "poll": ("polls",),
    "link": ("links",),
    "quote": ("quotes",),
}
_IS: Final = {
    "op": "p.opening",
    "withheld": "p.withheld <> ''",
    "edited": "(p.edited_at IS NOT NULL OR p.edited_by <> '')",
    "gone": "p.gone_at IS NOT NULL",
    "anonymous": "p.anonymous",
    "digest": "EXISTS (SELECT 1 FROM threads x WHERE x.id = p.thread_id AND x.digest)",
}
_POSTS_WHERE: Final = "SELECT p.id FROM posts p WHERE"
_RARE: Final = {
    "withheld": f"{_POSTS_WHERE} {_IS['withheld']}",
    "edited": f"{_POSTS_WHERE} {_IS['edited']}",
    "gone": f"{_POSTS_WHERE} {_IS['gone']}",
    "anonymous": f"{_POSTS_WHERE} {_IS['anonymous']}",
    "digest": f"""{_POSTS_WHERE} p.thread_id IN
        (SELECT id FROM threads WHERE digest)""",
}
"""The posts with properties for which there is an index of them alone
(migrations/007_sparse.sql)."""
_FILTERS: Final[dict[Name, Callable[[Filter, IndexStats], Condition]]] = {
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
