"""Disks of a given size, to be filled: file systems in memory, mounted in a folder. They need
the rights of root on Linux."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_PAGE_BYTES = 4096
_MOST_FILES = 1000


@contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[Path]:
    """A disk of a size (whole pages of memory), mounted on a folder that is made; the test is
    skipped where none can be mounted."""
    folder.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("no mount here")
    mounted = _mount(folder, size_bytes)
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def grow(folder: Path, size_bytes: int) -> None:
    """Give a mounted disk another size."""
    grown = _mount(folder, size_bytes, "remount")
    assert grown.returncode == 0, grown.stderr


def used_bytes(folder: Path) -> int:
    """What the files below a folder take on a disk."""
    pages = 0
    for path in folder.rglob("*"):
        if path.is_file():
            pages += -(-path.stat().st_size // _PAGE_BYTES)
    return pages * _PAGE_BYTES


def _mount(
    folder: Path, size_bytes: int, *options: str
) -> subprocess.CompletedProcess[str]:
    told = ",".join([*options, f"size={size_bytes}", f"nr_inodes={_MOST_FILES}"])
    words = ["mount", "-t", "tmpfs", "-o", told, "tmpfs", str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=False)
