"""A process that answers for Datasette's own pages, one request at a time: what readers ask
there can be slow, large or hostile, and a process can be ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import current_process
from multiprocessing.connection import Connection
from typing import Any, Final

from archive.processes.child import (
    bound_memory,
    end_with_parent,
    lower_limit,
    peak_bytes,
)

Event = dict[str, Any]
"""What ASGI sends and receives."""

NAME: Final = "discuz-archive queries"
READY: Final = "ready"
DATA_BYTES: Final = 512 << 20
"""What one process may take in all, Python's own included."""
FILE_BYTES: Final = 1 << 30
"""How large a file may become that SQLite makes for sorting."""
_GROWN_BYTES: Final = 256 << 20
"""A process that took so much once is ended after its answer: Python gives little back."""
_CHUNK_BYTES: Final = 256 << 10
_NICENESS: Final = 5
_OUT_OF_MEMORY: Final = 3


@dataclass(frozen=True, slots=True)
class Question:
    """A request as ASGI describes it, with its whole body."""

    scope: Event
    body: bytes


def is_query_process() -> bool:
    """Whether this process is such a one."""
    return current_process().name == NAME


def serve(pipe: Connection, options: dict[str, Any]) -> None:
    """Answer what comes by the pipe, with a Datasette of these options, until it is closed
    at the other end."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C: end without a word
    end_with_parent()
    _bound_process()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    app = loop.run_until_complete(_application(options))
    pipe.send(READY)
    with suppress(EOFError, OSError):
        while peak_bytes() < _GROWN_BYTES:
            question = pipe.recv()
            answer = _answer(app, question, pipe)
            loop.run_until_complete(answer)
            pipe.send(None)
    os._exit(0)  # threads of Datasette's may be busy still


async def _application(options: dict[str, Any]) -> Any:
    """Datasette with our pages, ready to answer."""
    # Datasette imports this package while it is being imported itself
    from datasette.app import Datasette
    from datasette.plugins import pm

    # the package that this is in: from a source tree nothing else tells Datasette of it
    plugin = import_module(__package__)
    if not pm.is_registered(plugin):
        pm.register(plugin, name="discuz_archive")
    datasette = Datasette(**options)
    await datasette.invoke_startup()
    await datasette.refresh_schemas()
    return datasette.app()


async def _answer(app: Any, question: Question, pipe: Connection) -> None:
    """Have a question answered, the events of the answer sent through the pipe, rows
    together."""
    has_begun = False
    rows = bytearray()

    async def receive() -> Event:
        return {"type": "http.request", "body": question.body, "more_body": False}

    async def send(event: Event) -> None:
        nonlocal has_begun
        has_begun = True
        rows.extend(event.get("body", b""))
        # a table as CSV comes row by row
        if event.get("more_body") and len(rows) < _CHUNK_BYTES:
            return
        if rows:
            event = {**event, "body": bytes(rows)}
            rows.clear()
        _send_in_pieces(pipe, event)

    try:
        await app(question.scope, receive, send)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except OSError:
        raise  # nobody listens
    except Exception:
        traceback.print_exc()
        if not has_begun:
            _send_failure(pipe)


def _send_in_pieces(pipe: Connection, event: Event) -> None:
    """Send an event; a long body as several, so that the other end holds little of it."""
    body = event.get("body", b"")
    rest = len(body) - _CHUNK_BYTES
    if rest <= 0:
        pipe.send(event)
        return
    for start in range(0, len(body), _CHUNK_BYTES):
        piece = body[start : start + _CHUNK_BYTES]
        is_last = start + _CHUNK_BYTES >= len(body)
        more_body = event.get("more_body", False) or not is_last
        pipe.send({**event, "body": piece, "more_body": more_body})


def _send_failure(pipe: Connection) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    pipe.send({"type": "http.response.start", "status": 500, "headers": [plain]})
    pipe.send({"type": "http.response.body", "body": b"Internal Server Error"})


def _bound_process() -> None:
    """Take bounded memory and disk, and the processor only when the reading pages leave it.
    Windows knows no such bounds: there SQLite's own holds alone."""
    bound_memory(DATA_BYTES)
    if sys.platform == "win32":
        return
    import resource

    os.nice(_NICENESS)
    lower_limit(resource.RLIMIT_FSIZE, FILE_BYTES)
