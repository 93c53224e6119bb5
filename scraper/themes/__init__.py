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
    for info in sorted(pkgutil.iter_modules(folders), key=lambda info: info.name):
        theme = getattr(
            importlib.import_module(f"{__name__}.{info.name}"), "THEME", None
        )
        if isinstance(theme, Theme):
            yield theme


def claims(snapshot: Snapshot) -> Iterator[Theme]:
    """The themes that this snapshot may be a page of, the surest first, fallbacks last and
    asked late."""
    for fallback in (False, True):
        sure: list[tuple[int, Theme]] = []
        for theme in (theme for theme in themes() if theme.fallback is fallback):
            sure.append((theme.recognise(snapshot), theme))
            if sure[-1][0] == CERTAIN:
                yield theme
                return
        yield from (
            theme for how, theme in sorted(sure, key=lambda pair: -pair[0]) if how > 0
        )
