"""An archive of the fake forum, crawled once: each test has a copy to forget something of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from crawling import Runner
from fake_clock import FakeClock
from fake_forum.server import Running, serve
from fake_forum.story import qingshi
from forgetting import saved_pages


@dataclass(frozen=True, slots=True)
class Crawled:
    """A forum that is served, an archive of it, and when the crawl ended."""

    site: Running
    folder: Path
    clock: FakeClock

    def copy(self, folder: Path) -> Runner:
        """A copy of the archive, and who crawls on into it."""
        folder.mkdir()
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Runner(folder / "forum.db", self.clock)


@pytest.fixture(scope="session", params=["utf-8", "gbk"])
def crawled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp("crawled")
    with serve(qingshi(), charset=request.param, guests_see_files=True) as site:
        runner = Runner(folder / "forum.db")
        runner.run(site.url, media=True)
        yield Crawled(site, folder, runner.clock)


@pytest.fixture
def runner(crawled: Crawled, tmp_path: Path) -> Runner:
    """A copy of the archive in a folder of its own."""
    return crawled.copy(tmp_path / "archive")


@pytest.fixture
def saved(crawled: Crawled, tmp_path: Path) -> Path:
    """Pages of the forum's threads as people save them, in all layouts."""
    folder = tmp_path / "saved"
    folder.mkdir()
    saved_pages(crawled.site.url, folder)
    return folder
