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
    ("scraper.core.records", "scraper.core.capture", "scraper.core.errors", "scraper.addresses.target", "scraper.core.jsonable", "scraper.markup.code",
     "scraper.markup.flat", "scraper.fetch.codings"),
    ("scraper.core.site", "scraper.markup.decode", "scraper.markup.dates", "scraper.markup.html", "scraper.markup.smilies", "scraper.markup.floors",
     "scraper.markup.withheld", "scraper.policy.politeness", "scraper.addresses.canonical", "scraper.addresses.routes", "scraper.fetch.robots",
     "scraper.fetch.cookies", "scraper.fetch.values", "scraper.fetch.hosts", "scraper.fetch.throttle"),
    ("scraper.addresses.urls",),
    ("scraper.fetch.redirects", "scraper.markup.media"),
    # a page made ready, and the readers of its parts
    ("scraper.markup.snapshot", "scraper.markup.attachments", "scraper.markup.quotes", "scraper.policy.plan"),
    ("scraper.markup.text", "scraper.markup.bbcode", "scraper.markup.signals"),
    ("scraper.pages.printed", "scraper.pages.print_messages", "scraper.pages.archiver_text", "scraper.pages.archiver_pages"),
    ("scraper.pages.desktop",),
    ("scraper.pages.handheld", "scraper.pages.api", "scraper.pages.ajax"),
    ("scraper.themes",),
    # bytes to records, and the network
    ("scraper.fetch.verdict", "scraper.fetch.transport", "scraper.fetch.robots_cache"),
    ("scraper.fetch.clients",),
    ("scraper.parse", "scraper.fetch.fetcher"),
    # the archive: what decides and what makes words, then tables and files
    ("archive.store.stamps", "archive.index.segment", "archive.store.markdown", "archive.search.budget", "archive.search.stats", "archive.search.filters",
     "archive.intake.inputs", "archive.warc.redact", "archive.warc.lock", "archive.schema", "archive.index.charmap", "archive.store.upsert",
     "archive.warc.records", "archive.search.notices"),
    ("archive.warc.captures", "archive.warc.files", "archive.intake.foreign", "archive.intake.saved", "archive.intake.sources", "archive.crawl.frontier",
     "archive.store.identity", "archive.store.merge", "archive.store.extras", "archive.index.writer", "archive.search.query", "archive.search.filter_sql",
     "archive.search.date_ranges"),
    ("archive.store.sites", "archive.store.boards", "archive.store.threads", "archive.store.users", "archive.store.posts", "archive.search.match",
     "archive.index.verify", "archive.search.char_selectivity", "archive.search.planner"),
    ("archive.store.save", "archive.search.chronological", "archive.search.post_filter", "archive.search.score", "archive.search.executor", "archive.search.snippet",
     "archive.search.hints"),
    ("archive.search.api", "archive.search.facets", "archive.intake.ingest", "archive.intake.summary", "archive.crawl.media", "archive.commands._resolve_post"),
    ("archive.search.similar",),
    ("archive.crawl.values", "archive.crawl.steps", "archive.crawl.report", "archive.crawl.start"),
    ("archive.crawl.forum",),
    ("archive.crawl.loop",),
    ("archive.commands", "archive.web", "archive.cli", "archive.__main__"),
)
DOORS = {
    "httpx": ("scraper.fetch.transport",),
    "protego": ("scraper.fetch.robots",),
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
    edges = ("scraper.fetch.fetcher", "archive.commands", "archive.cli", "archive.web")
    for module in modules():
        path = ROOT.joinpath(*module.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if not module.startswith(edges):
            text = path.read_text(encoding="utf-8")
            assert not any(reader in text for reader in readers), f"{module} reads the clock"
