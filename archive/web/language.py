"""Which language a reader wants: Simplified Chinese or English."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en"]

_LANGUAGES: Final[dict[str, Language]] = {"zh": "zh", "en": "en"}


def language_of(accepted: str) -> Language:
    """The language of an Accept-Language header (RFC 9110 §12.5.4); Chinese where it is
    absent, English for others."""
    best: Language | None = None
    best_weight = 0.0
    for item in accepted.split(","):
        tag, _, parameter = item.strip().partition(";")
        primary = tag.strip().lower()[:2]
        language = _LANGUAGES.get(primary)
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
