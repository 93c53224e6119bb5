"""All words of the interface, in Simplified Chinese and English: looked up here, kept by
the pages that say them."""

from __future__ import annotations

from typing import Final

from archive.store.post_columns import COLUMN_OF
from archive.web.language import Language
from archive.web.strings_figures import FIGURES, WORDS
from archive.web.strings_reading import READING
from archive.web.strings_search import SEARCH

_STRINGS: Final = {**READING, **SEARCH, **FIGURES}


def text(key: str, language: Language, **values: object) -> str:
    """A string of the interface, its {places} filled in."""
    chinese, english = _STRINGS[key]
    found = chinese if language == "zh" else english
    if not values:
        return found
    return found.format(**values)


def word(written: str, language: Language) -> str:
    """A word of the tables in the reader's language, such as how a run ended; as it is
    written where it is not known, and what follows a colon in any case."""
    name, colon, rest = written.partition(":")
    if name not in WORDS:
        return written
    chinese, english = WORDS[name]
    found = chinese if language == "zh" else english
    return found + colon + rest


def column_label(column: str, language: Language) -> str:
    """What a column of `posts` is called."""
    described = COLUMN_OF[column]
    return described.label_zh if language == "zh" else described.label_en


def known() -> frozenset[str]:
    """All that can be said."""
    return frozenset(_STRINGS)
