"""What each script and folder of a Discuz! forum shows, given its query: the tables behind
`urls`."""

from __future__ import annotations

import base64
import binascii
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


def number(params: Params, key: str) -> int | None:
    """A positive number of the query that an SQLite integer holds; None for anything else."""
    value = params.get(key, "")
    if not value.isdecimal() or len(value) > _NUMBER_DIGITS:
        return None
    return int(value) or None


def page_number(params: Params) -> int:
    """The page that the query asks for; the first where it names none."""
    if "page" not in params:
        return 1
    return number(params, "page") or 1


def other(script: str, params: Params) -> Target:
    """A page of the forum that this tool keeps nothing of."""
    parts = _chosen(params, _OTHER_KEYS)
    return Target("other", name=f"{script}?{parts}" if parts else script)


def _view(params: Params) -> View:
    if "mobile" not in params:
        return "desktop"
    return _VIEWS.get(params["mobile"], "desktop")


def _chosen(params: Params, keys: tuple[str, ...]) -> str:
    """Those parameters of the query that have a value, in the order of the keys."""
    chosen = []
    for key in keys:
        value = params.get(key)
        if value:
            chosen.append(f"{key}={value}")
    return "&".join(chosen)


def _name(value: str, charset: str) -> str:
    """A name in an address, in the page's own charset; UTF-8 and GB18030 are tried after it."""
    raw = unquote_to_bytes(value.encode("utf-8", "replace"))
    for codec in (charset or "utf-8", "utf-8"):
        try:
            return raw.decode(codec)
        except (ValueError, LookupError):  # of other bytes; no codec of text
            continue
    return raw.decode("gb18030", "replace")


def index(params: Params, charset: str) -> Target:
    """The front page, or one category of it; WAP's front script is of that name, too."""
    if "action" in params:
        return wap(params, charset)

    view = _view(params)
    gid = number(params, "gid")
    if gid:
        return Target("category", gid, view=view)
    if params.get("archiver"):
        view = "archiver"
    return Target("index", view=view)


def thread(params: Params, charset: str) -> Target:
    """A page of a thread, by `tid`."""
    tid = number(params, "tid")
    if not tid:
        return other("forum.php", {"mod": "viewthread"})

    is_print = params.get("action") == "printable"
    return Target(
        "thread",
        tid,
        page_number(params),
        "print" if is_print else _view(params),
        uid=number(params, "authorid"),
        descending=params.get("ordertype") == "1",
        filter=_chosen(params, _THREAD_FILTERS),
    )


def board(params: Params, charset: str) -> Target:
    """A page of a board, by `fid`: a number, or a word that the owner gave it."""
    fid = number(params, "fid")
    word = params.get("fid", "")
    if not fid and not word.isidentifier():
        return other("forum.php", {"mod": "forumdisplay"})

    return Target(
        "board",
        fid,
        page_number(params),
        _view(params),
        filter=_chosen(params, _BOARD_FILTERS),
        name="" if fid else word,
    )


def user(params: Params, charset: str) -> Target:
    """A member's page, by `uid` or `username`."""
    uid = number(params, "uid")
    name = ""
    if not uid:
        username = params.get("username", "").replace("+", " ")
        name = _name(username, charset)
    do = params.get("do", "")
    if not uid and not name:
        return other("home.php", {"mod": "space", "do": do})

    is_profile = do == "profile"
    return Target(
        "user",
        uid,
        page_number(params),
        _view(params),
        filter="" if is_profile else _chosen(params, _USER_FILTERS),
        name=name,
    )


def _feed(params: Params, charset: str) -> Target:
    return Target("feed", number(params, "fid"))


def _attachment(params: Params, charset: str) -> Target:
    """X signs `aid` as the base64 of `aid|hash|time|uid|tid`
    (source/function/function_core.php, aidencode)."""
    aid = params.get("aid", "")
    if not aid.isdecimal():
        aid = _signed_aid(aid)
    found = number({"aid": aid}, "aid")
    if not found:
        return other("forum.php", {"mod": "attachment"})
    return Target("attachment", found)


def _signed_aid(token: str) -> str:
    """The aid within a signed one; empty where there is none."""
    raw = unquote_to_bytes(token.encode("utf-8", "replace"))
    try:
        signed = base64.b64decode(raw + b"==")
        return signed.partition(b"|")[0].decode("ascii")
    except (binascii.Error, ValueError):
        return ""


def _redirect(params: Params, charset: str) -> Target:
    goto = params.get("goto", "")
    tid = number(params, "tid")
    pid = number(params, "pid")
    if pid and goto == "findpost":
        thread_id = number(params, "ptid")
        return Target("post", pid, tid=thread_id or tid)
    if tid and goto == "lastpost":
        return Target(
            "thread",
            tid,
            view=_view(params),
            last=True,
        )
    return other("forum.php", {"mod": "redirect", "goto": goto})


def _misc(params: Params, charset: str) -> Target:
    action = params.get("action")
    tid = number(params, "tid")
    pid = number(params, "pid")
    if pid and action == "viewratings":
        return Target("ratings", pid, tid=tid)
    if pid and action == "commentmore":
        return Target(
            "comments",
            pid,
            page_number(params),
            tid=tid,
        )

    script = "misc.php"
    if params.get("mod") == "misc":
        script = "forum.php"
    return other(script, params)


def _forum(params: Params, charset: str) -> Target:
    mod = params.get("mod")
    if not mod:
        return index(params, charset)
    route = _MODS.get(mod)
    if route is None:
        return other("forum.php", params)
    return route(params, charset)


def _home(params: Params, charset: str) -> Target:
    if params.get("mod") == "space":
        return user(params, charset)
    return other("home.php", params)


def api(params: Params, charset: str) -> Target:
    """The JSON interface, `api/mobile/index.php?version=4&module=…`."""
    module = params.get("module", "")
    if module == "forumindex":
        return Target("index", view="api")

    key, kind = _MODULES.get(module, ("", "other"))
    found = number(params, key)
    if not found:
        return other("api/mobile/index.php", {"module": module})

    tid = number(params, "tid") if kind == "comments" else None
    uid = number(params, "authorid") if kind == "thread" else None
    return Target(
        kind,
        found,
        page_number(params),
        "api",
        tid=tid,
        uid=uid,
    )


def wap(params: Params, charset: str) -> Target:
    """The WAP pages of 6.0 to 7.2, `wap/index.php?action=thread&tid=N`."""
    action = params.get("action", "")
    if action in ("", "home"):
        return Target("index", view="wap")

    tid = number(params, "tid")
    fid = number(params, "fid")
    page = page_number(params)
    is_part = bool(params.get("do"))
    if tid and action == "thread" and not is_part:
        return Target("thread", tid, page, "wap")
    if fid and action == "forum":
        return Target("board", fid, page, "wap")
    return other("wap/index.php", params)


_MODS: Final[dict[str, Route]] = {
    "index": index,
    "viewthread": thread,
    "forumdisplay": board,
    "group": board,
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
    "index.php": index,
    "index.html": index,
    "index.htm": index,
    "viewthread.php": thread,
    "forumdisplay.php": board,
    "redirect.php": _redirect,
    "home.php": _home,
    "space.php": user,
    "viewpro.php": user,
    "profile.php": user,
    "misc.php": _misc,
    "rss.php": _feed,
    "attachment.php": _attachment,
}
_OTHER_SCRIPTS: Final = """
    admin admincp ajax announcement connect digest eccredit faq frame group
    image invite logging magic medal member memcp misc modcp my notice plugin pm
    portal post register relatekw search stats tag task topicadmin trade userapp
    video
"""
OTHER_SCRIPTS: Final = frozenset(f"{name}.php" for name in _OTHER_SCRIPTS.split())
"""Scripts of which nothing is kept."""
