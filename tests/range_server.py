"""A web server on loopback that gives parts of files, or does not, as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from loopback import answering


@dataclass
class Ranged:
    """What is served: `files` by path; `ranges`: whether parts are given; `failing`: the
    statuses that come first; `moved`: redirects by path; `asked`: the ranges asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    ranges: bool = True
    etag: str = '"1"'
    failing: list[int] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serve_ranges() -> Iterator[Ranged]:
    """Serve until the block ends."""
    ranged = Ranged()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            if self.path in ranged.moved:
                self._send(302, b"", Location=ranged.moved[self.path])
                return
            body = ranged.files.get(self.path)
            if body is None:
                self._send(404, b"nothing here")
                return
            ranged.asked.append(self.headers["Range"] or "")
            if ranged.failing:
                self._send(ranged.failing.pop(0), b"", **{"Retry-After": "1"})
                return
            if not ranged.ranges:
                self._send(200, body)
                return
            first, _, last = self.headers["Range"].removeprefix("bytes=").partition("-")
            part = body[int(first) : int(last) + 1]
            end = int(first) + len(part) - 1
            self._send(
                206,
                part,
                ETag=ranged.etag,
                **{"Content-Range": f"bytes {first}-{end}/{len(body)}"},
            )

        def _send(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with answering(Handler) as server:
        ranged.url = f"http://127.0.0.1:{server.server_port}"
        yield ranged
