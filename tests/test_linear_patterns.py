"""No pattern needs the square of its text: each is tried on texts made from itself, twice
and eight times as long.

Only ratios count, of the processor's time, and only where it is long enough to tell; the
best of several tries, so that a busy machine makes no difference.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import signal
import time
from collections import deque
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any, Final

import pytest
from corpus import ROOT
from pattern_attacks import attacks

import archive
import scraper
from archive.schema import open_archive
from scraper.addresses.own_forms import OwnForm

CHARS: Final = 4_000
GROWTH: Final = 8
MOST_GROWTH: Final = 3 * GROWTH
"""Of the time that a text so many times as long takes: the square would be eight times more."""
SHORTEST_S: Final = 0.0005
LONGEST_S: Final = 0.2
TRIES: Final = 3

OF_OUR_OWN_FILES: Final = {open_archive.__module__, "archive.cli"}
"""Modules whose patterns look at nothing but the program's own files."""
OF_QUERIES: Final = {"archive.search.lexer._KEY"}
"""Patterns that are tried once at each word of a reader's own query."""
BUILT_OF_PLAIN_WORDS: Final = {
    "archive/commands/_chinese.py",
    "archive/commands/_saying.py",
    "archive/search/match.py",
    "archive/forgetting/blanking.py",
    "archive/search/pinyin_words.py",
    "archive/search/spelling.py",
    "archive/store/smilies.py",
    "archive/web/facet_links.py",
    "archive/web/front_door.py",
    "scraper/addresses/own_forms.py",
    "scraper/markup/excess.py",
    "scraper/policy/plan.py",
    "scraper/themes/ajax.py",
}
"""Files that build patterns as they run: of escaped words with bounded parts between them."""


def _modules() -> Iterator[ModuleType]:
    for package in (scraper, archive):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def _patterns_in(value: Any, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """Every pattern that a value holds, however deep."""
    if isinstance(value, re.Pattern):
        yield value
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    parts: list[Any] = []
    if isinstance(value, dict):
        parts += [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts += value
    elif isinstance(value, type) and value.__module__.startswith(
        ("scraper", "archive")
    ):
        parts += vars(value).values()
    elif dataclasses.is_dataclass(value):
        parts += [getattr(value, one.name, None) for one in dataclasses.fields(value)]
    for part in parts:
        yield from _patterns_in(part, seen)


def _all_patterns() -> dict[str, re.Pattern[Any]]:
    """All patterns by where they are (the first place of each)."""
    places: dict[tuple[Any, int], str] = {}
    for module in _modules():
        if module.__name__ in OF_OUR_OWN_FILES:
            continue
        for name, value in list(vars(module).items()):
            if name.startswith("__"):
                continue
            for number, pattern in enumerate(_patterns_in(value, set())):
                place = f"{module.__name__}.{name}"
                if number:
                    place += f"[{number}]"
                if place not in OF_QUERIES:
                    places.setdefault((pattern.pattern, pattern.flags), place)
    form = OwnForm("thread", ("bbs/", "-", "-", ".htm"), ("id", "page", "1"))
    places[form.pattern.pattern, form.pattern.flags] = "an address form of a forum"
    return {place: re.compile(*key) for key, place in places.items()}


PATTERNS: Final = _all_patterns()


class _TooLong(Exception):
    """A search was broken off."""


def _break_off(signal_number: int, frame: FrameType | None) -> None:
    raise _TooLong


def _seconds(
    pattern: re.Pattern[Any], text: str | bytes, longest_s: float = LONGEST_S
) -> float:
    """What all matches in a text take of the processor; they are broken off after some
    `longest_s`, which the system counts roughly."""
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, longest_s)
    try:
        try:
            deque(pattern.finditer(text), maxlen=0)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except _TooLong:
        pass
    return time.process_time() - start


def _text(pattern: re.Pattern[Any], parts: tuple[str, str, str], chars: int) -> Any:
    before, unit, after = parts
    text = before + unit * (chars // len(unit) + 1) + after
    if isinstance(pattern.pattern, bytes):
        return text.encode("utf-8", "surrogatepass")
    return text


def _grows_too_fast(pattern: re.Pattern[Any], parts: tuple[str, str, str]) -> bool:
    short = _text(pattern, parts, CHARS)
    if _seconds(pattern, short) < SHORTEST_S:
        return False
    once = min(_seconds(pattern, short) for _ in range(TRIES))
    if once < SHORTEST_S:
        return False
    if once > LONGEST_S / 2:
        return True
    long = _text(pattern, parts, CHARS * GROWTH)
    most_s = once * MOST_GROWTH
    longest_s = max(1.5 * most_s, LONGEST_S)
    return all(_seconds(pattern, long, longest_s) > most_s for _ in range(TRIES))


@pytest.fixture(autouse=True)
def _clock_that_breaks_off() -> Iterator[None]:
    former = signal.signal(signal.SIGPROF, _break_off)
    yield
    signal.signal(signal.SIGPROF, former)


@pytest.mark.parametrize("place", PATTERNS)
def test_no_pattern_needs_the_square_of_its_text(place: str) -> None:
    pattern = PATTERNS[place]
    for parts in attacks(pattern):
        assert not _grows_too_fast(pattern, parts), (pattern.pattern, parts)


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s+$",
        r"<a[^>]*>",
        r"(?:x+)+y",
        r"^(.*?)\s*\(",
        rb"<link[^>]+rel=[^>]*href=",
        r"posted on[^!]*$",
    ],
)
def test_patterns_that_do_are_found(pattern: str | bytes) -> None:
    compiled = re.compile(pattern)
    assert any(_grows_too_fast(compiled, parts) for parts in attacks(compiled))


def test_patterns_built_as_the_program_runs_are_known() -> None:
    found = set()
    for package in ("scraper", "archive"):
        for file in (ROOT / package).rglob("*.py"):
            if _builds_patterns(ast.parse(file.read_text("utf-8"))):
                found.add(str(file.relative_to(ROOT)))
    assert found <= BUILT_OF_PLAIN_WORDS


def _builds_patterns(tree: ast.Module) -> bool:
    """Whether a function calls `re` with a pattern that is put together there."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            callee = ast.unparse(node.func)
            is_pattern = callee.startswith("re.") and callee != "re.escape"
            if is_pattern and not isinstance(node.args[0], ast.Constant):
                return True
    return False
