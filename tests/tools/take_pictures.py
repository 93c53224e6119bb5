"""Takes the pictures of README.zh.md again: pages of the demo's archive, in Chromium.

python tests/tools/take_pictures.py [--browser /usr/bin/chromium]
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import httpx
from playwright.sync_api import sync_playwright

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURES: Final = ROOT / ".ci" / "pictures"
PAGES: Final = {
    "board": "/f/1/board/2",
    "thread": "/f/1/thread/110",
    "search": "/search?q=收音机",
}
_SIZE: Final = {"width": 1100, "height": 620}
_QUALITY: Final = 70
_MOST_WAIT_S: Final = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def wait_for(address: str) -> None:
    """Until the server answers."""
    ends_s = time.monotonic() + _MOST_WAIT_S
    while time.monotonic() < ends_s:
        try:
            httpx.get(address)
            return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(f"{address} does not answer")


def take(address: str, browser: str) -> None:
    """A picture of each page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser,
            args=["--no-sandbox"],
        )
        page = chromium.new_page(viewport=_SIZE, locale="zh-CN")
        for name, path in PAGES.items():
            page.goto(address + path)
            page.screenshot(
                path=PICTURES / f"{name}.jpg",
                type="jpeg",
                quality=_QUALITY,
            )
        chromium.close()


def main() -> None:
    """Make the demo's archive, serve it, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    given = parser.parse_args()
    program = [sys.executable, "-m", "archive"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([*program, "demo", folder], cwd=ROOT, check=True)
        port = free_port()
        words = ["serve", f"{folder}/demo.db", "--port", str(port)]
        server = subprocess.Popen([*program, *words], cwd=ROOT)
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            take(address, given.browser)
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
