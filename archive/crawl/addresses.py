"""From a page's key to the address that is asked for, and back."""

from __future__ import annotations

from scraper.addresses.canonical import Style, canonical
from scraper.addresses.own_forms import OwnForms
from scraper.addresses.target import Target
from scraper.addresses.urls import parse_url
from scraper.policy.plan import Key


def address(key: Key, base: str, style: Style, tid: int | None = None) -> str:
    """The address to ask for a page at. `tid`: the thread of a post whose window it is."""
    if key.kind == "media":
        raise ValueError("a picture or file has its own address")

    if key.kind == "user":
        return base + _list_of_threads(key)

    if key.kind == "all_parts":
        target = _all_parts(key.item, key.page)
    elif key.kind == "archiver":
        target = Target("thread", key.item, key.page, view="archiver")
    elif key.kind in ("ratings", "comments"):
        target = _window(key, style, tid)
    else:
        target = Target(key.kind, key.item or None, key.page)
    return canonical(target, base, style)


def own_address(key: Key, base: str, forms: OwnForms) -> str | None:
    """The address of a page in a form of the owner's own; None where none is known."""
    if key.kind not in ("category", "board", "thread"):
        return None
    below_base = forms.address(key.kind, key.item, key.page)
    return None if below_base is None else base + below_base


def key_of(url: str) -> Key | None:
    """The page that an address stands for, where it is one that crawls visit; None for a
    member's list, which says what the run is about, and has to be asked for by it."""
    target = parse_url(url)
    if target is None:
        return None
    if target.id and target == _all_parts(target.id, target.page):
        return Key("all_parts", target.id, target.page)
    if target.partial or target.last:
        return None

    if target.view == "archiver":
        if target.kind == "thread" and target.id:
            return Key("archiver", target.id, target.page)
        return None

    if target.view != "desktop":
        return None
    if target.kind in ("index", "category", "board", "thread", "ratings", "comments"):
        item = target.id or 0
        return Key(target.kind, item, target.page)
    return None


def _all_parts(tid: int, page: int) -> Target:
    """All of the posts of which a thread's page shows one part."""
    return Target("thread", tid, page, filter="cp=all")


def _window(key: Key, style: Style, tid: int | None) -> Target:
    """What a script of the page asks for: X answers with the list alone, and shows comments
    to scripts only."""
    if key.kind == "comments":
        return Target("comments", key.item, key.page, tid=tid, filter="inajax=1")
    asked = "inajax=1&infloat=yes" if style == "x" else ""
    return Target("ratings", key.item, tid=tid, filter=asked)


def _list_of_threads(key: Key) -> str:
    """The address of a member's list of threads, within the forum."""
    url = f"home.php?mod=space&uid={key.item}&do=thread&view=me&from=space"
    if key.page > 1:
        url += f"&page={key.page}"
    return url
