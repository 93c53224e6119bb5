"""The filters of a query as SQL conditions on `posts AS p`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from archive.search.filters import Filter
from archive.search.stats import IndexStats

Param = str | int
Condition = tuple[str, tuple[Param, ...]]
"""SQL and the values for its question marks."""
LISTED = ("p.id IN", "p.thread_id IN")
"""How a condition begins that lists the posts or threads it leaves, because they are few."""


def filter_sql(node: Filter, ground: IndexStats) -> Condition:
    """The condition that a filter says."""
    return _FILTERS[node.name](node, ground)


def _author(node: Filter, ground: IndexStats) -> Condition:
    is_prefix = node.value.endswith("*")
    name = node.value.rstrip("*") if is_prefix else node.value
    if others := ground.authors(name, is_prefix=is_prefix):
        return f"p.author IN ({', '.join('?' * len(others))})", others
    if is_prefix:
        return "p.author >= ? AND p.author < ?", (name, name + "\U0010ffff")
    return "p.author = ?", (name,)


def _board(node: Filter, ground: IndexStats) -> Condition:
    params: tuple[Param, ...]
    if node.value.isdecimal():
        which, params = "b.fid = ? OR b.name = ?", (int(node.value[:15]), node.value)
    else:
        which, params = "instr(lower(b.name), lower(?))", (node.value.rstrip("*"),)
    threads = f"threads t WHERE t.board_id IN (SELECT b.id FROM boards b WHERE {which})"
    if ground.are_few(
        f"SELECT 1 FROM posts WHERE thread_id IN (SELECT t.id FROM {threads})", params
    ):
        return f"p.thread_id IN (SELECT t.id FROM {threads})", params
    return f"EXISTS (SELECT 1 FROM {threads} AND t.id = p.thread_id)", params


def _site(node: Filter, ground: IndexStats) -> Condition:
    ids = ground.sites(node.value)
    return (f"p.site_id IN ({', '.join(map(str, ids))})" if ids else "0"), ()


def _dates(node: Filter, ground: IndexStats) -> Condition:
    sites: dict[int, list[int]] = {}
    for site, minutes in ground.zones:
        sites.setdefault(minutes, []).append(site)
    if len(sites) < 2:
        return _between(node, next(iter(sites), 0))
    parts = [(_between(node, minutes), ids) for minutes, ids in sites.items()]
    sql = " OR ".join(
        f"({sql} AND p.site_id IN ({', '.join(map(str, ids))}))"
        for (sql, _), ids in parts
    )
    return f"({sql})", tuple(param for (_, params), _ in parts for param in params)


def _between(node: Filter, minutes: int) -> Condition:
    low, high = (
        _instant(day, minutes) if isinstance(day, date) else ""
        for day in (node.low, node.high)
    )
    bounds = [
        (sql, bound)
        for sql, bound in (("p.posted_at >= ?", low), ("p.posted_at < ?", high))
        if bound
    ]
    return " AND ".join(sql for sql, _ in bounds), tuple(bound for _, bound in bounds)


def _instant(day: date, minutes: int) -> str:
    """The UTC time at which a day begins in a zone; a bare date at midnight, so that rows
    with a bare date compare."""
    try:
        time = datetime(day.year, day.month, day.day) - timedelta(minutes=minutes)  # noqa: DTZ001 - turned to UTC here
    except OverflowError:
        return day.isoformat()
    return (
        time.date().isoformat()
        if time.hour == time.minute == 0
        else time.strftime("%Y-%m-%dT%H:%M:%SZ")
    )


def _floor(node: Filter, ground: object) -> Condition:
    bounds = [("p.floor >= ?", node.low), ("p.floor <= ?", node.high)]
    given = [(sql, bound) for sql, bound in bounds if isinstance(bound, int)]
    return " AND ".join(sql for sql, _ in given), tuple(bound for _, bound in given)


def _has(node: Filter, ground: IndexStats) -> Condition:
    tables = _HAS[node.value]
    posts = " UNION ALL ".join(f"SELECT post_id FROM {table}" for table in tables)
    tests = (
        f"EXISTS (SELECT 1 FROM {table}{' AND' if ' ' in table else ' WHERE'} post_id = p.id)"
        for table in tables
    )
    return _listed_if_few(posts, f"({' OR '.join(tests)})", ground)


def _is(node: Filter, ground: IndexStats) -> Condition:
    posts, test = _RARE.get(node.value), _IS[node.value]
    return _listed_if_few(posts, test, ground) if posts else (test, ())


def _listed_if_few(posts: str, test: str, ground: IndexStats) -> Condition:
    """A condition by the list of the posts that a statement finds, else by a test of each post."""
    return (f"p.id IN ({posts})" if ground.are_few(posts) else test), ()


_HAS = {
    "image": ("images", "attachments WHERE image"),
    "attachment": ("attachments",),
    "poll": ("polls",),
    "link": ("links",),
    "quote": ("quotes",),
}
_IS = {
    "op": "p.opening",
    "withheld": "p.withheld <> ''",
    "edited": "(p.edited_at IS NOT NULL OR p.edited_by <> '')",
    "gone": "p.gone_at IS NOT NULL",
    "anonymous": "p.anonymous",
    "digest": "EXISTS (SELECT 1 FROM threads x WHERE x.id = p.thread_id AND x.digest)",
}
_RARE = {
    **{
        name: f"SELECT p.id FROM posts p WHERE {_IS[name]}"
        for name in ("withheld", "edited", "gone", "anonymous")
    },
    "digest": "SELECT id FROM posts WHERE thread_id IN (SELECT id FROM threads WHERE digest)",
}
"""The posts with properties for which there is an index of them alone
(migrations/007_sparse.sql)."""
_FILTERS: dict[str, Callable[[Filter, IndexStats], Condition]] = {
    "author": _author,
    "board": _board,
    "site": _site,
    "date": _dates,
    "floor": _floor,
    "has": _has,
    "is": _is,
}
