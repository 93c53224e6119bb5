"""Every pair in `fixtures/THEME/`: a page as served and the records it must become. Pairs
are found, not listed.

A new pair: put `NAME.html` there, and beside it `NAME.json` with
`{"capture": {"url": …, "fetched_at": …, "content_type": …}}` (`status` too where it is not 200); run
`pytest tests/test_fixtures.py --accept`, and read what it wrote before you commit it.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from corpus import FIXTURES

from archive.intake.saved_address import address_in
from scraper.core.records import Capture, as_json
from scraper.parsing import parse_capture
from scraper.themes import themes

FOLDER = FIXTURES
PAIRS = sorted(
    path for path in FOLDER.glob("*/*.*") if path.suffix in {".html", ".txt"}
)
TELLING = {
    "x3",
    "x3_gbk",
    "x3_other",
    "x2",
    "x15",
    "print",
}  # layouts whose pages name their own address


def test_pairs_are_found() -> None:
    assert {path.parent.name for path in PAIRS} >= {
        "x3",
        "x3_gbk",
        "print",
        "archiver",
        "print_text",
    }
    assert sorted(FOLDER.glob("*/*.json")) == sorted(
        path.with_suffix(".json") for path in PAIRS
    )


def test_every_theme_and_kind_has_its_pair() -> None:
    pages = [
        json.loads(path.with_suffix(".json").read_text("utf-8"))["page"]
        for path in PAIRS
    ]
    assert {theme.name for theme in themes()} <= {page.get("theme") for page in pages}
    assert {"thread", "board", "index", "profile", "feed", "notice", "other"} <= {
        page["kind"] for page in pages
    }


@pytest.mark.parametrize(
    "page", PAIRS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_page_says_what_stands_beside_it(page: Path, accept: bool) -> None:
    beside = page.with_suffix(".json")
    pair = json.loads(beside.read_text("utf-8"))
    said = as_json(parse_capture(capture_of(page, pair["capture"])))
    if accept:
        pair["page"] = said
        beside.write_text(
            json.dumps(pair, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    assert said == pair.get("page"), (
        "if the page does say this, run pytest with --accept and read the difference"
    )


@pytest.mark.parametrize(
    "page",
    [page for page in PAIRS if page.parent.name in TELLING],
    ids=lambda path: path.stem,
)
def test_a_saved_page_tells_its_own_address(page: Path) -> None:
    pair = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert address_in(page.read_bytes(), page.name) == pair["capture"]["url"]


def capture_of(page: Path, known: dict[str, Any]) -> Capture:
    """The page as it was captured."""
    headers = (("Content-Type", known["content_type"]),)
    fetched_at = datetime.fromisoformat(known["fetched_at"])
    return Capture(
        known["url"], fetched_at, page.read_bytes(), known.get("status", 200), headers
    )
