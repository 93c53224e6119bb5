"""`discuz-archive` alone: pages in the browser for who looks at a terminal, help for all
others; nothing that waits where nobody is."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from corpus import ROOT

PATIENCE_S = 60


def alone(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "archive"],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        timeout=PATIENCE_S,
        check=False,
    )


def test_in_a_pipe_it_prints_its_help(tmp_path: Path) -> None:
    ran = alone(tmp_path)
    assert ran.returncode == 0
    assert ran.stdout.startswith("Usage:")
    assert "  start " in ran.stdout


class Terminal:
    """A terminal in which the program alone was typed."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.master, child = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "archive"],
            cwd=folder,
            stdin=child,
            stdout=child,
            stderr=child,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        )
        os.close(child)
        self.said = ""

    def read_until(self, pattern: str) -> str:
        """What it prints, up to a pattern or its end."""
        while not re.search(pattern, self.said):
            try:
                self.said += os.read(self.master, 4096).decode(errors="replace")
            except OSError:  # it has ended
                break
        return self.said

    def ctrl_c(self) -> int:
        """Its exit code after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)


@pytest.fixture
def browser_log(tmp_path: Path) -> Path:
    """A browser that only writes down what it is to open."""
    log = tmp_path / "opened"
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {log}\n')
    script.chmod(0o755)
    return log


def test_on_a_terminal_the_page_is_opened(tmp_path: Path, browser_log: Path) -> None:
    terminal = Terminal(
        tmp_path,
        CI="",
        DISPLAY=":1",
        BROWSER=str(tmp_path / "browser"),
    )
    said = terminal.read_until("ends it")
    address = re.search(r"http://127\.0\.0\.1:\S+", said)
    assert address, said
    answer = httpx.get(address[0], trust_env=False, timeout=PATIENCE_S)
    assert answer.status_code == 303
    assert browser_log.read_text().strip() == address[0]
    assert terminal.ctrl_c() == 0
    assert "Traceback" not in terminal.said
    terminal.close()


def test_without_a_display_the_address_is_printed(
    tmp_path: Path, browser_log: Path
) -> None:
    terminal = Terminal(
        tmp_path,
        CI="",
        DISPLAY="",
        WAYLAND_DISPLAY="",
        BROWSER=str(tmp_path / "browser"),
    )
    said = terminal.read_until("ends it")
    assert "http://127.0.0.1:" in said
    assert terminal.ctrl_c() == 0
    assert not browser_log.exists()
    terminal.close()


def test_in_a_build_on_a_terminal_it_does_not_wait(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, CI="true")
    terminal.read_until(r"\Z(?!)")
    assert terminal.process.wait(PATIENCE_S) == 0
    assert "Usage:" in terminal.said
    terminal.close()


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = subprocess.run(
            [
                sys.executable,
                "-m",
                "archive",
                "start",
                "--no-browser",
                "--port",
                str(taken.getsockname()[1]),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
    assert ran.returncode == 3
    assert "is in use" in ran.stderr
