"""`discuz-archive demo`: the whole way, from saved pages to hits, on two small invented
forums; no network.

It lays out the pages of `fixtures/` (packed into the wheel as `archive/demo_pages`) as a
reader might have them, a WARC file and texts, and then runs the ordinary commands on them,
each printed before it runs.
"""

from __future__ import annotations

import json
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from archive.warc.files import WarcFolder
from archive.warc.records import pack, sha1_base32
from scraper.core.errors import InputError
from scraper.core.records import Capture

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "demo_pages", _PACKAGE.parent / "fixtures")
_THEMES = (
    "archiver",
    "print",
    "print_text",
    "x3",
    "x3_gbk",
)  # the two forums; other folders have others
_LEFT_OUT = frozenset(
    {"x3/notice-closed"}
)  # a forum that is closed and open at once would only puzzle
_SEARCHES = (
    ("收音机",),
    ("粽子", "OR", "豆腐脑"),
    ("作者:老周修表", "电容"),
    ("七星聚会",),
)


@click.command()
@click.argument(
    "folder", required=False, type=click.Path(file_okay=False, path_type=Path)
)
def command(folder: Path | None) -> int:
    """Ingest two small invented forums into FOLDER (a temporary one if not given), and
    search them."""
    folder = folder or Path(tempfile.mkdtemp(prefix="discuz-archive-demo-"))
    pages, database = folder / "pages", folder / "demo.db"
    if database.exists():
        raise InputError(
            f"{database} is there already: give another folder, or remove it"
        )
    count = lay_out(pages)
    click.echo(
        f"{count} pages of two invented forums, 青石巷 (X3.5, UTF-8) and 老槐树下 (X3.4, GBK), are in {pages}"
    )
    if failed := _run("ingest", database, pages):
        return failed
    click.echo("\nThe same input again changes nothing:")
    _run("ingest", database, pages)
    for words in _SEARCHES:
        _run("search", database, "--limit", 3, *words)
    _run("stats", database)
    click.echo(
        f"\nNow try:\n  discuz-archive search {database} 外婆\n  discuz-archive serve {database}"
        f"\n  discuz-archive parse {pages}\n  sqlite3 {database} .schema"
    )
    return 0


def lay_out(folder: Path) -> int:
    """Put the demo's pages into a folder: a WARC file of all pages that have an address,
    and texts; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    warcs = WarcFolder(folder, "forums")
    for page, capture in _pages(_source()):
        count += 1
        if capture.url.startswith("file:"):
            shutil.copyfile(page, folder / page.name)
        else:
            warcs.append(pack(capture, "response", sha1_base32(capture.body)))
    warcs.close()
    return count


def _source() -> Path:
    found = next((folder for folder in _FOLDERS if any(folder.glob("*/*.json"))), None)
    if found is None:
        raise InputError(
            "the demo's pages are missing from this installation; install discuz-archive again"
        )
    return found


def _pages(folder: Path) -> Iterator[tuple[Path, Capture]]:
    """Every page with what its JSON says of its capture; pages of members are left out, as
    a guest saves them."""
    for beside in (
        path for theme in _THEMES for path in sorted((folder / theme).glob("*.json"))
    ):
        page = next(
            path for path in beside.parent.glob(f"{beside.stem}.*") if path != beside
        )
        if f"{beside.parent.name}/{beside.stem}" in _LEFT_OUT or beside.stem.startswith(
            "member"
        ):
            continue
        known = json.loads(beside.read_text("utf-8"))["capture"]
        headers = (("Content-Type", known["content_type"]),)
        fetched_at = datetime.fromisoformat(known["fetched_at"])
        yield (
            page,
            Capture(
                known["url"],
                fetched_at,
                page.read_bytes(),
                known.get("status", 200),
                headers,
            ),
        )


def _run(*words: object) -> int:
    """Run one of our commands as a user would type it; its exit code."""
    arguments = [str(word) for word in words]
    click.secho(f"\n$ discuz-archive {shlex.join(arguments)}", bold=True)
    program = click.get_current_context().find_root().command
    return int(
        program.main(arguments, prog_name="discuz-archive", standalone_mode=False) or 0
    )
