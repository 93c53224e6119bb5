"""Links that narrow a search by board, author, place or year, and take that away again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from archive.search.facets import Counted, Facets
from archive.web import paths

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
    without_quotes = value.replace('"', "")
    quoted = value if name == "date" else f'"{without_quotes}"'
    word = f"{name}:{quoted}"
    is_set = word in query
    if is_set:
        rest = query.replace(word, " ")
        narrowed = " ".join(rest.split())
    else:
        narrowed = f"{query} {word}"
    return FacetLink(
        name=value,
        posts=posts,
        path=paths.search(narrowed, **chosen),
        is_set=is_set,
    )
