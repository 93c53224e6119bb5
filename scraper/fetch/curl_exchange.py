"""One exchange by libcurl: how it is asked for, and its answer as it comes in."""

from __future__ import annotations

import math
import os
import re
import socket
from dataclasses import dataclass, field
from typing import Any, Final

import certifi
import httpx
import pycurl

from scraper.fetch.hosts import is_public

_BUFFER_BYTES: Final = 128 << 10
_LEAST_BYTES_PER_S: Final = 1
OPTIONS: Final = "options"
_STATUS_LINE = re.compile(rb"HTTP/\d\S{0,20} {1,20}+(\d{3})", re.I)
# What OpenSSL says where a server ends its answer without ending TLS, as old ones do.
_ENDED_WITHOUT_TLS_END: Final = ("unexpected eof", "SSL_ERROR_SYSCALL, errno 0")
_LENGTH_DIGITS: Final = 16
STOP: Final = -1  # what a callback answers to end an exchange
_ALL_CIPHERS: Final = "DEFAULT:@SECLEVEL=0"
_ODD_HEAD: Final = (pycurl.E_FTP_WEIRD_SERVER_REPLY, pycurl.E_BAD_CONTENT_ENCODING)
"""How libcurl refuses the head of an answer."""
_ANY_TLS: Final = pycurl.SSLVERSION_TLSv1_0


@dataclass(frozen=True, slots=True, kw_only=True)
class CurlOptions:
    """What one exchange may cost, and the way it goes. `limit_bytes` of the body as sent:
    a longer one is refused, or cut where `takes_beginning`. `proxy`: empty for none;
    `public_only` refuses machines in private networks."""

    limit_bytes: int
    connect_s: float
    silent_s: float
    total_s: float
    proxy: str = ""
    public_only: bool = False
    takes_beginning: bool = False
    check_certificate: bool = True

    def as_extension(self) -> dict[str, Any]:
        """Where the transport looks for them: `httpx.Request.extensions`."""
        return {OPTIONS: self}


class CurlError(httpx.TransportError):
    """An exchange that libcurl gave up. `code`: its CURLE_ number; `answered`: after the head
    of an answer had come; `proxy`: the proxy that was asked, if any."""

    def __init__(self, code: int, message: str, *, answered: bool, proxy: str) -> None:
        super().__init__(message)
        self.code = code
        self.answered = answered
        self.proxy = proxy


class OddHeadError(CurlError):
    """The head of an answer has what libcurl takes from nobody, or what contradicts itself; the
    message names it."""


class PrivateMachineError(httpx.TransportError):
    """The host is a machine in a private network: no connection was made."""


class TooLargeError(httpx.TransportError):
    """The body is larger than it may be."""


@dataclass(slots=True)
class Reply:
    """An answer as it comes in: the callbacks of one exchange.

    `is_odd`: libcurl cannot tell where the body ends: it looks at no length before whose
    colon a blank stands, nor at one beside `Transfer-Encoding: identity`.
    """

    options: CurlOptions
    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    size_bytes: int = 0
    length_bytes: int | None = None
    is_odd: bool = False
    is_chunked: bool = False
    is_too_large: bool = False
    is_private: bool = False

    @property
    def left_bytes(self) -> int | None:
        """How much of a body is to come whose end only its head tells."""
        if not self.is_odd or self.is_chunked or self.length_bytes is None:
            return None
        return max(0, self.length_bytes - self.size_bytes)

    def add_line(self, line: bytes) -> int | None:
        """A line of the head; a status line begins it anew, as after `100 Continue`."""
        text = line.strip()
        if not text:
            return STOP if self.left_bytes == 0 else None
        status = _STATUS_LINE.match(text)
        if status:
            self.status = int(status[1])
            self.headers.clear()
            self.length_bytes = None
            return None

        before, _, value = text.partition(b":")
        name = before.rstrip()
        value = value.lstrip()
        self.headers.append((name, value))
        lowered = name.lower()
        if lowered == b"content-length":
            self.length_bytes = _number(value)
            self.is_odd |= name != before
        elif lowered == b"transfer-encoding":
            coding = value.lower()
            self.is_odd |= coding == b"identity"
            self.is_chunked |= coding.endswith(b"chunked")
        return None

    def add_piece(self, piece: bytes) -> int | None:
        """Some of the body."""
        self.pieces.append(piece)
        self.size_bytes += len(piece)
        if self.size_bytes > self.options.limit_bytes:
            self.is_too_large = True
            return STOP
        return STOP if self.left_bytes == 0 else None

    def open_socket(self, _purpose: int, address: tuple[Any, ...]) -> object:
        """A socket for a connection, once its address was looked at: a name may resolve to
        another machine between an earlier look and the connection."""
        family, kind, protocol, peer = address
        if self.options.public_only and not _leads_out(peer):
            self.is_private = True
            return pycurl.SOCKET_BAD
        return socket.socket(family, kind, protocol)


def perform(handle: pycurl.Curl, request: httpx.Request, options: CurlOptions) -> Reply:
    """The answer to a request. OddHeadError where libcurl refuses its head."""
    reply = Reply(options)
    prepare(handle, request, reply)
    try:
        handle.perform()
    except pycurl.error as error:
        arguments: tuple[Any, ...] = error.args
        code, message = arguments
        if not _is_whole(reply, code, message):
            raise_for(error, reply)
    if reply.left_bytes:
        raise CurlError(
            pycurl.E_PARTIAL_FILE,
            f"{reply.left_bytes} bytes are missing",
            answered=True,
            proxy=options.proxy,
        )
    return reply


def raise_for(error: pycurl.error, reply: Reply) -> None:
    """Raise what an exchange failed by, but where its beginning is enough."""
    arguments: tuple[Any, ...] = error.args
    code, message = arguments
    options = reply.options
    if reply.is_private:
        raise PrivateMachineError(message) from error
    if reply.is_too_large and options.takes_beginning:
        return
    if reply.is_too_large:
        words = f"more than {options.limit_bytes} bytes"
        raise TooLargeError(words) from error

    is_answered = reply.status > 0
    is_odd = is_answered and not reply.pieces and code in _ODD_HEAD
    kind = OddHeadError if is_odd else CurlError
    raise kind(
        code,
        message,
        answered=is_answered,
        proxy=options.proxy,
    ) from error


def new_handle() -> pycurl.Curl:
    """A handle with what is the same in all exchanges."""
    handle = pycurl.Curl()
    for option, value in (
        (pycurl.NOSIGNAL, 1),
        (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
        (pycurl.FOLLOWLOCATION, 0),
        (pycurl.PATH_AS_IS, 1),
        # bodies are wanted as sent
        (pycurl.HTTP_CONTENT_DECODING, 0),
        (pycurl.BUFFERSIZE, _BUFFER_BYTES),
        (pycurl.NOPROGRESS, 0),
        (pycurl.LOW_SPEED_LIMIT, _LEAST_BYTES_PER_S),
        (pycurl.CAINFO, os.environ.get("SSL_CERT_FILE") or certifi.where()),
        # the proxy is told with each exchange, not taken from the environment
        (pycurl.NOPROXY, ""),
    ):
        handle.setopt(option, value)
    return handle


def prepare(handle: pycurl.Curl, request: httpx.Request, reply: Reply) -> None:
    """Set what differs from one exchange to the next."""
    options = reply.options
    check = options.check_certificate
    for option, value in (
        (pycurl.URL, str(request.url)),
        (pycurl.HTTPHEADER, _header_lines(request)),
        (pycurl.PROXY, options.proxy),
        (pycurl.SSL_VERIFYPEER, int(check)),
        (pycurl.SSL_VERIFYHOST, 2 if check else 0),
        (pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2 if check else _ANY_TLS),
        (pycurl.CONNECTTIMEOUT_MS, _ms(options.connect_s)),
        (pycurl.TIMEOUT_MS, _ms(options.total_s)),
        (pycurl.LOW_SPEED_TIME, math.ceil(options.silent_s)),
        (pycurl.HEADERFUNCTION, reply.add_line),
        (pycurl.WRITEFUNCTION, reply.add_piece),
        (pycurl.OPENSOCKETFUNCTION, reply.open_socket),
    ):
        handle.setopt(option, value)

    if check:
        handle.unsetopt(pycurl.SSL_CIPHER_LIST)
    else:
        handle.setopt(pycurl.SSL_CIPHER_LIST, _ALL_CIPHERS)


def _header_lines(request: httpx.Request) -> list[bytes]:
    """The headers of a request as libcurl takes them: it marks an empty one by a semicolon."""
    lines = []
    for name, value in request.headers.raw:
        lines.append(name + b": " + value if value else name + b";")
    return lines


def _is_whole(reply: Reply, code: int, message: str) -> bool:
    """Whether an exchange that failed brought an answer whole all the same."""
    if reply.left_bytes == 0:
        return True
    if not reply.status or code != pycurl.E_RECV_ERROR:
        return False
    if reply.is_chunked or reply.length_bytes is not None:
        return False
    return any(words in message for words in _ENDED_WITHOUT_TLS_END)


def _number(value: bytes) -> int | None:
    is_length = value.isdigit() and len(value) < _LENGTH_DIGITS
    return int(value) if is_length else None


def _leads_out(peer: object) -> bool:
    """Whether a connection's address is one of the open internet."""
    return isinstance(peer, tuple) and is_public(str(peer[0]))


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
