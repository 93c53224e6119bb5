"""Quotation marks of a query: which there are, and how a name is typed so that it is read as
it is."""

from __future__ import annotations

import re
from typing import Final

CLOSING: Final = {
    '"': '"',
    "“": "”",
    "”": "“",
    "＂": "＂",
    "「": "」",
    "『": "』",
}
QUOTES: Final = "".join({*CLOSING, *CLOSING.values()})
STARS: Final = ("*", "＊")
_OPENERS: Final = ('"', "“", "「", "『", "＂")
_NEEDS_QUOTES: Final = re.compile(rf"[\s()（）{QUOTES}]|[*＊]\Z")


def filter_text(key: str, value: str) -> str:
    """A filter as it is typed, its value in quotation marks where it needs them."""
    needs_quotes = _NEEDS_QUOTES.search(value) is not None
    return f"{key}:{quoted(value)}" if needs_quotes else f"{key}:{value}"


def quoted(value: str) -> str:
    """A text between quotation marks that are not in it; of one that has all of them the
    beginning, with a star."""
    for end in range(len(value), -1, -1):
        beginning = value[:end]
        opener = _free_opener(beginning)
        if opener:
            star = "" if end == len(value) else "*"
            return f"{opener}{beginning}{CLOSING[opener]}{star}"
    return '""'


def _free_opener(text: str) -> str:
    """The first of the quotation marks that would not end within a text; empty for none."""
    for opener in _OPENERS:
        if opener not in text and CLOSING[opener] not in text:
            return opener
    return ""


def or_quote(key: str) -> str:
    """What to do who meant no filter, as one who pasted a line of a page."""
    return f'To search for the words themselves, quote them: "{key}:…"'


def or_quote_chinese(key: str) -> str:
    """The same in Chinese."""
    return f'要搜索这些字本身，请加引号："{key}:…"'
