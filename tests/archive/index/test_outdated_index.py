"""Whoever writes into an archive with an index of older rules is told what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.cli import cli
from archive.schema import open_archive
from archive.search.api import OUTDATED, search

FIXTURES = Path(__file__).parents[3] / "fixtures"


@pytest.fixture
def page() -> Path:
    return min((FIXTURES / "x3").glob("thread*.html"))


def test_new_posts_wait_until_the_index_is_made_again(
    tmp_path: Path, page: Path
) -> None:
    path = tmp_path / "forum.db"
    run = CliRunner()
    url = "https://bbs.example.com/thread-1-1-1.html"
    db = open_archive(path)
    db.conn.execute("INSERT INTO posts_fts_state VALUES ('segmentation', '1')")
    db.close()

    told = run.invoke(cli, ["ingest", str(path), "--url", url, str(page)])
    assert "discuz-archive reindex" in told.stderr
    assert str(path) in told.stderr

    assert run.invoke(cli, ["reindex", str(path)]).exit_code == 0
    again = run.invoke(cli, ["ingest", str(path), "--url", url, str(page)])
    assert "reindex" not in again.stderr
    db = open_archive(path, create=False)
    assert OUTDATED not in search(db.conn, "的").notices
    db.close()
