"""`serve --at ADDRESS`: the pages over an index in ClickHouse."""

from __future__ import annotations

import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from archive.commands._ports import try_port
from archive.commands._saying import say

_LIMIT_S = 5.0
"""What all statements of a page may take, as of an archive's file."""


def serve_at(
    address: str, host: str, port: int, names: Sequence[str], *, open_browser: bool
) -> None:
    """Serve until Ctrl-C."""
    # the engine comes with the extra `cluster`, and takes a while to import
    import uvicorn

    from archive.clickhouse.bounded import BoundedEngine
    from archive.clickhouse.engine import connect
    from archive.clickhouse.index import Index
    from archive.clickhouse.source import IndexSource
    from archive.web import visitors
    from archive.web.index_server import application
    from archive.web.source import Source

    with connect(address) as engine:
        posts = Index(engine).numbers
        try_port(host, port)
        for name in (host, *names):
            visitors.add_host(name)

        @contextmanager
        def open_source() -> Iterator[Source]:
            with BoundedEngine(engine, _LIMIT_S) as bounded:
                yield IndexSource(bounded)

        here = f"http://{host}:{port}/"
        say(f"an index of {posts:,} posts at {here}  Ctrl-C ends it")
        if open_browser:
            webbrowser.open(here)
        uvicorn.run(
            application(open_source),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
        )
