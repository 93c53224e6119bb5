"""Which language a reader wants: Chinese in simplified or traditional characters, or English."""

from __future__ import annotations

from typing import Any, Final, Literal

from archive.languages import LANGUAGES as LANGUAGES
from archive.languages import Language as Language
from archive.languages import language_of_tag

COOKIE: Final = "forum_language"
"""Keeps what a reader chose."""
TAGS: Final[dict[Language, str]] = {"zh": "zh-CN", "zh-hant": "zh-Hant", "en": "en"}
"""As HTML and HTTP name them (BCP 47)."""
NAMES: Final[dict[Language, str]] = {
    "zh": "简体中文",
    "zh-hant": "繁體中文",
    "en": "English",
}


def chosen_language(cookie: str | None, accepted: str) -> Language:
    """What a reader chose before, else what the browser asks for."""
    for language in LANGUAGES:
        if language == cookie:
            return language
    return language_of(accepted)


def language_asked(request: Any) -> Language:
    """The language of a request of Datasette's."""
    accepted = request.headers.get("accept-language", "")
    return chosen_language(request.cookies.get(COOKIE), accepted)


def spoken(language: Language) -> Literal["zh", "en"]:
    """The language in which the search says what it has to say."""
    return "en" if language == "en" else "zh"


def language_of(accepted: str) -> Language:
    """The language of an Accept-Language header (RFC 9110 §12.5.4); Chinese where it is
    absent, English for others."""
    best: Language | None = None
    best_weight = 0.0
    for item in accepted.split(","):
        tag, _, parameter = item.strip().partition(";")
        language = language_of_tag(tag)
        weight = _weight(parameter)
        if language and weight > best_weight:
            best = language
            best_weight = weight

    if best is not None:
        return best
    says_nothing = accepted.strip() in ("", "*")
    return "zh" if says_nothing else "en"


def _weight(parameter: str) -> float:
    """The number of `q=0.8`; 1 where there is none."""
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
