"""Captures as the shards of a crawl have them: scattered over WARC files, some of them twice,
some files damaged."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from archive.intake.sources import read_captures
from archive.warc.files import WarcFolder
from archive.warc.records import pack, sha1_base32
from archive.warc.rows import clean
from scraper.core.records import Capture


def captures_of(*files: Path) -> list[Capture]:
    """All captures of some files, in the order of their times."""
    return sorted(read_captures(files), key=in_order)


def in_order(capture: Capture) -> tuple[object, ...]:
    """The order in which a merge takes pages; WARC files know seconds."""
    second = capture.fetched_at.replace(microsecond=0)
    kept = clean(capture)
    return second, kept.capture.url, kept.digest


def write_warc(folder: Path, name: str, captures: Iterable[Capture]) -> Path:
    """Captures as one WARC file."""
    folder.mkdir(exist_ok=True)
    warcs = WarcFolder(folder / name, name)
    for capture in captures:
        digest = sha1_base32(capture.body)
        warcs.append(pack(capture, "response", digest))
    warcs.close()
    (made,) = (folder / name).glob("*.warc.gz")
    return made


def scatter(
    folder: Path, captures: Sequence[Capture], shards: int, seed: int
) -> list[Path]:
    """Every capture in two of so many WARC files, in no order; two more hold some of them
    again and are damaged: one is cut, one has other bytes in its middle."""
    dice = random.Random(seed)
    contents: list[list[Capture]] = [[] for _ in range(shards)]
    for capture in captures:
        for content in dice.sample(contents, 2):
            content.append(capture)
    files = []
    for number, content in enumerate(contents):
        dice.shuffle(content)
        files.append(write_warc(folder, f"shard{number}", content))
    again = dice.sample(captures, len(captures) // 3)
    cut = write_warc(folder, "cut", again)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size * 2 // 3])
    broken = write_warc(folder, "broken", again)
    held = bytearray(broken.read_bytes())
    middle = len(held) // 2
    held[middle : middle + 300] = dice.randbytes(300)
    broken.write_bytes(held)
    return [*files, cut, broken]


def write_list(path: Path, files: Iterable[Path]) -> Path:
    """The list of some files."""
    path.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    return path


def corpus_in_own_process(
    *words: object, environment: Mapping[str, str]
) -> tuple[int, str]:
    """A step as a process of its own, whose environment Spark and its workers inherit: exit
    code, what it printed."""
    command = [sys.executable, "-m", "archive", "corpus", *map(str, words)]
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout
