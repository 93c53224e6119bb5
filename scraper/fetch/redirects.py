"""Where a redirect leads, and whether to follow: a pure decision from what was asked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlsplit

from scraper.addresses.urls import absolute, parse_url
from scraper.core.records import Capture

MOST: Final = 10
_STATUSES: Final = (301, 302, 303, 307, 308)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def location_of(capture: Capture) -> str:
    """The address that a redirect names, made absolute, without fragment; empty where the
    capture is none."""
    header = capture.header("location").strip()
    if capture.status not in _STATUSES or not header:
        return ""
    if (
        not header.isascii()
    ):  # headers are kept as Latin-1, so these are the server's own bytes
        header = quote(header.encode("latin-1", "replace"), safe="%/:=&?~#+!$,;'@()*[]")
    return absolute(capture.url, header).partition("#")[0]


def drops_page(asked: str, location: str) -> bool:
    """Whether X3 sends a page of a thread to the thread itself: it does so once, after
    posts were deleted."""
    page, thread = parse_url(asked), parse_url(location)
    if (
        page is None
        or thread is None
        or page.kind != "thread"
        or thread.kind != "thread"
    ):
        return False
    return (
        page.id == thread.id and page.page > 1 and thread.page == 1 and not thread.last
    )


def next_address(asked: Sequence[str], location: str) -> str | None:
    """What to ask for next, after the addresses in `asked` (oldest first); None for a loop.

    An address may redirect to itself once, as X3 does while it counts a thread's posts again.
    """
    if asked.count(asked[-1]) == 1 and drops_page(asked[-1], location):
        return asked[-1]
    return None if asked.count(location) > 1 or len(asked) > MOST else location


def same_host(url: str, other: str) -> bool:
    """Whether two addresses are of one host; `www.` and http or https make no difference.
    Never raises."""
    return _host(url) == _host(other) != ("", None)


def _host(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return "", None
    return host, None if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else port
