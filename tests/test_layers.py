"""The floors of the house: who may import whom, and which library has its door where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Lowest first. A package may import those of lower floors; the modules of a package may
# import one another, as long as no circle comes of it.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("scraper.core",),
    ("scraper.addresses",),
    ("scraper.policy", "scraper.markup"),
    ("scraper.pages", "scraper.missed", "scraper.split_posts"),
    ("scraper.themes", "scraper.census", "scraper.learning"),
    ("scraper.fetch", "scraper.parsing"),
    ("archive.schema", "archive.processes", "archive.plain", "archive.languages"),
    ("archive.index",),
    ("archive.store", "archive.search"),
    ("archive.warc",),
    ("archive.forgetting",),
    ("archive.reading", "archive.intake"),
    ("archive.crawl",),
    ("archive.web",),
    ("archive.export",),
    ("archive.corpus",),
    ("archive.clickhouse",),
    ("archive.desk",),
    ("archive.commands",),
    ("archive.cli",),
    ("archive.__main__",),
)
DOORWAYS = ("scraper", "archive")
"""The packages' own `__init__`: what they offer to programmers. Nothing of theirs imports it."""
DOORS = {
    "httpx": ("scraper.fetch",),
    "protego": ("scraper.fetch",),
    "httpcore": ("scraper.fetch.raw_exchange",),
    "pycurl": (
        "scraper.fetch.broken",
        "scraper.fetch.curl",
        "scraper.fetch.curl_exchange",
        "scraper.fetch.raw_exchange",
    ),
    "socket": (
        "scraper.fetch",
        "archive.commands._ports",  # tries whether one can listen
        "archive.commands.start",  # listens
        "archive.desk.readers",  # asks whether a server listens
    ),
    "starlette": ("archive.desk",),
    "uvicorn": ("archive.commands.start", "archive.commands._serve_at"),
    "ssl": ("scraper.fetch",),
    "urllib.request": (
        "scraper.fetch",
        "archive.commands._local_reader",  # asks our own server what it serves
    ),
    "http.client": ("scraper.fetch",),
    "selectolax": (
        "scraper.markup",
        "scraper.pages",
        "scraper.themes",
        "archive.web.kept_page",
        "archive.web.message",
    ),
    "fastwarc": ("archive.warc", "archive.intake"),
    "isal": ("archive.warc.records",),
    "fsspec": ("scraper.fetch.remote", "archive.corpus.outputs"),
    "chdb": ("archive.clickhouse.engine",),
    "clickhouse_connect": ("archive.clickhouse.engine",),
    "pyspark": ("archive.corpus",),
    "ijson": ("archive.intake.json_values",),
    "filelock": ("archive.warc.lock",),
    "sqlite_utils": ("archive",),
    "sqlite3": ("archive",),
    "click": ("archive.cli", "archive.commands"),
    "rich": ("archive.commands",),
    "datasette": ("archive.web", "archive.commands.serve"),
}


def modules() -> list[str]:
    """Every module of both packages, dotted."""
    found = []
    for path in sorted([*ROOT.glob("scraper/**/*.py"), *ROOT.glob("archive/**/*.py")]):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def source_of(module: str) -> Path:
    """The file of a module; a folder of its name may hold other things."""
    path = ROOT.joinpath(*module.split("."))
    package = path / "__init__.py"
    return package if package.is_file() else path.with_suffix(".py")


def imports(module: str) -> Iterator[str]:
    """The modules that a module imports, at its top or within."""
    path = source_of(module)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{name.name}" for name in node.names]
            yield from (name if is_module(name) else node.module for name in names)


def is_module(name: str) -> bool:
    """Whether a dotted name is a module of ours."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def package_of(module: str) -> str:
    """The package, or the module beside the packages, that holds a module."""
    return ".".join(module.split(".")[:2])


def floor(package: str) -> int | None:
    """The floor of a package; None for what is not ours."""
    return next((at for at, names in enumerate(FLOORS) if package in names), None)


def test_every_package_has_a_floor_and_a_guide() -> None:
    packages = {package_of(module) for module in modules()} - set(DOORWAYS)
    assert packages == {name for names in FLOORS for name in names}
    for package in sorted(packages):
        folder = ROOT.joinpath(*package.split("."))
        if folder.is_dir():
            guide = ast.get_docstring(
                ast.parse((folder / "__init__.py").read_text("utf-8"))
            )
            assert guide, package
            assert "Open `" in guide, f"{package} does not say which file to open first"


@pytest.mark.parametrize("module", modules())
def test_nothing_imports_upwards(module: str) -> None:
    if module in DOORWAYS:
        return
    own = floor(package_of(module))
    assert own is not None
    for other in imports(module):
        if other.partition(".")[0] not in DOORWAYS:
            continue
        assert other not in DOORWAYS, f"{module} imports the doorway {other}"
        above = floor(package_of(other))
        is_own_package = package_of(other) == package_of(module)
        assert above is not None, f"{module} imports {other}, which has no floor"
        assert is_own_package or above < own, (
            f"{module} imports {other}: not a lower floor"
        )


def test_no_circle() -> None:
    known = set(modules())
    left = {
        module: {name for name in imports(module) if name in known} for module in known
    }
    while free := [
        module for module, needs in left.items() if not needs & left.keys() - {module}
    ]:
        for module in free:
            del left[module]
    assert not left, f"these import one another in a circle: {sorted(left)}"


def test_scraper_knows_nothing_of_the_archive() -> None:
    for module in modules():
        if module.startswith("scraper"):
            ours = [name for name in imports(module) if name.startswith("archive")]
            assert not ours, f"{module} imports {ours}"


@pytest.mark.parametrize("module", modules())
def test_libraries_have_one_door(module: str) -> None:
    for other in imports(module):
        for library, doors in DOORS.items():
            if _is_within(other, library):
                has_door = any(_is_within(module, door) for door in doors)
                assert has_door, f"{module} imports {other}"


@pytest.mark.parametrize("module", modules())
def test_every_file_says_its_duty_and_stays_small(module: str) -> None:
    path = source_of(module)
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), f"{module} does not say what it is for"
    assert text.count("\n") <= 330, f"{module} is too long: it has more than one duty"


def test_the_clock_is_read_at_the_edges_only() -> None:
    readers = ("datetime.now(", "time.time(", "datetime.utcnow(", "date.today(")
    edges = (
        "scraper.fetch",
        "scraper.parsing",
        "archive.commands",
        "archive.cli",
        "archive.web",
        "archive.export.site.browser",  # serves pages in the reader's own browser
    )
    for module in modules():
        path = source_of(module)
        if not module.startswith(edges):
            text = path.read_text(encoding="utf-8")
            assert not any(reader in text for reader in readers), (
                f"{module} reads the clock"
            )
