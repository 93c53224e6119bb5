"""What runs the search in a browser: Python (Pyodide) and SQLite, each in its own WebAssembly
build, as their makers publish them."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from archive.export.form import Part

FOLDER: Final = Path(__file__).with_name("engine")
PYTHON: Final = {
    "abi_version": "2026_0",
    "arch": "wasm32",
    "platform": "emscripten_5_0_3",
    "python": "3.14.2",
}
"""As the build of Python names itself."""


@dataclass(frozen=True, slots=True)
class Published:
    """A package of npm, byte for byte, and its files that are needed."""

    archive: str
    folder: str
    files: tuple[tuple[str, str], ...]


PUBLISHED: Final = (
    Published(
        archive="pyodide-314.0.7.tgz",
        folder="package",
        files=(
            ("pyodide.mjs", "pyodide.mjs"),
            ("pyodide.asm.mjs", "pyodide.asm.mjs"),
            ("pyodide.asm.wasm", "pyodide.asm.wasm"),
            ("python_stdlib.zip", "python_stdlib.zip"),
        ),
    ),
    Published(
        archive="sqlite-wasm-3.54.1-build1.tgz",
        folder="package/dist",
        files=(("index.mjs", "sqlite3.mjs"), ("sqlite3.wasm", "sqlite3.wasm")),
    ),
)
NOTICE: Final = "NOTICE.md"


def engine_parts(folder: str) -> Iterator[Part]:
    """The files, with what their makers ask to be said of them."""
    for published in PUBLISHED:
        for name, ours in published.files:
            yield _part(f"{folder}/{ours}", published, name)
    yield Part(f"{folder}/{NOTICE}", _write_notice)


def _part(place: str, published: Published, name: str) -> Part:
    def write(out: BinaryIO) -> None:
        with tarfile.open(FOLDER / published.archive) as archive:
            member = archive.extractfile(f"{published.folder}/{name}")
            assert member, name
            out.write(member.read())

    return Part(place, write)


def _write_notice(out: BinaryIO) -> None:
    out.write((FOLDER / NOTICE).read_bytes())
