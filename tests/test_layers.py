"""The floors of the house: who may import whom, and which library has its door where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Lowest first. A module may import modules of its own floor and below; a name stands for the package below it too.
FLOORS: tuple[tuple[str, ...], ...] = (
    # the vocabulary, and pure pieces that know no page
    ("scraper.records", "scraper.capture", "scraper.errors", "scraper.target", "scraper.jsonable", "scraper.code",
     "scraper.markup", "scraper.codings"),
    ("scraper.site", "scraper.decode", "scraper.dates", "scraper.html", "scraper.smilies", "scraper.floors",
     "scraper.withheld", "scraper.politeness", "scraper.canonical", "scraper.routes", "scraper.robots",
     "scraper.cookies", "scraper.fetch_values", "scraper.fetch_hosts", "scraper.fetch_turns"),
    ("scraper.urls",),
    ("scraper.redirects", "scraper.media"),
    # a page made ready, and the readers of its parts
    ("scraper.snapshot", "scraper.attachments", "scraper.quotes", "scraper.plan"),
    ("scraper.text", "scraper.bbcode", "scraper.signals"),
    ("scraper.printed", "scraper.print_messages", "scraper.archiver_text", "scraper.archiver_pages"),
    ("scraper.desktop",),
    ("scraper.handheld", "scraper.api", "scraper.ajax"),
    ("scraper.themes",),
    # bytes to records, and the network
    ("scraper.verdict", "scraper.fetch_wire", "scraper.fetch_rules"),
    ("scraper.fetch_lines",),
    ("scraper.parse", "scraper.fetch"),
    # the archive: what decides and what makes words, then tables and files
    ("archive.facts", "archive.segment", "archive.markdown", "archive.bounded", "archive.ground", "archive.filters",
     "archive.inputs", "archive.redact", "archive.lock", "archive.schema", "archive.charmap", "archive.rows",
     "archive.warc_pack", "archive.notes"),
    ("archive.captures", "archive.warc_file", "archive.warcs", "archive.saved", "archive.sources", "archive.frontier",
     "archive.identity", "archive.merge", "archive.extras", "archive.index", "archive.query", "archive.filter_sql",
     "archive.months"),
    ("archive.sites", "archive.boards", "archive.threads", "archive.users", "archive.posts", "archive.match",
     "archive.verify", "archive.characters", "archive.planner"),
    ("archive.store", "archive.by_time", "archive.reading", "archive.score", "archive.lookup", "archive.snippet",
     "archive.hints"),
    ("archive.search", "archive.tallies", "archive.ingest", "archive.tally", "archive.media", "archive.named_post"),
    ("archive.similar",),
    ("archive.crawl_values", "archive.crawl_steps", "archive.crawl_report", "archive.crawl_begin"),
    ("archive.crawl_forum",),
    ("archive.crawl",),
    ("archive.commands", "archive.web", "archive.cli", "archive.__main__"),
)
DOORS = {
    "httpx": ("scraper.fetch_wire",),
    "protego": ("scraper.robots",),
    "fastwarc": ("archive",),
    "sqlite_utils": ("archive",),
    "click": ("archive.cli", "archive.commands"),
    "rich": ("archive.commands",),
    "datasette": ("archive.web", "archive.commands.serve"),
    "sqlite3": ("archive",),
}


def modules() -> list[str]:
    """Every module of both packages, dotted."""
    found = []
    for path in sorted([*ROOT.glob("scraper/**/*.py"), *ROOT.glob("archive/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def imports(module: str) -> Iterator[str]:
    """The modules that a module imports, at its top or within."""
    path = ROOT.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def floor(module: str) -> int | None:
    """The floor whose longest prefix fits; None for a module that the table does not name."""
    fits = [(len(name), at) for at, names in enumerate(FLOORS) for name in names
            if module == name or module.startswith(name + ".")]
    return max(fits)[1] if fits else None


@pytest.mark.parametrize("module", modules())
def test_nothing_imports_upwards(module: str) -> None:
    own = floor(module)
    assert own is not None or module in ("scraper", "archive"), f"{module} has no floor: add it to FLOORS"
    for other in imports(module):
        if module.startswith("scraper"):
            assert not other.startswith("archive"), f"{module} imports {other}: scraper knows nothing of storage"
        above = floor(other)
        if own is not None and above is not None:
            assert above <= own, f"{module} (floor {own}) imports {other} (floor {above})"


@pytest.mark.parametrize("module", modules())
def test_libraries_have_one_door(module: str) -> None:
    for other in imports(module):
        doors = DOORS.get(other.partition(".")[0])
        if doors:
            assert any(module == door or module.startswith(door + ".") for door in doors), f"{module} imports {other}"


@pytest.mark.parametrize("module", modules())
def test_every_file_says_its_duty_and_stays_small(module: str) -> None:
    path = ROOT.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), f"{module} does not say what it is for"
    assert text.count("\n") <= 330, f"{module} is too long: it has more than one duty"


def test_the_clock_is_read_at_the_edges_only() -> None:
    readers = ("datetime.now(", "time.time(", "datetime.utcnow(", "date.today(")
    edges = ("scraper.fetch", "archive.commands", "archive.cli", "archive.web")
    for module in modules():
        path = ROOT.joinpath(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if not module.startswith(edges):
            text = path.read_text(encoding="utf-8")
            assert not any(reader in text for reader in readers), f"{module} reads the clock"
