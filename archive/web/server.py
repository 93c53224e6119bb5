"""Between Datasette and our pages: requests in, answers out, with the headers that keep
strangers' words harmless."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, closing, nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Forbidden, Response

from archive.reading.lookup import MissingError
from archive.schema import is_archive, open_to_read
from archive.web import paths
from archive.web.addressed import forum_of, original_address
from archive.web.archive_source import ArchiveSource
from archive.web.language import COOKIE, LANGUAGES, TAGS, language_asked
from archive.web.templates import render
from archive.web.values import (
    ArchiveRequest,
    FileResponse,
    PageRequest,
    PageResponse,
    Redirect,
    TemplateResponse,
)

Page: TypeAlias = Callable[[ArchiveRequest], PageResponse]
Asked = TypeVar("Asked", bound=PageRequest)
View: TypeAlias = Callable[..., Awaitable[Any]]
Turns: TypeAlias = AbstractAsyncContextManager[Any]
"""What lets so many in at a time."""

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
DATASETTE_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""Its own pages have scripts and styles within; nothing may come from outside there, either."""
_ALWAYS: Final = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"Origin, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-Dest"),
)
_OWN_PAGE: Final = re.compile(r"\A/(?![/\\])[^\x00-\x20\x7f]*\Z")
"""The address of a page of this server."""
_YEAR_S: Final = 365 * 86_400
STYLESHEET: Final = Path(__file__).parent / "static" / "style.css"
READING_SCRIPT: Final = STYLESHEET.with_name("reading.js")


def archives_of(datasette: Any) -> list[str]:
    """Datasette's names of the archives it was given."""
    found = []
    for name, database in datasette.databases.items():
        if database.path and _is_archive(database.path):
            found.append(str(name))
    return found


def view(
    page: Page,
    name: str,
    prefix: str = "",
    turns: Turns | None = None,
) -> View:
    """A page of an archive as Datasette calls it; its links begin with the prefix. One that
    takes `turns` waits for one of them."""
    turn = turns or nullcontext()

    async def answer(datasette: Any, request: Any) -> Any:
        async with turn:
            return await answer_from(datasette, request, name, page, prefix)

    return answer


async def may_see(datasette: Any, request: Any, name: str) -> bool:
    """Whether the reader may see that archive."""
    try:
        await datasette.ensure_permissions(request.actor, _permissions(name))
    except Forbidden:
        return False
    return True


def _permissions(name: str) -> list[Any]:
    return [("view-database", name), "view-instance"]


async def answer_from(
    datasette: Any, request: Any, name: str, page: Page, prefix: str = ""
) -> Any:
    """What a page of one archive answers, as Datasette sends it. Raises Datasette's
    Forbidden where the reader may not see that archive."""
    await datasette.ensure_permissions(request.actor, _permissions(name))
    limit_ms = datasette.sql_time_limit_ms

    def read(conn: sqlite3.Connection) -> Any:
        asked = ArchiveRequest(
            source=ArchiveSource(conn),
            database=name,
            **what_is_asked(request, prefix),
        )
        with paths.behind(prefix):
            return _respond(page, asked, limit_ms)

    database = datasette.get_database(name)
    return await database.execute_fn(read)


async def style() -> Any:
    """The stylesheet."""
    return await _own_file(STYLESHEET, "text/css")


async def table_style() -> Any:
    """The stylesheet of Datasette's own pages."""
    return await _own_file(STYLESHEET.with_name("tables.css"), "text/css")


async def table_script() -> Any:
    """The script of Datasette's own pages."""
    return await _own_file(STYLESHEET.with_name("tables.js"), "text/javascript")


async def reading_script() -> Any:
    """The script of the reading pages."""
    return await _own_file(READING_SCRIPT, "text/javascript")


async def _own_file(path: Path, content_type: str) -> Any:
    body = await asyncio.to_thread(path.read_bytes)
    return Response(
        body,
        headers={"Cache-Control": "max-age=3600"},
        content_type=f"{content_type}; charset=utf-8",
    )


async def set_language(request: Any) -> Any:
    """Keep the language that a reader chose, and go back to the page."""
    chosen = request.args.get("to")
    back = request.args.get("back") or "/"
    if not _OWN_PAGE.match(back):
        back = "/"
    answer = Response.redirect(back)
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=_YEAR_S, samesite="lax")
    return answer


def with_headers(app: Any) -> Any:
    """An application whose every answer says no referrer, no sniffing, and a policy where
    it has none of its own."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            send = _sending_headers(send)
        await app(scope, receive, send)

    return wrapped


def _sending_headers(send: Any) -> Any:
    async def sent(event: Any) -> None:
        if event["type"] == "http.response.start":
            event = _with_our_headers(event)
        await send(event)

    return sent


def _with_our_headers(event: Any) -> dict[str, Any]:
    headers = list(event.get("headers") or ())
    names = {name.lower() for name, _ in headers}
    if b"content-security-policy" not in names:
        policy = DATASETTE_POLICY.encode()
        headers.append((b"content-security-policy", policy))
    headers += _ALWAYS
    return {**event, "headers": headers}


def what_is_asked(request: Any, prefix: str = "") -> dict[str, Any]:
    """The fields of a `PageRequest` that a request fills."""
    url = request.path.removeprefix(prefix)
    if request.query_string:
        url += f"?{request.query_string}"
    args = {key: request.args.get(key) or "" for key in request.args}
    return {
        "language": language_asked(request),
        "url": url,
        "origin": f"{request.scheme}://{request.host}",
        "path": request.url_vars,
        "args": args,
        "now": datetime.now(UTC),
    }


def _respond(page: Page, request: ArchiveRequest, limit_ms: int) -> Any:
    """Ask a page within one transaction and the time limit."""
    request.conn.execute("BEGIN")
    try:
        with sqlite_timelimit(request.conn, limit_ms):
            return respond(page, request)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return problem(
            request,
            "took_too_long",
            status=503,
        )
    finally:
        request.conn.rollback()


def respond(page: Callable[[Asked], PageResponse], request: Asked) -> Any:
    """Ask a page; of what is missing, say so."""
    try:
        return _response(page(request), request)
    except MissingError as error:
        return problem(
            request,
            f"no_{error.kind}",
            status=404,
            words=_original(request),
        )


def problem(request: PageRequest, message: str, *, status: int, words: str = "") -> Any:
    """The answer that says what is wrong."""
    page = TemplateResponse(
        template="error.html",
        values={
            "message": message,
            "words": words,
        },
        status=status,
    )
    return _response(page, request)


def _response(answer: PageResponse, request: PageRequest) -> Any:
    if isinstance(answer, Redirect):
        return Response.redirect(answer.location)
    if isinstance(answer, FileResponse):
        policy = {"Content-Security-Policy": answer.policy}
        return Response(
            answer.body,
            headers={**policy, **answer.headers},
            content_type=answer.content_type,
        )
    return Response(
        render(answer, request),
        status=answer.status,
        headers={
            "Content-Security-Policy": answer.policy_with(POLICY),
            "Vary": "Accept-Language, Cookie",
            "Cache-Control": "no-cache",
            "Content-Language": TAGS[request.language],
        },
        content_type=answer.content_type,
    )


def _original(request: PageRequest) -> str:
    """Where the forum itself had what is missing here, for readers to try; empty where that
    is not known."""
    kind = request.path.get("kind", "")
    number = request.path.get("number", "~")
    if number.startswith("~"):
        return ""
    try:
        forum = forum_of(request)
    except MissingError:
        return ""
    return original_address(forum, kind, int(number))


@cache
def _is_archive(path: str) -> bool:
    """Whether a file is an archive; asked of SQLite, since the file's own header may lag
    behind its WAL."""
    try:
        with closing(open_to_read(path)) as conn:
            return is_archive(conn)
    except sqlite3.Error:
        return False
