"""Content codings of HTTP: gzip and deflate undone, with a limit, and without taking half a
body for a whole one."""

from __future__ import annotations

import zlib
from typing import Final, Literal

_GZIP: Final = b"\x1f\x8b"
_AUTOMATIC: Final = 47  # zlib's window bits for "gzip or zlib, whichever the head says"
_BARE: Final = -15
_MOST_MEMBERS: Final = 1_000
_SHORT_BYTES: Final = 1 << 14
_NOT_ASKED_FOR: Final = frozenset(
    {
        "aes128gcm",
        "br",
        "compress",
        "dcb",
        "dcz",
        "exi",
        "pack200-gzip",
        "x-compress",
        "zstd",
    }
)
"""The codings that there are beside ours (IANA's registry); other names are none."""
ACCEPTED: Final = "gzip, deflate"
"""What to ask for: Accept-Encoding."""


class CodingError(ValueError):
    """A body that cannot be decoded; `reason` says how it fails."""

    def __init__(
        self, reason: Literal["truncated", "garbled", "too_large"], message: str
    ) -> None:
        super().__init__(message)
        self.reason: Literal["truncated", "garbled", "too_large"] = reason


def decoded(body: bytes, content_encoding: str, limit_bytes: int) -> bytes:
    """A body without its content codings (RFC 9110, 8.4). CodingError where it is cut,
    broken or too large."""
    names = content_encoding.split(",")
    for name in reversed(names):
        body = _without_coding(body, name.strip().lower(), limit_bytes)
    if len(body) > limit_bytes:
        raise CodingError("too_large", f"more than {limit_bytes} bytes")
    return body


def beginning(body: bytes, content_encoding: str, limit_bytes: int) -> bytes:
    """As much of a body as can be decoded, its first `limit_bytes` at most: where the rest
    does not matter. CodingError where nothing can be."""
    try:
        return decoded(body, content_encoding, limit_bytes)
    except CodingError as error:
        coding = content_encoding.strip().lower()
        is_packed = coding in ("gzip", "x-gzip", "deflate")
        if error.reason == "garbled" or (coding and not is_packed):
            raise
    if is_packed:
        _, body = _start(body, limit_bytes)
    return body[:limit_bytes]


def _without_coding(body: bytes, coding: str, limit_bytes: int) -> bytes:
    if coding in ("gzip", "x-gzip"):
        is_packed = body.startswith(_GZIP)  # some servers only say so
        return _inflated(body, limit_bytes) if is_packed else body
    if coding == "deflate":
        return _inflated(body, limit_bytes)
    if coding in _NOT_ASKED_FOR:
        message = f"the server used a coding that was not asked for: {coding}"
        raise CodingError("garbled", message)
    # `none`, `utf-8`, `binary`: words of servers that name no coding
    return body


def _inflated(body: bytes, limit_bytes: int) -> bytes:
    """Every gzip member in turn, up to a thousand, or the one zlib (or bare deflate)
    stream."""
    pieces: list[bytes] = []
    left = limit_bytes
    rest = memoryview(body)
    for _ in range(_MOST_MEMBERS):
        unpacker, piece, looked_at = _first_member(rest, left + 1)
        pieces.append(piece)
        left -= len(piece)
        if left < 0:
            message = f"more than {limit_bytes} bytes when unpacked"
            raise CodingError("too_large", message)
        if not unpacker.eof:
            raise CodingError("truncated", "the compressed body ends early")

        size_bytes = looked_at - len(unpacker.unused_data)
        rest = rest[size_bytes:]
        if not _is_gzip(rest):
            break
    else:
        raise CodingError("garbled", f"more than {_MOST_MEMBERS} gzip members")
    return b"".join(pieces)


def _first_member(
    body: memoryview, limit_bytes: int
) -> tuple[zlib._Decompress, bytes, int]:
    """The first member of a body: its unpacker, what it gives, and how many bytes the
    unpacker was shown. zlib takes a copy of all that is behind a member: of a short one
    it is shown the first bytes only."""
    head = body[:_SHORT_BYTES]
    unpacker, piece = _start(head, limit_bytes)
    if unpacker.eof:
        return unpacker, piece, len(head)
    unpacker, piece = _start(body, limit_bytes)
    return unpacker, piece, len(body)


def _is_gzip(body: memoryview) -> bool:
    head = bytes(body[: len(_GZIP)])
    return head == _GZIP


def _start(
    body: bytes | memoryview, limit_bytes: int
) -> tuple[zlib._Decompress, bytes]:
    """An unpacker that understands the body, and the first bytes that it gives."""
    why = ""
    for window_bits in (_AUTOMATIC, _BARE):
        unpacker = zlib.decompressobj(window_bits)
        try:
            return unpacker, unpacker.decompress(body, limit_bytes)
        except zlib.error as error:
            why = str(error)
    raise CodingError("garbled", f"the compressed body is broken ({why})")
