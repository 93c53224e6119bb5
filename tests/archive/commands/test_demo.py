"""`discuz-archive demo` as a new user runs it: it ends well, finds what it looks for, and
says what to try next."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_forum import qingshi

from archive.cli import cli
from archive.commands.demo import lay_out
from archive.intake.sources import read_inputs
from archive.schema import open_archive
from archive.search.api import search
from scraper.core.errors import InputError

SHOWN = {110, 111, 120, 130, 131, 140, 150, 160}
"""Threads whose every post is on some page of the fixtures, in one layout or another."""


def test_demo_shows_the_whole_way(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        cli, ["demo", str(tmp_path / "demo")], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    assert "老周修表" in result.output
    assert f"discuz-archive serve {tmp_path / 'demo' / 'demo.db'}" in result.output
    conn = open_archive(tmp_path / "demo" / "demo.db", create=False).conn
    assert [hit.author for hit in search(conn, "七星聚会 是:主楼").hits] == ["槐叔"]
    assert {name for (name,) in conn.execute("SELECT name FROM sites")} == {
        "青石巷",
        "老槐树下",
    }
    posts = conn.execute(
        "SELECT t.tid, count(*) FROM posts p JOIN threads t ON t.id = p.thread_id GROUP BY t.id"
    )
    assert {tid: count for tid, count in posts if tid > 100} == {
        thread.tid: len(thread.posts)
        for thread in qingshi().threads.values()
        if thread.tid in SHOWN
    }


def test_demo_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "demo.db").write_bytes(b"mine")
    with pytest.raises(InputError, match="there already"):
        CliRunner().invoke(cli, ["demo", str(tmp_path)], catch_exceptions=False)
    assert (tmp_path / "demo.db").read_bytes() == b"mine"


def test_its_pages_can_be_read_as_any_input(tmp_path: Path) -> None:
    count = lay_out(tmp_path)
    assert len(list(read_inputs([tmp_path]))) == count > 30
