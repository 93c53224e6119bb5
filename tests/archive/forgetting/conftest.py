"""An archive of the fake forum, crawled once: each test has a copy to forget something of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Runner
from fake_forum.server import serve
from fake_forum.story import qingshi
from forgetting import Crawled, saved_pages


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
