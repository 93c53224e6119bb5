"""Hits of a search as they are shown in a page or feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from archive.reading.clock import local
from archive.search.api import Hit
from archive.search.snippet import HTML
from archive.web import paths
from archive.web.source import HitNumbers
from archive.web.values import PageRequest


@dataclass(frozen=True, slots=True)
class HitLine:
    """A hit with its addresses, empty where there is no such page; `others` are those of its
    thread that are shown with it."""

    hit: Hit
    path: str
    author_path: str
    board_path: str
    time: str
    words: Markup
    others: tuple[HitLine, ...] = ()


def hit_lines(request: PageRequest, hits: Sequence[Hit]) -> list[HitLine]:
    """Hits as they are shown."""
    ids = []
    for hit in hits:
        ids.append(hit.post_id)
        ids += [other.post_id for other in hit.others]

    numbers = request.source.hit_numbers(ids)
    return [_line(hit, numbers) for hit in hits]


def _line(hit: Hit, numbers: Mapping[int, HitNumbers]) -> HitLine:
    known = numbers[hit.post_id]
    site_id = known.site_id
    words = hit.snippet.marked(HTML)  # HTML escapes all but its own marks
    others = [_line(other, numbers) for other in hit.others]
    return HitLine(
        hit=hit,
        path=paths.numbered(
            "post",
            site_id,
            number=known.pid,
            row_id=hit.post_id,
        ),
        author_path=paths.author(site_id, known.uid, hit.author),
        board_path=_board_path(known),
        time=local(hit.posted_at, hit.utc_offset_minutes),
        words=Markup(words),
        others=tuple(others),
    )


def _board_path(known: HitNumbers) -> str:
    """The page of the board that a hit is in."""
    if known.fid is None and known.board_row is None:
        return ""
    return paths.numbered(
        "board",
        known.site_id,
        number=known.fid,
        row_id=known.board_row,
    )
