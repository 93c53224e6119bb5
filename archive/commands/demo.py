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

from archive.commands._saying import program, say
from scraper.core.errors import InputError
from scraper.core.records import Capture

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "demo_pages", _PACKAGE.parent / "fixtures")
_THEMES = ("archiver", "print", "print_text", "x3", "x3_gbk")
"""The folders with pages of the two forums."""
_LEFT_OUT = "x3/notice-closed"
"""A forum that is closed and open at once would only puzzle."""
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
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="discuz-archive-demo-"))
    pages = folder / "pages"
    database = folder / "demo.db"
    if database.exists():
        raise InputError(
            f"{database} is there already: give another folder, or remove it"
        )
    count = lay_out(pages)
    say(
        f"{count} pages of two invented forums, "
        f"青石巷 (X3.5, UTF-8) and 老槐树下 (X3.4, GBK), are in {pages}"
    )
    failed = run_as_typed("ingest", database, pages)
    if failed:
        return failed
    say("\nThe same input again changes nothing:")
    run_as_typed("ingest", database, pages)
    for words in _SEARCHES:
        run_as_typed("search", database, "--limit", 3, *words)
    run_as_typed("stats", database)
    say("\nNow try:")
    say(f"  discuz-archive search {database} 外婆")
    say(f"  discuz-archive serve {database}")
    say(f"  discuz-archive parse {pages}")
    say(f"  sqlite3 {database} .schema")
    return 0


def lay_out(folder: Path) -> int:
    """Put the demo's pages into a folder: a WARC file of all pages that have an address,
    and texts; how many."""
    # imported when it runs: --help is quick
    from archive.warc.files import WarcFolder
    from archive.warc.records import pack, sha1_base32

    folder.mkdir(
        parents=True,
        exist_ok=True,
    )
    count = 0
    warcs = WarcFolder(folder, "forums")
    for page, capture in _pages(_source()):
        count += 1
        if capture.url.startswith("file:"):
            shutil.copyfile(page, folder / page.name)
            continue
        digest = sha1_base32(capture.body)
        record = pack(capture, "response", digest)
        warcs.append(record)
    warcs.close()
    return count


def _source() -> Path:
    for folder in _FOLDERS:
        if any(folder.glob("*/*.json")):
            return folder
    raise InputError(
        "the demo's pages are missing from this installation; "
        "install discuz-archive again"
    )


def _pages(folder: Path) -> Iterator[tuple[Path, Capture]]:
    """Every page with its capture; pages of members are left out: a guest saves these."""
    for theme in _THEMES:
        for description in sorted((folder / theme).glob("*.json")):
            name = description.stem
            if name.startswith("member") or f"{theme}/{name}" == _LEFT_OUT:
                continue
            beside = description.parent.glob(f"{name}.*")
            (page,) = (path for path in beside if path != description)
            yield page, _capture(page, description)


def _capture(page: Path, description: Path) -> Capture:
    """A page with what its JSON says of its capture."""
    pair = json.loads(description.read_text("utf-8"))
    known = pair["capture"]
    return Capture(
        url=known["url"],
        fetched_at=datetime.fromisoformat(known["fetched_at"]),
        body=page.read_bytes(),
        status=known.get("status", 200),
        headers=(("Content-Type", known["content_type"]),),
    )


def run_as_typed(*words: object) -> int:
    """Run one of our commands as a user would type it; its exit code."""
    arguments = [str(word) for word in words]
    click.secho(f"\n$ {program()} {shlex.join(arguments)}", bold=True)
    ours = click.get_current_context().find_root().command
    return int(
        ours.main(arguments, prog_name="discuz-archive", standalone_mode=False) or 0
    )
