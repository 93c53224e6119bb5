"""A hit is opened where the archive is served on this machine, else at the forum."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from browser import free_port
from corpus import ROOT
from rich.console import Console

from archive.commands._hit_output import table_of
from archive.schema import open_archive
from archive.search.api import search

PATIENCE_S = 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's archive, and a home of its own."""
    made = tmp_path_factory.mktemp("local")
    subprocess.run(
        [sys.executable, "-m", "archive", "demo", str(made)],
        check=True,
        capture_output=True,
    )
    return made


def environment(folder: Path) -> dict[str, str]:
    """A browser that writes down what it is to open."""
    (folder / "bin").mkdir(exist_ok=True)
    browser = folder / "bin" / "xdg-open"
    browser.write_text(f'#!/bin/sh\necho "$1" > {folder}/opened\n')
    browser.chmod(0o755)
    return {
        **os.environ,
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PATH": f"{browser.parent}{os.pathsep}/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "DISPLAY": ":1",
    }


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "archive", "serve", "demo.db", "--port", str(port)],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    ends_s = time.monotonic() + PATIENCE_S
    while True:
        assert server.poll() is None
        assert time.monotonic() < ends_s
        try:
            httpx.get(address, trust_env=False, timeout=PATIENCE_S)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    yield address, server
    server.terminate()
    server.wait(PATIENCE_S)


def opened(folder: Path) -> str:
    """What the first hit opens."""
    note = folder / "opened"
    note.unlink(missing_ok=True)
    words = ["search", str(folder / "demo.db"), "收音机", "--open", "1"]
    subprocess.run(
        [sys.executable, "-m", "archive", *words],
        cwd=folder.parent,
        env=environment(folder),
        check=True,
        capture_output=True,
    )
    ends_s = time.monotonic() + PATIENCE_S
    while not note.exists() or not note.read_text():
        assert time.monotonic() < ends_s
        time.sleep(0.05)
    return note.read_text().strip()


def searched(folder: Path) -> dict[str, Any]:
    """The first hit as programs get it."""
    ran = subprocess.run(
        [sys.executable, "-m", "archive", "search", "demo.db", "收音机", "--json"],
        cwd=folder,
        env=environment(folder),
        check=True,
        capture_output=True,
    )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[0])
    return found


def test_a_table_has_both_addresses(folder: Path) -> None:
    db = open_archive(folder / "demo.db")
    hits = search(db, "收音机").hits
    console = Console(width=200, file=io.StringIO())
    console.print(
        table_of(hits, local=["http://127.0.0.1:1/f/1/post/1010"] * len(hits))
    )
    assert isinstance(console.file, io.StringIO)
    lines = [line.strip() for line in console.file.getvalue().splitlines()]
    at = lines.index("http://127.0.0.1:1/f/1/post/1010")
    assert lines[at + 1] == hits[0].url
    db.close()


def test_where_it_is_opened(folder: Path) -> None:
    forum = opened(folder)
    assert forum.startswith("https://bbs.qingshixiang.example/")
    with served(folder) as (address, _):
        local = opened(folder)
        assert local == f"{address}f/1/post/1010"
        page = httpx.get(
            local, trust_env=False, follow_redirects=True, timeout=PATIENCE_S
        )
        assert "收音机" in page.text
        assert searched(folder)["local_url"] == local
    assert opened(folder) == forum, "it is served no more"
    assert "local_url" not in searched(folder)


def test_a_server_that_was_killed_or_serves_another_is_not_believed(
    folder: Path,
) -> None:
    notes = folder / "config" / "discuz-archive" / "served"
    with served(folder) as (address, server):
        (note,) = notes.iterdir()
        kept = json.loads(note.read_text())
        server.kill()
        server.wait(PATIENCE_S)
    assert note.exists()
    assert opened(folder).startswith("https://bbs.qingshixiang.example/")
    with served(folder) as (other, _):
        note.write_text(json.dumps({**kept, "address": other, "served_as": "/b.db"}))
        assert address != other
        assert opened(folder).startswith("https://bbs.qingshixiang.example/")
