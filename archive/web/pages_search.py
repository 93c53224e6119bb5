"""The search page, any search as an Atom feed, and the posts like a post."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from archive.reading.posts import load_posts
from archive.search.api import Order, Results
from archive.search.budget import shared_time
from archive.search.context import ORDERS
from archive.search.facets import Facets
from archive.search.hints import with_proposal
from archive.search.similar import similar
from archive.web import paths
from archive.web.addressed import forum_of, row_of
from archive.web.facet_links import facet_groups
from archive.web.hit_lines import HitLine, hit_lines
from archive.web.language import spoken
from archive.web.search_fields import DAYS, FIELDS, with_fields
from archive.web.values import (
    ArchiveRequest,
    PageRequest,
    PageResponse,
    Redirect,
    TemplateResponse,
)
from scraper.core.errors import QueryError

HITS: Final = 20
MAX_PAGES: Final = 50
FEED_HITS: Final = 50
_LISTS: Final = ("post", "thread")
_EPOCH: Final = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What the reader chose: the query, the order, a hit for each post or thread."""

    query: str
    order: Order
    by: str
    page: int


def search_page(request: PageRequest) -> PageResponse:
    """Posts that fit a query, with how they spread over boards, authors and years."""
    form = _form(request)
    query = with_fields(form.query, request.args, request.language)
    if query != form.query:
        return Redirect(location=paths.search(query, **_chosen(form)))
    values = {
        "q": form.query,
        "order": form.order,
        "orders": ORDERS,
        "by": form.by,
        "lists": _LISTS,
        "fields": (*FIELDS, *DAYS),
        "page": form.page,
        "problem": "",
    }
    if not form.query:
        return TemplateResponse(template="search.html", values=values)
    with shared_time():
        return _answer(request, form, values)


def _answer(
    request: PageRequest, form: SearchForm, values: dict[str, Any]
) -> PageResponse:
    """What is found, beside what the page shows in any case."""
    try:
        results = request.source.search(
            form.query,
            limit=HITS,
            offset=(form.page - 1) * HITS,
            order=form.order,
            by_thread=form.by == "thread",
            now=request.now,
        )
    except QueryError as error:
        values["problem"] = _message(error, request)
        return TemplateResponse(
            template="search.html",
            values=values,
            status=400,
        )
    found = _found(request, form, results)
    return TemplateResponse(template="search.html", values={**values, **found})


def search_feed(request: PageRequest) -> PageResponse:
    """The newest posts that fit a query."""
    query = request.args.get("q", "").strip()
    try:
        results = request.source.search(
            query,
            limit=FEED_HITS,
            order="newest",
            now=request.now,
        )
    except QueryError as error:
        return TemplateResponse(
            template="error.html",
            values={
                "message": "bad_query",
                "words": _message(error, request),
            },
            status=400,
        )
    lines = hit_lines(request, results.hits)
    return TemplateResponse(
        template="search.atom",
        content_type="application/atom+xml; charset=utf-8",
        values={
            "q": query,
            "lines": lines,
            "origin": request.origin,
            "updated": _latest(lines),
            "notices": results.notices,
            "also": request.source.also(results.query),
            "address": request.origin + paths.own(request.url),
        },
    )


def similar_page(request: ArchiveRequest) -> PageResponse:
    """Posts like one, copies first."""
    conn = request.conn
    forum = forum_of(request)
    post_id = row_of(request, forum, "post")
    (post,) = load_posts(conn, [post_id])
    found = similar(conn, post_id)
    lines = hit_lines(request, [each.hit for each in found])
    return TemplateResponse(
        template="similar.html",
        values={
            "forum": forum,
            "post": post,
            "thread": request.source.thread(forum.id, post.thread_id),
            "lines": list(zip(lines, found, strict=True)),
        },
    )


def _form(request: PageRequest) -> SearchForm:
    page = request.number("page", 1)
    return SearchForm(
        query=request.args.get("q", "").strip(),
        order=request.choice("order", ORDERS),
        by=request.choice("list", _LISTS),
        page=min(max(1, page), MAX_PAGES),
    )


def _found(request: PageRequest, form: SearchForm, results: Results) -> dict[str, Any]:
    """What the page shows of an answer."""
    source = request.source

    def count() -> Facets:
        return source.facets(results.query)

    # 今天 is another day elsewhere at any hour
    hour = request.now.strftime("%Y-%m-%dT%H")
    facets = source.remembered(f"facets {hour} {form.query}", count)
    shown = form.page * HITS
    has_more = (results.threads or results.total) > shown
    feed = paths.search(form.query)
    feed = feed.replace("/search?", "/search.atom?", 1)
    found: dict[str, Any] = {
        "results": results,
        "lines": hit_lines(request, results.hits),
        "has_more": has_more and form.page < MAX_PAGES,
        "also": (),
        "hints": (),
        "with_proposal": with_proposal,
        "searched": None,
        "facets": facet_groups(form.query, _chosen(form), facets),
        "facet_notices": [
            notice for notice in facets.notices if notice not in results.notices
        ],
        "counted": facets,
        "feed": feed,
    }
    if form.page == 1:
        found["also"] = source.also(results.query)
    is_nothing = not results.hits and not results.was_stopped
    if is_nothing or (results.is_partial and not results.was_stopped):
        found["hints"] = source.hints(results.query)
    if is_nothing:
        found["searched"] = source.searched()
    return found


def _chosen(form: SearchForm) -> dict[str, str]:
    """What the reader chose that is not the first of its choices."""
    chosen = {}
    if form.order != ORDERS[0]:
        chosen["order"] = str(form.order)
    if form.by != _LISTS[0]:
        chosen["list"] = form.by
    return chosen


def _message(error: QueryError, request: PageRequest) -> str:
    if spoken(request.language) == "zh":
        return error.chinese
    return str(error)


def _latest(lines: Iterable[HitLine]) -> str:
    """When the newest hit was posted, as a feed needs it."""
    times = [line.hit.posted_at for line in lines]
    return max(times, default="") or _EPOCH
