"""Advice that a command prints can be followed as it is printed, however the program was
called."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import ROOT

from archive.commands import _saying

SCRIPT = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
from archive.cli import main
main()
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program as an installation puts it into a folder of its own."""
    script = tmp_path / "my env" / "bin" / "discuz-archive"
    script.parent.mkdir(parents=True)
    script.write_text(SCRIPT)
    script.chmod(0o755)
    return script


def complaint(words: list[str], folder: Path, path: str = "") -> str:
    ran = subprocess.run(
        [*words, "stats", "none.db"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path or "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        check=False,
    )
    return ran.stderr


def test_by_a_path(installed: Path) -> None:
    said = complaint(["bin/discuz-archive"], installed.parent.parent)
    assert "`bin/discuz-archive crawl none.db ADDRESS`" in said


def test_by_a_path_with_blanks(installed: Path) -> None:
    folder = installed.parent.parent.parent
    said = complaint(["my env/bin/discuz-archive"], folder)
    assert "`'my env/bin/discuz-archive' crawl none.db ADDRESS`" in said


def test_by_its_name(installed: Path, tmp_path: Path) -> None:
    path = f"{installed.parent}{os.pathsep}/usr/bin:/bin"
    said = complaint(["/usr/bin/env", "discuz-archive"], tmp_path, path)
    assert "`discuz-archive crawl none.db ADDRESS`" in said


def test_as_a_module(tmp_path: Path) -> None:
    said = complaint([sys.executable, "-m", "archive"], tmp_path)
    assert "`python -m archive crawl none.db ADDRESS`" in said


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "argv", [".venv/bin/discuz-archive"])
    _saying.program.cache_clear()
    yield
    _saying.program.cache_clear()


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "run: discuz-archive reindex a.db",
            "run: .venv/bin/discuz-archive reindex a.db",
        ),
        ("another discuz-archive (7) is writing", None),
        ("install discuz-archive anew", None),
        ("/opt/discuz-archive crawl a.db", None),
        ("https://x.example/discuz-archive crawl", None),
        ("discuz-archive crawler", None),
    ],
)
def test_commands_alone_are_named_so(text: str, said: str | None) -> None:
    assert _saying.as_called(text) == (said or text)
