"""What each script, folder and rewritten path of a Discuz! forum shows, given its query:
the tables behind `urls`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import unquote_to_bytes

from scraper.addresses.target import Kind, Target, View

Params: TypeAlias = Mapping[str, str]
Route: TypeAlias = Callable[[Params, str], Target]
"""Query and the charset of its names to the page. A route without what it needs answers
`other`, never None."""

_THREAD_FILTERS: Final = ("checkrush", "cp", "do", "inajax", "stand", "viewpid")
_BOARD_FILTERS: Final = (
    "ascdesc",
    "dateline",
    "digest",
    "filter",
    "inajax",
    "orderby",
    "recommend",
    "rewardtype",
    "sortid",
    "specialtype",
    "typeid",
)
_USER_FILTERS: Final = ("do", "from", "inajax", "order", "type", "view")
_OTHER_KEYS: Final = ("mod", "action", "do", "goto", "module")
_NUMBER_DIGITS: Final = 18  # what an SQLite integer surely holds
_VIEWS: Final[dict[str, View]] = {
    "2": "touch",
    "1": "mobile",
    "yes": "mobile",
    "3": "wap",
}
_ARCHIVED = re.compile(
    r"(tid|fid)-(\d{1,18})(?:-page-(\d{1,18}))?(?:\.html)?(?=$|[&?])", re.IGNORECASE
)
# The separators are kept apart from what follows them: else a long run of them would be
# tried in every way.
REWRITTEN = re.compile(
    r"(?:^|/)(?:"
    r"(?:thread|viewthread|t)[-_/]?(?P<tid>\d{1,18})(?:[-_/](?P<tid_page>\d{1,18}))?(?:[-_/]\d*)*"
    r"|(?:forum|forumdisplay|group|board|f)[-_/]?(?P<fid>\d{1,18})(?:[-_/](?P<fid_page>\d{1,18}))?"
    r"|forum-(?P<board>[a-z]\w*)(?:-(?P<board_page>\d{1,18}))?"
    r"|(?:space|profile)-(?:uid-)?(?P<uid>\d{1,18})|(?:space|profile)-username-(?P<user>[^/]+?)"
    r"|(?P<file>(?:data/attachment|attachments)/.+)"
    r")(?:\.(?:s?html?|aspx?))?/?$",
    re.IGNORECASE,
)


def archived(path: str, query_page: int = 1) -> Target | None:
    """An archiver page by `tid-24.html`, `tid-24-page-2.html` or `fid-2.html&page=3`; None
    for anything else."""
    found = _ARCHIVED.match(path)
    if not found:
        return None
    kind, digits, page = found.groups()
    shown: Kind = "thread" if kind.lower() == "tid" else "board"
    return Target(shown, int(digits), int(page or 0) or query_page, "archiver")


def rewritten(path: str, params: Params, charset: str) -> Target | None:
    """A page whose number is in the path: `thread-1-2-1.html`, `/t1-2-1`,
    `forum-the_end-1.html`, `space-uid-12.html`.

    None for any other path.
    """
    found = REWRITTEN.search(path)
    if not found:
        return archived(path.rpartition("/")[2], _page(params))
    if tid := found["tid"]:
        return _thread(
            {"page": found["tid_page"] or "1", **params, "tid": tid}, charset
        )
    if fid := found["fid"] or found["board"]:
        page = found["fid_page"] or found["board_page"] or "1"
        return _board({"page": page, **params, "fid": fid}, charset)
    if found["file"]:
        return Target("attachment", name=found["file"])
    return _user(
        {**params, "uid": found["uid"] or "", "username": found["user"] or ""}, charset
    )


def number(params: Params, key: str) -> int | None:
    """A positive number of the query that an SQLite integer holds; None for anything else."""
    value = params.get(key, "")
    return (
        int(value) or None
        if value.isdecimal() and len(value) <= _NUMBER_DIGITS
        else None
    )


def other(script: str, params: Params) -> Target:
    """A page of the forum that this tool keeps nothing of."""
    what = _filter(params, _OTHER_KEYS)
    return Target("other", name=f"{script}?{what}" if what else script)


def _page(params: Params) -> int:
    return number(params, "page") or 1 if "page" in params else 1


def _view(params: Params) -> View:
    return _VIEWS.get(params["mobile"], "desktop") if "mobile" in params else "desktop"


def _filter(params: Params, keys: tuple[str, ...]) -> str:
    found = [key for key in keys if key in params]
    return (
        "&".join([f"{key}={params[key]}" for key in found if params[key]])
        if found
        else ""
    )


def _name(value: str, charset: str) -> str:
    raw = unquote_to_bytes(value.encode("utf-8", "replace"))
    for codec in (charset or "utf-8", "utf-8"):
        try:
            return raw.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return raw.decode("gb18030", "replace")


def _index(params: Params, charset: str) -> Target:
    if "action" in params:
        return wap(params, charset)
    if gid := number(params, "gid"):
        return Target("category", gid, view=_view(params))
    return Target("index", view="archiver" if params.get("archiver") else _view(params))


def _thread(params: Params, charset: str) -> Target:
    tid = number(params, "tid")
    if not tid:
        return other("forum.php", {"mod": "viewthread"})
    return Target(
        "thread",
        tid,
        _page(params),
        "print" if params.get("action") == "printable" else _view(params),
        uid=number(params, "authorid"),
        descending=params.get("ordertype") == "1",
        filter=_filter(params, _THREAD_FILTERS),
    )


def _board(params: Params, charset: str) -> Target:
    fid, word = number(params, "fid"), params.get("fid", "")
    if not fid and not word.isidentifier():
        return other("forum.php", {"mod": "forumdisplay"})
    what = _filter(params, _BOARD_FILTERS)
    return Target(
        "board",
        fid,
        _page(params),
        _view(params),
        filter=what,
        name="" if fid else word,
    )


def _user(params: Params, charset: str) -> Target:
    uid = number(params, "uid")
    name = "" if uid else _name(params.get("username", "").replace("+", " "), charset)
    if not uid and not name:
        return other("home.php", {"mod": "space", "do": params.get("do", "")})
    what = "" if params.get("do") == "profile" else _filter(params, _USER_FILTERS)
    return Target("user", uid, _page(params), _view(params), filter=what, name=name)


def _feed(params: Params, charset: str) -> Target:
    return Target("feed", number(params, "fid"))


def _attachment(params: Params, charset: str) -> Target:
    """X signs `aid` as the base64 of `aid|hash|time|uid|tid`
    (source/function/function_core.php, aidencode)."""
    aid = params.get("aid", "")
    if not aid.isdecimal():
        token = unquote_to_bytes(aid.encode("utf-8", "replace"))
        try:
            aid = base64.b64decode(token + b"==").partition(b"|")[0].decode("ascii")
        except (binascii.Error, ValueError):
            aid = ""
    found = number({"aid": aid}, "aid")
    return (
        Target("attachment", found)
        if found
        else other("forum.php", {"mod": "attachment"})
    )


def _redirect(params: Params, charset: str) -> Target:
    goto, pid = params.get("goto"), number(params, "pid")
    if goto == "findpost" and pid:
        return Target("post", pid, tid=number(params, "ptid") or number(params, "tid"))
    tid = number(params, "tid")
    if goto == "lastpost" and tid:
        return Target("thread", tid, view=_view(params), last=True)
    return other("forum.php", {"mod": "redirect", "goto": goto or ""})


def _misc(params: Params, charset: str) -> Target:
    pid, tid = number(params, "pid"), number(params, "tid")
    if params.get("action") == "viewratings" and pid:
        return Target("ratings", pid, tid=tid)
    if params.get("action") == "commentmore" and pid:
        return Target("comments", pid, _page(params), tid=tid)
    return other("forum.php" if params.get("mod") == "misc" else "misc.php", params)


def _forum(params: Params, charset: str) -> Target:
    mod = params.get("mod")
    if not mod:
        return _index(params, charset)
    route = _MODS.get(mod)
    return route(params, charset) if route else other("forum.php", params)


def _home(params: Params, charset: str) -> Target:
    return (
        _user(params, charset)
        if params.get("mod") == "space"
        else other("home.php", params)
    )


def api(params: Params, charset: str) -> Target:
    """The JSON interface, `api/mobile/index.php?version=4&module=…`."""
    module, page = params.get("module"), _page(params)
    if module == "forumindex":
        return Target("index", view="api")
    key, kind = _MODULES.get(module or "", ("", None))
    found = number(params, key)
    if not kind or not found:
        return other("api/mobile/index.php", {"module": module or ""})
    if kind == "comments":
        return Target("comments", found, page, "api", tid=number(params, "tid"))
    return Target(
        kind,
        found,
        page,
        "api",
        uid=number(params, "authorid") if kind == "thread" else None,
    )


def wap(params: Params, charset: str) -> Target:
    """The WAP pages of 6.0 to 7.2, `wap/index.php?action=thread&tid=N`."""
    action = params.get("action", "")
    if action in ("", "home"):
        return Target("index", view="wap")
    tid, fid = number(params, "tid"), number(params, "fid")
    if action == "thread" and tid and not params.get("do"):
        return Target("thread", tid, _page(params), "wap")
    if action == "forum" and fid:
        return Target("board", fid, _page(params), "wap")
    return other("wap/index.php", params)


_MODS: Final[dict[str, Route]] = {
    "index": _index,
    "viewthread": _thread,
    "forumdisplay": _board,
    "group": _board,
    "redirect": _redirect,
    "misc": _misc,
    "rss": _feed,
    "attachment": _attachment,
    "image": _attachment,
}
_MODULES: Final[dict[str, tuple[str, Kind]]] = {
    "viewthread": ("tid", "thread"),
    "forumdisplay": ("fid", "board"),
    "profile": ("uid", "user"),
    "viewcomment": ("pid", "comments"),
}
SCRIPTS: Final[dict[str, Route]] = {
    "forum.php": _forum,
    "index.php": _index,
    "index.html": _index,
    "index.htm": _index,
    "viewthread.php": _thread,
    "forumdisplay.php": _board,
    "redirect.php": _redirect,
    "home.php": _home,
    "space.php": _user,
    "viewpro.php": _user,
    "profile.php": _user,
    "misc.php": _misc,
    "rss.php": _feed,
    "attachment.php": _attachment,
}
OTHER_SCRIPTS: Final = frozenset(
    (
        "admin.php",
        "admincp.php",
        "ajax.php",
        "announcement.php",
        "connect.php",
        "digest.php",
        "eccredit.php",
        "faq.php",
        "frame.php",
        "group.php",
        "image.php",
        "invite.php",
        "logging.php",
        "magic.php",
        "medal.php",
        "member.php",
        "memcp.php",
        "misc.php",
        "modcp.php",
        "my.php",
        "notice.php",
        "plugin.php",
        "pm.php",
        "portal.php",
        "post.php",
        "register.php",
        "relatekw.php",
        "search.php",
        "stats.php",
        "tag.php",
        "task.php",
        "topicadmin.php",
        "trade.php",
        "userapp.php",
        "video.php",
    )
)
