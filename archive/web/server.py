"""Between Datasette and our pages: requests in, answers out, with the headers that keep
strangers' words harmless."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from archive.schema import APPLICATION_ID, open_to_read
from archive.web import clock, paths
from archive.web.ask import Answer, Ask, File, MissingError, Moved, PageRequest
from archive.web.strings import Language, language_of, text

POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
DATASETTE_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)  # its own pages have scripts and styles within; nothing may come from outside there, either
_ALWAYS: Final = (
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_STATIC = Path(__file__).parent / "static"


def archive_of(datasette: Any) -> str:
    """Datasette's name of the archive it was given; empty where it has none. Of several,
    the first is shown."""
    return next(
        (
            name
            for name, each in datasette.databases.items()
            if each.path and _is_archive(each.path)
        ),
        "",
    )


def view(page: Callable[[Ask], Answer]) -> Callable[..., Awaitable[Any]]:
    """A page as Datasette calls it."""

    async def answer(datasette: Any, request: Any) -> Any:
        name = archive_of(datasette)
        await datasette.ensure_permissions(
            request.actor, [("view-database", name), "view-instance"]
        )
        language = language_of(request.headers.get("accept-language", ""))
        limit_ms = datasette.sql_time_limit_ms

        def read(conn: sqlite3.Connection) -> Any:
            return _respond(page, _ask(conn, name, language, request), limit_ms)

        return await datasette.get_database(name).execute_fn(read)

    return answer


async def style() -> Any:
    """The stylesheet."""
    body = await asyncio.to_thread((_STATIC / "style.css").read_bytes)
    return Response(
        body,
        headers={"Cache-Control": "max-age=3600"},
        content_type="text/css; charset=utf-8",
    )


def with_headers(app: Any) -> Any:
    """An application whose every answer says no referrer, no sniffing, and a policy where
    it has none of its own."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        async def sent(event: Any) -> None:
            if event["type"] == "http.response.start":
                headers = list(event.get("headers") or ())
                if not any(
                    name.lower() == b"content-security-policy" for name, _ in headers
                ):
                    headers.append(
                        (b"content-security-policy", DATASETTE_POLICY.encode())
                    )
                event = {**event, "headers": [*headers, *_ALWAYS]}
            await send(event)

        await app(scope, receive, sent if scope["type"] == "http" else send)

    return wrapped


@cache
def environment() -> Environment:
    """Our templates, all escaped that was not made safe; not in `templates`, where
    Datasette would take its own."""
    made = Environment(
        loader=PackageLoader("archive.web", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(paths=paths, zone=clock.zone)
    made.filters["local"] = clock.local
    made.filters["number"] = lambda value: "–" if value is None else f"{value:,}"
    made.filters["xml"] = lambda value: "".join(
        each for each in str(value) if each >= " " or each in "\n\t"
    )
    return made


def render(page: PageRequest, ask: Ask) -> str:
    """A page in the reader's language."""

    def said(key: str, **values: object) -> str:
        return text(key, ask.language, **values)

    shared = {
        "t": said,
        "language": ask.language,
        "database": ask.database,
        "style": paths.STYLE,
        "q": "",
    }
    return environment().get_template(page.template).render({**shared, **page.values})


def _respond(page: Callable[[Ask], Answer], ask: Ask, limit_ms: int) -> Any:
    """Ask a page within one transaction and the time limit."""
    ask.conn.execute("BEGIN")
    try:
        with sqlite_timelimit(ask.conn, limit_ms):
            return _response(page(ask), ask)
    except MissingError as error:
        values = {"message": str(error), "words": _public(ask)}
        return _response(
            PageRequest(template="error.html", values=values, status=404), ask
        )
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        values = {"message": "took_too_long", "words": ""}
        return _response(
            PageRequest(template="error.html", values=values, status=503), ask
        )
    finally:
        ask.conn.rollback()


def _response(answer: Answer, ask: Ask) -> Any:
    if isinstance(answer, Moved):
        return Response.redirect(
            answer.location, status=301 if answer.permanent else 302
        )
    if isinstance(answer, File):
        headers = {"Content-Security-Policy": answer.policy, **answer.headers}
        return Response(answer.body, headers=headers, content_type=answer.content_type)
    headers = {
        "Content-Security-Policy": POLICY,
        "Vary": "Accept-Language",
        "Cache-Control": "no-cache",
        "Content-Language": {"zh": "zh-CN", "en": "en"}[ask.language],
    }
    return Response(
        render(answer, ask),
        status=answer.status,
        headers=headers,
        content_type=answer.content_type,
    )


def _ask(conn: sqlite3.Connection, name: str, language: Language, request: Any) -> Ask:
    query = request.query_string
    return Ask(
        conn=conn,
        database=name,
        language=language,
        url=request.path + (f"?{query}" if query else ""),
        origin=f"{request.scheme}://{request.host}",
        path=request.url_vars,
        args={key: request.args.get(key) or "" for key in request.args},
        now=datetime.now(UTC),
    )


def _public(ask: Ask) -> str:
    """Where the forum itself had what is missing here, for readers to try; empty where that
    is not known."""
    site, kind, number = (ask.path.get(each, "") for each in ("site", "kind", "number"))
    forms = {
        "thread": "forum.php?mod=viewthread&tid=",
        "board": "forum.php?mod=forumdisplay&fid=",
        "user": "home.php?mod=space&uid=",
        "post": "forum.php?mod=redirect&goto=findpost&pid=",
    }
    row = (
        ask.conn.execute("SELECT base_url FROM sites WHERE id = ?", (site,)).fetchone()
        if site.isdecimal()
        else None
    )
    return (
        f"{row[0]}{forms[kind]}{number}"
        if row and kind in forms and number.isdecimal()
        else ""
    )


@cache
def _is_archive(path: str) -> bool:
    """Whether a file is an archive; asked of SQLite, since the file's own header may lag
    behind its WAL."""
    try:
        with closing(open_to_read(path)) as conn:
            return bool(
                conn.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            )
    except sqlite3.Error:
        return False
