"""Where an archive is served on this machine: `serve` leaves a note while it runs, and a hit
of the search is opened there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from archive.search.hits import Hit
from archive.store.file import path_of

_PROGRAM: Final = "discuz-archive"
_PATIENCE_S: Final = 1.0
_SITE: Final = "SELECT site_id FROM posts WHERE id = ?"


@contextlib.contextmanager
def noted(archive: Path, address: str) -> Iterator[None]:
    """Leave a note of where an archive is served, for as long as it is."""
    note = _note_of(archive)
    said = {
        "archive": str(archive.resolve()),
        "served_as": str(archive),
        "address": address,
    }
    text = json.dumps(said)
    try:
        note.parent.mkdir(
            parents=True,
            exist_ok=True,
        )
        note.write_text(text, encoding="utf-8")
    except OSError:  # a home that cannot be written: nothing is lost but the note
        yield
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            if note.read_text(encoding="utf-8") == text:
                note.unlink()


def pages_of(conn: sqlite3.Connection, hits: Sequence[Hit]) -> list[str]:
    """The addresses of the archive's own pages of hits; none where it is not served."""
    address = address_of(Path(path_of(conn)))
    if not address:
        return []
    return [f"{address}{_path_of(conn, hit)}" for hit in hits]


def _path_of(conn: sqlite3.Connection, hit: Hit) -> str:
    (site_id,) = conn.execute(_SITE, (hit.post_id,)).fetchone()
    number = f"~{hit.post_id}" if hit.pid is None else str(hit.pid)
    return f"f/{site_id}/post/{number}"


def address_of(archive: Path) -> str:
    """Where an archive is served; empty where no server of it answers."""
    try:
        noted = json.loads(_note_of(archive).read_text(encoding="utf-8"))
        address = str(noted["address"])
        served_as = str(noted["served_as"])
        is_same = noted["archive"] == str(archive.resolve())
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return address if is_same and _answers(address, served_as) else ""


def _answers(address: str, served_as: str) -> bool:
    """Whether it is still that archive's server: a port may be another's by now."""
    from urllib.request import ProxyHandler, build_opener

    try:
        opener = build_opener(ProxyHandler({}))
        with opener.open(f"{address}-/databases.json", timeout=_PATIENCE_S) as answer:
            served = json.load(answer)
        return any(each.get("path") == served_as for each in served)
    except (OSError, ValueError, AttributeError):
        return False


def _note_of(archive: Path) -> Path:
    """The note's file, in the user's own folder."""
    name = hashlib.sha256(str(archive.resolve()).encode()).hexdigest()[:16]
    return Path(click.get_app_dir(_PROGRAM)) / "served" / f"{name}.json"
