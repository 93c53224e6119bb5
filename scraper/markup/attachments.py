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

_SIZE = re.compile(r"(?<![\d.,])([\d.,]{1,20})\s{0,5}(Bytes|KB|MB|GB|B)\b", re.I)
_UNITS = {"b": 1, "bytes": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_DOWNLOADS = re.compile(
    r"(?:下载次数|下載次數|下载|下載|downloads?)\s*[:：]\s*(\d+)", re.I
)
_PRICE = re.compile(r"(?:售价|售價|price)\s*[:：]\s*(?:[^\s\d\[]{1,20}\s+)?(\d+)", re.I)
_ID = re.compile(r"^(?:aimg_|aid|attach_|attachimg_)(\d{1,18})(?:_menu)?$")
_PARTS = "img, a, span[id], em, strong, p, div"
_MOST_DIGITS = 18
INLINED = ("data:", "cid:", "blob:")
"""What a saved page has in place of addresses."""
_PICTURE_ADDRESSES = ("zoomfile", "file", "data-original", "src")
_NO_FILES = ("viewattachpayments", "ac=album")
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
    r"|^\S{0,12}\d{1,4}[-/]\d{1,2}[-/]\d{1,4}.{0,12}(?:上传|上傳|upload\w*$|$)"
    r"|(?:上传|上傳|uploaded)$",
    re.I,
)
# A button's words, in any language.
_SIZED = re.compile(r"\([\d.,]+ ?(?:Bytes|KB|MB|GB|B)\)$", re.I)


def size_bytes(text: str) -> int | None:
    """The first file size that a text prints, in bytes (`12.3 KB`)."""
    found = _SIZE.search(text)
    if not found:
        return None
    amount = found[1].replace(",", "")
    unit_bytes = _UNITS[found[2].lower()]
    try:
        return round(float(amount) * unit_bytes)
    except (ValueError, OverflowError):
        return None


def aid_of_link(href: str) -> int | None:
    """The attachment's number in a download link, plain or as X's base64 token."""
    try:
        query = urlsplit(href).query
        tokens = parse_qs(query).get("aid")
    except ValueError:
        return None
    if not tokens:
        return None

    token = tokens[0]
    if token.isdecimal():
        return _id_of(token)
    padding = "=" * (-len(token) % 4)
    try:
        plain = base64.b64decode(token + padding)
    except (binascii.Error, ValueError):
        return None
    number = plain.split(b"|")[0]
    return _id_of(number.decode("ascii", "replace"))


def _id_of(digits: str) -> int | None:
    """A number of Discuz!'s; None where the digits are too many for one."""
    if not digits.isdecimal():
        return None
    if len(digits) > _MOST_DIGITS:
        return None
    return int(digits)


def image_address(img: LexborNode) -> str:
    """Where a lazily loaded image really is: `zoomfile`, then `file`, then `src`; empty for
    the forum's own icons, and for a picture that stands in the page itself."""
    at = img.attributes
    address = ""
    for name in _PICTURE_ADDRESSES:
        address = at.get(name) or ""
        if address and not address.startswith(INLINED):
            break
    else:
        return ""
    for icon in _ICONS:
        if icon in address:
            return ""
    return address


def inline_aid(at: dict[str, str | None]) -> int | None:
    """The attachment's number of an image in the text; None for a picture from elsewhere,
    whose id X makes up."""
    aid = at.get("aid")
    if aid:
        return _id_of(aid)
    own_address = at.get("file") or at.get("zoomfile")
    if not own_address:
        return None
    ident = at.get("id") or ""
    found = _ID.match(ident)
    return int(found[1]) if found else None


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
    is_named = parts.name and parts.url
    if parts.aid is None and not is_named:
        return None

    text = words(block)
    downloads = _count(_DOWNLOADS, text)
    if downloads is None:
        downloads = parts.downloads
    text_without_name = text
    if parts.name:
        # A name may hold what looks like a size.
        text_without_name = text.replace(parts.name, " ", 1)
    return Attachment(
        aid=parts.aid,
        name=parts.name,
        url=parts.picture or parts.url,
        image=parts.image,
        size_bytes=size_bytes(text_without_name),
        downloads=downloads,
        price=_count(_PRICE, text),
        description=parts.description,
    )


def joined(one: Attachment, other: Attachment) -> Attachment:
    """Two records of one file as one: what the first does not say is the other's."""
    return replace(
        one,
        name=one.name or other.name,
        url=one.url or other.url,
        image=one.image or other.image,
        size_bytes=_first(one.size_bytes, other.size_bytes),
        downloads=_first(one.downloads, other.downloads),
        price=_first(one.price, other.price),
        description=one.description or other.description,
    )


def _first(one: int | None, other: int | None) -> int | None:
    """The first of two numbers that is known; zero is a number."""
    return other if one is None else one


def _take(parts: _Parts, node: LexborNode) -> None:
    at = node.attributes
    ident = at.get("id")
    if ident and parts.aid is None:
        found = _ID.match(ident)
        if found:
            parts.aid = int(found[1])

    tag = node.tag
    if tag == "img":
        _take_picture(parts, node, at)
    elif tag == "a":
        _take_link(parts, node, at)
    elif tag == "strong":
        _take_strong(parts, node)
    elif tag == "p":
        _take_paragraph(parts, node)
    elif tag in ("div", "span"):
        _take_bare_line(parts, node)


def _take_picture(parts: _Parts, img: LexborNode, at: dict[str, str | None]) -> None:
    address = image_address(img)
    own_address = at.get("file") or at.get("zoomfile")
    if own_address or at.get("aid") or "attachment" in address:
        parts.image = True
        parts.picture = parts.picture or address


def _take_link(parts: _Parts, link: LexborNode, at: dict[str, str | None]) -> None:
    """The link of the file's name; other buttons lead to the same file."""
    href = at.get("href") or ""
    if not _leads_to_file(href):
        return
    _take_address(parts, href)
    text = words(link)
    title = at.get("title") or ""
    if not _is_button(text, title):
        parts.name = parts.name or text
    elif title:
        # 7.x and X1.5: the picture's name is the title of its button, with the count of
        # downloads after it.
        name = _DOWNLOADS.sub("", title)
        parts.name = parts.name or name.strip()
        parts.downloads = _count(_DOWNLOADS, title)


def _take_address(parts: _Parts, href: str) -> None:
    parts.aid = parts.aid or aid_of_link(href)
    parts.url = parts.url or href
    if "nothumb=" in href:
        parts.image = True


def _leads_to_file(href: str) -> bool:
    if "attach" not in href or href.startswith(INLINED):
        return False
    return not any(page in href for page in _NO_FILES)


def _is_button(text: str, title: str) -> bool:
    """Whether a link's words are a button's; in another language, those of one with a title
    end with the file's size."""
    first_word = text.split(" ")[0]
    if first_word in _BUTTONS:
        return True
    return bool(title) and _SIZED.search(text) is not None


def _take_strong(parts: _Parts, node: LexborNode) -> None:
    if parts.name:
        return
    text = words(node)
    if text not in _BUTTONS and not text.isdecimal():
        parts.name = text


def _take_paragraph(parts: _Parts, node: LexborNode) -> None:
    """A description in a paragraph of its own."""
    inner = node.css_first("a, strong, em, img, div, span")
    if parts.description or inner is not None:
        return
    text = words(node)
    if _is_description(text):
        parts.description = text


def _take_bare_line(parts: _Parts, node: LexborNode) -> None:
    """A description as the bare text after a line break."""
    if parts.description:
        return
    child = node.first_child
    while child is not None:
        if child.is_text_node and _follows_break(child):
            text = fold(child.text_content or "")
            if text and _is_description(text):
                parts.description = text
                return
        child = child.next


def _follows_break(node: LexborNode) -> bool:
    before = node.prev
    return before is not None and before.tag == "br"


def _is_description(text: str) -> bool:
    """Whether words are the poster's: no button, size, count or time of the forum's."""
    return text not in _BUTTONS and not _NOT_A_DESCRIPTION.search(text)


def _count(pattern: re.Pattern[str], text: str) -> int | None:
    found = pattern.search(text)
    return _id_of(found[1]) if found else None
