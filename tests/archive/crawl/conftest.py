"""A frontier, and what is left of it; crawls into an archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from crawling import Runner
from frontiers import NOW, two_forums

from archive.crawl.backlog import Backlog
from archive.crawl.frontier import Frontier


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(two_forums(tmp_path / "a.db")) as conn:
        yield conn


@pytest.fixture
def frontier(conn: sqlite3.Connection) -> Frontier:
    return Frontier(conn, 1, NOW)


@pytest.fixture
def backlog(conn: sqlite3.Connection) -> Backlog:
    return Backlog(conn, 1)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path / "forum.db")
