"""Links that narrow a search by board, author, place or year, and take that away again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from archive.search.facets import Counted, Facets
from archive.search.quoting import quoted
from archive.web import paths
from archive.web.narrowing import narrowed

_UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class FacetLink:
    """A value to narrow a search by; `path` takes it away again where it is set."""

    name: str
    posts: int
    path: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """The values of a filter, the most frequent first; so many more were left out."""

    filter: str
    links: tuple[FacetLink, ...]
    left_out: int = 0


def facet_groups(
    query: str, chosen: Mapping[str, str], facets: Facets
) -> list[FacetGroup]:
    """The filters that have values; `chosen` is what stays in the address beside the query."""

    def group(name: str, counted: Counted, left_out: int = 0) -> FacetGroup:
        links = []
        for value, posts in counted:
            if value == _UNKNOWN:
                continue
            links.append(_link(query, chosen, name, value, posts))
        return FacetGroup(name, tuple(links), left_out)

    groups = (
        group("board", facets.boards, facets.boards_left_out),
        group("author", facets.authors, facets.authors_left_out),
        group("location", facets.locations, facets.locations_left_out),
        group("date", facets.years),
    )
    return [each for each in groups if each.links]


def _link(
    query: str, chosen: Mapping[str, str], name: str, value: str, posts: int
) -> FacetLink:
    typed_value = value if name == "date" else quoted(value)
    word = f"{name}:{typed_value}"
    set_word = re.compile(rf"(?<!\S){re.escape(word)}(?!\S)")
    is_set = set_word.search(query) is not None
    if is_set:
        rest = set_word.sub(" ", query)
        asked = " ".join(rest.split())
    else:
        asked = narrowed(query, word)
    return FacetLink(
        name=value,
        posts=posts,
        path=paths.search(asked, **chosen),
        is_set=is_set,
    )
