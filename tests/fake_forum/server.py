"""The fake forum over HTTP on loopback, in this process: `with serve(forum) as site:` and
ask `site.url`."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from loopback import answering

from . import notices
from .drips import DRIPS, drip
from .faults import Fault, Faults, garbled
from .forum import Forum
from .own_addresses import OwnAddresses
from .site import Answer, Site
from .skin import Skin


@dataclass(frozen=True, slots=True)
class Request:
    """One line of the log; `at_s` is of the server's clock. `status` is 0 where the connection was reset."""

    at_s: float
    path: str
    status: int
    fault: Fault | None
    user_agent: str
    referer: str
    cookies: tuple[str, ...]


@dataclass
class Running:
    """A forum being served: change `forum`, `faults` and `site` at will; read `log` (every
    request, oldest first). `now_s`: the server's clock, in seconds. `hold_after`: after so
    many requests the next ones wait until this is set higher, or to None."""

    url: str
    site: Site
    faults: Faults
    now_s: Callable[[], float] = time.monotonic
    log: list[Request] = field(default_factory=list)
    most_at_once: int = 0
    hold_after: int | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    _at_once: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def forum(self) -> Forum:
        """The forum behind the pages."""
        return self.site.forum

    @property
    def is_held(self) -> bool:
        """Whether requests wait."""
        return self.hold_after is not None and len(self.log) >= self.hold_after

    def paths(self) -> list[str]:
        """The addresses asked for, in order."""
        return [request.path for request in self.log]

    def clear(self) -> None:
        """Empty the log."""
        self.log.clear()
        self.most_at_once = 0


@contextmanager
def serve(
    forum: Forum,
    folder: str = "/",
    *,
    version: str = "X3.5",
    charset: str = "utf-8",
    rewritten: bool = False,
    relative_dates: bool = True,
    guests_see_files: bool = False,
    location_label: str = "",
    own: OwnAddresses | None = None,
    faults: Faults | None = None,
) -> Iterator[Running]:
    """Serve `forum` below `folder` (`/bbs/` say) until the block ends; other arguments are
    those of `Skin`; `own`: the forms of its addresses."""
    with answering(_Handler) as server:
        base = f"http://127.0.0.1:{server.server_port}{folder}"
        skin = Skin(
            base,
            version,
            charset,
            rewritten,
            relative_dates,
            guests_see_files=guests_see_files,
            location_label=location_label,
        )
        server.running = running = Running(  # type: ignore[attr-defined]
            base, Site(forum, skin, own=own), faults or Faults()
        )
        try:
            yield running
        finally:
            running.ended.set()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Any

    def log_message(self, *_: object) -> None:
        """The log is `Running.log`."""

    def do_GET(self) -> None:
        running: Running = self.server.running
        while running.is_held:
            time.sleep(0.002)
        with running._lock:
            running._at_once += 1
            running.most_at_once = max(running.most_at_once, running._at_once)
        try:
            if running.faults.slow_s:
                time.sleep(running.faults.slow_s)
            self._answer(running)
        finally:
            with running._lock:
                running._at_once -= 1

    do_HEAD = do_GET

    def _answer(self, running: Running) -> None:
        cookies = {
            key: morsel.value
            for key, morsel in SimpleCookie(self.headers.get("Cookie", "")).items()
        }
        folder, now_s = urlsplit(running.url).path, running.now_s()
        with running._lock:
            number = len(running.log)
            target = (
                self.path.removeprefix(folder.rstrip("/"))
                if self.path.startswith(folder)
                else f"/outside{self.path}"
            )
            target = self.path if self.path == "/robots.txt" else target
            self._forget_login(running, cookies)
            fault = running.faults.choose(self.path, number, now_s) or self._too_fast(
                running, cookies, now_s
            )
            answer = _spoiled(fault, self.path, number) or running.site.respond(
                target, cookies
            )
            status = 0 if fault == "reset" else answer.status
            running.log.append(
                Request(
                    now_s,
                    self.path,
                    status,
                    fault,
                    self.headers.get("User-Agent", ""),
                    self.headers.get("Referer", ""),
                    tuple(cookies),
                )
            )
        if fault in DRIPS:
            self.close_connection = True
            drip(fault, self.connection.sendall, running.ended)
            return
        if fault == "reset":
            self.close_connection = True
            self.connection.shutdown(2)
            return
        body = (
            garbled(answer.body, running.faults.dice(number))
            if fault == "garble"
            else answer.body
        )
        if fault == "part":
            body = body[: int(len(body) * running.faults.part)]
        self._send(running, answer, body, fault)

    def _too_fast(
        self, running: Running, cookies: dict[str, str], now_s: float
    ) -> Fault | None:
        last = cookies.get(f"{running.site.skin.prefix}lastrequest")
        limit = running.faults.evasive_s
        return "evasive" if limit and last and now_s - float(last) < limit else None

    def _forget_login(self, running: Running, cookies: dict[str, str]) -> None:
        """Take a login for none where it was made with another browser."""
        agent = running.faults.login_agent
        if agent and self.headers.get("User-Agent") != agent:
            cookies.pop(f"{running.site.skin.prefix}auth", None)

    def _send(
        self, running: Running, answer: Answer, body: bytes, fault: Fault | None
    ) -> None:
        faults, prefix = running.faults, running.site.skin.prefix
        self.send_response(answer.status)
        kind = (
            _other_charset(answer.content_type)
            if fault == "wrong_charset"
            else answer.content_type
        )
        if kind:
            self.send_header("Content-Type", kind)
        if answer.location:
            self.send_header("Location", answer.location)
        if "mod=attachment" in self.path:
            # as forum_attachment.php of Discuz! does
            self.send_header("Content-Encoding", "none")
        for line in faults.header_lines:
            self._headers_buffer.append(line + b"\r\n")  # type: ignore[attr-defined]
        if answer.status in (429, 503):
            self.send_header("Retry-After", faults.retry_after)
        for name, value in (
            ("saltkey", "fake0000"),
            ("lastvisit", "1716211800"),
            ("sid", f"s{len(running.log)}"),
            ("lastrequest", f"{running.now_s():.3f}"),
        ):
            self.send_header("Set-Cookie", f"{prefix}{name}={value}; path=/")
        if faults.gzip and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 5)
            self.send_header("Content-Encoding", "gzip")
        pieces = (
            [b"%x\r\n%s\r\n" % (len(body), body), b"0\r\n\r\n"]
            if faults.chunked and body
            else [body]
        )
        self.send_header(
            *(
                ("Transfer-Encoding", "chunked")
                if len(pieces) > 1
                else ("Content-Length", str(len(body)))
            )
        )
        self.end_headers()
        whole = b"" if self.command == "HEAD" else b"".join(pieces)
        self.wfile.write(whole[: len(whole) // 2] if fault == "truncate" else whole)
        self.wfile.flush()
        if fault == "truncate":
            self.close_connection = True
            self.connection.shutdown(2)


def _other_charset(kind: str) -> str:
    return (
        kind.replace("utf-8", "gbk")
        if "utf-8" in kind
        else kind.replace("gbk", "utf-8")
    )


def _spoiled(fault: Fault | None, path: str, number: int) -> Answer | None:
    match fault:
        case "error":
            return Answer(
                (500, 503)[number % 2], b"<h1>Discuz! System Error</h1>", "text/html"
            )
        case "empty":
            return Answer(200, b"", "text/html")
        case "throttle":
            return Answer(429, b"Too Many Requests", "text/html")
        case "loop":
            return Answer(302, location=path)
        case "no_thread":
            return Answer(302, location="home.php?mod=follow")
    return _other_page(fault)


def _other_page(fault: Fault | None) -> Answer | None:
    """A whole page in place of the one asked for."""
    utf_8 = "text/html; charset=utf-8"
    match fault:
        case "busy":
            return Answer(503, notices.BUSY.encode(), utf_8)
        case "challenge":
            return Answer(403, notices.CHALLENGE.encode(), utf_8)
        case "proxy":
            return Answer(200, notices.PROXY.encode(), "text/html")
        case "evasive":
            return Answer(200, notices.security().encode(), utf_8)
        case "question":
            return Answer(200, notices.question().encode(), utf_8)
    return None
