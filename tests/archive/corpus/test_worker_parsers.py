"""A page that does not come to an end ends the worker that reads it."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

PROGRAM = """
from datetime import UTC, datetime
from archive.corpus.worker_parsers import GuardedHere
from archive.intake import page_parser
from archive.intake.page_parser import ParseTask
from scraper.core.records import Capture
from scraper.core.site import DEFAULT_SITE

def endless(capture, site):
    7 ** (1 << 40)  # nothing that a handler could stop

capture = Capture("http://a.cn/forum.php", datetime.now(UTC), b"<html></html>")
task = ParseTask(capture, DEFAULT_SITE)
parsers = GuardedHere(page_cpu_s=0.2)
print(type(parsers.submit(task).result()).__name__, flush=True)
page_parser.parse_capture = endless
parsers.submit(task).result()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="such a limit is POSIX's")
def test_the_system_ends_what_takes_too_long() -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout == "Parsed\n"
    assert done.returncode == -signal.SIGPROF
