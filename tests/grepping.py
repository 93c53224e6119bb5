"""Looks for words in every byte of every file of a folder: plain and in gzip members, in all
encodings, escaped as HTML, JSON and addresses have them."""

from __future__ import annotations

import contextlib
import html
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

_MEMBER = b"\x1f\x8b\x08"
_ENCODINGS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le")


def grep(folder: Path, *words: str) -> list[str]:
    """Each word that was found, with the file and what stands around it."""
    found = []
    wanted = {word: list(_forms(word)) for word in words}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        for data in _unpacked(path.read_bytes()):
            for word, forms in wanted.items():
                for form in forms:
                    at = data.find(form)
                    if at >= 0:
                        around = data[max(0, at - 40) : at + 40]
                        found.append(f"{path.name}: {word}: {around!r}")
    return found


def _forms(word: str) -> Iterator[bytes]:
    """All ways in which a file may have a word."""
    decimal = "".join(f"&#{ord(char)};" for char in word)
    hexadecimal = "".join(f"&#x{ord(char):x};" for char in word)
    in_json = json.dumps(word)[1:-1]
    texts = {word, html.escape(word), decimal, hexadecimal, in_json}
    for text in texts:
        for encoding in _ENCODINGS:
            try:
                yield text.encode(encoding)
            except UnicodeEncodeError:
                continue
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        escaped = quote(word, encoding=encoding, errors="replace")
        if "%3F" not in escaped:
            yield escaped.encode()
            yield escaped.lower().encode()


def _unpacked(data: bytes) -> Iterator[bytes]:
    """A file's bytes, then those of each gzip member that begins in them, whole or cut."""
    yield data
    at = data.find(_MEMBER)
    while at >= 0:
        unpacker = zlib.decompressobj(31)
        with contextlib.suppress(zlib.error):
            yield unpacker.decompress(data[at:])
        at = data.find(_MEMBER, at + 1)
