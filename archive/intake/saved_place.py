"""Which address a saved file had, by the place where a program that copies whole forums put
it: wget, HTTrack, wayback_machine_downloader."""

from __future__ import annotations

import os
import re
from typing import Final
from urllib.parse import quote, unquote, urljoin

from archive.intake.source import Source

# `bbs.example.com`, `bbs.example.com:8080` as wget, `+8080` as wget for Windows, `_8080` as
# HTTrack writes it.
_HOST = re.compile(
    r"\A(?P<name>(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]+|(?:\d{1,3}\.){3}\d{1,3}|localhost)"
    r"(?:[:+_@](?P<port>\d{2,5}))?",
    re.I,
)
_NO_HOSTS: Final = (".files", ".html", ".htm", ".php", ".zip", ".warc", ".wacz", ".db")
_USUAL_ENDS: Final = frozenset(
    [
        "asia",
        "biz",
        "club",
        "com",
        "edu",
        "example",
        "fun",
        "gov",
        "info",
        "int",
        "localhost",
        "mil",
        "mobi",
        "name",
        "net",
        "online",
        "org",
        "pro",
        "shop",
        "site",
        "test",
        "top",
        "vip",
        "wang",
        "xin",
        "xyz",
    ]
)
_COUNTRY_LETTERS: Final = 2
# `x.php?tid=1.html` of wget -E; `x.html.1`, a second copy of wget.
_ADDED_SUFFIX = re.compile(r"(?<=.)\.html?$", re.I)
_COPY_NUMBER = re.compile(r"(?<=.)\.\d{1,4}$")
_SCRIPT = re.compile(r"\.(?:php|aspx?)[?@]", re.I)
_BARE_AT = re.compile(r"(\.(?:php|aspx?))@", re.I)
_INDEX: Final = ("index.html", "index.htm")
_SAFE: Final = "/?&=%:+,;@!$'()*~-._[]"


def address_by_place(source: Source) -> str:
    """The address that a copied file had, with `http:`; empty where its place tells no
    host."""
    *within, file_name = source.place.split("/")
    above = source.folder.name.split("/") if source.folder is not None else []
    below = own_name(file_name)
    folders = [*above, *within]
    for number in range(len(folders) - 1, -1, -1):
        folder = folders[number]
        host = host_of_folder(folder)
        is_copied = number >= len(above)
        if host and (is_copied or _is_usual(host)):
            path = quoted_path(below)
            return f"http://{host}/{path}"
        below = f"{folder}/{below}"
    return ""


def address_below(base: str, source: Source) -> str:
    """The address of a file of a folder whose own address is known."""
    folders, slash, file_name = source.place.rpartition("/")
    name = own_name(file_name)
    path = quoted_path(folders + slash + name)
    return urljoin(base, path)


def host_of_folder(name: str) -> str:
    """The host that a folder is named after; empty where it is named otherwise."""
    lowered = name.lower()
    if lowered.endswith(_NO_HOSTS):
        return ""
    found = _HOST.fullmatch(lowered)
    if found is None:
        return ""
    host, port = found.groups()
    return f"{host}:{port}" if port else host


def _is_usual(host: str) -> bool:
    """Whether a host ends as most do. A folder that is no part of the copy may be called
    anything: `john.doe`, `forum.bak`, `tmp.fVGODBOhyH`."""
    name = host.partition(":")[0]
    end = name.rpartition(".")[2]
    is_country = len(end) == _COUNTRY_LETTERS and end.isalpha()
    return is_country or end.isdecimal() or end in _USUAL_ENDS


def own_name(file_name: str) -> str:
    """The last part of an address, of which a file name was made."""
    name = file_name
    if "%3f" in name.lower():
        name = unquote(name)
    name = _BARE_AT.sub(r"\1?", name)
    if _SCRIPT.search(name):
        name = _COPY_NUMBER.sub("", name)
        return _ADDED_SUFFIX.sub("", name)
    without_number = _COPY_NUMBER.sub("", name)
    if _ADDED_SUFFIX.search(without_number):
        name = without_number
    return "" if name in _INDEX else name


def quoted_path(path: str) -> str:
    """A path as it stands in an address; its bytes may be of any encoding."""
    path_bytes = os.fsencode(path)
    return quote(path_bytes, safe=_SAFE)
