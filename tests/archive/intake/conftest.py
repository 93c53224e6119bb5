"""Questions to the archive `a.db` that a test has filled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def ask(tmp_path: Path) -> Callable[[str], list[tuple[object, ...]]]:
    """Asks the archive."""

    def ask(query: str) -> list[tuple[object, ...]]:
        conn = sqlite3.connect(tmp_path / "a.db")
        try:
            return conn.execute(query).fetchall()
        finally:
            conn.close()

    return ask
