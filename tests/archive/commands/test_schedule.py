"""`schedule`: names of units, and arguments that `crawl` would refuse."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

import pytest
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


ODD = "http://a.example/forum.php?a=1&b=2%20"


def printed(db: Path, *words: str) -> str:
    result = CliRunner().invoke(
        cli, ["schedule", str(db), ODD, *words], standalone_mode=False
    )
    assert result.exception is None, result.output
    return str(result.output)


@pytest.mark.parametrize("every", ["hourly", "daily", "weekly"])
def test_an_agent_of_launchd(tmp_path: Path, every: str) -> None:
    db = tmp_path / "论坛 & co.db"
    text = printed(db, "--for", "macos", "--every", every, "--delay", "3", "--quiet")
    agent = plistlib.loads(text.encode())
    words = agent["ProgramArguments"]
    at = words.index("crawl")
    assert words[at:] == ["crawl", str(db), ODD, "--delay", "3", "--quiet"]
    assert agent["WorkingDirectory"] == str(tmp_path)
    assert agent["StartCalendarInterval"]["Minute"] == 17
    assert f"{agent['Label']}.plist" in text


def unescaped(line: str) -> str:
    """What a program gets of a line of cmd.exe in which every special character has a caret."""
    assert not re.search(r'(?<!\^)[()%!"<>&|]', line)
    return re.sub(r"\^(.)", r"\1", line)


def test_a_line_of_schtasks(tmp_path: Path) -> None:
    """Read again by the rules by which Windows' programs split their line."""
    db = tmp_path / "a b.db"
    text = printed(db, "--for", "windows", "--every", "weekly")
    (line,) = [each for each in text.splitlines() if each.startswith("schtasks /Cr")]
    plain = unescaped(line)
    inner = plain.partition('/TR "')[2].removesuffix('"').replace('\\"', '"')
    assert f'crawl "{db}" {ODD} --quiet --log "{tmp_path / "a b.log"}"' in inner
    assert "/SC WEEKLY /D SUN /ST 04:17" in plain
    name = re.search(r"/TN (\S+)", plain)
    assert name
    assert re.fullmatch(r"[\w.-]+", name[1], re.ASCII)


def test_a_line_that_schtasks_does_not_take_is_said(tmp_path: Path) -> None:
    assert "schtasks takes 261" not in printed(Path("/a.db"), "--for", "windows")
    long = printed(tmp_path / f"{'a' * 150}.db", "--for", "windows")
    assert "schtasks takes 261" in long


def test_each_system_gets_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for platform, word in (
        ("linux", "systemctl"),
        ("freebsd14", "systemctl"),
        ("darwin", "launchctl"),
        ("win32", "schtasks"),
    ):
        monkeypatch.setattr("archive.commands.schedule.sys.platform", platform)
        assert word in printed(tmp_path / "a.db")
