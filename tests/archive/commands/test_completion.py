"""Completion in a shell, as the guide says to have it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from corpus import ROOT

GUIDE = (ROOT / "archive" / "commands" / "README.md").read_text("utf-8")
SCRIPT = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
from archive.cli import main
main()
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of a shell which finds the program by its name."""
    script = tmp_path / "discuz-archive"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    return {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("typed", "offered"), [("se", "serve"), ("crawl --ow", "--owner-consents")]
)
def test_what_is_offered(environment: dict[str, str], typed: str, offered: str) -> None:
    words = f"discuz-archive {typed}"
    asked = {
        "_DISCUZ_ARCHIVE_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    ran = subprocess.run(
        ["discuz-archive"],
        env={**environment, **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"plain,{offered}" in ran.stdout.splitlines()


def test_the_line_of_the_guide(environment: dict[str, str]) -> None:
    line = re.search(r"(?m)^eval .*bash_source.*$", GUIDE)
    assert line
    ran = subprocess.run(
        ["bash", "-c", f"{line[0]}\ncomplete -p discuz-archive"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "discuz-archive" in ran.stdout
