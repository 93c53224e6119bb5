"""What a file is that is no page, by its first bytes, its name or its type: in words for a
summary."""

from __future__ import annotations

from typing import Final

PICTURES: Final = "pictures"
STYLES: Final = "style sheets"
SCRIPTS: Final = "scripts"
FONTS: Final = "fonts"
MEDIA: Final = "sounds and films"
DOCUMENTS: Final = "documents and archives"
ROBOTS: Final = "robots.txt"
LOGS: Final = "logs and lists of the program that saved"
EMPTY: Final = "empty files"
TOO_BIG: Final = "files that are too big (--max-mb)"
OTHERS: Final = "other files"
TEXTS: Final = "texts that are no page of a forum"
ERRORS: Final = "error pages of a server"

SIGNATURES: Final = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"RIFF": "a media file",
    b"%PDF": "a PDF document",
    b"SQLite format 3": "an SQLite file",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"BZh": "a bzip2 file",
    b"\xfd7zXZ": "an xz file",
}
"""What begins so, and is no page."""
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_PICTURE_MARKS: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"\0\0\1\0")
_BY_SUFFIX: Final = {
    ".css": STYLES,
    ".js": SCRIPTS,
    ".mjs": SCRIPTS,
    ".map": SCRIPTS,
    ".svg": PICTURES,
    ".woff": FONTS,
    ".woff2": FONTS,
    ".ttf": FONTS,
    ".eot": FONTS,
    ".cdx": LOGS,
    ".cdxj": LOGS,
    ".idx": LOGS,
    ".log": LOGS,
    ".md": TEXTS,
    ".csv": TEXTS,
    ".py": TEXTS,
    ".yaml": LOGS,
    ".yml": LOGS,
    ".ini": TEXTS,
}
_BY_TYPE: Final = (
    ("image", PICTURES),  # Discuz! itself says no more than that
    ("text/css", STYLES),
    ("text/javascript", SCRIPTS),
    ("application/javascript", SCRIPTS),
    ("application/x-javascript", SCRIPTS),
    ("application/ecmascript", SCRIPTS),
    ("font/", FONTS),
    ("application/font", FONTS),
    ("application/x-font", FONTS),
    ("application/vnd.ms-fontobject", FONTS),
    ("audio/", MEDIA),
    ("video/", MEDIA),
    ("application/warc-fields", LOGS),
    ("text/x-wget-log", LOGS),
    ("text/", TEXTS),
    ("application/json", TEXTS),
    ("application/", DOCUMENTS),
)
_OWN_NAMES: Final = frozenset(
    {
        "datapackage.json",
        "datapackage-digest.json",
        "fuzzy.json",
        "pages.jsonl",
        "extrapages.jsonl",
        "hts-log.txt",
        "cookies.txt",
        "backblue.gif",
        "fade.gif",
        "winprofile.ini",
    }
)
_OWN_FOLDERS: Final = ("hts-cache/",)
_MADE_BY_HTTRACK: Final = b"HTTrack Website Copier"
_MIRRORED: Final = b"Mirrored from"


def kind_of_type(content_type: str) -> str:
    """What a content type says."""
    lowered = content_type.strip().lower()
    for beginning, kind in _BY_TYPE:
        if lowered.startswith(beginning):
            return kind
    return OTHERS


def kind_of_file(place: str, head: bytes) -> str:
    """What a file of a folder is, where it cannot be a page; empty where it may be one."""
    file_name = place.rpartition("/")[2].lower()
    if is_of_program(place, file_name, head):
        return LOGS
    if file_name == "robots.txt":
        return ROBOTS
    if is_picture(head):
        return PICTURES
    _, dot, suffix = file_name.rpartition(".")
    return _BY_SUFFIX.get(dot + suffix, "")


def is_of_program(place: str, file_name: str, head: bytes) -> bool:
    """Whether the program that saved the others wrote a file for itself."""
    if file_name in _OWN_NAMES or place.startswith(_OWN_FOLDERS):
        return True
    if "/hts-cache/" in place:
        return True
    return _MADE_BY_HTTRACK in head and _MIRRORED not in head


def is_picture(head: bytes) -> bool:
    """Whether a file begins as a picture does."""
    if head.startswith(_PICTURE_MARKS):
        return True
    return head.startswith(b"RIFF") and head[8:12] == b"WEBP"


def kind_of_bytes(head: bytes) -> str:
    """What a file is whose first bytes are those of no page; empty where they may be."""
    if not head.strip():
        return EMPTY
    if head.startswith(tuple(SIGNATURES)):
        return DOCUMENTS
    is_text = b"\0" not in head or head.startswith(UTF16)
    return "" if is_text else OTHERS
