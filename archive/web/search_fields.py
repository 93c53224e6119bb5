"""The fields of the search form beside its words: each becomes a filter of the query, so that
an address, a feed and a person see one query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from archive.search.quoting import filter_text
from archive.web.language import Language, spoken
from archive.web.narrowing import narrowed

FIELDS: Final[dict[str, tuple[str, str]]] = {
    "author": ("作者", "author"),
    "board": ("版块", "board"),
}
"""Name of a field → the filter that it is, in Chinese and in English."""
DAYS: Final = ("since", "until")
"""The fields of the first and the last day."""
_DATE: Final = ("日期", "date")


def with_fields(query: str, given: Mapping[str, str], language: Language) -> str:
    """The query with what was written into the fields."""
    is_english = spoken(language) == "en"
    for field, names in FIELDS.items():
        value = given.get(field, "").strip()
        if value:
            query = narrowed(query, filter_text(names[is_english], value))
    since, until = (given.get(day, "").strip() for day in DAYS)
    if since or until:
        days = since if since == until else f"{since}..{until}"
        query = narrowed(query, filter_text(_DATE[is_english], days))
    return query
