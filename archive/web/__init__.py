"""The archive in a browser: a Datasette plugin with the forum's pages, search, pictures,
and descriptions of the data.

Works with `discuz-archive serve` and with plain `datasette forum.db` alike; does nothing
for files that are no archive.

Imports all floors below but no command. Open `server.py` first: which address is answered
by which page.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any, Final

from datasette import hookimpl
from markupsafe import Markup

from archive.schema import open_to_read
from archive.web import counts, paths, server
from archive.web.functions import register
from archive.web.media import media
from archive.web.metadata import metadata
from archive.web.old_addresses import old_address
from archive.web.pages_forum import (
    author_page,
    board_page,
    forum_page,
    home_page,
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
from archive.web.pages_thread import post_page, thread_page, versions_page

_SITE = paths.SITE
_NUMBER = paths.NUMBER
_PAGES: Final[tuple[tuple[str, server.Page], ...]] = (
    (r"^/$", home_page),
    (rf"^{_SITE}$", forum_page),
    (rf"^{_SITE}/(?P<kind>board)/{_NUMBER}$", board_page),
    (rf"^{_SITE}/(?P<kind>thread)/{_NUMBER}$", thread_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}$", post_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}/versions$", versions_page),
    (rf"^{_SITE}/(?P<kind>post)/{_NUMBER}/similar$", similar_page),
    (rf"^{_SITE}/(?P<kind>user)/{_NUMBER}$", member_page),
    (rf"^{_SITE}/author/(?P<name>.{{1,200}})$", author_page),
    (r"^/search$", search_page),
    (r"^/search\.atom$", search_feed),
    (r"^/pictures$", pictures_page),
    (r"^/pictures/growth$", growth_page),
    (r"^/pictures/(?P<name>\w+)\.svg$", image),
    (r"^/health$", health_page),
    (rf"^{paths.MEDIA}(?P<capture>\d{{1,15}})$", media),
    (r"^/(?:[\w.~-]+/){0,4}[\w%-]+\.(?:php|html?)$", old_address),
    (r"^/(?:[\w.~-]+/){0,4}archiver/.*$", old_address),
    (r"^/(?:[\w.~-]+/){0,4}(?:data/attachment|attachments)/.+$", old_address),
    (r"^/(?:bbs|forum|discuz|club)/$", old_address),
)
"""Our pages, before Datasette's own; the addresses of old forums last."""


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Which address is answered by which page."""
    if not server.archive_of(datasette):
        return []
    routes: list[tuple[str, Any]] = [(f"^{paths.STYLE}$", server.style)]
    for pattern, page in _PAGES:
        view = server.view(page)
        routes.append((pattern, view))
    return routes


@hookimpl
def startup(datasette: Any) -> None:
    """Begin the counts that the first readers would wait for."""
    name = server.archive_of(datasette)
    if not name:
        return
    path = datasette.databases[name].path
    with closing(open_to_read(path)) as conn:
        counts.holdings(conn, patience_s=0)
        begin_counting(conn)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Headers on every answer, Datasette's own pages included."""
    if server.archive_of(datasette):
        return server.with_headers
    return lambda app: app


@hookimpl(trylast=True)  # after Datasette's own escape_fts, which this one replaces
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:
    """The search's SQL functions, for archives."""
    if database == server.archive_of(datasette):
        register(conn)


@hookimpl
def get_metadata(datasette: Any) -> dict[str, Any]:
    """What tables and columns mean, facets, named queries."""
    name = server.archive_of(datasette)
    return metadata(name) if name else {}


@hookimpl
def render_cell(
    value: object, column: str, database: str, datasette: Any
) -> Markup | None:
    """Links from the answers of named queries to our pages."""
    if column != "page" or not isinstance(value, str):
        return None
    if not value.startswith("/f/"):
        return None
    if database != server.archive_of(datasette):
        return None
    link = Markup('<a href="{0}">{0}</a>')
    return link.format(value)


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    if not server.archive_of(datasette):
        return []
    return [
        {"href": "/", "label": "论坛 / Forum"},
        {"href": "/search", "label": "搜索 / Search"},
    ]
