"""The archive in a browser: a Datasette plugin with the forum's pages, search, pictures,
and descriptions of the data.

Works with `discuz-archive serve` and with plain `datasette forum.db` alike; does nothing
for files that are no archive.

Imports all floors below but no command. Open `server.py` first: which address is answered
by which page.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from typing import Any, Final

from datasette import Response, hookimpl
from markupsafe import Markup

from archive.schema import open_to_read
from archive.web import counts, paths, server, several, table_search
from archive.web.csv_cells import with_plain_cells
from archive.web.file_database import TOO_MUCH, FileDatabase
from archive.web.front_door import guarded, with_queries_apart
from archive.web.functions import register
from archive.web.media import media
from archive.web.metadata import metadata
from archive.web.old_addresses import front_page, no_page, old_address
from archive.web.pages_capture import capture_body, capture_page
from archive.web.pages_forum import (
    author_page,
    board_page,
    forum_page,
    member_page,
)
from archive.web.pages_health import health_page
from archive.web.pages_pictures import (
    begin_counting,
    growth_page,
    image,
    pictures_page,
)
from archive.web.pages_search import search_feed, search_page, similar_page
from archive.web.pages_thread import (
    find_page,
    jump_page,
    post_page,
    thread_page,
    versions_page,
)
from archive.web.pages_viewer import picture_page
from archive.web.query_process import is_query_process
from archive.web.reader_sql import restrict
from archive.web.table_pages import template_values

_SITE = paths.SITE
_NUMBER = paths.NUMBER
_PAGES: Final[tuple[tuple[str, server.Page], ...]] = (
    (r"^/$", front_page),
    (rf"^{_SITE}$", forum_page),
    (rf"^{_SITE}/(?P<kind>board)/{_NUMBER}$", board_page),
    (rf"^{_SITE}/(?P<kind>thread)/{_NUMBER}$", thread_page),
    (rf"^{_SITE}/(?P<kind>thread)/{_NUMBER}/jump$", jump_page),
    (rf"^{_SITE}/(?P<kind>thread)/{_NUMBER}/find$", find_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}$", post_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}/versions$", versions_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}/similar$", similar_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}/capture$", capture_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}/capture/page$", capture_body),
    (
        rf"^{_SITE}/(?P<kind>post)/{_NUMBER}/picture/(?P<picture>\d{{1,6}})$",
        picture_page,
    ),
    (rf"^{_SITE}/(?P<kind>user)/{_NUMBER}$", member_page),
    (rf"^{_SITE}/author/(?P<name>.{{1,200}})$", author_page),
    (r"^/search$", search_page),
    (r"^/search\.atom$", search_feed),
    (r"^/pictures$", pictures_page),
    (r"^/pictures/growth$", growth_page),
    (r"^/pictures/(?P<name>\w+)\.svg$", image),
    (r"^/health$", health_page),
    (rf"^{paths.MEDIA}(?P<capture>\d{{1,15}})$", media),
    (rf"^{paths.MEDIA}", no_page),
    (rf"^{_SITE}/", no_page),
    (r"^/(?:[\w.~-]+/){0,4}[\w%-]+\.(?:php|html?)$", old_address),
    (r"^/(?:[\w.~-]+/){0,4}archiver/.*$", old_address),
    (r"^/(?:[\w.~-]+/){0,4}(?:data/attachment|attachments)/.+$", old_address),
    (r"^/(?:bbs|forum|discuz|club)/$", old_address),
)
"""Our pages, before Datasette's own; the addresses of old forums last."""
_SLOW_PAGES: Final = (search_page, search_feed, similar_page, growth_page, image)
_EVERYWHERE: Final = (search_page, search_feed, pictures_page, image, health_page)
"""Pages that every archive has."""
_OWN_FILES: Final[tuple[tuple[str, Any], ...]] = (
    (f"^{paths.STYLE}$", server.style),
    (f"^{paths.TABLE_STYLE}$", server.table_style),
    (f"^{paths.TABLE_SCRIPT}$", server.table_script),
    (f"^{paths.READING_SCRIPT}$", server.reading_script),
    (f"^{paths.LANGUAGE}$", server.set_language),
)
_SLOW_AT_ONCE: Final = 2
"""Fewer than Datasette has threads for pages: many searches at once leave one to those who
read."""


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Which address is answered by which page."""
    names = server.archives_of(datasette)
    if not names:
        return []
    routes: list[tuple[str, Any]] = list(_OWN_FILES)
    turns = asyncio.Semaphore(_SLOW_AT_ONCE)
    for prefix, name in _prefixes(names):
        for pattern, page in _PAGES:
            view = server.view(
                page,
                name,
                prefix,
                _turns_of(page, turns),
            )
            routes.append((_behind(prefix, pattern), view))
    if len(names) > 1:
        routes += [(pattern, _of_any(page, turns)) for pattern, page in _PAGES]
    return routes


def _turns_of(page: server.Page, turns: server.Turns) -> server.Turns | None:
    return turns if page in _SLOW_PAGES else None


def _prefixes(names: list[str]) -> list[tuple[str, str]]:
    """Before the addresses of each archive's pages; a single one needs none."""
    prefixes = [(paths.prefix_of(name), name) for name in names]
    if len(names) == 1:
        prefixes.append(("", names[0]))
    return prefixes


def _behind(prefix: str, pattern: str) -> str:
    return f"^{re.escape(prefix)}{pattern.removeprefix('^')}"


def _of_any(page: server.Page, turns: server.Turns) -> server.View:
    """A page that is asked for without saying of which archive."""
    if page is front_page:
        return several.home
    if page in _EVERYWHERE:
        return several.everywhere()
    return several.wherever(page, _turns_of(page, turns))


@hookimpl
def startup(datasette: Any) -> None:
    """Open the archives our way, and begin the counts that the first readers would wait
    for."""
    names = server.archives_of(datasette)
    if not names:
        return
    _say_errors_in_short()
    for name in names:
        database = FileDatabase.instead_of(datasette.databases[name])
        datasette.databases[name] = database
        if not is_query_process():
            _begin_counting(database.path)


def _begin_counting(path: str) -> None:
    with closing(open_to_read(path)) as conn:
        counts.holdings(conn, patience_s=0)
        begin_counting(conn)


def _say_errors_in_short() -> None:
    """Keep Datasette from printing all it knows for each page that is not there: where rich
    is installed it does, and some of those pages become errors of the server's."""
    # not while Datasette loads its plugins
    from datasette import handle_exception as datasette_errors

    datasette_errors.rich = None


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Who is answered, by which process, and the headers of every answer, Datasette's own
    pages included."""
    names = server.archives_of(datasette)
    if not names:
        return lambda app: app
    if is_query_process():
        return with_plain_cells
    patterns = [pattern for pattern, _ in (*_OWN_FILES, *_PAGES)]
    for prefix, _ in _prefixes(names):
        patterns += [_behind(prefix, pattern) for pattern, _ in _PAGES]

    def wrapped(app: Any) -> Any:
        app = with_queries_apart(app, datasette, patterns)
        app = guarded(app, is_open=datasette.cors)
        return server.with_headers(app)

    return wrapped


@hookimpl(trylast=True)  # after Datasette's own escape_fts, which this one replaces
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """The search's SQL functions, for archives; and bounds, where readers' SQL is run."""
    if database not in server.archives_of(datasette):
        return
    register(conn)
    if is_query_process():
        restrict(conn)


@hookimpl(trylast=True)  # after Datasette's own, whose `:search` it may replace
def filters_from_request(
    request: Any, database: str, table: str, datasette: Any
) -> Any | None:
    """The filters of a query in `?_search=` of the table of posts."""
    if table != table_search.TABLE or database not in server.archives_of(datasette):
        return None
    return table_search.rest_of_search(request, datasette.get_database(database))


@hookimpl
def get_metadata(datasette: Any) -> dict[str, Any]:
    """What tables and columns mean, facets, named queries."""
    names = server.archives_of(datasette)
    return metadata(names) if names else {}


@hookimpl
def render_cell(
    value: object, column: str, database: str, datasette: Any
) -> Markup | None:
    """Links from the answers of named queries to our pages."""
    if column != "page" or not isinstance(value, str):
        return None
    if not value.startswith("/f/"):
        return None
    if database not in server.archives_of(datasette):
        return None
    link = Markup('<a href="{}">{}</a>')
    return link.format(_prefix_in(datasette, database) + value, value)


def _prefix_in(datasette: Any, database: str | None) -> str:
    """Before the addresses of the archive's pages that a page of Datasette's is about."""
    names = server.archives_of(datasette)
    if len(names) > 1 and database in names:
        return paths.prefix_of(database)
    return ""


@hookimpl
def handle_exception(exception: Exception) -> Response | None:
    """What readers are told of an answer that this process has no room for."""
    if not isinstance(exception, MemoryError):
        return None
    return Response.text(TOO_MUCH, status=503)


@hookimpl
def extra_template_vars(
    request: Any, database: str | None, table: str | None, datasette: Any
) -> dict[str, Any]:
    """What our templates of Datasette's own pages show of an archive."""
    if not server.archives_of(datasette):
        return {}
    prefix = _prefix_in(datasette, database)
    return template_values(request, table, prefix)


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    if not server.archives_of(datasette):
        return []
    return [
        {"href": "/", "label": "论坛 / Forum"},
        {"href": "/search", "label": "搜索 / Search"},
    ]
