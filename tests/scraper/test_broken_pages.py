"""Pages broken at random (`tests/tools/break_pages.py`) are read, or refused by the
parser's own error."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from corpus import ROOT

from archive.intake.sources import read_captures
from scraper.core.errors import PageError
from scraper.core.records import Capture
from scraper.parsing import parse_capture

sys.path.insert(0, str(ROOT / "tests" / "tools"))

from break_pages import DAMAGES, FIXTURES, broken


@pytest.fixture(scope="module")
def captures() -> list[Capture]:
    """The pages of the fixtures."""
    return [capture for capture in read_captures([FIXTURES]) if capture.body]


def test_broken_pages_are_read_or_refused() -> None:
    """In a process of their own, whose memory is no other test's."""
    program = ROOT / "tests" / "tools" / "break_pages.py"
    words = [sys.executable, str(program), "--count", "400", "--seed", "7"]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "readers that broke: 0" in ran.stdout


def test_a_seed_makes_the_same_pages_and_every_damage(captures: list[Capture]) -> None:
    once, again = (list(broken(captures, 60, seed=3)) for _ in range(2))
    assert once == again
    assert {kind for _, kind, _ in once} == set(DAMAGES)
    whole = {capture.body for capture in captures}
    assert (
        sum(page.body not in whole for _, _, page in once) > 30
    )  # JSON has no elements to lose or to swap


@pytest.mark.parametrize("tag", ["d;v", "d:v", "d&v", "d!v", "tbody$", "li@", "tbödy"])
def test_many_rows_under_a_broken_tag_are_read_or_refused(tag: str) -> None:
    """An element of a name that is no selector may be looked into."""
    rows = "".join(
        f'<{tag} id="normalthread_{tid}"><a href="/own/{tid}/a">{tid}</a></{tag}>'
        for tid in range(1, 90)
    )
    body = f'<html><body id="nv_forum" class="pg_forumdisplay">{rows}</body></html>'
    capture = Capture(
        url="https://bbs.example.net/own/2/b",
        fetched_at=datetime(2024, 2, 1, tzinfo=UTC),
        body=body.encode(),
    )
    try:
        outcome = parse_capture(capture).theme
    except PageError as error:
        outcome = str(error)
    assert "reader broke" not in outcome
