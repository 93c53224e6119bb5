"""A real browser for the tests, Chromium without a window, and an archive served to it on
loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SHOTS = "DISCUZ_ARCHIVE_SHOTS"
"""The environment's name for the folder that screenshots are to be kept in."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Playwright's browser; the test is skipped where there is none."""
    api = pytest.importorskip("playwright.sync_api")
    pytest.importorskip("datasette")
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if (path := shutil.which(name))), "")
    if not found:
        pytest.skip("no Chromium here")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(database: Path | str, *options: str) -> Iterator[str]:
    """The address at which `discuz-archive serve` shows an archive, or `--at=` an index."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "archive",
        "serve",
        str(database),
        "--port",
        str(port),
        *options,
    ]
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            assert server.poll() is None, "the server ended"
            try:
                httpx.get(f"{address}/-/versions.json", trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def serious_faults(page: Any) -> list[str]:
    """What axe-core finds on a page that keeps people from it, everything unfolded. The test
    is skipped where there is no axe-core."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.evaluate(
        "for (const each of document.querySelectorAll('details')) each.open = true"
    )
    faults = []
    for fault in axe.run(page).response["violations"]:
        if fault["impact"] in ("serious", "critical"):
            nodes = [node["html"][:200] for node in fault["nodes"]][:3]
            faults.append(f"{page.url}: {fault['id']}: {nodes}")
    return faults


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def shots(otherwise: Path) -> Path:
    """Where screenshots go."""
    folder = Path(os.environ.get(SHOTS) or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
