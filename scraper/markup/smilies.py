"""Smilies: the picture back to the code that the poster typed.

The sets that Discuz! ships name their files after the code
(`static/image/smiley/default/lol.gif`); later versions leave `alt` empty. Source: install
data of Discuz! X (`common_smiley`).
"""

from __future__ import annotations

import re

_PATH = re.compile(r"smil(?:ey|ies)/([^/]+)/([^/]+)\.(?:gif|png|jpe?g|webp)", re.I)
_DEFAULT = {
    "smile": ":)",
    "sad": ":(",
    "biggrin": ":D",
    "cry": ":'(",
    "huffy": ":@",
    "shocked": ":o",
    "tongue": ":P",
    "shy": ":$",
    "titter": ";P",
    "sweat": ":L",
    "mad": ":Q",
    "lol": ":lol",
    "loveliness": ":loveliness:",
    "funk": ":funk:",
    "curse": ":curse:",
    "dizzy": ":dizzy:",
    "shutup": ":shutup:",
    "sleepy": ":sleepy:",
    "hug": ":hug:",
    "victory": ":victory:",
    "time": ":time:",
    "kiss": ":kiss:",
    "handshake": ":handshake",
    "call": ":call:",
}
_TYPES = {"coolmonkey": 2, "grapeman": 3}


def smiley_code(at: dict[str, str | None]) -> str | None:
    """The typed code of an image's attributes, `:name:` where the set is unknown; None for
    what is no smiley."""
    address = at.get("src") or ""
    found = _PATH.search(address)
    number = at.get("smilieid") or ""
    if found is None and not number:
        return None

    alt = at.get("alt") or ""
    code = alt.strip()
    if code:
        return code
    if found is None:
        return f":{number}:"
    folder, name = found.groups()
    return _code_of_file(folder.lower(), name, number)


def _code_of_file(folder: str, name: str, number: str) -> str:
    if folder == "default" and name in _DEFAULT:
        return _DEFAULT[name]
    if folder in _TYPES and number:
        return f"{{:{_TYPES[folder]}_{number}:}}"
    return f":{name}:"
