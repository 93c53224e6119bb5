"""Who may use these pages: the browser that came by the printed address, once, and asks
from pages of ours.

Any page that is open in the browser can send requests to this machine, and any program on
it, of another person too, can connect. Neither knows the secrets that are made here.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from archive.web.visitors import is_foreign

COOKIE: Final = "discuz_archive_desk"
FORM_KEY: Final = "key"
"""The hidden field of every form."""
MAX_BODY_BYTES: Final = 2_000_000
_NAMES: Final = ("127.0.0.1", "localhost")
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:*; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Forms lead on to the reading pages, which have a port of their own."""
_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    # with `no-referrer` browsers call the origin of our own forms `null`
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_WRONG_NAME: Final = "This page is known as 127.0.0.1 alone. 本页只叫 127.0.0.1。\n"
_FOREIGN: Final = (
    "A page of another site asked for this. 这是别的网站发来的请求，没有执行。\n"
)
_USED: Final = (
    "This address was used already, or is wrong. End the program (Ctrl-C) and start it "
    "again for a new one. 这个地址已经用过，或者不对：请结束程序，重新启动，会得到新地址。\n"
)
_UNKNOWN: Final = (
    "Open the address that the program printed when it started. "
    "请打开程序启动时显示的地址。\n"
)
_STALE: Final = (
    "This form is not of a page of this run. Open the page again. "
    "这张表单不是本次运行的页面，请重新打开页面。\n"
)
_TOO_LONG: Final = "The form holds too much. 表单内容太长。\n"


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(slots=True)
class Gate:
    """The secrets of one run. All pages lie in a folder `place` that only this run knows: a
    cookie is for one folder, and goes to no other server of this machine, whatever its port.
    """

    place: str = field(default_factory=lambda: f"/{secrets.token_urlsafe(9)}")
    form_key: str = field(default_factory=_secret)
    _token: str = field(default_factory=_secret)
    _session: str = field(default_factory=_secret)

    @property
    def entrance(self) -> str:
        """Path and query of the address that opens the pages, once."""
        return f"{self.place}/enter?token={self._token}"

    def enter(self, request: Request) -> Response:
        """Take the token in exchange for the cookie; it is worth nothing from then on."""
        home = f"{self.place}/"
        if self._is_known(request):
            return RedirectResponse(home, 303)
        given = request.query_params.get("token", "")
        is_right = _same(given, self._token)
        if not is_right or not self._token:
            return _refused(_USED)
        self._token = ""
        answer = RedirectResponse(home, 303)
        answer.set_cookie(
            COOKIE, self._session, path=home, httponly=True, samesite="strict"
        )
        return answer

    def reason_to_refuse(self, request: Request) -> str:
        """Why a request gets no answer; empty where it does."""
        name, _, _ = request.headers.get("host", "").partition(":")
        if name not in _NAMES:
            return _WRONG_NAME
        if is_foreign(request.headers, may_arrive=False):
            return _FOREIGN
        if request.url.path == f"{self.place}/enter":
            return ""
        return "" if self._is_known(request) else _UNKNOWN

    async def read_form(self, request: Request) -> FormData | None:
        """The fields of a form; None where it is not of a page of this run."""
        form = await request.form(
            max_files=1, max_fields=40, max_part_size=MAX_BODY_BYTES
        )
        key = form.get(FORM_KEY)
        if isinstance(key, str) and _same(key, self.form_key):
            return form
        return None

    def _is_known(self, request: Request) -> bool:
        given = request.cookies.get(COOKIE, "")
        return _same(given, self._session)


class Gated:
    """An application behind a gate, with the headers of every answer."""

    def __init__(self, app: Any, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] == "lifespan":
            await self._app(
                scope,
                receive,
                send,
            )
            return
        if scope["type"] != "http":
            return
        request = Request(scope)
        answer = self._refusal(request)
        app = answer or self._app
        await app(
            scope,
            receive,
            _with_headers(send),
        )

    def _refusal(self, request: Request) -> Response | None:
        reason = self._gate.reason_to_refuse(request)
        if reason:
            return _refused(reason)
        if request.method in ("GET", "HEAD"):
            return None
        length = request.headers.get("content-length", "")
        is_said = length.isascii() and length.isdecimal() and len(length) < 10
        if not is_said or int(length) > MAX_BODY_BYTES:
            return _refused(_TOO_LONG, 413)
        return None


def stale_form() -> Response:
    """The answer to a form without the run's key."""
    return _refused(_STALE)


def _refused(reason: str, status: int = 403) -> Response:
    return PlainTextResponse(reason, status)


def _same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode(), secret.encode())


def _with_headers(send: Any) -> Any:
    added = [
        (name.lower().encode(), value.encode()) for name, value in _HEADERS.items()
    ]

    async def sent(event: Any) -> None:
        if event["type"] == "http.response.start":
            names = {name.lower() for name, _ in event["headers"]}
            more = [each for each in added if each[0] not in names]
            event = {**event, "headers": [*event["headers"], *more]}
        await send(event)

    return sent
