"""A file of a web server, read in parts (RFC 9110, 14): politely, one request at a time,
never more of it in memory than one part."""

from __future__ import annotations

import io
import re
import time
from typing import TYPE_CHECKING, BinaryIO, Final

from scraper.core.errors import FetchError
from scraper.core.random_access import RandomAccess
from scraper.core.records import Capture
from scraper.fetch.clients import HostClients, Tools
from scraper.fetch.hosts import is_web_address
from scraper.fetch.redirects import MOST, redirect_target_of
from scraper.fetch.transport import Exchange
from scraper.fetch.values import Failure, FetchSettings
from scraper.policy.politeness import retry_after_s, retry_delay_s

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PART_BYTES: Final = 8 << 20
_TRIES: Final = 4
_SETTINGS: Final = FetchSettings(delay_s=1.0)
_WHOLE: Final = 200
_PARTIAL: Final = 206
_THROTTLED: Final = (429, 503)
_NO_SERVER: Final = ("dns", "refused_connection")
_FIRST_SERVER_ERROR: Final = 500
_OF_WHOLE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class RangedFile(RandomAccess):
    """A file at a web address. FetchError where the server does not give it, or it has
    become another meanwhile."""

    def __init__(
        self, url: str, settings: FetchSettings = _SETTINGS, tools: Tools | None = None
    ) -> None:
        super().__init__()
        self._tools = tools or Tools()
        self._clients = HostClients(url, settings, self._tools)
        self._url = url
        self._part = b""
        self._part_at = 0
        self._etag = ""
        self._fetch(0)

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer from the part at hand, or from the next."""
        if self._at >= self.size_bytes:
            return 0
        start = self._at - self._part_at
        if not 0 <= start < len(self._part):
            self._fetch(self._at)
            start = 0
        view = memoryview(buffer).cast("B")
        piece = self._part[start : start + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        """Close the connection."""
        if not self.closed:
            self._clients.close()
        super().close()

    def _fetch(self, start: int) -> None:
        """Have the part that begins at a place at hand."""
        capture = self._ask(start)
        whole = _OF_WHOLE.match(capture.header("content-range"))
        if whole is None or int(whole[1]) != start:
            raise FetchError(
                f"{self._url}: the server gave another part than was asked for"
            )
        size_bytes = int(whole[3])
        etag = capture.header("etag")
        if self.size_bytes and (size_bytes, etag) != (self.size_bytes, self._etag):
            raise FetchError(f"{self._url}: the file changed while it was read")
        self.size_bytes = size_bytes
        self._etag = etag
        self._part = capture.body
        self._part_at = start

    def _ask(self, start: int) -> Capture:
        """The answer with a part. FetchError where none comes."""
        last = start + _PART_BYTES - 1
        headers = {"Range": f"bytes={start}-{last}", "Accept-Encoding": "identity"}
        tries = 0
        hops = 0
        while True:
            outcome = self._clients.ask(self._url, headers, _PART_BYTES, self._judge)
            if isinstance(outcome, Exchange):
                target = redirect_target_of(outcome.capture)
                if not target:
                    return outcome.capture
                hops += 1
                self._follow(target, hops)
                continue
            tries += 1
            is_no_server = not self.size_bytes and outcome.reason in _NO_SERVER
            if is_no_server or not outcome.transient or tries >= _TRIES:
                raise FetchError(f"{outcome.url}: {outcome.reason}: {outcome.message}")
            wait_s = outcome.retry_after_s or retry_delay_s(tries)
            self._sleep(wait_s)

    def _follow(self, target: str, hops: int) -> None:
        if hops > MOST or not is_web_address(target):
            raise FetchError(f"{self._url}: redirected in vain")
        self._url = target

    def _sleep(self, wait_s: float) -> None:
        sleep = self._tools.sleep or time.sleep
        sleep(wait_s)

    def _judge(self, capture: Capture) -> Failure | None:
        """Why an answer is no part of the file; None where it is one, or a redirect."""
        status = capture.status
        if status == _PARTIAL or redirect_target_of(capture):
            return None
        if status in _THROTTLED or status >= _FIRST_SERVER_ERROR:
            now = self._tools.clock()
            return Failure(
                url=capture.url,
                reason="throttled" if status in _THROTTLED else "server_error",
                message=f"status {status}",
                transient=True,
                retry_after_s=retry_after_s(capture.header("retry-after"), now),
                capture=capture,
            )
        message = f"status {status}"
        if status == _WHOLE:
            message = "the server gives no parts of files: fetch the file, then read it"
        return Failure(url=capture.url, reason="forbidden", message=message)


def open_ranged(
    url: str, settings: FetchSettings = _SETTINGS, tools: Tools | None = None
) -> tuple[BinaryIO, int]:
    """A file of a web server, read in parts as they are wanted, and its size in bytes.
    FetchError where the server gives none."""
    raw = RangedFile(url, settings, tools)
    return io.BufferedReader(raw), raw.size_bytes
