"""The program as one file that needs no Python: built, and led through the demo, the search
and the reading pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from browser import free_port
from corpus import ROOT

pytestmark = pytest.mark.slow
PATIENCE_S = 120
MADE = "DISCUZ_ARCHIVE_EXECUTABLE"
"""The environment's name for an executable that was built before."""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The executable, built from this checkout, or one that was."""
    made = os.environ.get(MADE)
    if made:
        return Path(made).resolve()
    pytest.importorskip("PyInstaller")
    folder = tmp_path_factory.mktemp("executable")
    tool = ROOT / "tests" / "tools" / "build_executable.py"
    built = subprocess.run(
        [sys.executable, str(tool), str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    assert re.search(r"[\d.]+ MB$", built.stdout.strip())
    return folder / "discuz-archive"


def run(program: Path, *words: str, folder: Path) -> str:
    """What the program prints, away from Python and from the sources."""
    ran = subprocess.run(
        [str(program), *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_it_does_the_demo_and_searches(program: Path, tmp_path: Path) -> None:
    said = run(program, "demo", "made", folder=tmp_path)
    assert "收音机" in said
    found = run(program, "search", "made/demo.db", "收音机", "--json", folder=tmp_path)
    assert "收音机" in found
    run(
        program,
        "export",
        "made/demo.db",
        "--format",
        "epub",
        "--to",
        "made/books",
        folder=tmp_path,
    )
    assert list((tmp_path / "made" / "books").rglob("*.epub"))


def test_it_lists_its_commands(program: Path, tmp_path: Path) -> None:
    listed = run(program, "--help", folder=tmp_path)
    usual = subprocess.run(
        [sys.executable, "-m", "archive", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert listed.partition("Commands:")[2] == usual.partition("Commands:")[2]


def test_it_serves(program: Path, tmp_path: Path) -> None:
    run(program, "demo", "made", folder=tmp_path)
    port = free_port()
    server = subprocess.Popen(
        [str(program), "serve", "made/demo.db", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ends_s = time.monotonic() + PATIENCE_S
        while True:
            assert server.poll() is None
            assert time.monotonic() < ends_s
            try:
                page = httpx.get(
                    f"http://127.0.0.1:{port}/search",
                    params={"q": "收音机"},
                    trust_env=False,
                    timeout=PATIENCE_S,
                )
                break
            except httpx.TransportError:
                time.sleep(0.2)
        assert "<mark>收音机</mark>" in page.text
    finally:
        server.terminate()
        server.wait(PATIENCE_S)
