"""Where a redirect leads, and whether to follow: a pure decision from what was asked before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

from scraper.addresses.urls import (
    absolute,
    leads_past_end,
    leads_to_login,
    leads_to_no_thread,
    parse_url,
)
from scraper.core.records import Capture
from scraper.fetch.values import Failure, FailureReason

MOST: Final = 10
_STATUSES: Final = frozenset({301, 302, 303, 307, 308})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_KEPT_IN_LOCATION: Final = "%/:=&?~#+!$,;'@()*[]"
_NO_HOST: Final = ("", None)
_KNOWN_HOSTS: Final = 64
"""Of so many addresses: each is looked at several times for a request, and its base always."""


def redirect_target_of(capture: Capture) -> str:
    """The address that a redirect names, made absolute, without fragment; empty where the
    capture is none."""
    if capture.status not in _STATUSES:
        return ""
    header = capture.header("location").strip()
    if not header:
        return ""

    if not header.isascii():
        # Headers are kept as Latin-1, so these are the server's own bytes.
        served = header.encode("latin-1", "replace")
        header = quote(served, safe=_KEPT_IN_LOCATION)
    return absolute(capture.url, header).partition("#")[0]


def drops_page(asked: str, location: str) -> bool:
    """Whether X3 sends a page of a thread to the thread itself: it does so once, after
    posts were deleted."""
    page = parse_url(asked)
    thread = parse_url(location)
    if page is None or page.kind != "thread":
        return False
    if thread is None or thread.kind != "thread":
        return False

    if page.id != thread.id or thread.last:
        return False
    return page.page > 1 and thread.page == 1


def is_answer(asked: str, location: str) -> bool:
    """Whether a redirect says itself what was asked: no such thread, none of its pages, or
    nothing for guests. What it leads to is not asked for."""
    if leads_to_no_thread(asked, location) or leads_past_end(asked, location):
        return True
    return leads_to_login(location) and not leads_to_login(asked)


def next_address(asked: Sequence[str], location: str) -> str | None:
    """What to ask for next, after the addresses in `asked` (oldest first); None for a loop.

    An address may redirect to itself once, as X3 does while it counts a thread's posts again.
    """
    latest = asked[-1]
    if asked.count(latest) == 1 and drops_page(latest, location):
        return latest
    if asked.count(location) > 1 or len(asked) > MOST:
        return None
    return location


def failed_redirect(
    url: str, reason: FailureReason, location: str, hops: Sequence[Capture]
) -> Failure:
    """The failure of a page whose last redirect, of those in `hops`, is not followed."""
    message = f"redirected out of the forum to {location}"
    if reason == "redirect_loop":
        message = f"redirects go round in circles at {location}"
    return Failure(
        url=url,
        reason=reason,
        message=message,
        transient=True,
        capture=hops[-1],
        redirects=tuple(hops[:-1]),
    )


def same_host(url: str, other: str) -> bool:
    """Whether two addresses are of one host; `www.` and http or https make no difference.
    Never raises."""
    host = _host(url)
    return host != _NO_HOST and host == _host(other)


@lru_cache(_KNOWN_HOSTS)
def _host(url: str) -> tuple[str, int | None]:
    """Host and port; no port where it is the usual one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _NO_HOST

    host = (parts.hostname or "").removeprefix("www.")
    is_usual = port == _DEFAULT_PORTS.get(parts.scheme)
    return host, None if is_usual else port
