"""Attachments: the blocks that a message, or the list below it, prints for its files.

Seen in viewthread templates from 6.0 to X3.5: inline images (`img#aimg_N`, address in
`file`/`zoomfile`; the rest in a menu beside it), inline files (`span#attach_N`), lists
(`dl.tattl`, `dl.t_attachlist`). The `aid=` of a link is a token that changes with every
view (X: base64 of `aid|hash|time|uid|tid`); its first part is the number.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment
from scraper.markup.html import fold, words

_SIZE = re.compile(r"([\d.,]+)\s*(Bytes|KB|MB|GB|B)\b", re.I)
_UNITS = {"b": 1, "bytes": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_DOWNLOADS = re.compile(
    r"(?:下载次数|下載次數|下载|下載|downloads?)\s*[:：]\s*(\d+)", re.I
)
_PRICE = re.compile(r"(?:售价|售價|price)\s*[:：]\s*(?:[^\s\d\[]{1,20}\s+)?(\d+)", re.I)
_ID = re.compile(r"^(?:aimg_|aid|attach_|attachimg_)(\d{1,18})(?:_menu)?$")
_PARTS = "img, a, span[id], em, strong, p, div"
_ICONS = (
    "none.gif",
    "image_s.gif",
    "attachimg.gif",
    "zoomin_icon",
    "attachicn",
    "attachicons/",
    "filetype/",
    "common/back.gif",
)
_BUTTONS = frozenset(
    {
        "下载附件",
        "下載附件",
        "下载",
        "下載",
        "保存到相册",
        "保存到相冊",
        "记录",
        "記錄",
        "购买",
        "購買",
        "点击文件名下载附件",
        "點擊文件名下載附件",
        "点击下载",
        "download",
    }
)
_NOT_A_DESCRIPTION = re.compile(
    r"^[\s\[\](),，]*$|^\(?[\d.,]+ ?(?:Bytes|KB|MB|GB|B)\b"
    r"|(?:下载次数|下載次數|售价|售價|阅读权限|閱讀權限|downloads?)\s*[:：]"
    r"|^\S{0,12}\d{1,4}[-/]\d{1,2}[-/]\d{1,4}.{0,12}(?:上传|上傳|upload\w*$|$)|(?:上传|上傳|uploaded)$",
    re.I,
)
_SIZED = re.compile(
    r"\([\d.,]+ ?(?:Bytes|KB|MB|GB|B)\)$", re.I
)  # a button's words, in any language


def size_bytes(text: str) -> int | None:
    """The first file size that a text prints, in bytes (`12.3 KB`)."""
    found = _SIZE.search(text)
    if not found:
        return None
    try:
        return round(float(found[1].replace(",", "")) * _UNITS[found[2].lower()])
    except (ValueError, OverflowError):
        return None


def aid_of_link(href: str) -> int | None:
    """The attachment's number in a download link, plain or as X's base64 token."""
    try:
        token = parse_qs(urlsplit(href).query).get("aid", [""])[0]
        plain = (
            token.encode()
            if token.isdecimal()
            else base64.b64decode(token + "=" * (-len(token) % 4))
        )
    except (binascii.Error, ValueError):
        return None
    number = plain.split(b"|")[0]
    return int(number) if number.isdigit() and len(number) < 19 else None


def image_address(img: LexborNode) -> str:
    """Where a lazily loaded image really is: `file`, then `zoomfile`, then `src`; empty for
    the forum's own icons."""
    at = img.attributes
    address = (
        at.get("zoomfile")
        or at.get("file")
        or at.get("data-original")
        or at.get("src")
        or ""
    )
    return "" if any(icon in address for icon in _ICONS) else address


def inline_aid(at: dict[str, str | None]) -> int | None:
    """The attachment's number of an image in the text; None for a picture from elsewhere,
    whose id X makes up."""
    if at.get("aid"):
        number = at["aid"] or ""
        return int(number) if number.isdecimal() and len(number) < 19 else None
    found = _ID.match(at.get("id") or "")
    return int(found[1]) if found and (at.get("file") or at.get("zoomfile")) else None


@dataclass(slots=True)
class _Parts:
    """What one pass over an attachment's block found."""

    aid: int | None = None
    name: str = ""
    url: str = ""
    picture: str = ""
    image: bool = False
    description: str = ""
    downloads: int | None = None


def read_attachment(block: LexborNode) -> Attachment | None:
    """One attachment's block as a record; None where the block names no file (a guest's
    placeholder, say)."""
    parts = _Parts()
    _take(parts, block)
    for node in block.css(_PARTS):
        _take(parts, node)
    if parts.aid is None and not (parts.name and parts.url):
        return None
    said = words(block)
    downloads = _count(_DOWNLOADS, said)
    return Attachment(
        aid=parts.aid,
        name=parts.name,
        url=parts.picture or parts.url,
        image=parts.image,
        size_bytes=size_bytes(said.replace(parts.name, " ", 1) if parts.name else said),
        downloads=downloads if downloads is not None else parts.downloads,
        price=_count(_PRICE, said),
        description=parts.description,
    )


def joined(one: Attachment, other: Attachment) -> Attachment:
    """Two records of one file as one: what the first does not say is the other's."""
    return replace(
        one,
        name=one.name or other.name,
        url=one.url or other.url,
        image=one.image or other.image,
        size_bytes=one.size_bytes if one.size_bytes is not None else other.size_bytes,
        downloads=one.downloads if one.downloads is not None else other.downloads,
        price=one.price if one.price is not None else other.price,
        description=one.description or other.description,
    )


def _take(parts: _Parts, node: LexborNode) -> None:
    at, tag = node.attributes, node.tag
    found = _ID.match(at.get("id") or "")
    if found and parts.aid is None:
        parts.aid = int(found[1])
    if tag == "img":
        _take_picture(parts, node, at)
    elif tag == "a":
        _take_link(parts, at.get("href") or "", words(node), at.get("title") or "")
    elif tag == "strong" and not parts.name:
        text = words(node)
        parts.name = text if text not in _BUTTONS and not text.isdecimal() else ""
    elif tag in ("p", "div", "span"):
        _take_description(parts, node)


def _take_picture(parts: _Parts, img: LexborNode, at: dict[str, str | None]) -> None:
    address = image_address(img)
    if at.get("file") or at.get("zoomfile") or at.get("aid") or "attachment" in address:
        parts.image = True
        parts.picture = parts.picture or address


def _take_link(parts: _Parts, href: str, text: str, title: str) -> None:
    """The link of the file's name; other buttons lead to the same file."""
    if "attach" not in href or "viewattachpayments" in href or "ac=album" in href:
        return
    parts.aid = parts.aid or aid_of_link(href)
    parts.url = parts.url or href
    parts.image = parts.image or "nothumb=" in href
    if text.split(" ")[0] not in _BUTTONS and not (title and _SIZED.search(text)):
        parts.name = parts.name or text
    elif title:  # 7.x and X1.5: the picture's name is the title of its button, with the count of downloads after it
        parts.name = parts.name or _DOWNLOADS.sub("", title).strip()
        parts.downloads = _count(_DOWNLOADS, title)


def _take_description(parts: _Parts, node: LexborNode) -> None:
    """A paragraph of its own, or the bare text after a line break: whichever is not the forum's."""
    if parts.description:
        return
    if node.tag == "p":
        said = (
            words(node)
            if node.css_first("a, strong, em, img, div, span") is None
            else ""
        )
        parts.description = (
            said if said not in _BUTTONS and not _NOT_A_DESCRIPTION.search(said) else ""
        )
        return
    child = node.first_child
    while child is not None:
        before = child.prev
        if child.is_text_node and before is not None and before.tag == "br":
            said = fold(child.text_content or "")
            if said and said not in _BUTTONS and not _NOT_A_DESCRIPTION.search(said):
                parts.description = said
                return
        child = child.next


def _count(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found[1]) if found and len(found[1]) < 19 else None
