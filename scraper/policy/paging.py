"""How far to believe the numbers of pages that a page claims: they are leads, asked for a
range at a time, and only as far as they come true. Pure.

A page that says ` / 999999999 页` costs no more than the pages that are there and a few.
"""

from __future__ import annotations

from typing import Final

THREAD_AHEAD: Final = 64
"""Pages of a thread are asked for from the last one up: the range is as large as most
threads are."""
BOARD_AHEAD: Final = 16
"""Those of a board are asked for downwards: enough for all connections of a run."""

REPEATS: Final = 3
"""So many pages in a row without anything that others of the same thing did not show, and
there are no further ones. One may repeat another where replies moved meanwhile."""

MANY: Final = 1_000
"""Discuz! shows so many pages of a board; what lies behind goes after everything else, so that
no thread or board without an end keeps a run from the others."""


def ahead(page: int, claimed: int, most: int) -> range:
    """The numbers of the pages to ask for after one that came, `most` of them, where it
    claims that there are `claimed`."""
    last = min(claimed, page + most)
    return range(page + 1, last + 1)
