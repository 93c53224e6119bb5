"""How a page came to be: whom it shows as logged in, whether its reader may see files, and
whether a browser saved it, which renames or inlines pictures and leaves out what was not to
be seen."""

from __future__ import annotations

import re
from typing import Final

from scraper.markup.flat import find_word
from scraper.markup.signals import shown_uid

_SCRIPT_NAME: Final = "discuz_uid"
_SCRIPT_CHARS: Final = 60
_JSON_START: Final = "{"
_JSON_UID = re.compile(r'"member_uid"\s*:\s*"?(\d{1,10})\b')

# 才可以下载或查看, 无法下载或查看附件: what both spellings share is looked for once; it begins
# with a rare character.
_OR_SEE: Final = "或查看"
_DOWNLOAD: Final = ("下载", "下載")

# Style sheets stand first: every page of every forum is looked through.
_HEAD_CHARS: Final = 4_000
_SINGLEFILE: Final = "Page saved with SingleFile"
_SAVED_BY: Final = ("saved from url=(", _SINGLEFILE)
# Firefox names neither itself nor the address; Edge wrote `.files`, MHTML files `cid:`.
_FOLDERS: Final = ("files/", "cid:")
_OWN_FILE = re.compile(
    r"""(?:src|href)=["']?(?:cid:|(?!\w{2,10}:|//)[^"'<>]{0,300}?[_.]files/)""",
    re.I,
)
_BEFORE_FOLDER_CHARS: Final = 320


def reader_uid(text: str) -> int | None:
    """The member whom a page shows as logged in: 0 for a guest; None where it does not say
    (archiver and print pages)."""
    if text.startswith(_JSON_START):
        found = _JSON_UID.search(text)
        return int(found[1]) if found else None
    at = text.find(_SCRIPT_NAME)
    if at < 0:
        return None
    return shown_uid(text[at : at + _SCRIPT_CHARS])


def hides_files(text: str) -> bool:
    """Whether a page says that there are files which its reader may not see."""
    at = find_word(text, _OR_SEE)
    while at >= 0:
        if text.endswith(_DOWNLOAD, 0, at):
            return True
        at = find_word(text, _OR_SEE, at + 1)
    return False


def leaves_out_end_tags(text: str) -> bool:
    """Whether the program that saved a page leaves out tags that may be missing, that of the
    page's end among them: SingleFile does."""
    return text.find(_SINGLEFILE, 0, _HEAD_CHARS) >= 0


def is_saved_copy(text: str) -> bool:
    """Whether a browser saved the page: as "web page, complete", SingleFile or MHTML."""
    if text.startswith(_JSON_START):
        return False
    for mark in _SAVED_BY:
        if text.find(mark, 0, _HEAD_CHARS) >= 0:
            return True

    for folder in _FOLDERS:
        at = text.find(folder, 0, _HEAD_CHARS)
        if at < 0:
            continue
        start = max(0, at - _BEFORE_FOLDER_CHARS)
        if _OWN_FILE.search(text, start, at + len(folder)):
            return True
    return False
