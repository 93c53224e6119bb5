"""Datasette's own `?_search=` on the table of posts: the same query as everywhere, its
filters included, which the words' index cannot tell."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, Final

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest

from archive.search.conditions import Condition
from archive.search.exact import exact_expression, rest_of
from archive.search.query import parse
from archive.search.stats import IndexStats
from archive.search.tree import Node
from scraper.core.errors import QueryError

TABLE: Final = "posts"
INDEX: Final = "posts_fts"
_BY_COLUMN: Final = "_search_"


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
        root = _read(args.get("_search") or "")
        if root is None:
            return FilterArguments([])

        def find_rest(conn: sqlite3.Connection) -> Condition | None:
            return rest_of(root, IndexStats(conn))

        rest = await database.execute_fn(find_rest)
        return _filter_arguments(rest)

    return filters


def _read(text: str) -> Node | None:
    """The query as a tree. Raises BadRequest where it means nothing."""
    try:
        return parse(text).root
    except QueryError as error:
        raise BadRequest(f"{error} / {error.chinese}") from error


def _refuse_filters(text: str) -> None:
    """Raise BadRequest for what cannot be asked of one column."""
    root = _read(text)
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
