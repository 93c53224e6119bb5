"""`schedule`: names of units, and arguments that `crawl` would refuse."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from archive.cli import cli, run


def units(db: Path) -> set[str]:
    result = CliRunner().invoke(
        cli, ["schedule", str(db), "https://a.example/"], standalone_mode=False
    )
    assert result.exception is None, result.output
    return set(re.findall(r"discuz-archive-\S+\.(?:service|timer)", result.output))


def test_units_have_names_that_systemd_takes(tmp_path: Path) -> None:
    assert units(tmp_path / "forum.db") == {
        "discuz-archive-forum.service",
        "discuz-archive-forum.timer",
    }
    found = units(tmp_path / "论坛 50%.db")
    assert len(found) == 2
    assert all(
        re.fullmatch(r"[\w:.-]+", unit, re.ASCII) for unit in found
    )  # systemd.unit(5)


def test_archives_of_like_names_have_units_of_their_own(tmp_path: Path) -> None:
    assert not units(tmp_path / "论坛.db") & units(tmp_path / "论壇.db")


def test_wrong_arguments_are_told_now(tmp_path: Path) -> None:
    words = ["schedule", str(tmp_path / "a.db"), "https://a.example/", "--dely", "3"]
    assert run(lambda: cli.main(words, standalone_mode=False)) == 2
