"""A query with one more filter, however the query is made."""

from __future__ import annotations

from archive.search.query import parse
from archive.search.tree import Node, parts_of
from scraper.core.errors import QueryError


def narrowed(query: str, word: str) -> str:
    """The query with one more filter. In `a OR b` the filter must hold for both, and what
    lacks its closing bracket or quotation mark goes last. A query that means nothing stays
    as it is before the filter, and is explained where it is asked."""
    if not query:
        return word
    forms = (
        f"{query} {word}",
        f"({query}) {word}",
        f"{word} {query}",
        f"{word} ({query})",
    )
    wanted = _parts(query) | _parts(word)
    for form in forms:
        if _parts(form) == wanted:
            return form
    return forms[0]


def _parts(query: str) -> frozenset[Node]:
    try:
        root = parse(query).root
    except QueryError:
        return frozenset()
    return frozenset(parts_of(root)) if root else frozenset()
