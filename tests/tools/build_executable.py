"""Builds the program as one file that needs no Python, for the system on which it is built
(`pip install pyinstaller`):

    python tests/tools/build_executable.py FOLDER
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
RECIPE: Final = ROOT / ".ci" / "executable"
NAME: Final = "discuz-archive"
_LEFT_OUT: Final = (
    "pyspark",
    "pyarrow",
    "duckdb",
    "IPython",
    "pytest",
    "mypy",
    "tkinter",
)
"""What extras and tests bring along, where they are installed."""


def build(folder: Path) -> Path:
    """Write the executable into a folder; its path."""
    from PyInstaller.__main__ import run  # not everybody has it

    demo_pages = f"{ROOT / 'fixtures'}{os.pathsep}archive/demo_pages"
    with tempfile.TemporaryDirectory() as work:
        words = [
            str(RECIPE / "entry.py"),
            "--onefile",
            "--noconfirm",
            "--log-level=WARN",
            f"--name={NAME}",
            f"--paths={ROOT}",
            f"--additional-hooks-dir={RECIPE}",
            f"--add-data={demo_pages}",
            "--copy-metadata=discuz-archive",
            f"--distpath={folder}",
            f"--workpath={work}",
            f"--specpath={work}",
        ]
        words += [f"--exclude-module={name}" for name in _LEFT_OUT]
        run(words)
    suffix = ".exe" if sys.platform == "win32" else ""
    return folder / f"{NAME}{suffix}"


def main() -> None:
    """Build it, and say how large it is."""
    made = build(Path(sys.argv[1]).resolve())
    size_bytes = made.stat().st_size
    print(f"{made}: {size_bytes / 1_000_000:.1f} MB")


if __name__ == "__main__":
    main()
