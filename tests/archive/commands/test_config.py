"""`discuz-archive.toml`: what a person would type each time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from archive.cli import cli
from archive.commands._config import FILE_NAME
from scraper.core.errors import InputError

Given = dict[str, Any]


@pytest.fixture
def given(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[list[str]], Given]:
    """What a command is called with, in place of doing anything."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))

    def given(words: list[str]) -> Given:
        seen: Given = {}
        context = click.Context(cli)
        command = cli.get_command(context, words[0])
        assert command
        monkeypatch.setattr(command, "callback", lambda **values: seen.update(values))
        cli.main(words, standalone_mode=False)
        return seen

    return given


def write(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(text, encoding="utf-8")


CRAWL = """
[crawl]
contact = "我 <me@example.com>"
delay = 3
media = true
header = ["X-A: 1", "X-B: 2"]
"""


def test_beside_the_archive(
    tmp_path: Path, given: Callable[[list[str]], Given]
) -> None:
    write(tmp_path, CRAWL)
    seen = given(["crawl", str(tmp_path / "a.db"), "bbs.example"])
    assert seen["contact"] == "我 <me@example.com>"
    assert seen["delay_s"] == 3
    assert seen["media"] is True
    assert seen["headers"] == (("X-A", "1"), ("X-B", "2"))


def test_what_is_typed_goes_first(
    tmp_path: Path, given: Callable[[list[str]], Given]
) -> None:
    write(tmp_path, CRAWL)
    words = [
        "crawl",
        str(tmp_path / "a.db"),
        "--delay",
        "5",
        "--contact",
        "x@y.example",
    ]
    seen = given(words)
    assert (seen["delay_s"], seen["contact"]) == (5, "x@y.example")


def test_the_users_file_and_the_nearer_one(
    tmp_path: Path, given: Callable[[list[str]], Given]
) -> None:
    user = Path(click.get_app_dir("discuz-archive"))
    assert str(user).startswith(os.environ["HOME"])
    write(user, CRAWL)
    write(tmp_path, "[crawl]\ndelay = 9\n")
    seen = given(["crawl", str(tmp_path / "a.db")])
    assert (seen["delay_s"], seen["media"]) == (9, True)


def test_a_path_is_taken_from_the_files_folder(
    tmp_path: Path, given: Callable[[list[str]], Given]
) -> None:
    write(tmp_path, '[crawl]\ncookies = "c.txt"\n')
    (tmp_path / "c.txt").touch()
    seen = given(["crawl", str(tmp_path / "a.db")])
    assert seen["cookies"] == tmp_path / "c.txt"


def test_watch_takes_what_it_has_of_the_crawls(
    tmp_path: Path, given: Callable[[list[str]], Given]
) -> None:
    write(tmp_path, "[crawl]\ndelay = 4\nconcurrency = 2\n[watch]\nmedia = true\n")
    seen = given(["watch", str(tmp_path / "a.db")])
    assert (seen["delay_s"], seen["media"]) == (4, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[crwal]\n", "[crwal]: no such command; did you mean crawl?"),
        ("[crawl]\ndealy = 3\n", "[crawl] dealy: no such option; did you mean delay?"),
        ("crawl = 3\n", "write [crawl]"),
        ("delay = 3\n", "[delay]: no such command"),
        ("[crawl\n", "is no TOML"),
    ],
)
def test_what_means_nothing_is_named(
    tmp_path: Path, given: Callable[[list[str]], Given], text: str, said: str
) -> None:
    write(tmp_path, text)
    with pytest.raises(InputError) as refused:
        given(["crawl", str(tmp_path / "a.db")])
    assert said in str(refused.value)
    assert str(tmp_path / FILE_NAME) in str(refused.value)


def test_a_value_that_does_not_fit_is_refused(
    tmp_path: Path, given: Callable[[list[str]], Given]
) -> None:
    write(tmp_path, '[crawl]\ndelay = "soon"\n')
    with pytest.raises(click.BadParameter, match="soon"):
        given(["crawl", str(tmp_path / "a.db")])
