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
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

from archive.schema import open_to_read
from archive.web import (
    pages_forum,
    pages_health,
    pages_pictures,
    pages_search,
    pages_thread,
    paths,
    read_forum,
    server,
)
from archive.web.functions import register
from archive.web.links import old_address
from archive.web.media import media
from archive.web.metadata import metadata
from archive.web.pages_similar import similar_page


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Any]]:
    """Our pages, before Datasette's own; the addresses of old forums last."""
    if not server.archive_of(datasette):
        return []
    site, number = paths.SITE, paths.NUMBER
    pages = {
        r"^/$": pages_forum.home,
        rf"^{site}$": pages_forum.forum,
        rf"^{site}/(?P<kind>board)/{number}$": pages_forum.board,
        rf"^{site}/(?P<kind>thread)/{number}$": pages_thread.thread,
        rf"^{site}/(?P<kind>post)/{number}$": pages_thread.post,
        rf"^{site}/(?P<kind>post)/{number}/versions$": pages_thread.versions,
        rf"^{site}/(?P<kind>post)/{number}/similar$": similar_page,
        rf"^{site}/(?P<kind>user)/{number}$": pages_forum.user,
        rf"^{site}/author/(?P<name>.{{1,200}})$": pages_forum.author,
        r"^/search$": pages_search.search_page,
        r"^/search\.atom$": pages_search.search_feed,
        r"^/pictures$": pages_pictures.pictures,
        r"^/pictures/growth$": pages_pictures.growth,
        r"^/pictures/(?P<name>\w+)\.svg$": pages_pictures.image,
        r"^/health$": pages_health.health,
        rf"^{paths.MEDIA}(?P<capture>\d{{1,15}})$": media,
        r"^/(?:[\w.~-]+/){0,4}[\w%-]+\.(?:php|html?)$": old_address,
        r"^/(?:[\w.~-]+/){0,4}archiver/.*$": old_address,
        r"^/(?:[\w.~-]+/){0,4}(?:data/attachment|attachments)/.+$": old_address,
        r"^/(?:bbs|forum|discuz|club)/$": old_address,
    }
    return [(regex, server.view(page)) for regex, page in pages.items()] + [
        (f"^{paths.STYLE}$", server.style)
    ]


@hookimpl
def startup(datasette: Any) -> None:
    """Begin the counts that the first readers would wait for."""
    if name := server.archive_of(datasette):
        with closing(open_to_read(datasette.databases[name].path)) as conn:
            read_forum.here(conn, 0)
            pages_pictures.begin(conn)


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Headers on every answer, Datasette's own pages included."""
    return server.with_headers if server.archive_of(datasette) else lambda app: app


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
    if column == "page" and isinstance(value, str) and value.startswith("/f/"):
        return (
            Markup('<a href="{0}">{0}</a>').format(value)
            if database == server.archive_of(datasette)
            else None
        )
    return None


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The way back from Datasette's pages."""
    if not server.archive_of(datasette):
        return []
    return [
        {"href": "/", "label": "论坛 / Forum"},
        {"href": "/search", "label": "搜索 / Search"},
    ]
