"""Datasette's own `?_search=` on the table of posts: the same query as everywhere, its
filters included, which the words' index cannot tell; and where no post has all words, the
posts with some of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest

from archive.search.also import also_search
from archive.search.budget import BoundedConnection
from archive.search.conditions import ALWAYS, Condition
from archive.search.exact import exact_expression, rest_of, widest_expression
from archive.search.limits import SOME_POSTS
from archive.search.query import Query, parse
from archive.search.quoting import quoted
from archive.search.some_lookup import look_up_some
from archive.search.some_words import loosened
from archive.search.stats import IndexStats
from archive.search.tree import Node
from scraper.core.errors import QueryError

TABLE: Final = "posts"
INDEX: Final = "posts_fts"
_BY_COLUMN: Final = "_search_"
_FITTING: Final = """SELECT 1 FROM posts p
  WHERE p.id IN (SELECT rowid FROM posts_fts WHERE posts_fts MATCH ?)"""


def rest_of_search(
    request: Any, database: Any
) -> Callable[[], Awaitable[FilterArguments]] | None:
    """What is asked beside the words, as Datasette takes it; None where nothing is searched
    by our rules."""
    args = request.args
    is_raw = args.get("_searchmode") == "raw"
    is_elsewhere = args.get("_fts_table", INDEX) != INDEX
    asks = [name for name in args if name.startswith("_search")]
    if is_raw or is_elsewhere or not asks:
        return None

    async def filters() -> FilterArguments:
        for name in asks:
            if name.startswith(_BY_COLUMN):
                _refuse_filters(args[name])
        query = _read(args.get("_search") or "", datetime.now(UTC))
        root = query.root
        if root is None:
            return FilterArguments([])

        def find_rest(conn: sqlite3.Connection) -> FilterArguments:
            arguments = _with_some_words(conn, root) or _rest(conn, root)
            arguments.human_descriptions += _also(conn, query)
            return arguments

        arguments: FilterArguments = await database.execute_fn(find_rest)
        return arguments

    return filters


def _rest(conn: sqlite3.Connection, root: Node) -> FilterArguments:
    """What is asked beside the words."""
    rest = rest_of(root, IndexStats(conn))
    return _filter_arguments(rest)


def _also(conn: sqlite3.Connection, query: Query) -> list[str]:
    """What else to search for, in words."""
    offered = also_search(conn, query)
    return [f"also / 也搜 {each.query}" for each in offered]


def _with_some_words(conn: sqlite3.Connection, root: Node) -> FilterArguments | None:
    """The posts with some of the words; None where a post has all, or none has any.

    Datasette asks the index for `:search`, which is then one of the words.
    """
    stats = IndexStats(conn)
    if _may_fit_any(stats, root):
        return None
    loose = loosened(root, stats)
    if loose is None:
        return None
    found = look_up_some(
        conn,
        loose,
        "best",
        SOME_POSTS,
        0,
    )
    if not found.ids:
        return None
    words = {each.text for held in found.held.values() for each in held}
    any_word = " OR ".join(map(quoted, sorted(words)))
    notice, *_ = found.notices
    said = f"{notice.text('en')} / {notice.text('zh')}"
    return FilterArguments(
        ["id in (select value from json_each(:search_some))"],
        {"search": any_word, "search_some": str(found.ids)},
        [said],
    )


def _may_fit_any(stats: IndexStats, root: Node) -> bool:
    """Whether any post fits; yes where it takes too long to tell."""
    match = widest_expression(root)
    rest = rest_of(root, stats) or ALWAYS
    with BoundedConnection(stats.conn) as conn:
        count = conn.count(f"{_FITTING} AND {rest.sql}", (match, *rest.params), 1)
    return count != 0


def _read(text: str, now: datetime | None = None) -> Query:
    """The query, asked at that time. Raises BadRequest where it means nothing."""
    try:
        return parse(text, now)
    except QueryError as error:
        raise BadRequest(f"{error} / {error.chinese}") from error


def _refuse_filters(text: str) -> None:
    """Raise BadRequest for what cannot be asked of one column."""
    root = _read(text).root
    if root is None:
        return
    try:
        exact_expression(root)
    except QueryError as error:
        raise BadRequest(f"{error} / {error.chinese}") from error


def _filter_arguments(rest: Condition | None) -> FilterArguments:
    """A condition with Datasette's named parameters."""
    if rest is None:
        return FilterArguments([])
    first, *pieces = rest.sql.split("?")
    sql = first
    params: dict[str, str | int] = {}
    for number, piece in enumerate(pieces):
        name = f"search_rest_{number}"
        params[name] = rest.params[number]
        sql += f":{name}{piece}"
    clause = f"id in (select p.id from {TABLE} p where {sql})"
    return FilterArguments([clause], params)
