"""Markup read as text, for templates so flat that a tree says no more than their source."""

from __future__ import annotations

import html
import re
from typing import Final

_TAG = re.compile(r"<[^<>]*>")
_UPPER = re.compile(r"</?[A-Z][A-Z0-9]*\b")
_HEAD_CHARS: Final = 20_000


def source_of(text: str) -> str:
    """A page's source with its tag names in lower case: old browsers saved pages in upper case."""
    if "<BODY" in text[:_HEAD_CHARS]:
        return _UPPER.sub(lambda tag: tag[0].lower(), text)
    return text


def plain(source: str) -> str:
    """A piece of markup as words on one line."""
    if "<" in source:
        source = _TAG.sub("", source)
    return " ".join(html.unescape(source).split())
