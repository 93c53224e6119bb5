"""The pages from which forums are saved, as `discuz-archive start` serves them, and who
presses their buttons."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from corpus import ROOT
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.model import Words

PATIENCE_S = 60
"""A tenth of it is enough on an idle machine."""


@dataclass
class Desk:
    """A running program, and the address that it printed."""

    folder: Path
    entrance: str
    process: subprocess.Popen[str]

    @property
    def place(self) -> str:
        """The address of the first page."""
        return self.entrance.partition("enter?")[0]


def forum_of_radios(boards: int, threads: int) -> Forum:
    """A forum whose threads all begin with words that can be searched for."""
    forum = generated(boards=boards, threads=threads, replies=2)
    for thread in forum.threads.values():
        opening = thread.posts[0]
        thread.posts[0] = replace(opening, parts=(Words("外公留下的收音机"),))
    return forum


@dataclass
class Visitor:
    """A browser that has come in, without the browser."""

    desk: Desk
    client: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)

    def page(self, name: str = "") -> str:
        """The text of a page."""
        answer = self.client.get(self.desk.place + name)
        assert answer.status_code == 200, answer.text
        return answer.text

    def key(self) -> str:
        """The hidden field of every form."""
        found = re.search(r'name="key" value="([^"]+)"', self.page())
        assert found
        return found[1]

    def press(self, name: str, key: str | None = None, **fields: str) -> httpx.Response:
        """Send a form."""
        fields["key"] = self.key() if key is None else key
        return self.client.post(self.desk.place + name, data=fields)

    def wait_for(self, is_so: Callable[[str], bool]) -> str:
        """The page of the command, once it is as wanted."""
        ends_s = time.monotonic() + PATIENCE_S
        while not is_so(page := self.page("job")):
            assert time.monotonic() < ends_s, page
            time.sleep(0.1)
        return page


def is_over(page: str) -> bool:
    """Whether the command on a page has ended."""
    return 'action="/' in page and '/repeat"' in page


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Desk]:
    """The program, until the block ends; then Ctrl-C."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "archive",
            "start",
            "--no-browser",
            "--folder",
            str(folder),
            *options,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    try:
        yield Desk(folder, printed_address(process), process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0


def printed_address(process: subprocess.Popen[str]) -> str:
    """The address that a program prints when it starts."""
    assert process.stdout
    for line in process.stdout:
        found = re.search(r"http://127\.0\.0\.1:\S+", line)
        if found:
            return found[0]
    raise AssertionError("it printed no address")


@contextmanager
def visiting(desk: Desk, language: str = "en") -> Iterator[Visitor]:
    """Somebody who came by the address that was printed."""
    headers = {"Accept-Language": language}
    with httpx.Client(trust_env=False, timeout=PATIENCE_S, headers=headers) as client:
        answer = client.get(desk.entrance)
        assert answer.status_code == 303, answer.text
        yield Visitor(desk, client)
