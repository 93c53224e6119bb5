"""Finds what pages and style sheets need beside themselves: sheets, scripts, pictures, fonts.

Discuz! names them in the head (`data/cache/style_1_common.css?abc`), in elements, in `style`
attributes and in sheets themselves; X loads one more script when it is first needed
(`$F` in common.js).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.addresses.urls import absolute
from scraper.core.requisites import Requisite, RequisiteKind
from scraper.markup.html import attr
from scraper.markup.smilies import smiley_code

_IN_PAGE: Final = (
    "link[href], script, img, input[src], style, [background], [style*='url(']"
)
_ICON: Final = "icon"
_ICONS: Final = frozenset({_ICON, "apple-touch-icon", "apple-touch-icon-precomposed"})
_AS: Final[dict[str, RequisiteKind]] = {
    "style": "style",
    "script": "script",
    "image": "picture",
    "font": "font",
}
"""What a `<link rel="preload" as=…>` loads."""
_FONTS: Final = (".woff", ".woff2", ".ttf", ".otf", ".eot")
_NO_FILES: Final = ("data:", "blob:", "about:", "javascript:", "#")
_BEHAVIOUR: Final = ".htc"
_PLACEHOLDER: Final = "none.gif"

_JS_FOLDER = re.compile(r"""\bJSPATH\s{0,9}=\s{0,9}['"]([^'"\s]{1,300})['"]""")
_VERSION = re.compile(r"""\bVERHASH\s{0,9}=\s{0,9}['"]([^'"\s]{1,60})['"]""")
_LOADED_LATE: Final = "common_extra.js"

_URL = re.compile(r"""\burl\(\s{0,9}["']?([^"'()\s<>]{1,2000})""", re.I)
_IMPORT = re.compile(
    r"""@import\s{1,9}(?:url\(\s{0,9})?["']?([^"'()\s;<>]{1,2000})""", re.I
)


def page_requisites(tree: LexborHTMLParser, page_url: str) -> list[Requisite]:
    """What a page names, in its order, each once."""
    base = absolute(page_url, attr(tree.css_first("base[href]"), "href"))
    found: dict[str, Requisite] = {}
    has_icon = False
    for node in tree.css(_IN_PAGE):
        has_icon = has_icon or _ICON in attr(node, "rel").lower().split()
        for each in _of_element(node, base):
            found.setdefault(each.url, each)
    if not has_icon:
        icon = _requisite("picture", "/favicon.ico", base)
        found.setdefault(icon.url, icon)
    return [each for each in found.values() if _is_file(each)]


def sheet_requisites(sheet: str, sheet_url: str) -> list[Requisite]:
    """What a style sheet imports and shows, in its order, each once."""
    found: dict[str, Requisite] = {}
    for each in _of_sheet(sheet, sheet_url):
        found.setdefault(each.url, each)
    return [each for each in found.values() if _is_file(each)]


def _of_element(node: LexborNode, base: str) -> Iterator[Requisite]:
    match node.tag:
        case "link":
            kind = _kind_of_link(node)
            if kind:
                yield _requisite(kind, attr(node, "href"), base)
        case "script":
            yield from _of_script(node, base)
        case "img":
            yield from _of_picture(node, base)
        case "input":
            yield _requisite("picture", attr(node, "src"), base)
        case "style":
            yield from _of_sheet(node.text(), base)
    background = attr(node, "background")
    if background:
        yield _requisite("picture", background, base)
    yield from _of_sheet(attr(node, "style"), base)


def _kind_of_link(node: LexborNode) -> RequisiteKind | None:
    relations = attr(node, "rel").lower().split()
    if "stylesheet" in relations:
        return "style"
    if _ICONS.intersection(relations):
        return "picture"
    if "preload" in relations:
        return _AS.get(attr(node, "as").lower())
    return None


def _of_script(node: LexborNode, base: str) -> Iterator[Requisite]:
    source = attr(node, "src")
    if source:
        yield _requisite("script", source, base)
        return
    words = node.text()
    folder = _JS_FOLDER.search(words)
    version = _VERSION.search(words)
    if folder and version:
        stated = f"{folder[1]}{_LOADED_LATE}?{version[1]}"
        yield _requisite("script", stated, base)


def _of_picture(node: LexborNode, base: str) -> Iterator[Requisite]:
    """A picture of the template, or the form in which one of a post is shown: with `file` it
    is put in `src` by a script, and `zoomfile` is what a click shows."""
    source = attr(node, "src")
    late = attr(node, "file")
    whole = attr(node, "zoomfile")
    is_smiley = smiley_code(node.attributes) is not None
    if source and not (whole and not late):
        yield _requisite("picture", source, base, is_smiley=is_smiley)
    shown = late or source
    if whole and shown != whole and _PLACEHOLDER not in shown:
        yield _requisite("thumb", shown, base, whole=whole)


def _of_sheet(sheet: str, base: str) -> Iterator[Requisite]:
    if "url(" not in sheet.lower() and "@import" not in sheet.lower():
        return
    bare = _without_comments(sheet)
    for imported in _IMPORT.finditer(bare):
        yield _requisite("style", imported[1], base)
    for shown in _URL.finditer(bare):
        kind = _kind_by_name(shown[1])
        yield _requisite(kind, shown[1], base)


def _without_comments(sheet: str) -> str:
    pieces = []
    at = 0
    while (begin := sheet.find("/*", at)) >= 0:
        pieces.append(sheet[at:begin])
        end = sheet.find("*/", begin + 2)
        if end < 0:
            return " ".join(pieces)
        at = end + 2
    pieces.append(sheet[at:])
    return " ".join(pieces)


def _kind_by_name(address: str) -> RequisiteKind:
    path = address.partition("?")[0].partition("#")[0].lower()
    if path.endswith(_FONTS):
        return "font"
    return "style" if path.endswith(".css") else "picture"


def _requisite(
    kind: RequisiteKind,
    stated: str,
    base: str,
    *,
    whole: str = "",
    is_smiley: bool = False,
) -> Requisite:
    stated = stated.strip()
    url = "" if stated.startswith(_NO_FILES) else absolute(base, stated)
    return Requisite(
        kind,
        url.partition("#")[0],
        stated,
        whole,
        is_smiley,
    )


def _is_file(requisite: Requisite) -> bool:
    url = requisite.url
    if not requisite.stated or not url.startswith(("http://", "https://")):
        return False
    if "\ufffd" in url:
        return False
    try:
        path = urlsplit(url).path
    except ValueError:
        return False
    return not path.lower().endswith(_BEHAVIOUR)
