"""The folder of a site that its search page needs: scripts, engine, modules, database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from archive.export.form import Part
from archive.export.site.bundle import make_bundle
from archive.export.site.engine import PYTHON, engine_parts
from archive.export.site.search_db import SearchDatabase

FOLDER: Final = "search"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'"
)
"""Of the search page: the scripts of the site, and what they read of it."""
_SCRIPTS: Final = ("search.js", "worker.mjs", "parts.mjs", "database.mjs")
_STATIC: Final = Path(__file__).with_name("static")
_PROBE: Final = "probe.txt"
_PROBE_BODY: Final = b"0123456789\n"
"""A part of it is asked for to see whether the server gives parts."""
_DIGEST_CHARS: Final = 12


def search_parts(
    database: SearchDatabase, posts_on_page: Mapping[int, int]
) -> Iterator[Part]:
    """All files but the pages."""
    for name in _SCRIPTS:
        body = (_STATIC / name).read_bytes()
        yield _part(name, body)
    yield from engine_parts(f"{FOLDER}/engine")
    bundle = make_bundle()
    digest = hashlib.sha256(bundle).hexdigest()
    modules = f"modules-{digest[:_DIGEST_CHARS]}.zip"
    yield _part(modules, bundle)
    yield from database.parts(FOLDER)
    yield _part(_PROBE, _PROBE_BODY)
    site = {
        "modules": modules,
        "parts": database.names,
        "posts_on_page": posts_on_page,
        "probe": _PROBE,
        "python": PYTHON,
    }
    yield _part("site.json", json.dumps(site, indent=1).encode())


def _part(name: str, body: bytes) -> Part:
    return Part(f"{FOLDER}/{name}", partial(_write, body))


def _write(body: bytes, out: BinaryIO) -> None:
    out.write(body)
