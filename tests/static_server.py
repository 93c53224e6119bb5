"""A web space on loopback: serves a folder as it is, gives parts of files or does not, and
remembers what was asked for."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote, urlsplit

from loopback import answering

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


@dataclass(frozen=True)
class Answer:
    """A request and what it got: `part` tells whether it asked for a range."""

    path: str
    status: int
    size_bytes: int
    part: bool


@dataclass
class WebSpace:
    """What is served. `ranges`: whether parts are given; `prefix`: the folder of the site
    within the space."""

    url: str = ""
    ranges: bool = True
    answers: list[Answer] = field(default_factory=list)

    def of_database(self) -> list[Answer]:
        """What was read of the database."""
        return [each for each in self.answers if each.path.endswith(".db")]


@contextmanager
def serve_folder(root: Path, prefix: str = "/") -> Iterator[WebSpace]:
    """Serve until the block ends."""
    space = WebSpace()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            name = path.removeprefix(prefix) if path.startswith(prefix) else "?"
            file = (root / name).resolve()
            if not file.is_relative_to(root.resolve()) or not file.is_file():
                self._send(path, 404, b"nothing here", "text/plain")
                return
            body = file.read_bytes()
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            asked = _RANGE.fullmatch(self.headers["Range"] or "")
            if asked is None or not space.ranges:
                self._send(path, 200, body, kind)
                return
            first = int(asked[1])
            part = body[first : int(asked[2]) + 1]
            end = first + len(part) - 1
            self._send(path, 206, part, kind, f"bytes {first}-{end}/{len(body)}")

        def _send(
            self, path: str, status: int, body: bytes, kind: str, part: str = ""
        ) -> None:
            space.answers.append(Answer(path, status, len(body), part != ""))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            if part:
                self.send_header("Content-Range", part)
            self.end_headers()
            self.wfile.write(body)

    with answering(Handler) as server:
        space.url = f"http://127.0.0.1:{server.server_port}{prefix}"
        yield space
