"""The modules that the search needs in a reader's browser, in one file: our own, found by what
they import, and those of the template engine."""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[3]
_OURS: Final = ("archive", "scraper")
_FIRST: Final = "archive.export.site.browser"
_SHIM: Final = Path(__file__).with_name("shim_sqlite3.py")
_LIBRARIES: Final = ("jinja2", "markupsafe")
_DATA: Final = (
    "archive/index/variants.txt",
    "archive/search/pinyin.txt",
    "archive/search/regional_words.txt",
    "archive/web/strings_traditional.json",
)
_PAGES: Final = "archive/web/pages"
_NO_DATE: Final = (1980, 1, 1, 0, 0, 0)


def make_bundle() -> bytes:
    """A ZIP file, the same for the same version."""
    files = dict(_files())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, files[name])
    return made.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    """Each file's name within, and what it holds."""
    modules = needed_modules()
    for module in modules:
        path = _path_of(module)
        yield path.relative_to(_ROOT).as_posix(), path.read_bytes()
    for package in _packages_of(modules):
        # what a package offers to programmers needs more than a browser has
        yield f"{package.replace('.', '/')}/__init__.py", b""
    for name in _DATA:
        yield name, (_ROOT / name).read_bytes()
    for path in (_ROOT / _PAGES).iterdir():
        yield f"{_PAGES}/{path.name}", path.read_bytes()
    for library in _LIBRARIES:
        yield from _library_files(library)
    yield "sqlite3.py", _SHIM.read_bytes()


def needed_modules() -> list[str]:
    """Our modules that the search imports, and those that they import."""
    found: set[str] = set()
    waiting = [_FIRST]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        waiting += _imports(module)
    return sorted(found)


def _imports(module: str) -> list[str]:
    """The modules of ours that a module imports at once, and not only when they are needed."""
    source = _path_of(module).read_bytes()
    names = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            names += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.append(node.module)
            names += [f"{node.module}.{each.name}" for each in node.names]
    return [name for name in names if _is_ours(name)]


def _is_ours(name: str) -> bool:
    package, _, rest = name.partition(".")
    return package in _OURS and rest != "" and _path_of(name).is_file()


def _path_of(module: str) -> Path:
    return _ROOT.joinpath(*module.split(".")).with_suffix(".py")


def _packages_of(modules: list[str]) -> set[str]:
    packages = set()
    for module in modules:
        package, _, _ = module.rpartition(".")
        while package:
            packages.add(package)
            package, _, _ = package.rpartition(".")
    return packages


def _library_files(library: str) -> Iterator[tuple[str, bytes]]:
    """The modules of a library in Python alone."""
    spec = find_spec(library)
    assert spec
    assert spec.origin
    folder = Path(spec.origin).parent
    for path in folder.glob("*.py"):
        yield f"{library}/{path.name}", path.read_bytes()
