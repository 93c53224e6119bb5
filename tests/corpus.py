"""Where the pages that tests read are, and what the recorded sets are called."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
SETS = (
    "d60-gbk",
    "d72-gbk",
    "x15-big5",
    "x2-gbk",
    "x32-gbk",
    "x34-gbk",
    "x34-utf8",
    "x35-a",
    "source-post",
    "source-post-gbk",
)
SCORED_SETS = (*SETS, "x5-a")
"""The sets with expectations of single pages."""
