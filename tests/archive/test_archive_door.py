"""The package's door for programmers: the names that `archive` offers."""

from __future__ import annotations

import doctest
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


def test_posts_are_found_by_the_door(tmp_path: Path) -> None:
    text = "红灯牌收音机只剩下沙沙的声音了，调谐指针能走，指示灯也亮"
    rows = [Row(text=text), Row(text=text, thread="转载")]
    make_archive(tmp_path / "forum.db", rows).close()
    db = archive.open_archive(tmp_path / "forum.db", create=False)
    hits = archive.search(db, "收音机").hits
    assert [hit.post_id for hit in hits] == [2, 1]
    assert archive.search(db.conn, "收音机").hits == hits
    (copy,) = archive.similar(db, 1)
    assert (copy.hit.post_id, copy.is_copy) == (2, True)
    assert len(archive.similar_to_text(db, text)) == 2


def test_the_example_runs_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "红灯牌收音机只剩沙沙声，换了滤波电容以后好多了"
    copied = f"{text}。广告"
    rows = [Row(text=text, floor=1), Row(text=copied, thread="转载")]
    make_archive(tmp_path / "forum.db", rows).close()
    monkeypatch.chdir(tmp_path)
    outcome = doctest.testmod(archive)
    assert outcome.attempted > 5
    assert outcome.failed == 0


def test_the_search_is_a_package_and_a_function() -> None:
    script = (
        "import archive; first = archive.search; import archive.search.query; "
        "print(first is archive.search, callable(archive.search))"
    )
    said = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert said == "True True\n"


def test_the_door_imports_nothing_before_it_is_asked() -> None:
    script = "import sys, archive; print('sqlite3' in sys.modules)"
    said = subprocess.check_output([sys.executable, "-c", script], text=True)
    assert said == "False\n"
