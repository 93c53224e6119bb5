"""What the README says of the program is true."""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import archive.commands
from scraper.core.records import Capture, ThreadPage
from scraper.markup.snapshot import take_snapshot
from scraper.themes.x import THEME

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "tools"))
README = (ROOT / "README.md").read_text("utf-8")
GUIDES = sorted([*ROOT.glob("[!.]*/README.md"), *ROOT.glob("[!.]*/*/README.md")])
"""What the README leads on to, beside the code."""
SEARCH_GUIDE = (ROOT / "archive" / "search" / "README.md").read_text("utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```", README + SEARCH_GUIDE, re.M | re.S)
MAX_BYTES = 10_300
LINK = re.compile(r"\]\(([^):]+)\)")


def test_the_table_of_what_is_read_is_made_from_the_fixtures() -> None:
    from what_is_read import GUIDE, guide_with_table  # found by the path above

    assert guide_with_table() == GUIDE.read_text("utf-8"), (
        "run: python tests/tools/what_is_read.py --write"
    )


def test_the_theme_in_the_guide_reads_a_skin() -> None:
    from what_is_read import GUIDE  # found by the path above

    source = re.search(r"^```python\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    assert source
    module: dict[str, Any] = {}
    exec(source[1], module)

    page = ROOT / "fixtures" / "x3" / "thread-radio.html"
    markup = page.read_text("utf-8").replace(
        "pg_viewthread", "pg_viewthread skin_byline"
    )
    markup = markup.replace("</td>", '<p class="byline"><b>老刘</b></p></td>')
    address = "https://bbs.example.net/thread-1-1-1.html"
    snapshot = take_snapshot(Capture(address, datetime.now(UTC), markup.encode()))
    theme = module["THEME"]
    assert theme.recognise(snapshot) > THEME.recognise(snapshot) > 0
    ours, of_x = theme.read(snapshot), THEME.read(snapshot)
    assert isinstance(ours, ThreadPage)
    assert isinstance(of_x, ThreadPage)
    assert {post.author for post in ours.posts} == {"老刘"}
    assert [post.text for post in ours.posts] == [post.text for post in of_x.posts]


def test_it_is_short() -> None:
    assert len(README.encode()) <= MAX_BYTES, "move details to a README beside the code"


@pytest.mark.parametrize("path", [ROOT / "README.md", *GUIDES], ids=str)
def test_its_links_lead_to_files(path: Path) -> None:
    for link in LINK.findall(path.read_text("utf-8")):
        file, _, _ = link.partition("#")
        assert (path.parent / file).exists(), f"{path} links {link}, which is not there"


def test_every_guide_is_reached_from_the_readme() -> None:
    linked = {(ROOT / link).resolve() for link in LINK.findall(README)}
    assert set(GUIDES) <= linked


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
    guide = (ROOT / "tests" / "README.md").read_text("utf-8")
    reasons = guide.partition("## Dependencies")[2].lower().replace("-", "")
    for name in re.findall(r'"([\w-]+)', block[1]):
        plain = name.lower().replace("-", "")
        assert f"| {plain} |" in reasons, f"{name} has no reason in tests/README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader tries the examples: the demo's archive, and a page saved by hand."""
    made = tmp_path_factory.mktemp("readme")
    ran = subprocess.run(
        [sys.executable, "-m", "archive", "demo", str(made)],
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 0
    (made / "demo.db").rename(made / "forum.db")
    page = ROOT / "fixtures" / "x3" / "thread-radio.html"
    shutil.copyfile(page, made / "saved-page.html")
    return made


@pytest.mark.parametrize("package", ["scraper", "archive"])
def test_each_package_has_an_example(package: str) -> None:
    assert f"\nimport {package}\n" in README or f"```python\nimport {package}" in README


@pytest.mark.parametrize("example", PYTHON, ids=range(len(PYTHON)))
def test_an_example_in_python_runs_as_written(example: str, folder: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", example],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "收音机" in ran.stdout


def test_its_examples_with_other_programs_work_as_written(folder: Path) -> None:
    texts = [README, *(guide.read_text("utf-8") for guide in GUIDES)]
    lines = []
    for text in texts:
        lines += re.findall(r"^(?:sqlite3|sqlite-utils) .*", text, re.M)
    assert len(lines) >= 6
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for line in lines:
        if not shutil.which(line.split()[0], path=path):
            continue
        ran = subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            capture_output=True,
            text=True,
            env={"PATH": path},
        )
        written = line.partition("> ")[2]
        assert (ran.returncode, ran.stderr) == (0, ""), line
        assert (
            (folder / written).read_text("utf-8")
            if written
            else ran.stdout or "极速退" in line
        ), line
