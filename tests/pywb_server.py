"""pywb with some WARC files, for tests that look at a replayed page."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from browser import free_port


def program(name: str) -> str:
    """Where a program of pywb is; the test is skipped where it is nowhere."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if not found:
        pytest.skip("no pywb here: pip install 'discuz-archive[replay]'")
    return found


@contextmanager
def pywb(folder: Path, warcs: Path) -> Iterator[str]:
    """The address at which pywb shows WARC files."""
    manager = program("wb-manager")
    wayback = program("wayback")
    folder.mkdir()
    files = [str(path) for path in sorted(warcs.glob("*.warc.gz"))]
    for words in (["init", "forum"], ["add", "forum", *files]):
        subprocess.run([manager, *words], cwd=folder, check=True, capture_output=True)
    port = free_port()
    server = subprocess.Popen(
        [wayback, "-b", "127.0.0.1", "-p", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(600):
            assert server.poll() is None, "pywb ended"
            try:
                httpx.get(address, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"{address}forum/"
    finally:
        server.terminate()
        server.wait(30)
