"""The languages that the program speaks, and their names in tags and locales."""

from __future__ import annotations

from typing import Final, Literal, get_args

Language = Literal["zh", "zh-hant", "en"]

LANGUAGE_VARIABLE: Final = "DISCUZ_ARCHIVE_LANG"
"""The environment's name for a language, which goes before the system's."""
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})
"""Parts of a tag that mean traditional characters."""


def language_of_tag(tag: str) -> Language | None:
    """That of a tag such as `zh-TW`; None for one that we do not speak."""
    primary, *parts = tag.strip().lower().split("-")
    if primary == "en":
        return "en"
    if primary != "zh":
        return None
    is_traditional = not _TRADITIONAL.isdisjoint(parts) and "hans" not in parts
    return "zh-hant" if is_traditional else "zh"


def language_of_locale(name: str) -> Language | None:
    """That of a locale such as `zh_TW.UTF-8` or `zh_Hant_HK`; None where none is said, as
    of `C`."""
    tag, _, _ = name.partition(".")
    tag, _, _ = tag.partition("@")
    return language_of_tag(tag.replace("_", "-"))
