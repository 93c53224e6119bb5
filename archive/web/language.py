"""Which language a reader wants: Chinese in simplified or traditional characters, or English."""

from __future__ import annotations

from typing import Final, Literal, get_args

Language = Literal["zh", "zh-hant", "en"]

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
COOKIE: Final = "forum_language"
"""Keeps what a reader chose."""
TAGS: Final[dict[Language, str]] = {"zh": "zh-CN", "zh-hant": "zh-Hant", "en": "en"}
"""As HTML and HTTP name them (BCP 47)."""
NAMES: Final[dict[Language, str]] = {
    "zh": "简体中文",
    "zh-hant": "繁體中文",
    "en": "English",
}
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})
"""Parts of a tag that mean traditional characters."""


def chosen_language(cookie: str | None, accepted: str) -> Language:
    """What a reader chose before, else what the browser asks for."""
    for language in LANGUAGES:
        if language == cookie:
            return language
    return language_of(accepted)


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
        language = _language_of_tag(tag)
        weight = _weight(parameter)
        if language and weight > best_weight:
            best = language
            best_weight = weight

    if best is not None:
        return best
    says_nothing = accepted.strip() in ("", "*")
    return "zh" if says_nothing else "en"


def _language_of_tag(tag: str) -> Language | None:
    """That of a tag such as `zh-TW`; None for one that we do not speak."""
    primary, *parts = tag.strip().lower().split("-")
    if primary == "en":
        return "en"
    if primary != "zh":
        return None
    is_traditional = not _TRADITIONAL.isdisjoint(parts) and "hans" not in parts
    return "zh-hant" if is_traditional else "zh"


def _weight(parameter: str) -> float:
    """The number of `q=0.8`; 1 where there is none."""
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
