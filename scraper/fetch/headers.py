"""Headers that a user wants to be sent beside our own."""

from __future__ import annotations

import re
from typing import Final

from scraper.core.errors import InputError
from scraper.fetch.values import is_header_value

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "range",
        "transfer-encoding",
    }
)
_BY_OPTION: Final = {
    "cookie": "put that line into a file and give it with --cookies",
    "user-agent": "give it with --user-agent",
}


def read_header(text: str) -> tuple[str, str]:
    """Name and value of a header written `Name: value`. InputError for what is none, or must
    not be set so."""
    name, separator, value = text.partition(":")
    name = name.strip()
    value = value.strip()
    if not separator or not _NAME.fullmatch(name) or not is_header_value(value):
        raise InputError(
            f"--header {text!r}: is no header; one is written 'Name: value', in ASCII"
        )

    advice = _BY_OPTION.get(name.lower())
    if advice:
        raise InputError(f"--header {name}: {advice}")
    if name.lower() in _OURS:
        raise InputError(
            f"--header {name}: belongs to the connection and cannot be set; leave it out"
        )
    return name, value
