"""What is printed, in Chinese, for who reads Chinese: `chinese.json` beside this file says each
sentence of the program in it.

A sentence is looked up as it is printed: `{0}: no such file` in the catalogue fits any name,
and what stands in a place is looked up in turn. So the code says each thing once, in English,
and what is not in the catalogue is printed as it is.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from archive.languages import (
    LANGUAGE_VARIABLE,
    LANGUAGES,
    Language,
    language_of_locale,
)

_LOCALES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""As gettext looks at them."""
CATALOGUE: Final = Path(__file__).with_name("chinese.json")
TRADITIONAL: Final = Path(__file__).with_name("chinese_traditional.json")
PLACE: Final = re.compile(r"\{(\d+)\}")
_DEEPEST: Final = 6
_LONGEST_FILLED_CHARS: Final = 500
"""Places are found in the square or cube of a line's length, and strangers' words are in it."""
_FEW_LETTERS: Final = 12
_JSON_BEGINS: Final = ("{", "[")

_chosen: Language | None = None


def choose(language: Language | None) -> None:
    """Speak a language; None: the system's."""
    global _chosen
    _chosen = language


def language() -> Language:
    """In which language to speak: as was chosen, else that of the environment or system."""
    return _chosen or _of_system()


def translated(text: str) -> str:
    """A text in the reader's language; as it is where the catalogue does not have it. JSON
    and tables, which other programs read, are never translated."""
    is_data = text.startswith(_JSON_BEGINS) or "\t" in text
    if language() == "en" or is_data:
        return text
    lines = text.split("\n")
    whole = _looked_up(text, 0)
    if whole is not None or len(lines) == 1:
        return text if whole is None else whole
    return "\n".join(_looked_up(line, 0) or line for line in lines)


def _looked_up(text: str, depth: int) -> str | None:
    """A sentence in Chinese; None where the catalogue does not have it."""
    body = text.strip(" ")
    if not body or depth > _DEEPEST:
        return None
    lead, _, end = text.partition(body)
    found = sentences().get(body)
    if found is None and len(body) <= _LONGEST_FILLED_CHARS:
        found = _filled(body, depth)
    return None if found is None else f"{lead}{found}{end}"


def _filled(body: str, depth: int) -> str | None:
    """The first template that fits, its places filled in."""
    for template in _templates(language()):
        if template.first not in body:
            continue
        match = template.pattern.fullmatch(body)
        if match is None:
            continue
        values = [_looked_up(each, depth + 1) or each for each in match.groups()]
        return _with_values(template.chinese, values)
    return None


def _with_values(chinese: str, values: list[str]) -> str:
    return PLACE.sub(lambda place: values[int(place[1])], chinese)


@dataclass(frozen=True, slots=True)
class _Template:
    """A sentence with places. `first`: the longest piece of it that is always there."""

    pattern: re.Pattern[str]
    first: str
    chinese: str


@cache
def _templates(chosen: Language) -> list[_Template]:
    """The sentences with places, those that say most of themselves first."""
    found = []
    for english, chinese in _in_characters(chosen).items():
        pieces = PLACE.split(english)
        if len(pieces) == 1:
            continue
        fixed = pieces[::2]
        place = _any_place(fixed)
        pattern = place.join(re.escape(piece) for piece in fixed)
        compiled = re.compile(pattern, re.S)
        found.append(_Template(compiled, max(fixed, key=len), chinese))
    return sorted(
        found,
        key=lambda each: -len(each.pattern.pattern),
    )


def _any_place(fixed: list[str]) -> str:
    """The pattern of a place. Where a sentence is little more than its places, such as
    `{0} pages`, it is one of figures: anybody's words may end so."""
    letters = sum(map(str.isalpha, "".join(fixed)))
    says_little = not fixed[0] and letters < _FEW_LETTERS
    return r"([\d.,]+)" if says_little else "(.*?)"


@cache
def _read(path: Path) -> dict[str, str]:
    import json  # not for who reads English

    said: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return said


def sentences() -> dict[str, str]:
    """English → Chinese, in the characters of the reader's."""
    return _in_characters(language())


@cache
def _in_characters(chosen: Language) -> dict[str, str]:
    simplified = _read(CATALOGUE)
    if chosen != "zh-hant":
        return simplified
    traditional = _read(TRADITIONAL)
    return {
        english: traditional.get(chinese, chinese)
        for english, chinese in simplified.items()
    }


@cache
def _of_system() -> Language:
    given = os.environ.get(LANGUAGE_VARIABLE, "")
    if given in LANGUAGES:
        return given
    for name in _LOCALES:
        value = os.environ.get(name, "")
        if value:
            return language_of_locale(value.partition(":")[0]) or "en"
    return language_of_locale(_locale_of_windows()) or "en"


def _locale_of_windows() -> str:
    """The locale of Windows' interface, which no variable names; empty elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")


def forget() -> None:
    """Ask the environment again."""
    _of_system.cache_clear()
