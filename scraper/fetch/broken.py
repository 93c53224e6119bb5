"""Why an exchange broke: errors of the network, of TLS, of proxies and of HTTP as failures
with a name."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import httpx
import pycurl

from scraper.fetch.curl_exchange import (
    CurlError,
    OddHeadError,
    PrivateMachineError,
    TooLargeError,
)
from scraper.fetch.values import Failure, FailureReason

_MESSAGE_CHARS: Final = 400
_PROXY: Final = 97  # CURLE_PROXY, which pycurl does not name
_REASONS: Final[dict[int, FailureReason]] = {
    pycurl.E_OPERATION_TIMEDOUT: "timeout",
    pycurl.E_COULDNT_RESOLVE_HOST: "dns",
    pycurl.E_COULDNT_RESOLVE_PROXY: "dns",
    pycurl.E_COULDNT_CONNECT: "refused_connection",
    _PROXY: "refused_connection",
    pycurl.E_PEER_FAILED_VERIFICATION: "tls",
    pycurl.E_SSL_CONNECT_ERROR: "tls",
    pycurl.E_SSL_CERTPROBLEM: "tls",
    pycurl.E_SSL_CIPHER: "tls",
    pycurl.E_SSL_CACERT_BADFILE: "tls",
    pycurl.E_SSL_ISSUER_ERROR: "tls",
    pycurl.E_PARTIAL_FILE: "truncated",
    pycurl.E_UNSUPPORTED_PROTOCOL: "garbled",
    pycurl.E_FTP_WEIRD_SERVER_REPLY: "garbled",
    pycurl.E_FILESIZE_EXCEEDED: "garbled",
    pycurl.E_BAD_CONTENT_ENCODING: "garbled",
    pycurl.E_URL_MALFORMAT: "bad_address",
}
"""What libcurl's numbers mean; others mean a connection that broke."""
_WORDS: Final[dict[FailureReason, str]] = {
    "timeout": "no answer in time",
    "dns": "no host of that name was found: is the address right, and the network up",
    "tls": "no secure connection could be made",
    "truncated": "the connection broke before the answer was whole",
    "refused_connection": "nothing answers there: is the address right, and the server up",
    "garbled": "what answered speaks no HTTP",
    "reset": "the connection was cut before an answer came",
    "bad_address": "not an address that can be asked for",
}
_ODD_HEAD: Final = "the head of the answer cannot be read"
_FOR_GOOD: Final = frozenset({"bad_address"})


def broken_exchange(url: str, error: Exception) -> Failure:
    """The failure of an exchange that an error ended."""
    if isinstance(error, PrivateMachineError):
        return Failure(
            url=url,
            reason="private_address",
            message="its host is a machine in a private network",
        )
    if isinstance(error, TooLargeError):
        return Failure(url=url, reason="too_large", message=str(error))
    if isinstance(error, CurlError):
        return _broken_by(url, error)
    return _internal_or_garbled(url, error)


def _broken_by(url: str, error: CurlError) -> Failure:
    if isinstance(error, OddHeadError):
        return Failure(
            url=url,
            reason="garbled",
            message=f"{_ODD_HEAD}: {error}"[:_MESSAGE_CHARS],
            transient=True,
        )
    reason = _REASONS.get(error.code)
    if reason is None or (reason == "garbled" and error.answered):
        reason = "truncated" if error.answered else "reset"
    words = _words(url, reason, error)
    is_for_good = reason in _FOR_GOOD or error.code == pycurl.E_PEER_FAILED_VERIFICATION
    message = f"{words} ({error})"
    return Failure(
        url=url,
        reason=reason,
        message=message[:_MESSAGE_CHARS],
        transient=not is_for_good,
    )


def _words(url: str, reason: FailureReason, error: CurlError) -> str:
    host = urlsplit(url).hostname or ""
    if error.code == pycurl.E_PEER_FAILED_VERIFICATION:
        return (
            f"the certificate of {host} cannot be trusted: where you know why, "
            f"`--insecure {host}` takes it as it is"
        )
    if not error.proxy:
        return _WORDS[reason]
    proxy = _shown(error.proxy)
    if reason in ("dns", "refused_connection"):
        return (
            f"nothing could be asked through the proxy {proxy}: "
            "is its address right, and is it running"
        )
    return f"{_WORDS[reason]}, through the proxy {proxy}"


def _shown(proxy: str) -> str:
    """A proxy without the password that it may hold."""
    scheme, _, rest = proxy.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _internal_or_garbled(url: str, error: Exception) -> Failure:
    """Failures that httpx finds: in what we were about to send, or in the address of a
    redirect, which it reads though nobody asks it to follow."""
    is_ours = isinstance(error, httpx.LocalProtocolError)
    words = _WORDS["garbled"]
    if is_ours:
        words = "a fault of this program: it was about to send what is no HTTP"
    message = f"{words} ({type(error).__name__}: {error})"
    return Failure(
        url=url,
        reason="internal" if is_ours else "garbled",
        message=message[:_MESSAGE_CHARS],
        transient=not is_ours,
    )
