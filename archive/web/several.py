"""Several archives in one server: the page that lists them, and addresses that do not say
which of them they mean."""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final

from datasette import Forbidden, Response

from archive.web import paths, server
from archive.web.archive_source import ArchiveSource
from archive.web.old_addresses import old_address
from archive.web.pages_forum import ForumLine, forum_lines
from archive.web.values import PageRequest, PageResponse, TemplateResponse

_SEVERAL: Final = 300
"""The status for several answers to one question (RFC 9110, 15.4.1)."""
_MISSING: Final = 404


@dataclass(frozen=True, slots=True)
class ShownArchive:
    """An archive in the list of them."""

    name: str
    path: str
    forums: list[ForumLine]


async def home(datasette: Any, request: Any) -> Any:
    """The archives with their forums. `/?tid-228.html` is an old address."""
    is_old_address = request.query_string and not request.args.get("home")
    if is_old_address:
        names = await _names_with(old_address, datasette, request)
        if names:
            return await _offer(datasette, request, names)

    names = await _names_for(datasette, request)
    archives = [await _shown(datasette, name) for name in names]
    return await _page(
        datasette,
        request,
        "archives.html",
        200,
        archives=archives,
    )


def everywhere() -> server.View:
    """A page that each archive has."""

    async def answer(datasette: Any, request: Any) -> Any:
        names = await _names_for(datasette, request)
        return await _offer(datasette, request, names)

    return answer


def wherever(page: server.Page, turns: server.Turns | None = None) -> server.View:
    """A page that some of the archives may have. One that takes `turns` waits for one."""
    turn = turns or nullcontext()

    async def answer(datasette: Any, request: Any) -> Any:
        async with turn:
            names = await _names_with(page, datasette, request)
        if names:
            return await _offer(datasette, request, names)
        first, *_ = server.archives_of(datasette)
        return await server.answer_from(datasette, request, first, page)

    return answer


async def _names_for(datasette: Any, request: Any) -> list[str]:
    """The archives that the reader may see."""
    return [
        name
        for name in server.archives_of(datasette)
        if await server.may_see(datasette, request, name)
    ]


async def _names_with(page: server.Page, datasette: Any, request: Any) -> list[str]:
    """Those of them that have a page."""
    having = []
    for name in await _names_for(datasette, request):
        answer = await server.answer_from(datasette, request, name, page)
        if answer.status != _MISSING:
            having.append(name)
    return having


async def _offer(datasette: Any, request: Any, names: list[str]) -> Any:
    """The same address in these archives; where it is one, that is where it leads."""
    url = request.path
    if request.query_string:
        url += f"?{request.query_string}"
    choices = [(name, paths.prefix_of(name) + url) for name in names]
    if len(choices) == 1:
        ((_, location),) = choices
        return Response.redirect(location)
    return await _page(
        datasette,
        request,
        "which_archive.html",
        _SEVERAL,
        choices=choices,
    )


async def _shown(datasette: Any, name: str) -> ShownArchive:
    prefix = paths.prefix_of(name)

    def read(conn: sqlite3.Connection) -> list[ForumLine]:
        with paths.behind(prefix):
            return forum_lines(ArchiveSource(conn).forums())

    forums = await datasette.get_database(name).execute_fn(read)
    return ShownArchive(
        name=name,
        path=f"{prefix}/?home=1",
        forums=forums,
    )


async def _page(
    datasette: Any, request: Any, template: str, status: int, **values: object
) -> Any:
    """A page of no archive. Raises Forbidden where the reader may see none."""
    names = await _names_for(datasette, request)
    if not names:
        raise Forbidden("no archive may be seen")

    def page(_request: PageRequest) -> PageResponse:
        return TemplateResponse(
            template=template,
            values={**values, "database": ""},
            status=status,
        )

    return await server.answer_from(datasette, request, names[0], page)
