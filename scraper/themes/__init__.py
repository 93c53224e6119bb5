"""Themes: one file a page template. Each module here that has a `THEME` is found by itself;
nothing is registered.

A theme says how sure it is that a snapshot is its own (`recognise`: 0 is no, the highest
wins) and turns it into content (`read`). `read` raises PageError for a page of a known kind
that yields nothing.

Imports `core`, `addresses`, `markup` and `pages`. Open `x.py` first: it is the template
of most forums that stand.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from scraper.core.records import Content
from scraper.core.site import SiteLine
from scraper.markup.snapshot import Snapshot

GENERIC, LIKELY, SURE, NOTICE, CERTAIN = 10, 40, 60, 90, 100
"""How sure `recognise` may be: what all generations share; a likeness; the template itself;
a notice in its place; a form that no page has (JSON, RSS), of which nobody else is
asked."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One page template. `recognise` must be cheap: it is asked of every page.

    `site` tells the forum from the page's text, where the template names it in a way of its
    own. A `fallback` is asked only where every other theme said no, or could not read the
    page. `prints` names the fields that stand on every page of the layout
    (`scraper/pages/layouts.py`): one that never comes out is reported.
    """

    name: str
    recognise: Callable[[Snapshot], int]
    read: Callable[[Snapshot], Content]
    site: Callable[[str], SiteLine] | None = None
    fallback: bool = False
    prints: frozenset[str] = frozenset()


@cache
def themes(folders: tuple[str, ...] | None = None) -> tuple[Theme, ...]:
    """All themes of this folder, in the order of their names."""
    return tuple(_discover(folders or tuple(__path__)))


def _discover(folders: Iterable[str]) -> Iterator[Theme]:
    names = [info.name for info in pkgutil.iter_modules(folders)]
    for name in sorted(names):
        module = importlib.import_module(f"{__name__}.{name}")
        theme = getattr(module, "THEME", None)
        if isinstance(theme, Theme):
            yield theme


def claims(snapshot: Snapshot) -> Iterator[Theme]:
    """The themes that this snapshot may be a page of, the surest first, fallbacks last and
    asked late."""
    for is_fallback in (False, True):
        claimants: list[tuple[int, Theme]] = []
        for theme in themes():
            if theme.fallback is not is_fallback:
                continue
            sureness = theme.recognise(snapshot)
            if sureness == CERTAIN:
                yield theme
                return
            if sureness > 0:
                claimants.append((sureness, theme))

        claimants.sort(key=_by_sureness)
        for _, theme in claimants:
            yield theme


def _by_sureness(claimant: tuple[int, Theme]) -> int:
    sureness, _ = claimant
    return -sureness
