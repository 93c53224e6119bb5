"""Addresses: every form that Discuz! 6.0 to X3.5 uses for a page, read as one `Target`;
`canonical` is the way back.

Rewritten forms are those of X's `rewriterule` setting and some that forums made themselves
(`/t123-1-1`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from scraper.addresses.canonical import canonical
from scraper.addresses.routes import (
    OTHER_SCRIPTS,
    REWRITTEN,
    SCRIPTS,
    api,
    archived,
    number,
    other,
    rewritten,
    wap,
)
from scraper.addresses.target import Kind, Target, View

__all__ = [
    "Kind",
    "Target",
    "View",
    "absolute",
    "base_of",
    "canonical",
    "parse_url",
    "pid_of",
]

_INDEX_DEPTH: Final = (
    2  # folders above a forum's front page: `/bbs/` is one, `/2013/01/12/` is no forum
)
_BELOW_BASE = re.compile(
    r"(?:(?<![^/])(?:archiver|api/mobile|wap)/)?[^/]*$", re.IGNORECASE
)
_AMPERSAND = re.compile(
    "&(?:amp;)+"
)  # escaped once by the page, and again by some that quote a link
_PID = re.compile(r"(?:[?&;]pid=|#pid|#post_?)(\d{1,18})(?!\d)")


@lru_cache(maxsize=8192)
def parse_url(url: str, charset: str = "") -> Target | None:
    """The page that an address stands for; None where it has none of a Discuz! forum's
    forms. Never raises.

    The address may be relative, and escaped as in HTML. Its host is not looked at: compare
    `base_of`. `charset` is the page's own, for the names in its links; without it UTF-8 is
    tried, then GB18030.
    """
    path, query = _split(url)
    if path is None:
        return None
    params = (
        {
            key: value
            for key, _, value in [pair.partition("=") for pair in query.split("&")]
        }
        if query
        else {}
    )
    folder, slash, file = path.rpartition("/")
    script = file.lower()
    if (
        slash
        and folder[-8:].lower().endswith(("archiver", "mobile", "wap"))
        and script in ("", "index.php")
    ):
        if target := _in_folder(folder.lower(), query, params, charset):
            return target
    elif route := SCRIPTS.get(script):
        return route(params, charset)
    if query[1:4] == "id-" and (target := archived(query, number(params, "page") or 1)):
        return target
    if script.endswith(".php"):
        return other(script, params) if script in OTHER_SCRIPTS else None
    if not script and folder.count("/") < _INDEX_DEPTH:
        return (
            SCRIPTS["space.php"]({"uid": query}, "")
            if query.isdecimal()
            else SCRIPTS["index.php"](params, charset)
        )
    return rewritten(path, params, charset)


def pid_of(url: str) -> int | None:
    """The post that a link points to: `pid=` of a findpost address, or a `#pid` fragment."""
    found = _PID.search(url)
    return int(found[1]) if found else None


def base_of(url: str) -> str:
    """The forum's own address, with a final slash, that an address of one of its pages begins with.

    Scheme and host are in lower case. Of a relative address: the folders before the page,
    empty where there are none.
    """
    address = url.partition("#")[0].partition("?")[0].strip()
    scheme, mark, rest = address.partition("://")
    host, _, path = rest.partition("/") if mark else ("", "", address)
    found = REWRITTEN.search(path) or _BELOW_BASE.search(path)
    folders = path[: found.start()].rstrip("/") if found else path
    return (f"{scheme.lower()}://{host.lower()}/" if mark else "") + (
        folders + "/" if folders else ""
    )


def absolute(page_url: str, href: str) -> str:
    """A link of a page as an address of its own; a link that makes no sense is returned as
    it is. Never raises."""
    href = _AMPERSAND.sub("&", href.strip())
    if href.startswith(("http://", "https://")):
        return href
    try:
        return urljoin(page_url, href)
    except ValueError:
        return href


def _split(url: str) -> tuple[str | None, str]:
    """Path and query, without host and leading slashes; no path for an empty address or one
    that is not of the web."""
    rest = url.partition("#")[0].strip()
    if "&amp;" in rest:
        rest = _AMPERSAND.sub("&", rest)
    path, _, query = rest.partition("?")
    scheme, colon, tail = path.partition(":")
    if colon:
        if scheme.lower() not in ("http", "https"):
            return None, ""
        path = tail
    if path[:2] == "//":
        path = path[2:].partition("/")[2]
    elif not rest:
        return None, ""
    return path.lstrip("./") if path[:1] in ("/", ".") else path, query


def _in_folder(
    folder: str, query: str, params: dict[str, str], charset: str
) -> Target | None:
    """The front pages of the layouts that have a folder of their own."""
    if folder.endswith("api/mobile"):
        return api(params, charset)
    if folder.endswith("archiver"):
        return archived(query, number(params, "page") or 1) or Target(
            "index", view="archiver"
        )
    return wap(params, charset) if folder.endswith("wap") else None
