"""The pages over what is no archive's file: the same pages, guards and headers, without
Datasette's own pages and whatever an archive's file alone can tell."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, TypeAlias

from datasette.utils.asgi import Request, Response

from archive.web import paths, server
from archive.web.front_door import guarded
from archive.web.old_addresses import no_page
from archive.web.pages_forum import (
    author_page,
    board_page,
    forum_page,
    home_page,
    member_page,
)
from archive.web.pages_search import search_feed, search_page
from archive.web.pages_thread import find_page, jump_page, post_page, thread_page
from archive.web.source import Source, TooSlowError
from archive.web.values import PageRequest, PageResponse
from scraper.core.errors import StorageError

Page: TypeAlias = Callable[[PageRequest], PageResponse]
OpenSource: TypeAlias = Callable[[], AbstractContextManager[Source]]
"""What a page is made of, for as long as it is made."""

_SITE = paths.SITE
_NUMBER = paths.NUMBER
_PAGES: Final[tuple[tuple[str, Page], ...]] = (
    (r"/", home_page),
    (_SITE, forum_page),
    (rf"{_SITE}/(?P<kind>board)/{_NUMBER}", board_page),
    (rf"{_SITE}/(?P<kind>thread)/{_NUMBER}", thread_page),
    (rf"{_SITE}/(?P<kind>thread)/{_NUMBER}/jump", jump_page),
    (rf"{_SITE}/(?P<kind>thread)/{_NUMBER}/find", find_page),
    (rf"{_SITE}/(?P<kind>post)/{_NUMBER}", post_page),
    (rf"{_SITE}/(?P<kind>user)/{_NUMBER}", member_page),
    (rf"{_SITE}/author/(?P<name>.{{1,200}})", author_page),
    (r"/search", search_page),
    (r"/search\.atom", search_feed),
    (r".*", no_page),
)
_AT_ONCE: Final = 8
"""So many pages are made at once; others wait."""
_METHODS: Final = ("GET", "HEAD")
_LOG: Final = logging.getLogger(__name__)


def application(open_source: OpenSource) -> Any:
    """The pages as an ASGI application."""
    return server.with_headers(guarded(_Pages(open_source)))


class _Pages:
    """Which address is answered by which page."""

    def __init__(self, open_source: OpenSource) -> None:
        self._open_source = open_source
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._routes = [(re.compile(pattern), page) for pattern, page in _PAGES]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        answer = await self._answer(scope, receive)
        await answer.asgi_send(send)

    async def _answer(self, scope: Any, receive: Any) -> Any:
        if scope["method"] not in _METHODS:
            return Response.text("These pages are only read.\n", status=405)
        path = _path(scope)
        if path in _OWN_FILES:
            return await _OWN_FILES[path]()
        if path == paths.LANGUAGE:
            return await server.set_language(Request(scope, receive))
        for pattern, page in self._routes:
            found = pattern.fullmatch(path)
            if found:
                request = _request(scope, receive, found.groupdict())
                async with self._turns:
                    return await asyncio.to_thread(self._made, page, request)
        raise AssertionError(path)

    def _made(self, page: Page, request: Any) -> Any:
        with self._open_source() as source:
            asked = PageRequest(source=source, **server.what_is_asked(request))
            try:
                return server.respond(page, asked)
            except TooSlowError:
                return server.problem(
                    asked,
                    "took_too_long",
                    status=503,
                )
            except StorageError as error:
                _LOG.error("%s: %s", asked.url, error)
                return server.problem(
                    asked,
                    "no_answer",
                    status=503,
                )


async def _no_icon() -> Any:
    """What browsers ask for unasked."""
    return Response("", status=204)


_OWN_FILES: Final[Mapping[str, Callable[[], Awaitable[Any]]]] = {
    "/favicon.ico": _no_icon,
    paths.STYLE: server.style,
    paths.READING_SCRIPT: server.reading_script,
}


def _request(scope: Any, receive: Any, values: dict[str, str]) -> Any:
    return Request({**scope, "url_route": {"kwargs": values}}, receive)


def _path(scope: Any) -> str:
    """The path as it was sent, not decoded."""
    raw_path = scope.get("raw_path") or scope["path"].encode()
    return str(raw_path.decode("latin-1")).partition("?")[0]
