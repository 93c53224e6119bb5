"""Answers whose head libcurl refuses and browsers take: asked for once more, and read by
rules as lenient as theirs."""

from __future__ import annotations

import io
import re
import socket
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from typing import Final, cast

import httpx

_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/\d\S{0,20} {1,20}+(\d{3})", re.I)
_NOT_SENT: Final = frozenset({b"connection", b"keep-alive", b"te"})
_CODED: Final = frozenset({"gzip", "x-gzip", "deflate", "compress", "br", "zstd"})
_LENGTH = re.compile(r"\d{1,15}")
_LAST_CHUNK: Final = b"0\r\n\r\n"
_MOST_HEAD_BYTES: Final = 300 << 10
_AS_CHUNKED: Final = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

Headers = list[tuple[bytes, bytes]]


class UnreadableHeadError(ValueError):
    """The head contradicts itself, or says what nobody knows. The message names the header."""


def request_bytes(request: httpx.Request) -> bytes:
    """A GET request as HTTP/1.0, whose answers end with the connection."""
    lines = [b"GET " + request.url.raw_path + b" HTTP/1.0"]
    for name, value in request.headers.raw:
        if name.lower() not in _NOT_SENT:
            lines.append(name + b": " + value)
    lines.append(b"Connection: close")
    return b"\r\n".join([*lines, b"", b""])


@dataclass(slots=True)
class RawAnswer:
    """An answer as it comes in, its head unread by others."""

    data: bytearray = field(default_factory=bytearray)
    status: int = 0
    headers: Headers = field(default_factory=list)
    _body_at: int = 0

    def add(self, piece: bytes) -> bool:
        """Some bytes; whether the answer is whole, or has no head."""
        self.data += piece
        if not self._body_at and not self._read_head():
            return len(self.data) > _MOST_HEAD_BYTES
        if self._is_chunked:
            return self.data.endswith(_LAST_CHUNK)
        lengths = self._lengths()
        return bool(lengths) and len(self.data) - self._body_at >= max(lengths)

    def body(self) -> bytes | None:
        """The body, None where some of it is missing. UnreadableHeadError where the head does
        not tell what the body is."""
        if not self._body_at:
            raise UnreadableHeadError("what answered has no head that ends")
        self._check()
        body = self.so_far()
        if self._is_chunked:
            return _joined(body)
        lengths = self._lengths()
        if not lengths or len(body) in lengths:
            return body
        if len(body) > max(lengths):
            return body[: max(lengths)]
        return None

    def so_far(self) -> bytes:
        """What came of the body."""
        return bytes(self.data[self._body_at :])

    @property
    def _is_chunked(self) -> bool:
        return any(value.endswith("chunked") for value in self._coded())

    def _coded(self) -> list[str]:
        return [value.lower() for value in self._values(b"transfer-encoding")]

    def _lengths(self) -> set[int]:
        """The lengths that the head states; those that are no numbers say nothing."""
        lengths = set()
        for value in self._values(b"content-length"):
            for one in value.split(","):
                if _LENGTH.fullmatch(one.strip()):
                    lengths.add(int(one))
        return lengths

    def _check(self) -> None:
        places = sorted(set(self._values(b"location")))
        if len(places) > 1:
            words = " and ".join(places)
            raise UnreadableHeadError(f"the header Location says {words}")
        for value in self._coded():
            if _CODED & {word.strip() for word in value.split(",")}:
                raise UnreadableHeadError(
                    f"the header Transfer-Encoding says {value}, which was not asked for"
                )

    def _values(self, wanted: bytes) -> list[str]:
        found = []
        for name, value in self.headers:
            if name.lower() == wanted:
                found.append(value.decode("latin-1"))
        return found

    def _read_head(self) -> bool:
        """Read the head where it came whole: lines without a colon are passed over, as
        browsers do, and NULs are left out."""
        end = _HEAD_END.search(self.data)
        if end is None:
            return False
        first, *lines = bytes(self.data[: end.start()]).split(b"\n")
        status = _STATUS_LINE.match(first)
        if status is None:
            return False
        self.status = int(status[1])
        for line in lines:
            name, colon, value = line.replace(b"\0", b"").partition(b":")
            if colon:
                self.headers.append((name.strip(), value.strip()))
        self._body_at = end.end()
        return True


class _Socket:
    """What http.client reads an answer from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_how: object) -> io.BytesIO:
        return io.BytesIO(self._data)


def _joined(body: bytes) -> bytes | None:
    """Chunks as one; None where some are missing."""
    response = HTTPResponse(cast(socket.socket, _Socket(_AS_CHUNKED + body)))
    try:
        response.begin()
        return response.read()
    except HTTPException:
        return None
