"""`--help` is quick: it imports what options are made of, and nothing of what a command runs
with."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest

import archive.commands
import archive.commands.corpus

OF_COMMANDS = ("click", "archive", "scraper")
SLOW_OF_PYTHON = {"asyncio", "multiprocessing", "ssl"}
PRINT_HELP = """
import sys
before = set(sys.modules)
from archive.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("imported:", *sorted({name.partition(".")[0] for name in {*sys.modules} - before}))
"""


def names_in(package: list[str]) -> list[str]:
    names = [module.name for module in pkgutil.iter_modules(package)]
    return [name for name in names if not name.startswith("_")]


COMMANDS = [
    [],
    *([name] for name in names_in(list(archive.commands.__path__))),
    *(["corpus", name] for name in names_in(list(archive.commands.corpus.__path__))),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_imports_no_library_but_click(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINT_HELP, *words, "--help"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    printed, _, last = done.stdout.rpartition("imported:")
    assert "Usage: " in printed
    imported = set(last.split())
    assert "click" in imported
    libraries = set(packages_distributions()) - set(OF_COMMANDS)
    assert {"httpx", "selectolax", "datasette", "jinja2", "rich"} <= libraries
    assert not imported & (libraries | SLOW_OF_PYTHON)
