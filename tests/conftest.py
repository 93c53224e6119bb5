"""Fixtures for all tests: where the shared corpus is, if it is at all."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium
from hypothesis import settings
from sqlite_utils import Database

from archive.schema import open_archive

settings.register_profile(
    "project", deadline=None
)  # these laws say nothing of time, and machines are noisy
settings.load_profile("project")

# What the program says is compared in English, whatever the machine's language.
os.environ["DISCUZ_ARCHIVE_LANG"] = "en"

# A shell without job control lets what it starts in the background ignore Ctrl-C, and the
# programs that the tests interrupt would inherit that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for the tests of one file: while it runs, no other event loop may."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages beside the project; tests that need it skip where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "pages").is_dir():
        pytest.skip("no ../shared here")
    return folder


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The pages written for this project."""
    return ROOT / "fixtures"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """An archive with nothing in it."""
    db = open_archive(tmp_path / "forum.db")
    yield db
    db.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--accept",
        action="store_true",
        help="write what parsers say beside fixtures/, to be read",
    )


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether expectations are to be written rather than compared."""
    return bool(request.config.getoption("--accept"))


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Tests marked `slow` run only when they are asked for: `pytest -m slow`."""
    if "slow" not in (config.getoption("-m") or ""):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="slow: run with -m slow"))
