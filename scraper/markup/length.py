"""How long a page may be to be read: forums print a hundred posts on a page, of a few kilobytes
each, and every megabyte takes a reader up to an eighth of a second."""

from __future__ import annotations

import re
from typing import Final

from scraper.core.errors import PageError

MOST_CHARS: Final = 8_000_000
"""Without pictures that stand in the page itself (`data:`): these are passed over at once."""
_INLINED = re.compile(r"data:[a-z/+.-]{1,40};base64,[A-Za-z0-9+/=]{1000,}+", re.I)


def refuse_length(text: str) -> None:
    """PageError for a page longer than any forum prints."""
    if len(text) <= MOST_CHARS:
        return
    inlined_chars = sum(map(_length, _INLINED.finditer(text)))
    if len(text) - inlined_chars > MOST_CHARS:
        raise PageError(f"a page of more than {MOST_CHARS:,} characters")


def _length(found: re.Match[str]) -> int:
    return found.end() - found.start()
