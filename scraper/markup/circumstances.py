"""How a page came to be: whom it shows as logged in, whether its reader may see files, and
whether a browser saved it, which renames or inlines pictures and leaves out what was not to
be seen."""

from __future__ import annotations

import re
from typing import Final

from scraper.markup.signals import shown_uid

_SCRIPT_NAME: Final = "discuz_uid"
_SCRIPT_CHARS: Final = 60
_JSON_NAME: Final = '"member_uid"'
_JSON_UID = re.compile(r'\s*:\s*"?(\d{1,10})\b')

_HEAD_CHARS: Final = 2_000
_SAVED_BY: Final = ("saved from url=(", "Page saved with SingleFile")
# Firefox names neither itself nor the address; Edge wrote `.files`, MHTML files `cid:`.
_FOLDERS: Final = ("_files/", ".files/", "cid:")
_OWN_FILE = re.compile(
    r"""(?:src|href)=["']?(?:cid:|(?!\w{2,10}:|//)[^"'<>]{0,300}?[_.]files/)""",
    re.I,
)
_BEFORE_FOLDER_CHARS: Final = 320


# X3.4 and later; the words of older ones, for guests and for members.
_NO_FILES: Final = ("attach_nopermission", "下载或查看", "下載或查看")


def reader_uid(text: str) -> int | None:
    """The member whom a page shows as logged in: 0 for a guest; None where it does not say
    (archiver and print pages)."""
    at = text.find(_SCRIPT_NAME)
    if at >= 0:
        return shown_uid(text[at : at + _SCRIPT_CHARS])
    at = text.find(_JSON_NAME)
    if at < 0:
        return None
    found = _JSON_UID.match(text, at + len(_JSON_NAME))
    return int(found[1]) if found else None


def hides_files(text: str) -> bool:
    """Whether a page says that there are files which its reader may not see."""
    return any(mark in text for mark in _NO_FILES)


def is_saved_copy(text: str) -> bool:
    """Whether a browser saved the page: as "web page, complete", SingleFile or MHTML."""
    head = text[:_HEAD_CHARS]
    if any(mark in head for mark in _SAVED_BY):
        return True
    for folder in _FOLDERS:
        at = text.find(folder)
        if at < 0:
            continue
        start = max(0, at - _BEFORE_FOLDER_CHARS)
        if _OWN_FILE.search(text, start, at + len(folder)):
            return True
    return False
