"""The one address of a `Target`: plain forms, which a forum answers whether or not its
links are rewritten."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias
from urllib.parse import quote

from scraper.addresses.target import Kind, Target, View

Style: TypeAlias = Literal["x", "classic"]
"""`x`: `forum.php?mod=…`, Discuz! X. `classic`: a script for each page, Discuz! 6.0 to 7.2."""

_SCRIPTS: Final[dict[tuple[Kind, Style], str]] = {
    ("index", "x"): "forum.php",
    ("index", "classic"): "index.php",
    ("category", "x"): "forum.php?gid={id}",
    ("category", "classic"): "index.php?gid={id}",
    ("board", "x"): "forum.php?mod=forumdisplay&fid={id}",
    ("board", "classic"): "forumdisplay.php?fid={id}",
    ("thread", "x"): "forum.php?mod=viewthread&tid={id}",
    ("thread", "classic"): "viewthread.php?tid={id}",
    ("post", "x"): "forum.php?mod=redirect&goto=findpost&pid={id}",
    ("post", "classic"): "redirect.php?goto=findpost&pid={id}",
    ("user", "x"): "home.php?mod=space&uid={id}",
    ("user", "classic"): "space.php?uid={id}",
    ("feed", "x"): "forum.php?mod=rss",
    ("feed", "classic"): "rss.php",
    ("attachment", "x"): "forum.php?mod=attachment&aid={id}",
    ("attachment", "classic"): "attachment.php?aid={id}",
    ("ratings", "x"): "forum.php?mod=misc&action=viewratings&pid={id}",
    ("ratings", "classic"): "misc.php?action=viewratings&pid={id}",
    ("comments", "x"): "forum.php?mod=misc&action=commentmore&pid={id}",
    ("comments", "classic"): "forum.php?mod=misc&action=commentmore&pid={id}",
}
_MODULE: Final = "api/mobile/index.php?version=4&module="
_API: Final[dict[Kind, str]] = {
    "index": f"{_MODULE}forumindex",
    "board": f"{_MODULE}forumdisplay&fid={{id}}",
    "thread": f"{_MODULE}viewthread&tid={{id}}",
    "user": f"{_MODULE}profile&uid={{id}}",
    "comments": f"{_MODULE}viewcomment&pid={{id}}",
}
_WAP: Final[dict[Kind, str]] = {
    "index": "wap/",
    "board": "wap/index.php?action=forum&fid={id}",
    "thread": "wap/index.php?action=thread&tid={id}",
}
_MOBILE: Final[dict[View, str]] = {"touch": "2", "mobile": "1", "wap": "3"}


def canonical(
    target: Target, base: str, style: Style = "x", charset: str = "utf-8"
) -> str:
    """The address of a page below a forum's base address (with its final slash).

    `parse_url` of it is the target again, provided the layout exists for that kind of page
    (there is no archiver page of a user). `charset` is the forum's, for names.
    """
    if target.kind == "other":
        return base + target.name
    if target.kind == "attachment" and not target.id:
        return base + target.name
    return base + _path(target, style, charset)


def _path(target: Target, style: Style, charset: str) -> str:
    """What follows the forum's base address."""
    if target.last:
        return _last(target, style)
    if target.view == "archiver":
        return _archived(target, style)

    form = None
    if target.view == "api":
        form = _API.get(target.kind)
    elif target.view == "wap":
        form = _WAP.get(target.kind)
    if form is None:
        return _plain(target, style, charset)
    return form.format(id=target.id) + _rest(target)


def _plain(target: Target, style: Style, charset: str) -> str:
    script = _SCRIPTS[target.kind, style]
    if target.id:
        address = script.format(id=target.id)
    else:
        name = quote(
            target.name,
            safe="",
            encoding=charset,
            errors="replace",
        )
        address = script.format(id=name)

    address += _rest(target)
    if target.kind == "user" and not target.id:
        address = address.replace("uid=", "username=", 1)
    if target.kind == "feed" and target.id:
        address += f"&fid={target.id}"
    if target.view == "print":
        address += "&action=printable"
    if target.view in _MOBILE:
        address += f"&mobile={_MOBILE[target.view]}"
    if "?" not in address:
        address = address.replace("&", "?", 1)
    return address


def _rest(target: Target) -> str:
    """What follows the number, in one fixed order."""
    rest = ""
    if target.tid:
        key = "ptid" if target.kind == "post" else "tid"
        rest += f"&{key}={target.tid}"
    if target.uid:
        rest += f"&authorid={target.uid}"
    if target.descending:
        rest += "&ordertype=1"
    if target.filter:
        rest += f"&{target.filter}"
    if target.page > 1:
        rest += f"&page={target.page}"
    return rest


def _last(target: Target, style: Style) -> str:
    script = "forum.php?mod=redirect&" if style == "x" else "redirect.php?"
    address = f"{script}goto=lastpost&tid={target.id}"
    if target.view in _MOBILE:
        address += f"&mobile={_MOBILE[target.view]}"
    return address


def _archived(target: Target, style: Style) -> str:
    if target.kind not in ("thread", "board"):
        return "archiver/"
    key = "tid" if target.kind == "thread" else "fid"
    address = f"archiver/?{key}-{target.id}"
    if target.page == 1:
        return f"{address}.html"
    if style == "x":
        return f"{address}.html&page={target.page}"
    return f"{address}-page-{target.page}.html"
