"""Pages grown from HTML's expensive rules (`tests/tools/grow_pages.py`) are read, or refused
by the parser's own error."""

from __future__ import annotations

import sys

from corpus import ROOT

sys.path.insert(0, str(ROOT / "tests" / "tools"))

from grow_pages import GROWTHS, grown, run


def test_grown_pages_are_read_or_refused() -> None:
    tally = run(grown(120, seed=5, size=60_000))
    assert tally.broke == []
    assert sum(tally.ended.values()) == 120
    assert {kind for kind, _ in tally.ended} == set(GROWTHS)


def test_a_seed_makes_the_same_pages() -> None:
    once, again = (list(grown(20, seed=3, size=5_000)) for _ in range(2))
    assert once == again
