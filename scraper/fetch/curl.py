"""HTTP by libcurl, as a transport of httpx: it takes the headers that browsers take, and
speaks to every kind of proxy."""

from __future__ import annotations

import threading

import httpx
import pycurl

from scraper.fetch.curl_exchange import (
    OPTIONS,
    STOP,
    CurlOptions,
    OddHeadError,
    new_handle,
    perform,
)
from scraper.fetch.raw_exchange import ask_raw
from scraper.fetch.sockets import Sockets


class CurlTransport(httpx.BaseTransport):
    """Sends requests over kept connections, one a thread. Thread-safe."""

    def __init__(self) -> None:
        self._idle: list[pycurl.Curl] = []
        self._lock = threading.Lock()
        self._sockets = Sockets()
        self._is_cut = False
        self._odd_origins: set[bytes] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer to a request, read whole, with its body as sent."""
        options: CurlOptions = request.extensions[OPTIONS]
        origin = request.url.netloc
        if origin in self._odd_origins and not options.proxy:
            return ask_raw(request, options, self._sockets)
        handle = self._take()
        try:
            reply = perform(handle, request, options)
        except OddHeadError:
            if options.proxy or self._is_cut:
                raise
            self._odd_origins.add(origin)
            return ask_raw(request, options, self._sockets)
        finally:
            self._give_back(handle)
        return httpx.Response(
            reply.status,
            headers=reply.headers,
            stream=httpx.ByteStream(b"".join(reply.pieces)),
        )

    def cut(self) -> None:
        """End the exchanges that are under way, and those to come."""
        self._is_cut = True
        self._sockets.cut()

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            idle = self._idle
            self._idle = []
        for handle in idle:
            handle.close()

    def _take(self) -> pycurl.Curl:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        handle = new_handle()
        for option, callback in (
            (pycurl.SOCKOPTFUNCTION, self._sockets.opened),
            (pycurl.CLOSESOCKETFUNCTION, self._sockets.close),
            (pycurl.XFERINFOFUNCTION, self._look),
        ):
            handle.setopt(option, callback)
        return handle

    def _look(self, *_progress: int) -> int | None:
        """Called by libcurl every second or sooner, whatever it waits for."""
        return STOP if self._is_cut else None

    def _give_back(self, handle: pycurl.Curl) -> None:
        with self._lock:
            self._idle.append(handle)
