"""A newcomer's walk through README.zh.md, in an empty folder: each command as it is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from corpus import ROOT
from fake_forum.generate import generated
from fake_forum.model import Words
from fake_forum.server import serve

README = (ROOT / "README.zh.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
PROGRAM = ".venv/bin/discuz-archive"
FORUM = "https://bbs.example.com/"
PICTURE_BYTES = 100_000


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    forum = generated(boards=1, threads=2, replies=2)
    for thread in forum.threads.values():
        opening = thread.posts[0]
        thread.posts[0] = replace(opening, parts=(Words("外公留下的收音机"),))
    with serve(forum) as site:
        yield site.url


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder with a page that the reader has saved."""
    made = tmp_path_factory.mktemp("newcomer")
    page = ROOT / "fixtures" / "x3" / "thread-radio.html"
    shutil.copyfile(page, made / "saved-page.html")
    return made


def run(line: str, folder: Path, address: str) -> subprocess.Popen[str]:
    """Begin a command of the walk; the forum is one of ours, in no hurry to be spared."""
    words = shlex.split(line.replace(FORUM, address))
    assert words[0] == PROGRAM
    program = [sys.executable, "-m", "archive"]
    if words[1] == "crawl":
        words += ["--delay", "0"]
    return subprocess.Popen(
        [*program, *words[1:]],
        cwd=folder,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "BROWSER": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_each_command_does_what_it_says(folder: Path, address: str) -> None:
    said = {}
    for line in COMMANDS:
        if not line.startswith(PROGRAM):
            continue
        process = run(line, folder, address)
        name = line.split()[1]
        if name == "serve":
            _end_once_it_serves(process)
            continue
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, f"{line}: {out}{err}"
        said[line.partition(" ")[2]] = out
    assert "外公留下的" in said["search forum.db 收音机"]
    assert "posts:" in said[f"crawl forum.db {FORUM} --media"]


def _end_once_it_serves(process: subprocess.Popen[str]) -> None:
    assert process.stderr
    ends_s = time.monotonic() + 60
    while "running on" not in process.stderr.readline():
        assert time.monotonic() < ends_s
        assert process.poll() is None
    process.terminate()
    process.communicate(timeout=60)


def test_the_installation_is_that_of_the_english_readme() -> None:
    english = (ROOT / "README.md").read_text("utf-8")
    installed = [line for line in COMMANDS if not line.startswith(PROGRAM)]
    assert installed == ["python3 -m venv .venv", ".venv/bin/pip install ."]
    assert all(line in english for line in installed)


def test_its_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", README)
    assert len(pictures) == 3
    for name in pictures:
        assert 0 < (ROOT / name).stat().st_size < PICTURE_BYTES
    for link in re.findall(r"(?<!!)\[.+?\]\(([^):]+)\)", README):
        assert (ROOT / link).exists()
