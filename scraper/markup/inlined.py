"""Pictures that stand in a page itself (`data:`, RFC 2397), as SingleFile puts them: each
gets the name of its bytes in place of an address (`urn:sha1:…`)."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final
from urllib.parse import unquote_to_bytes

NAMED: Final = "urn:sha1:"
_SAVED_BY: Final = ("Page saved with SingleFile", "savepage-")
_HEAD_CHARS: Final = 4_000
# Shorter ones are smilies and icons of the forum.
_LONG = re.compile(r"data:image/[a-z+.-]{1,20};base64,[A-Za-z0-9+/=]{4000,}+")


def with_names(text: str) -> str:
    """A page's text with names in the place of its large pictures; the same text where no
    program that inlines pictures saved it."""
    if not _inlines(text):
        return text
    return _LONG.sub(_named, text)


def name_of_inlined(address: str) -> str:
    """The name that a picture gets in place of its address; empty for a small one."""
    return _name(address) if _LONG.fullmatch(address) else ""


def bytes_of_inlined(address: str) -> bytes:
    """The picture that an address is. ValueError for what is none."""
    head, _, data = address.partition(",")
    packed = unquote_to_bytes(data)
    if not head.endswith(";base64"):
        return packed
    return base64.b64decode(packed)


def _inlines(text: str) -> bool:
    return any(text.find(mark, 0, _HEAD_CHARS) >= 0 for mark in _SAVED_BY)


def _named(found: re.Match[str]) -> str:
    return _name(found[0]) or found[0]


def _name(address: str) -> str:
    try:
        picture = bytes_of_inlined(address)
    except ValueError:
        return ""
    digest = hashlib.sha1(picture, usedforsecurity=False).digest()
    return NAMED + base64.b32encode(digest).decode()
