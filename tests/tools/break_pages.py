"""Break pages at random and parse what is left: does anything but the parser's own error
come out, hang, or swell?

    python tests/tools/break_pages.py [WARC-OR-PAGE...] [--count N] [--seed N]

Pages are cut, their bytes garbled, elements removed, attributes swapped, pieces doubled,
markup nested 10,000 deep; each seed makes the same pages. Prints for each kind of damage
how the pages ended, the slowest, and the peak of memory. A reader that broke (an error of
another kind, which `parse` names and wraps) is shown with the seed and number that make it
again; the exit code is 1 then, and where a page took two seconds or memory went over 500
MB.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from archive.intake.sources import read_captures
from scraper.core.errors import PageError
from scraper.core.records import Capture
from scraper.parsing import parse_capture

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
MOST_S: Final = 2.0
MOST_MB: Final = 500
DEPTH: Final = 10_000
_ELEMENT = re.compile(rb"<(\w+)[^<>]*>")
_ATTRIBUTE = re.compile(rb"""\b(id|class|href|src|file|style|title)=["'][^"'<>]*["']""")
_OPENINGS: Final = (
    b"<div>",
    b"<b>",
    b"<table><tr><td>",
    b"<blockquote>",
    b"<ul><li>",
    b'<div class="quote">',
    b'<div class="locked">',
    b"<ignore_js_op>",
    b'<font color="red">',
    b"<dl><dd>",
    b'<div class="plc">',
)


def cut(body: bytes, chance: random.Random) -> bytes:
    """The page's first part, or its last."""
    at = chance.randrange(len(body) + 1)
    return body[:at] if chance.random() < 0.7 else body[at:]


def garble(body: bytes, chance: random.Random) -> bytes:
    """Some bytes are others."""
    out = bytearray(body)
    bytes_a_fault = chance.choice((50, 500, 5_000))
    most_faults = max(2, len(body) // bytes_a_fault)
    for _ in range(chance.randint(1, most_faults)):
        out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out)


def remove(body: bytes, chance: random.Random) -> bytes:
    """Some elements are gone, tag only or all up to the next of their closing tags."""
    for _ in range(chance.randint(1, 8)):
        found = _element(body, chance)
        if found is None:
            break
        end = (
            body.find(b"</" + found[1], found.end())
            if chance.random() < 0.5
            else found.end()
        )
        body = body[: found.start()] + body[end if end > 0 else found.end() :]
    return body


def swap(body: bytes, chance: random.Random) -> bytes:
    """Attributes stand in each other's place."""
    found = list(_ATTRIBUTE.finditer(body))
    for _ in range(chance.randint(1, 12) if len(found) > 1 else 0):
        first, second = sorted(chance.sample(found, 2), key=lambda hit: hit.start())
        if not (_still_there(first, body) and _still_there(second, body)):
            break  # what was swapped before moved them
        body = (
            body[: first.start()]
            + second[0]
            + body[first.end() : second.start()]
            + first[0]
            + body[second.end() :]
        )
    return body


def _still_there(found: re.Match[bytes], body: bytes) -> bool:
    return body[found.start() : found.end()] == found[0]


def double(body: bytes, chance: random.Random) -> bytes:
    """A piece of the page stands there several times."""
    start, end = sorted(chance.randrange(len(body) + 1) for _ in range(2))
    piece = body[start:end][:50_000]
    return body[:end] + piece * chance.randint(1, 20) + body[end:]


def nest(body: bytes, chance: random.Random) -> bytes:
    """Something opens 10,000 times, between two elements or in the middle of anything."""
    found = _element(body, chance)
    if found is not None and chance.random() < 0.8:
        at = found.end()
    else:
        at = chance.randrange(len(body) + 1)
    opening = chance.choice((*_OPENINGS, found[0] if found else b"<p>"))
    return body[:at] + opening * DEPTH + body[at:]


def _element(body: bytes, chance: random.Random) -> re.Match[bytes] | None:
    start = chance.randrange(len(body) + 1)
    return _ELEMENT.search(body, start) or _ELEMENT.search(body)


DAMAGES: Final[dict[str, Callable[[bytes, random.Random], bytes]]] = {
    "cut": cut,
    "garbled": garble,
    "removed": remove,
    "swapped": swap,
    "doubled": double,
    "nested": nest,
}
_WEIGHTS: Final = (20, 20, 20, 20, 10, 5)


@dataclass(slots=True)
class Tally:
    """How broken pages ended: by damage and outcome; the slowest; readers that broke."""

    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    broke: list[str] = field(default_factory=list)


def broken(
    captures: Sequence[Capture], count: int, seed: int
) -> Iterator[tuple[int, str, Capture]]:
    """So many damaged pages: number, kind of damage, page. The number alone, with the seed,
    makes a page again."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        capture = chance.choice(captures)
        kind = chance.choices(list(DAMAGES), _WEIGHTS)[0]
        body = DAMAGES[kind](capture.body, chance)
        if chance.random() < 0.2:
            body = DAMAGES["garbled" if body else kind](body or capture.body, chance)
        yield number, kind, replace(capture, body=body)


def run(captures: Sequence[Capture], count: int, seed: int) -> Tally:
    """Parse them all; whatever is no PageError comes out as it is."""
    tally = Tally()
    for number, kind, page in broken(captures, count, seed):
        start = time.process_time()  # of a machine that does other things, too
        try:
            outcome = parse_capture(page).content.kind
        except PageError as error:
            outcome = "PageError"
            if " reader broke " in str(error):
                tally.broke.append(
                    f"seed {seed}, page {number} ({kind}): {page.url}: {error}"
                )
        tally.slowest[kind] = max(
            tally.slowest.get(kind, 0.0), time.process_time() - start
        )
        tally.ended[kind, "PageError" if outcome == "PageError" else "read"] += 1
    return tally


def peak_mb() -> float:
    """The most memory that this program has had, in MB. Not `ru_maxrss` where Linux tells
    better: that begins with what the process that started this one had."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert peak
        return int(peak[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Break pages, print how they ended."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    captures = [
        capture for capture in read_captures(args.pages or [FIXTURES]) if capture.body
    ]
    before = peak_mb()
    tally = run(captures, args.count, args.seed)
    table = Table("damage", "pages", "read", "PageError", "slowest s")
    for kind in DAMAGES:
        read, refused = tally.ended[kind, "read"], tally.ended[kind, "PageError"]
        table.add_row(
            kind,
            str(read + refused),
            str(read),
            str(refused),
            f"{tally.slowest.get(kind, 0.0):.2f}",
        )
    console = Console(width=120)
    console.print(table)
    console.print(
        f"{len(captures)} pages; memory at the most {peak_mb():.0f} MB, "
        f"{before:.0f} MB before the first; readers that broke: {len(tally.broke)}"
    )
    for line in tally.broke[:20]:
        console.print(line, markup=False)
    return int(
        bool(tally.broke)
        or max(tally.slowest.values(), default=0.0) >= MOST_S
        or peak_mb() >= MOST_MB
    )


if __name__ == "__main__":
    sys.exit(main())
