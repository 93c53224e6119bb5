"""No pattern needs the square of its text: each is tried on texts made from itself, twice
and eight times as long.

Only ratios count, of the processor's time, and only where it is long enough to tell; a
pattern fails where no pair of tries has a good one, so that a busy machine makes no
difference.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import multiprocessing
import pkgutil
import re
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from types import ModuleType
from typing import Any, Final

import pytest
from corpus import ROOT
from pattern_attacks import attacks
from pattern_times import first_too_fast

import archive
import scraper
from archive.schema import open_archive
from scraper.addresses.own_forms import OwnForm

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
    "archive/web/index_server.py",
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


@pytest.fixture(scope="module")
def timer() -> Iterator[Executor]:
    """A process that has one thread and does nothing but this."""
    with ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn")
    ) as pool:
        yield pool


@pytest.mark.parametrize("place", PATTERNS)
def test_no_pattern_needs_the_square_of_its_text(place: str, timer: Executor) -> None:
    pattern = PATTERNS[place]
    found = timer.submit(first_too_fast, pattern, list(attacks(pattern))).result()
    assert found is None, pattern.pattern


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
def test_patterns_that_do_are_found(pattern: str | bytes, timer: Executor) -> None:
    compiled = re.compile(pattern)
    assert timer.submit(first_too_fast, compiled, list(attacks(compiled))).result()


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
