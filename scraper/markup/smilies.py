"""Smilies: the picture back to the code that the poster typed.

The sets that Discuz! ships name their files after the code
(`static/image/smiley/default/lol.gif`); later versions leave `alt` empty. Source: install
data of Discuz! X (`common_smiley`). What saves a page may rename the file
(`./Page_files/lol(1).gif`) or inline it (`data:`); its number (`smilieid`) stays.
"""

from __future__ import annotations

import html
import re

_FOLDER = "smil"
_PATH = re.compile(r"smil(?:ey|ies)/([^/]+)/([^/]+)\.(?:gif|png|jpe?g|webp)", re.I)
_FILE = re.compile(
    r"(?<![^/\\])([\w-]+)(?:\(\d+\))?\.(?:gif|png|jpe?g|webp)(?![^?#])", re.I
)
_TAG = re.compile(r"<img\b[^<>]{1,1000}?\bsmilieid=[^<>]{1,1000}>")
_PICTURE = re.compile(r"<img\b[^<>]{1,1000}>", re.I)
_LONG_ADDRESS = re.compile(r"""data:[^"'<>\s]+""")
_ATTRIBUTE = re.compile(r"""(?<!\w)(\w++)=["']?((?<=")[^"]*|(?<=')[^']*|[^"'\s>]+)""")
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
    found = None
    if _FOLDER in address.lower():
        found = _PATH.search(address)
    number = at.get("smilieid") or ""
    if found is None and not number:
        return None

    alt = at.get("alt") or ""
    code = alt.strip()
    if code:
        return code
    if found is None:
        return _code_of_renamed(address, number)
    folder, name = found.groups()
    return _code_of_file(folder.lower(), name, number)


def numbered_smilies(markup: str) -> list[tuple[str, str]]:
    """The smilies of a message as served, in order: `smilieid`, and the code that stands in
    its text."""
    if "smilieid=" not in markup:
        return []
    smilies = []
    for tag in _TAG.findall(_LONG_ADDRESS.sub("data:", markup)):
        attributes: dict[str, str | None] = {}
        for name, value in _ATTRIBUTE.findall(tag):
            attributes[name] = html.unescape(value)
        number = attributes.get("smilieid")
        code = smiley_code(attributes)
        if number and code:
            smilies.append((number, code))
    return smilies


def smiley_addresses(markup: str) -> list[str]:
    """Where the pictures of a message's smilies are, as it states them, each once."""
    if _FOLDER not in markup:
        return []
    found = dict[str, None]()
    for tag in _PICTURE.findall(markup):
        attributes: dict[str, str | None] = {}
        for name, value in _ATTRIBUTE.findall(tag):
            attributes[name] = html.unescape(value)
        address = attributes.get("src")
        if address and smiley_code(attributes) is not None:
            found[address] = None
    return list(found)


def _code_of_renamed(address: str, number: str) -> str:
    """The code by the file's name where its folder tells no set; by its number where it has
    no file of its own."""
    found = None if address.startswith("data:") else _FILE.search(address)
    if found is None:
        return f":{number}:"
    return _DEFAULT.get(found[1]) or f":{found[1]}:"


def _code_of_file(folder: str, name: str, number: str) -> str:
    if folder == "default" and name in _DEFAULT:
        return _DEFAULT[name]
    if folder in _TYPES and number:
        return f"{{:{_TYPES[folder]}_{number}:}}"
    return f":{name}:"
