"""Why an exchange broke: errors of the network, of TLS and of HTTP as failures with a name."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

from scraper.fetch.values import Failure, FailureReason

_MESSAGE_CHARS: Final = 300
_WORDS: Final[dict[FailureReason, str]] = {
    "timeout": "no answer in time",
    "dns": "no host of that name was found: is the address right, and the network up",
    "tls": "no secure connection could be made",
    "truncated": "the connection broke before the answer was whole",
    "refused_connection": "nothing answers there: is the address right, and the server up",
    "garbled": "what answered speaks no HTTP",
    "reset": "the connection was cut before an answer came",
    "internal": "a fault of this program: it was about to send what is no HTTP",
}


def broken_exchange(url: str, error: Exception, *, answered: bool) -> Failure:
    """The failure of an exchange that an error ended; `answered`: after the head of an
    answer had come."""
    reason, transient = _reason(error, answered)
    words = _WORDS[reason]
    message = f"{words} ({type(error).__name__}: {error})"
    return Failure(
        url=url,
        reason=reason,
        message=message[:_MESSAGE_CHARS],
        transient=transient,
    )


def _reason(error: Exception, answered: bool) -> tuple[FailureReason, bool]:
    """Why an exchange broke, and whether it may work another time: httpx wraps what the
    system said."""
    if isinstance(error, httpx.LocalProtocolError):
        return "internal", False
    if isinstance(error, (httpx.InvalidURL, UnicodeError)):
        # httpx reads the address of a redirect, though nobody asks it to follow.
        return "garbled", True
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return "timeout", True

    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return "dns", True
        if isinstance(cause, ssl.SSLError):
            is_for_good = isinstance(cause, ssl.SSLCertVerificationError)
            return "tls", not is_for_good
    return _reason_in_http(error, answered)


def _reason_in_http(error: Exception, answered: bool) -> tuple[FailureReason, bool]:
    """The same of an exchange with a host that was found."""
    if answered:
        return "truncated", True
    if isinstance(error, (httpx.ConnectError, httpx.ProxyError)):
        return "refused_connection", True

    is_disconnected = "disconnected" in str(error)
    if isinstance(error, httpx.RemoteProtocolError) and not is_disconnected:
        return "garbled", True
    return "reset", True


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those behind it, each once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
