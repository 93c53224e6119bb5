"""Every command that writes, on disks between "nothing fits" and "all fits", and killed at any
moment: nothing that was stored is lost, it says what happened, and goes on with room."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from corpus import ROOT
from fake_forum.generate import generated
from fake_forum.server import Running, serve
from small_disk import grow, small_disk, used_bytes

MB = 1_000_000
ROOM_BYTES = 200 * MB
STUCK_S = 300
TRIES = int(os.environ.get("DISCUZ_ARCHIVE_TRIES", "5"))
"""Full disks, and kills, of each command."""
_CHANCES = 6
"""Sizes until a disk is too small, moments until a command is killed before its end."""
EXIT_UNWRITABLE = 5
OLD = Path(__file__).parent / "old_archives" / "before-rooms.tar.xz"

KINDS = (
    "crawl",
    "crawl --complete",
    "ingest",
    "ingest --jobs 2",
    "reparse",
    "reparse --jobs 2",
    "reindex",
    "migration",
    "check",
)

STORED = """SELECT s.base_url, t.tid, t.title, p.pid, p.floor, p.author, p.text, p.html
  FROM posts p JOIN threads t ON t.id = p.thread_id JOIN sites s ON s.id = p.site_id
  ORDER BY s.base_url, t.tid, p.pid, p.floor, p.author, p.text"""
FILES = "SELECT name, state, digest FROM media ORDER BY name"
PAGES = "SELECT DISTINCT url FROM captures ORDER BY url"


@dataclass(frozen=True)
class Made:
    """A command on an archive: what is there before, and what it makes of it undisturbed."""

    words: tuple[str, ...]
    before: Path
    """The folder that it begins with."""
    after: list[object]
    """What readers see once it has ended."""
    least_bytes: int
    most_bytes: int
    took_s: float


def command(words: tuple[str, ...], folder: Path) -> list[str]:
    """A command line for the archive in a folder."""
    db = str(folder / "forum.db")
    return [sys.executable, "-m", "archive", *(word.format(db=db) for word in words)]


def run(words: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(words, folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=STUCK_S,
        check=False,
    )


def seen(db: Path) -> list[object]:
    """What readers see of an archive, without its own numbers and times."""
    if not db.exists():
        return []
    with closing(sqlite3.connect(db)) as conn:
        tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master")}
        if "media" not in tables:
            return []
        return [conn.execute(query).fetchall() for query in (STORED, FILES, PAGES)]


def posts(folder: Path) -> set[tuple[object, ...]]:
    """Who wrote what, of an archive of any version."""
    db = folder / "forum.db"
    if not db.exists():
        return set()
    with closing(sqlite3.connect(db)) as conn:
        if not conn.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'posts'"
        ).fetchall():
            return set()
        return set(conn.execute("SELECT pid, author, text FROM posts"))


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    with serve(generated(boards=1, threads=12, replies=6)) as site:
        yield site


def beginning(
    kind: str, folder: Path, site: Running, fixtures: Path
) -> tuple[str, ...]:
    """Make what a command begins with; its words."""
    folder.mkdir()
    name, *options = kind.split()
    if name == "crawl":
        crawl = (
            "crawl",
            "{db}",
            site.url,
            "--delay",
            "0",
            "--media",
            "--owner-consents",
        )
        if options:
            assert run(crawl, folder).returncode == 0
        return (*crawl, *options)
    if name == "ingest":
        return (name, "{db}", str(fixtures), *options)
    if kind == "migration":
        with tarfile.open(OLD) as packed:
            packed.extractall(folder, filter="data")
        (folder / "old.db").rename(folder / "forum.db")
        (folder / "old.warc").rename(folder / "forum.warc")
        return ("stats", "{db}")
    assert run(("ingest", "{db}", str(fixtures)), folder).returncode == 0
    if kind == "check":  # which brings in what another program has changed
        with closing(sqlite3.connect(folder / "forum.db")) as conn:
            conn.execute("UPDATE posts SET text = text || '再说一句'")
            conn.commit()
    if name == "reparse":  # as if an older parser had read less
        with closing(sqlite3.connect(folder / "forum.db")) as conn:
            conn.execute("UPDATE posts SET html = '', text = '' WHERE pid % 2 = 0")
            conn.commit()
    return (name, "{db}", *options)


def make(kind: str, tmp_path: Path, site: Running, fixtures: Path) -> Made:
    """What a command does where nothing disturbs it, and how much room it takes."""
    before = tmp_path / "before"
    words = beginning(kind, before, site, fixtures)
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(before, undisturbed)
    began = time.monotonic()
    done = run(words, undisturbed)
    assert done.returncode == 0, done
    least_bytes = used_bytes(before)
    after_bytes = used_bytes(undisturbed)
    growth_bytes = max(after_bytes - least_bytes, least_bytes // 4, MB // 8)
    return Made(
        words=words,
        before=before,
        after=seen(undisturbed / "forum.db"),
        least_bytes=max(least_bytes, 4096),
        most_bytes=after_bytes + growth_bytes,
        took_s=time.monotonic() - began,
    )


def check_kept(made: Made, folder: Path) -> None:
    """The file is whole, and what was stored before is there."""
    db = folder / "forum.db"
    if db.exists():
        with closing(sqlite3.connect(db)) as conn:
            assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    if made.words[0] != "reparse":  # which is there to replace texts
        assert posts(made.before) <= posts(folder)


def check_opens(folder: Path) -> None:
    """A half-made archive opens, and `check` finds no page lost: at most it names the index
    as what is missing, and how it is made."""
    opened = run(("stats", "{db}"), folder)
    assert opened.returncode == 0, opened
    checked = run(("check", "--full", "{db}"), folder)
    assert "captures read back: all right" in checked.stdout, checked
    if checked.returncode:
        assert "run: python -m archive reindex" in checked.stdout, checked


def go_on(made: Made, folder: Path) -> None:
    """The same command again, with room, comes to the same archive as undisturbed."""
    again = run(made.words, folder)
    assert again.returncode == 0, again
    check_opens(folder)
    assert seen(folder / "forum.db") == made.after


def on_a_full_disk(made: Made, folder: Path, dice: random.Random) -> bool:
    """One try; whether the disk was too small at one of its sizes."""
    return any(on_a_disk(made, folder, dice) for _ in range(_CHANCES))


def on_a_disk(made: Made, folder: Path, dice: random.Random) -> bool:
    """Run a command on a disk of some size; whether it was too small."""
    size_bytes = dice.randrange(made.least_bytes, made.most_bytes)
    with small_disk(folder, made.least_bytes + ROOM_BYTES):
        shutil.copytree(made.before, folder, dirs_exist_ok=True)
        grow(folder, size_bytes)
        done = run(made.words, folder)
        is_full = done.returncode != 0
        if is_full:
            assert done.returncode == EXIT_UNWRITABLE, done
            assert "error: " in done.stderr
            assert "make room on the disk" in done.stderr, done
            assert "Traceback" not in done.stderr
        grow(folder, ROOM_BYTES)
        check_kept(made, folder)
        if (folder / "forum.db").exists():
            check_opens(folder)
        go_on(made, folder)
    folder.rmdir()
    return is_full


def killed(made: Made, folder: Path, dice: random.Random) -> bool:
    """One try; whether the command was still running at one of the moments."""
    return any(killed_at_once(made, folder, dice) for _ in range(_CHANCES))


def killed_at_once(made: Made, folder: Path, dice: random.Random) -> bool:
    """Kill a command at a moment; whether it was still running."""
    shutil.copytree(made.before, folder)
    process = subprocess.Popen(
        command(made.words, folder),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(dice.uniform(0.2, made.took_s))
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    code = process.wait(STUCK_S)
    check_kept(made, folder)
    go_on(made, folder)
    shutil.rmtree(folder)
    return code == -signal.SIGKILL


def tries(
    kind: str, tmp_path: Path, site: Running, fixtures: Path, count: int
) -> tuple[int, int]:
    """So many full disks and kills; how many of each there were."""
    made = make(kind, tmp_path, site, fixtures)
    dice = random.Random(kind)
    full = kills = 0
    for number in range(count):
        full += on_a_full_disk(made, tmp_path / f"disk-{number}", dice)
        kills += killed(made, tmp_path / f"killed-{number}", dice)
    return full, kills


@pytest.mark.parametrize("words", ["retry {db}", "reindex {db}", "check {db}"])
@pytest.mark.parametrize("left_bytes", [0, 4096, 28672])
def test_a_disk_with_no_room_at_all(
    tmp_path: Path, fixtures: Path, words: str, left_bytes: int
) -> None:
    page = next(iter(sorted(fixtures.glob("x3/*.html"))))
    folder = tmp_path / "disk"
    with small_disk(folder, ROOM_BYTES):
        assert run(("ingest", "{db}", str(page)), folder).returncode == 0
        grow(folder, used_bytes(folder) + left_bytes)
        done = run(tuple(words.split()), folder)
        assert done.returncode == EXIT_UNWRITABLE, done
        assert "make room on the disk" in done.stderr


@pytest.mark.parametrize("kind", ["ingest"])
def test_a_full_disk_and_a_kill(
    kind: str, tmp_path: Path, site: Running, fixtures: Path
) -> None:
    tries(kind, tmp_path, site, fixtures, 1)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_full_disks_and_kills_of_every_command(
    kind: str, tmp_path: Path, site: Running, fixtures: Path
) -> None:
    full, kills = tries(kind, tmp_path, site, fixtures, TRIES)
    assert full
    assert kills
    print(f"{kind}: {full} full disks, {kills} kills")
