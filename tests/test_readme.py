"""What the README says of the program is true."""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path

import archive.commands

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "tools"))
README = (ROOT / "README.md").read_text("utf-8")


def test_the_table_of_what_is_read_is_made_from_the_fixtures() -> None:
    from what_is_read import readme_with_table  # found by the path above

    assert readme_with_table() == README, (
        "run: python tests/tools/what_is_read.py --write"
    )


def test_every_command_is_in_the_readme() -> None:
    commands = {
        info.name
        for info in pkgutil.iter_modules(archive.commands.__path__)
        if not info.name.startswith("_")
    }
    named = set(re.findall(r"^\| `(?!discuz)([a-z]+)\b", README, re.M))
    assert commands == named, commands ^ named


def test_every_dependency_has_its_reason() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", project, re.M | re.S)
    assert block
    reasons = (
        README.partition("## Dependencies")[2]
        .partition("\n## ")[0]
        .lower()
        .replace("-", "")
    )
    for name in re.findall(r'"([\w-]+)', block[1]):
        assert name.lower().replace("-", "") in reasons, (
            f"{name} has no reason in the README"
        )


def test_its_examples_with_other_programs_work_as_written(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "archive", "demo", str(tmp_path)],
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0
    (tmp_path / "demo.db").rename(tmp_path / "forum.db")
    lines = re.findall(r"^(?:sqlite3|sqlite-utils) .*", README, re.M)
    assert len(lines) >= 6
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for line in lines:
        if not shutil.which(line.split()[0], path=path):
            continue
        ran = subprocess.run(
            ["bash", "-c", line],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env={"PATH": path},
        )
        written = line.partition("> ")[2]
        assert (ran.returncode, ran.stderr) == (0, ""), line
        assert (
            (tmp_path / written).read_text("utf-8")
            if written
            else ran.stdout or "极速退" in line
        ), line
