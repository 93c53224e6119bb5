"""What a site's search is made of: modules that a browser can run, and programs as published."""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import sys
import zipfile
from collections.abc import Iterator

import pytest

from archive.export.site import engine
from archive.export.site.bundle import make_bundle

LIBRARIES = ("jinja2", "markupsafe")
PUBLISHED = {
    "pyodide-314.0.7.tgz": "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyM"
    "cWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
    "sqlite-wasm-3.54.1-build1.tgz": "sha512-foW427VBLJ3G87bsnvQTZCc9zYe0Fq1wH0pz1I6BlKLK"
    "XcArIAyTkHtq0iT2llmhcMQt9T/p6l5PpQQh+6O8uQ==",
}
"""As the npm registry states them (`npm view NAME@VERSION dist.integrity`)."""


def bundled() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(make_bundle())) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def imported(source: bytes) -> Iterator[str]:
    """What a module imports at once."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_every_module_finds_what_it_imports() -> None:
    files = bundled()
    assert "archive/search/api.py" in files
    for name, body in files.items():
        if not name.endswith(".py") or name.startswith(LIBRARIES):
            continue
        for module in imported(body):
            package = module.partition(".")[0]
            if package in ("archive", "scraper"):
                place = module.replace(".", "/")
                assert f"{place}.py" in files or f"{place}/__init__.py" in files, name
                continue
            is_there = package in sys.stdlib_module_names or package in LIBRARIES
            assert is_there, f"{name} imports {module}"


def test_the_same_version_makes_the_same_bundle() -> None:
    assert make_bundle() == make_bundle()


@pytest.mark.parametrize("published", engine.PUBLISHED, ids=lambda each: each.archive)
def test_the_programs_are_as_published(published: engine.Published) -> None:
    body = (engine.FOLDER / published.archive).read_bytes()
    digest = base64.b64encode(hashlib.sha512(body).digest()).decode()
    assert PUBLISHED[published.archive] == f"sha512-{digest}"
