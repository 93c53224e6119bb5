"""All words of the interface, in Simplified Chinese and English: looked up here, kept by
the pages that say them."""

from __future__ import annotations

from typing import Final

from archive.store.post_columns import COLUMN_OF
from archive.web.language import Language
from archive.web.strings_columns import NAMES
from archive.web.strings_figures import FIGURES, WORDS
from archive.web.strings_reading import READING
from archive.web.strings_search import SEARCH
from archive.web.strings_viewing import VIEWING
from archive.web.traditional import traditional

_STRINGS: Final = {**READING, **VIEWING, **SEARCH, **FIGURES}


def text(key: str, language: Language, **values: object) -> str:
    """A string of the interface, its {places} filled in."""
    found = in_language(_STRINGS[key], language)
    if not values:
        return found
    return found.format(**values)


def word(written: str, language: Language) -> str:
    """A word of the tables in the reader's language, such as how a run ended; as it is
    written where it is not known, and what follows a colon in any case."""
    name, colon, rest = written.partition(":")
    if name not in WORDS:
        return written
    return in_language(WORDS[name], language) + colon + rest


def column_label(column: str, language: Language) -> str:
    """What a column of `posts` is called."""
    described = COLUMN_OF[column]
    return in_language((described.label_zh, described.label_en), language)


def chinese_sentences() -> set[str]:
    """All that is said in Chinese, simplified."""
    sentences = {chinese for chinese, _ in (*_STRINGS.values(), *WORDS.values())}
    labels = {column.label_zh for column in COLUMN_OF.values()}
    return sentences | labels | set(NAMES.values())


def in_language(said: tuple[str, str], language: Language) -> str:
    """What is said in Chinese and English, in a reader's language."""
    chinese, english = said
    if language == "en":
        return english
    if language == "zh-hant":
        return traditional(chinese)
    return chinese


def known() -> frozenset[str]:
    """All that can be said."""
    return frozenset(_STRINGS)
