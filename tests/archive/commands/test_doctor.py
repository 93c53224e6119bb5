"""`doctor` says what a page is, who reads it, and what it does not print; from a file or
from a forum."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from fake_forum import qingshi, serve

from archive.commands.doctor import command
from scraper.core.errors import FetchError


def said(*arguments: str) -> tuple[int, str]:
    """Exit code and output."""
    result = CliRunner(env={"COLUMNS": "200"}).invoke(
        command, arguments, standalone_mode=False, catch_exceptions=False
    )
    return int(result.return_value or 0), result.output


def test_a_saved_page(fixtures: Path) -> None:
    code, output = said(str(fixtures / "x3" / "thread-radio.html"))
    assert code == 0
    for words in ("yes:", "thread, theme x, Discuz! X3.5", "utf-8", "posted_at"):
        assert words in output


def test_a_print_page_says_why_it_has_no_numbers(fixtures: Path) -> None:
    _, output = said(str(fixtures / "print" / "radio.html"))
    assert "print no post numbers" in output


def test_a_page_of_something_else_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<html><body>新闻</body></html>", "utf-8")
    code, output = said(str(tmp_path / "a.html"))
    assert code == 4
    assert "nothing reads it" in output


def test_a_forum_on_the_web(tmp_path: Path) -> None:
    with serve(qingshi(), tmp_path) as site:
        code, output = said(site.url)
    assert code == 0
    assert "index, theme x" in output


def test_no_forum_there() -> None:
    with pytest.raises(FetchError):
        said("http://127.0.0.1:9/")
