"""The JSON of the board tree (module `forumindex`), and of the boards below a board."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scraper.core.errors import PageError
from scraper.core.records import BoardRow, IndexPage
from scraper.markup.snapshot import Snapshot
from scraper.pages.api.values import JsonMap, ident

_LEVELS: Final = 3  # Discuz! has boards and sub-boards


@dataclass(frozen=True, slots=True)
class _Category:
    name: str = ""
    fid: int | None = None


_NO_CATEGORY: Final = _Category()


def read_index(answer: JsonMap, variables: JsonMap, page: Snapshot) -> IndexPage:
    """Read the board tree, category by category; PageError where no board is in it."""
    rest: dict[int, JsonMap] = {}
    for row in variables.rows("forumlist"):
        fid = row.ident("fid")
        if fid is not None:
            rest[fid] = row

    boards: list[BoardRow] = []
    for row in variables.rows("catlist"):
        category = _Category(row.words("name"), row.ident("fid"))
        held = _take_forums(row, rest)
        boards += flatten(held, category)

    boards += flatten(list(rest.values()))
    if not boards:
        raise PageError("a board tree in JSON without boards")
    return IndexPage(boards=tuple(boards))


def _take_forums(category: JsonMap, rest: dict[int, JsonMap]) -> list[JsonMap]:
    """The boards that a category lists by their numbers, taken out of the rest."""
    fids = category.get("forums")
    if not isinstance(fids, list):
        return []

    held = []
    for value in fids:
        fid = ident(value)
        if fid in rest:
            held.append(rest.pop(fid))
    return held


def flatten(
    found: list[JsonMap],
    category: _Category = _NO_CATEGORY,
    parent_fid: int | None = None,
    levels: int = _LEVELS,
) -> Iterator[BoardRow]:
    """Boards in order, each followed by those below it, `levels` deep at the most."""
    for row in found:
        fid = row.ident("fid")
        if fid is None:
            continue

        below = row.rows("sublist") if levels > 1 else []
        yield BoardRow(
            fid=fid,
            name=row.words("name"),
            parent_fid=parent_fid,
            category=category.name,
            category_fid=category.fid,
            threads=_own_count(row, below, "threads"),
            posts=_own_count(row, below, "posts"),
            description=row.words("description"),
        )
        yield from flatten(below, category, fid, levels - 1)


def _own_count(row: JsonMap, below: list[JsonMap], key: str) -> int | None:
    """A board's own count: forum_index adds to it those of the boards below it, which are
    listed with it."""
    total = row.count(key)
    if total is None:
        return None

    others = 0
    for board in below:
        others += board.count(key) or 0
    return total - others if total >= others else total
