"""What a request passes before any page: whether it is answered at all, and whether by this
process or by one for queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from datasette.utils import tilde_decode

from archive.web.query_pool import QueryPool, has_sql
from archive.web.query_process import Event
from archive.web.visitors import HOSTS, further_hosts, is_foreign, is_our_name

_FIRST_NAME: Final = re.compile(r"/([^/.]+)")
_OWN_DATABASES: Final = ("_internal",)
_WRONG_NAME: Final = (
    "This server is not known by that name. If it should be: discuz-archive serve "
    f"--name NAME, or the environment's {HOSTS}.\n"
)
_FOREIGN: Final = (
    "A page of another site asked for this. To see it yourself, put the cursor into the "
    "address bar and press Enter.\n"
)


def guarded(app: Any, *, is_open: bool = False) -> Any:
    """An application that answers those alone who ask for this server by its name, and, but
    where it `is_open`, no page of another origin."""

    async def wrapped(scope: Event, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        reason = _reason_to_refuse(scope, is_open)
        if not reason:
            await app(scope, receive, send)
            return
        for event in _forbidden(reason):
            await send(event)

    return wrapped


def with_queries_apart(app: Any, datasette: Any, ours: Iterable[str]) -> Any:
    """An application whose pages of databases are made by the query processes. `ours` are
    the patterns of the pages that are made here."""
    patterns = [re.compile(pattern) for pattern in ours]
    pools: list[QueryPool] = []

    def pool() -> QueryPool:
        if not pools:
            limit_s = datasette.sql_time_limit_ms / 1000
            pools.append(QueryPool(_options_of(datasette), limit_s))
        return pools[0]

    async def wrapped(scope: Event, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, _warming_up(send, pool))
            return
        is_apart = scope["type"] == "http" and _is_of_database(
            scope, datasette, patterns
        )
        if is_apart:
            await pool().answer(scope, receive, send)
            return
        await app(scope, receive, send)

    return wrapped


def _warming_up(send: Any, pool: Any) -> Any:
    """A `send` that has a query process started once the server listens."""

    async def sent(event: Event) -> None:
        await send(event)
        if event["type"] == "lifespan.startup.complete":
            pool().warm_up()

    return sent


def _reason_to_refuse(scope: Event, is_open: bool) -> str:
    headers = {}
    for name, value in scope["headers"]:
        headers[name.decode("latin-1").lower()] = value.decode("latin-1")
    address, *_ = scope.get("server") or ("",)
    host = headers.get("host")
    # no browser leaves it out
    if host is not None and not is_our_name(host, str(address), further_hosts()):
        return _WRONG_NAME
    if is_open:
        return ""
    is_reading = scope["method"] in ("GET", "HEAD")
    may_arrive = is_reading and not has_sql(scope)
    if is_foreign(headers, may_arrive=may_arrive):
        return _FOREIGN
    return ""


def _forbidden(reason: str) -> tuple[Event, Event]:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
    ]
    start = {"type": "http.response.start", "status": 403, "headers": headers}
    return start, {"type": "http.response.body", "body": reason.encode()}


def _is_of_database(
    scope: Event, datasette: Any, ours: Iterable[re.Pattern[str]]
) -> bool:
    """Whether Datasette takes a request for one about a database: then it may run SQL."""
    path = _path(scope, datasette.setting("base_url"))
    if any(pattern.match(path) for pattern in ours):
        return False
    first = _FIRST_NAME.match(path)
    if first is None:
        return False
    route = tilde_decode(first[1])
    for name, database in datasette.databases.items():
        if database.route == route and name not in _OWN_DATABASES:
            return True
    return False


def _path(scope: Event, base_url: str) -> str:
    """The path as Datasette reads it: not decoded, and within its base."""
    raw_path = scope.get("raw_path") or scope["path"].encode()
    path = str(raw_path.decode("latin-1")).partition("?")[0]
    if base_url != "/" and path.startswith(base_url):
        return "/" + path[len(base_url) :]
    return path


def _options_of(datasette: Any) -> dict[str, Any]:
    """What makes a Datasette like this one in another process."""
    immutables = list(datasette.immutables)
    files = [name for name in datasette.files if name not in datasette.immutables]
    return {
        "files": files,
        "immutables": immutables,
        "cache_headers": datasette.cache_headers,
        "cors": datasette.cors,
        "inspect_data": _inspected(datasette),
        "metadata": datasette._metadata_local,
        "sqlite_extensions": datasette.sqlite_extensions,
        "template_dir": datasette.template_dir,
        "plugins_dir": datasette.plugins_dir,
        "static_mounts": datasette.static_mounts,
        "memory": "_memory" in datasette.databases and bool(datasette.files),
        "settings": {**datasette.settings_dict(), "num_sql_threads": 1},
        "secret": datasette._secret,
        "version_note": datasette.version_note,
        "crossdb": datasette.crossdb,
        "nolock": datasette.nolock,
    }


def _inspected(datasette: Any) -> dict[str, Any]:
    """What was counted of files that do not change, so that no process counts it again."""
    found = dict(datasette.inspect_data or {})
    for name, database in datasette.databases.items():
        if database.is_mutable or not database.cached_table_counts:
            continue
        counts = database.cached_table_counts
        tables = {table: {"count": count} for table, count in counts.items()}
        found[name] = {"hash": database.hash, "tables": tables}
    return found
