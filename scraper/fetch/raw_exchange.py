"""An answer whose head libcurl refuses: asked for once more, over a plain connection."""

from __future__ import annotations

import os
import ssl
import time
from typing import Final

import certifi
import httpcore
import httpx
import pycurl

from scraper.fetch.curl_exchange import (
    CurlError,
    CurlOptions,
    OddHeadError,
    PrivateMachineError,
    TooLargeError,
)
from scraper.fetch.hosts import is_public
from scraper.fetch.raw_answer import RawAnswer, UnreadableHeadError, request_bytes
from scraper.fetch.sockets import Sockets

_PIECE_BYTES: Final = 64 << 10
_PORTS: Final = {"http": 80, "https": 443}


def ask_raw(
    request: httpx.Request, options: CurlOptions, sockets: Sockets
) -> httpx.Response:
    """Ask once more, as HTTP/1.0, and read the answer. OddHeadError where its head contradicts
    itself; CurlError as of any exchange."""
    raw = RawAnswer()
    try:
        is_cut = _fill(raw, request, options, sockets)
        body = raw.so_far() if is_cut else raw.body()
    except UnreadableHeadError as error:
        code = pycurl.E_FTP_WEIRD_SERVER_REPLY
        raise OddHeadError(code, str(error), answered=True, proxy="") from error
    except httpcore.TimeoutException as error:
        code = pycurl.E_OPERATION_TIMEDOUT
        raise CurlError(code, str(error), answered=True, proxy="") from error
    except (httpcore.NetworkError, OSError) as error:
        code = pycurl.E_RECV_ERROR
        raise CurlError(code, str(error), answered=True, proxy="") from error
    if body is None:
        code = pycurl.E_PARTIAL_FILE
        words = "the header Content-Length, or a chunk, says more than came"
        raise CurlError(code, words, answered=True, proxy="")
    stream = httpx.ByteStream(body)
    return httpx.Response(raw.status, headers=raw.headers, stream=stream)


def _fill(
    raw: RawAnswer, request: httpx.Request, options: CurlOptions, sockets: Sockets
) -> bool:
    """Read an answer to its end; whether it was cut at the limit."""
    end_s = time.monotonic() + options.total_s
    stream = _connected(request.url, options)
    number = stream.get_extra_info("socket").fileno()
    sockets.opened(number)
    try:
        stream.write(request_bytes(request), timeout=options.silent_s)
        while True:
            left_s = max(0.01, end_s - time.monotonic())
            timeout_s = min(options.silent_s, left_s)
            piece = stream.read(_PIECE_BYTES, timeout=timeout_s)
            if not piece or raw.add(piece):
                return False
            if len(raw.data) <= options.limit_bytes:
                continue
            if options.takes_beginning:
                return True
            raise TooLargeError(f"more than {options.limit_bytes} bytes")
    finally:
        sockets.forget(number)
        stream.close()


def _connected(url: httpx.URL, options: CurlOptions) -> httpcore.NetworkStream:
    """A connection, once the machine at its other end was looked at."""
    host = url.raw_host.decode("ascii")
    port = url.port or _PORTS[url.scheme]
    backend = httpcore.SyncBackend()
    stream = backend.connect_tcp(host, port, timeout=options.connect_s)
    peer = stream.get_extra_info("server_addr")
    if options.public_only and not is_public(str(peer[0])):
        stream.close()
        raise PrivateMachineError("its host is a machine in a private network")
    if url.scheme == "http":
        return stream

    where = os.environ.get("SSL_CERT_FILE") or certifi.where()
    context = ssl.create_default_context(cafile=where)
    if not options.check_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return stream.start_tls(context, host, options.connect_s)
