"""Questions to hits: the query language, how it is planned and run, what is said beside it.

Imports `schema` and `index`. Open `api.py` first: `search` is what every door calls. Then
`query.py` (text → tree), `planner.py` (tree → plan), `executor.py` (plan → post numbers),
`hits.py` (numbers → what is shown). README.md describes the query language.

The package may be called: `archive.search(conn, "淘宝 -广告")` is `api.search`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _SearchPackage(ModuleType):
    """`archive.search` names this package and the function that programmers are offered:
    Python keeps one value for both, so it is a package that can be called."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        from archive.search.api import search

        return search(
            *args,
            **options,
        )


sys.modules[__name__].__class__ = _SearchPackage
