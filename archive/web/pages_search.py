"""The search page, and any search as an Atom feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from archive.search.api import Hit, search
from archive.search.executor import Order
from archive.search.facets import Facets, count_facets
from archive.search.filters import Filter
from archive.search.hints import hints, searched
from archive.search.query import parse
from archive.search.snippet import HTML
from archive.web import paths
from archive.web.ask import Answer, Ask, PageRequest
from archive.web.cache import remembered
from archive.web.clock import local
from archive.web.read_forum import person
from scraper.core.errors import QueryError

HITS = 20
MOST_PAGES = 50
_ORDERS: tuple[Order, ...] = ("best", "newest", "oldest")
_LISTS = ("post", "thread")
_WHERE = """SELECT p.id, p.site_id, p.pid, t.tid, t.id, u.uid FROM posts p JOIN threads t ON t.id = p.thread_id
  LEFT JOIN users u ON u.id = p.user_id WHERE p.id IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True, slots=True)
class Line:
    """A hit as it is shown."""

    hit: Hit
    path: str
    thread_path: str
    author_path: str
    time: str
    words: Markup
    others: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """A value to narrow a search by; `path` takes it away again where it is set."""

    name: str
    posts: int
    path: str
    is_set: bool = False


def search_page(ask: Ask) -> Answer:
    """Posts that fit a query, with how they spread over boards, authors and years."""
    query = ask.args.get("q", "").strip()
    order = _ORDERS[_ORDERS.index(_order(ask))]
    by = ask.choice("list", _LISTS)
    page = min(max(1, ask.number("page", 1)), MOST_PAGES)
    values: dict[str, object] = {
        "q": query,
        "order": order,
        "orders": _ORDERS,
        "by": by,
        "lists": _LISTS,
        "page": page,
        "problem": "",
    }
    if not query:
        return PageRequest(template="search.html", values=values)
    try:
        results = search(
            ask.conn,
            query,
            limit=HITS,
            offset=(page - 1) * HITS,
            order=order,
            by_thread=by == "thread",
        )
    except QueryError as error:
        return PageRequest(
            template="search.html",
            values={**values, "problem": _words(error, ask)},
            status=400,
        )
    facets = remembered(
        ask.conn, f"facets {query}", lambda: count_facets(ask.conn, results.query)
    )
    has_more = (results.threads or results.total) > page * HITS and page < MOST_PAGES
    return PageRequest(
        template="search.html",
        values={
            **values,
            "results": results,
            "lines": lines_of(ask, results.hits),
            "has_more": has_more,
            "hints": hints(ask.conn, results.query) if not results.hits else (),
            "searched": searched(ask.conn) if not results.hits else None,
            "facets": _facets(query, {"order": order, "list": by}, facets),
            "counted": facets.posts if facets.was_cut else 0,
            "feed": paths.search(query).replace("/search?", "/search.atom?", 1),
        },
    )


def search_feed(ask: Ask) -> Answer:
    """The newest posts that fit a query."""
    query = ask.args.get("q", "").strip()
    try:
        results = search(ask.conn, query, limit=50, order="newest")
    except QueryError as error:
        return PageRequest(
            template="error.html",
            values={"message": "bad_query", "words": _words(error, ask)},
            status=400,
        )
    lines = lines_of(ask, results.hits)
    updated = (
        max((line.hit.posted_at for line in lines), default="")
        or "1970-01-01T00:00:00Z"
    )
    return PageRequest(
        template="search.atom",
        content_type="application/atom+xml; charset=utf-8",
        values={
            "q": query,
            "lines": lines,
            "origin": ask.origin,
            "updated": updated,
            "self": ask.origin + ask.url,
        },
    )


def _words(error: QueryError, ask: Ask) -> str:
    return error.chinese if ask.language == "zh" else str(error)


def _order(ask: Ask) -> str:
    return ask.choice("order", tuple(_ORDERS))


def lines_of(ask: Ask, hits: Sequence[Hit]) -> list[Line]:
    """Hits as they are shown."""
    ids = [each.post_id for hit in hits for each in (hit, *hit.others)]
    known = {row[0]: row for row in ask.conn.execute(_WHERE, (str(ids),))}
    return [_line(hit, known) for hit in hits]


def _line(hit: Hit, known: Mapping[int, tuple[Any, ...]]) -> Line:
    _, site, pid, tid, thread, uid = known[hit.post_id]
    return Line(
        hit,
        paths.item("post", site, pid, hit.post_id),
        paths.thread(site, tid, thread),
        person(site, uid, hit.author),
        local(hit.posted_at, hit.utc_offset_minutes),
        Markup(hit.snippet.marked(HTML)),  # HTML escapes all but its own marks
        tuple(_line(each, known) for each in hit.others),
    )


def _facets(
    query: str, chosen: Mapping[str, str], facets: Facets
) -> dict[str, list[Facet]]:
    filters = parse(query).filters()
    groups = {"board": facets.boards, "author": facets.authors, "date": facets.years}
    kept = {
        name: value
        for name, value in chosen.items()
        if value not in (_ORDERS[0], _LISTS[0])
    }
    return {
        name: [
            _facet(query, kept, name, value, posts, filters)
            for value, posts in counted
            if value != "?"
        ]
        for name, counted in groups.items()
    }


def _facet(
    query: str,
    chosen: Mapping[str, str],
    name: str,
    value: str,
    posts: int,
    filters: tuple[Filter, ...],
) -> Facet:
    quoted = value if name == "date" else '"' + value.replace('"', "") + '"'
    word = f"{name}:{quoted}"
    is_set = word in query
    narrowed = (
        " ".join(query.replace(word, " ").split()) if is_set else f"{query} {word}"
    )
    return Facet(value, posts, paths.search(narrowed, **chosen), is_set)
