"""Attachments: the blocks that a message, or the list below it, prints for its files.

Seen in viewthread templates from 6.0 to X3.5: inline images (`img#aimg_N`, address in `file`/`zoomfile`), inline files
(`span#attach_N`), lists (`dl.tattl`, `dl.t_attachlist`). The `aid=` of a link is a token that changes with every view
(X: base64 of `aid|hash|time|uid|tid`); its first part is the number.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborNode

from scraper.html import attr, words
from scraper.records import Attachment

_SIZE = re.compile(r"([\d.,]+)\s*(Bytes|KB|MB|GB|B)\b", re.I)
_UNITS = {"b": 1, "bytes": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_DOWNLOADS = re.compile(r"(?:下载次数|下載次數|下载|下載|downloads?)\s*[:：]\s*(\d+)", re.I)
_PRICE = re.compile(r"(?:售价|售價|price)\s*[:：]\s*(\d+)", re.I)
_ID = re.compile(r"^(?:aimg_|aid|attach_|attachimg_)(\d+)$")
_PARTS = 'img, a[href*="attachment"], a[id^="aid"], span[id^="attach_"], em, strong, p'
_HIDDEN_SOURCES = ("none.gif", "image_s.gif", "attachimg.gif", "zoomin_icon", "attachicn", "filetype/")


def size_bytes(text: str) -> int | None:
    """The first file size that a text prints, in bytes (`12.3 KB`)."""
    found = _SIZE.search(text)
    if not found:
        return None
    try:
        return round(float(found[1].replace(",", "")) * _UNITS[found[2].lower()])
    except ValueError:
        return None


def aid_of_link(href: str) -> int | None:
    """The attachment's number in a download link, plain or as X's base64 token."""
    token = parse_qs(urlsplit(href).query).get("aid", [""])[0]
    if token.isdecimal():
        return int(token)
    try:
        plain = base64.b64decode(token + "=" * (-len(token) % 4)).split(b"|")[0]
    except (binascii.Error, ValueError):
        return None
    return int(plain) if plain.isdigit() else None


def image_address(img: LexborNode) -> str:
    """Where a lazily loaded image really is: `file`, then `zoomfile`, then `src`; empty for the forum's own icons."""
    at = img.attributes
    address = at.get("zoomfile") or at.get("file") or at.get("data-original") or at.get("src") or ""
    return "" if any(part in address for part in _HIDDEN_SOURCES) else address


def read_attachment(block: LexborNode) -> Attachment | None:
    """One attachment's block as a record; None where the block names no file (a guest's placeholder, say)."""
    aid, name, url, image, info = None, "", "", False, ""
    for node in block.css(_PARTS):
        at = node.attributes
        tag = node.tag
        found = _ID.match(at.get("id") or "")
        if found and aid is None:
            aid = int(found[1])
        if tag == "img" and _is_attached(at):
            image, url = True, image_address(node) or url
        elif tag == "a":
            name, url, aid = _from_link(node, name, url, aid)
        elif tag == "strong":
            name = name or words(node)
        elif tag in ("em", "p") and not _SIZE.search(info):
            info = words(node) if _SIZE.search(words(node)) else info or words(node)
    if aid is None and not (name and url):
        return None
    all_words = words(block)
    return Attachment(aid=aid, name=name, url=url, image=image, size_bytes=size_bytes(info or all_words),
                      downloads=_count(_DOWNLOADS, all_words), price=_count(_PRICE, all_words))


def _is_attached(at: dict[str, str | None]) -> bool:
    return bool(_ID.match(at.get("id") or "") or at.get("aid") or at.get("file") or at.get("zoomfile"))


def _from_link(node: LexborNode, name: str, url: str, aid: int | None) -> tuple[str, str, int | None]:
    href, text = attr(node, "href"), words(node)
    if "attach" not in href or text in ("下载附件", "下載附件", "保存到相册", "保存到相冊"):
        return name, url or (href if "attachment" in href and "album" not in href else ""), aid or aid_of_link(href)
    return name or text, url or href, aid or aid_of_link(href)


def _count(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return int(found[1]) if found else None
