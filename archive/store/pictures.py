"""The pictures in a message as served: the same ones or not, whatever their addresses have
become."""

from __future__ import annotations

import re
from typing import Final, Literal

_TAG: Final = re.compile(r"<img\b[^<>]{1,4000}>", re.I)
_SMILEYS: Final = ("smilieid=", "smiley/", "smilies/")
_AID: Final = re.compile(r"""\b(?:aid|id)=["']?(?:aimg_)?(\d{1,18})\b""")
_ADDRESS: Final = re.compile(r"""\b(zoomfile|file|src)=["']([^"']+)["']""", re.I)
_BY_WORTH: Final = ("zoomfile", "file", "src")
_THUMB: Final = re.compile(r"\.thumb\.(?:jpg|png|gif)$")


def judge_pictures(before: str, now: str) -> Literal["keep", "take", "replace"]:
    """What a page with the stored words does to the stored message, by the pictures of both:
    take: it has all of them, and more; replace: some were taken out of it, or attachments
    by others. Names of files alone may change without an edit, as where a forum moves."""
    stored = pictures_in(before)
    printed = pictures_in(now)
    if printed > stored:
        return "take"
    if printed < stored:
        return "replace"
    is_swapped = _has_attachment(stored - printed) and _has_attachment(printed - stored)
    return "replace" if is_swapped else "keep"


def _has_attachment(pictures: frozenset[str]) -> bool:
    return any(map(str.isdecimal, pictures))


def pictures_in(html: str) -> frozenset[str]:
    """The pictures of a message, by attachment number or file name; smilies are none."""
    found = set()
    for tag in _TAG.findall(html):
        name = _name_of(tag)
        if name:
            found.add(name)
    return frozenset(found)


def _name_of(tag: str) -> str:
    """The attachment's number, else the name of the file; empty for what has neither."""
    if any(mark in tag for mark in _SMILEYS):
        return ""
    aid = _AID.search(tag)
    if aid:
        return aid[1]
    addresses = {key.lower(): value for key, value in _ADDRESS.findall(tag)}
    for attribute in _BY_WORTH:
        address = addresses.get(attribute, "")
        if address and not address.startswith(("data:", "cid:", "urn:")):
            name = file_name_of(address)
            return _THUMB.sub("", name)
    return ""


def file_name_of(address: str) -> str:
    """The name of the file at an address, without its query."""
    path = address.partition("?")[0]
    return path.rpartition("/")[2]
