"""The package's door for programmers: the names that `archive` offers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import archive
from tests.archive_of_posts import Row, make_archive


@pytest.mark.parametrize("name", archive.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(archive, name) is not None
    assert name in dir(archive)


def test_no_other_name_is_made_up() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = archive.no_such_name  # type: ignore[attr-defined]


def test_a_thread_is_read_by_the_door(tmp_path: Path) -> None:
    make_archive(tmp_path / "forum.db", [Row(text="话", thread="主题")]).close()
    db = archive.open_archive(tmp_path / "forum.db", create=False)
    view = archive.read_thread(db, 1)
    assert (view.thread.title, view.posts[0].text) == ("主题", "话")


def test_the_door_imports_nothing_before_it_is_asked() -> None:
    script = "import sys, archive; print('sqlite3' in sys.modules)"
    said = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert said == "False\n"
