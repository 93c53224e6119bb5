"""Addresses: every form that Discuz! 6.0 to X3.5 uses for a page, read as one `Target`;
`canonical` is the way back.

Rewritten forms are those of X's `rewriterule` setting and some that many forums have
(`/t123-1-1`); forms of one forum alone are learned from its pages (`own_forms`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urljoin

from scraper.addresses.canonical import canonical
from scraper.addresses.link_reader import current_reader
from scraper.addresses.rewritten import REWRITTEN, archived, rewritten
from scraper.addresses.routes import (
    OTHER_SCRIPTS,
    SCRIPTS,
    Params,
    api,
    index,
    other,
    page_number,
    user,
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
    "may_lead_to_post",
    "parse_url",
    "pid_of",
    "usual_target",
]

# Folders above a forum's front page: `/bbs/` is one, `/2013/01/12/` is no forum.
_INDEX_DEPTH: Final = 2
_SCHEMES: Final = ("http", "https")
_NO_THREAD: Final = "home.php?mod=follow"
_LOGIN_FORMS: Final = ("member.php?mod=logging", "logging.php?action=login")
_FRONT_SCRIPTS: Final = ("", "index.php")
# The layouts that have a folder of their own: `archiver/`, `api/mobile/`, `wap/`.
_LAYOUT_FOLDERS: Final = ("archiver", "mobile", "wap")
_LONGEST_LAYOUT_FOLDER: Final = 8
_BELOW_BASE = re.compile(
    r"(?<![^/])(?:(?:archiver|api/mobile|wap)/)?[^/]*+$", re.IGNORECASE
)
# Escaped once by the page, and again by some that quote a link.
_AMPERSAND = re.compile("&(?:amp;)+")
_PID = re.compile(r"(?:[?&;]pid=|#pid|#post_?)(\d{1,18})(?!\d)")


def parse_url(url: str, charset: str = "") -> Target | None:
    """The page that an address stands for; None where it has none of a Discuz! forum's
    forms. Never raises.

    The address may be relative, and escaped as in HTML. Its host is not looked at: compare
    `base_of`. `charset` is the page's own, for the names in its links; without it UTF-8 is
    tried, then GB18030. While a page is read, its forum's own forms are known as well
    (`link_reader`).
    """
    target = usual_target(url, charset)
    reader = current_reader.get()
    if reader is None:
        return target
    if target is not None and not reader.forms.go_first:
        return target
    return reader.read(url, target, charset)


@lru_cache(maxsize=8192)
def usual_target(url: str, charset: str = "") -> Target | None:
    """The page that an address of one of Discuz!'s own forms stands for."""
    address = _split(url)
    if address is None:
        return None

    path, query = address
    params = _params(query)
    folder, _, file = path.rpartition("/")
    script = file.lower()
    shown = _by_script(folder, script, query, params, charset)
    if shown is not None:
        return shown

    if query[1:4] == "id-":
        archiver_page = archived(query, page_number(params))
        if archiver_page is not None:
            return archiver_page
    if script.endswith(".php"):
        return other(script, params) if script in OTHER_SCRIPTS else None
    if not script and folder.count("/") < _INDEX_DEPTH:
        return _bare_front(query, params, charset)
    return rewritten(path, params, charset)


def pid_of(url: str) -> int | None:
    """The post that a link points to: `pid=` of a findpost address, or a `#pid` fragment."""
    found = _PID.search(url)
    return int(found[1]) if found else None


def may_lead_to_post(url: str) -> bool:
    """Whether an address may be that of a post: cheaper than to read it, and right for all
    that a forum's pages link."""
    reader = current_reader.get()
    if reader is None or not reader.forms.forms:
        return "findpost" in url
    target = parse_url(url)
    return target is not None and target.kind == "post"


def base_of(url: str) -> str:
    """The forum's own address, with a final slash, that an address of one of its pages begins with.

    Scheme and host are in lower case. Of a relative address: the folders before the page,
    empty where there are none.
    """
    reader = current_reader.get()
    if reader is not None:
        own_folder = reader.forms.folder_of(url)
        if own_folder is not None:
            url = own_folder

    address, _, _ = url.partition("#")
    address, _, _ = address.partition("?")
    address = address.strip()
    scheme, separator, rest = address.partition("://")
    if not separator:
        return _folders(address)

    host, _, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}/{_folders(path)}"


@lru_cache(maxsize=1024)
def _folders(path: str) -> str:
    """The folders that a forum lies in, with a final slash; empty where it lies in none."""
    found = REWRITTEN.search(path) or _BELOW_BASE.search(path)
    if found:
        path = path[: found.start()]
        path = path.rstrip("/")
    return f"{path}/" if path else ""


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


def leads_to_no_thread(asked: str, location: str) -> bool:
    """Whether a redirect from a thread's address says that there is no such thread.

    `viewthread` sends threads of the board of broadcasts to `home.php?mod=follow`. A thread
    that is not there has board 0, and so has a forum without broadcasts: X5.0 sends its
    deleted threads there, to a page that is for members only.
    """
    thread = parse_url(asked)
    if thread is None:
        return False
    if thread.kind != "thread":
        return False
    landing = parse_url(location)
    if landing is None:
        return False
    return landing.name == _NO_THREAD


def leads_past_end(asked: str, location: str) -> bool:
    """Whether a redirect from a further page of a thread says that the thread ends before
    it: it leads to the thread's last post."""
    page = parse_url(asked)
    if page is None:
        return False
    if page.kind != "thread" or page.page <= 1:
        return False
    landing = parse_url(location)
    if landing is None:
        return False
    return landing.last and landing.id == page.id


def leads_to_login(location: str) -> bool:
    """Whether a redirect leads to the forum's login form: what it answers to guests who
    may see nothing."""
    landing = parse_url(location)
    if landing is None:
        return False
    return landing.name.startswith(_LOGIN_FORMS)


def _split(url: str) -> tuple[str, str] | None:
    """Path and query, without host and leading slashes; None for an empty address or one
    that is not of the web."""
    rest = url.partition("#")[0].strip()
    if "&amp;" in rest:
        rest = _AMPERSAND.sub("&", rest)
    if not rest:
        return None

    path, _, query = rest.partition("?")
    scheme, colon, tail = path.partition(":")
    if colon:
        if scheme.lower() not in _SCHEMES:
            return None
        path = tail
    if path[:2] == "//":
        _host, _, path = path[2:].partition("/")

    if path[:1] in ("/", "."):
        path = path.lstrip("./")
    return path, query


def _params(query: str) -> dict[str, str]:
    params: dict[str, str] = {}
    if query:
        for pair in query.split("&"):
            key, _, value = pair.partition("=")
            params[key] = value
    return params


def _by_script(
    folder: str, script: str, query: str, params: Params, charset: str
) -> Target | None:
    """What the script of an address shows; None where it has none that we know."""
    if script in _FRONT_SCRIPTS and _is_layout_folder(folder):
        return _layout_front(folder.lower(), query, params, charset)

    route = SCRIPTS.get(script)
    if route is None:
        return None
    return route(params, charset)


def _is_layout_folder(folder: str) -> bool:
    last = folder[-_LONGEST_LAYOUT_FOLDER:]
    return last.lower().endswith(_LAYOUT_FOLDERS)


def _layout_front(
    folder: str, query: str, params: Params, charset: str
) -> Target | None:
    """The front script of a layout that has a folder of its own."""
    if folder.endswith("api/mobile"):
        return api(params, charset)
    if folder.endswith("archiver"):
        page = archived(query, page_number(params))
        return page or Target("index", view="archiver")
    if folder.endswith("wap"):
        return wap(params, charset)
    return None


def _bare_front(query: str, params: Params, charset: str) -> Target:
    """A folder's own address: the forum's front page, or a member's (`/?123`)."""
    if query.isdecimal():
        return user({"uid": query}, charset)
    return index(params, charset)
