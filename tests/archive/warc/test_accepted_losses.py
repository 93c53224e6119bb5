"""Losses that are accepted: no problem any more, still told, and undone by what comes back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import web_client
from command_line import Run
from fake_forum.generate import generated
from fake_forum.server import serve
from test_losses import (
    ALTERED_BYTES,
    FIRST,
    TROUBLES,
    a_folder_in_its_place,
    altered_at_its_end,
    exchanged,
    halved,
    missing,
    put_back,
)

ACCEPT = ("check", "--accept-losses")


@pytest.fixture
def db(call: Run, fixtures: Path, tmp_path: Path) -> Path:
    """An archive of our own pages, in one WARC file."""
    db = tmp_path / "forum.db"
    call("ingest", db, fixtures)
    return db


@pytest.fixture
def first(db: Path) -> Path:
    """Its WARC file."""
    return db.with_suffix(".warc") / FIRST


def count(db: Path, query: str) -> int:
    with closing(sqlite3.connect(db)) as conn:
        return int(conn.execute(f"SELECT count(*) FROM {query}").fetchone()[0])


def losses(call: Run, db: Path) -> dict[str, Any]:
    """What `status` tells programs of an archive of one forum, or of none that was crawled."""
    _, out = call("status", db, "--json")
    report = json.loads(out)
    assert isinstance(report["losses"], dict)
    return report["losses"]


@pytest.mark.parametrize("harm", TROUBLES)
def test_what_is_accepted_is_no_problem_and_still_told(
    call: Run, db: Path, first: Path, harm: Callable[[Path], str]
) -> None:
    posts = count(db, "posts")
    harm(first)
    code, out = call("check", db)
    assert code == 1
    assert f"check --accept-losses {db}" in out
    lost = count(db, "lost_captures")
    code, out = call(*ACCEPT, db)
    assert code == 0
    assert f"accepted: {lost:,} more captures are lost" in out
    for words in (["check", db], ["check", "--full", db]):
        code, out = call(*words)
        assert code == 0
        assert f"{lost:,} captures are lost, and that was accepted" in out
        assert "problem" not in out
    told = losses(call, db)
    assert (told["captures"], told["accepted"]) == (lost, lost)
    assert told["accepted_at"].startswith("20")
    assert f"{lost:,} of them accepted" in call("status", db)[1]
    assert count(db, "posts") == posts


@pytest.mark.parametrize("harm", [missing, halved, exchanged, a_folder_in_its_place])
def test_what_comes_back_is_not_lost_and_may_be_lost_anew(
    call: Run, db: Path, first: Path, harm: Callable[[Path], str]
) -> None:
    whole = first.read_bytes()
    harm(first)
    assert call(*ACCEPT, db)[0] == 0
    put_back(first, whole)
    code, out = call("check", "--full", db)
    assert code == 0
    assert "accepted" not in out
    assert count(db, "accepted_losses") == 0
    assert call("status", db, "--json")[1] == ""
    harm(first)
    code, out = call("check", db)
    assert code == 1
    assert "captures are lost: " in out


def test_more_that_is_lost_is_a_problem_again(
    call: Run, db: Path, first: Path, fixtures: Path
) -> None:
    """Of a file that was cut already, and of another."""
    size_bytes = first.stat().st_size
    os.truncate(first, size_bytes // 2)
    assert call(*ACCEPT, db)[0] == 0
    accepted = count(db, "accepted_losses")
    os.truncate(first, size_bytes // 4)
    code, out = call("check", db)
    assert code == 1
    assert f"{FIRST} was cut" in out
    assert f"{accepted:,} captures are lost, and that was accepted" in out
    assert call(*ACCEPT, db)[0] == 0
    page = next(fixtures.rglob("*.html"))
    call("ingest", db, page, "--captured-at", "2020-01-01")
    second = first.with_name("forum-00002.warc.gz")
    second.unlink()
    code, out = call("check", db)
    assert code == 1
    assert "forum-00002.warc.gz is missing" in out
    assert f"{FIRST} was cut" not in out
    assert "1 captures are lost: 1 pages" in out


def test_a_file_of_which_nothing_is_lost_but_that_was_altered(
    call: Run, db: Path, first: Path
) -> None:
    """Records without a capture lay there, say."""
    end_bytes = first.stat().st_size - ALTERED_BYTES
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("DELETE FROM captures WHERE offset + length > ?", (end_bytes,))
        conn.commit()
    altered_at_its_end(first)
    code, out = call("check", db)
    assert code == 1
    assert f"{FIRST} was altered" in out
    assert count(db, "lost_captures") == 0
    assert call(*ACCEPT, db)[0] == 0
    assert call("check", db)[0] == 0


def test_files_that_lie_elsewhere_are_not_accepted_as_lost(call: Run, db: Path) -> None:
    other = db.rename(db.with_name("other.db"))
    code, out = call(*ACCEPT, other)
    assert code == 1
    assert f"not accepted as lost: files that are missing lie in {db.stem}.warc" in (
        out.replace(f"{db.parent}{os.sep}", "")
    )
    assert count(other, "accepted_losses") == 0
    db.with_suffix(".warc").rename(other.with_suffix(".warc"))
    assert call("check", "--full", other)[0] == 0


def test_the_health_page_tells_of_losses(call: Run, db: Path, first: Path) -> None:
    pytest.importorskip("datasette")
    pages = web_client.pages_of(db)
    words = "Kept pages that are lost"
    assert words not in pages.get("/health", accept_language="en").text
    first.unlink()
    for command in (("check",), ACCEPT):
        call(*command, db)
        page = pages.get("/health", accept_language="en").text
        assert words in page
    assert "of them accepted (20" in page


def test_nothing_to_accept(call: Run, db: Path) -> None:
    code, out = call(*ACCEPT, db)
    assert code == 0
    assert "captures read back: all right" in out
    assert count(db, "accepted_losses") == 0


def test_writers_do_not_warn_of_what_was_accepted(
    call: Run, db: Path, fixtures: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(db.with_suffix(".warc"))
    page = next(fixtures.rglob("*.html"))
    assert call(*ACCEPT, db)[0] == 0
    caplog.clear()
    call("ingest", db, page, "--captured-at", "2020-01-01")
    assert caplog.messages == []


def test_the_forum_still_brings_back_what_was_accepted(
    call: Run, tmp_path: Path
) -> None:
    db = tmp_path / "forum.db"
    with serve(generated(boards=1, threads=4, replies=3)) as site:
        crawl = ("crawl", db, site.url, "--delay", "0", "--owner-consents")
        assert call(*crawl)[0] == 0
        (first,) = db.with_suffix(".warc").glob("*.gz")
        first.unlink()
        assert call(*ACCEPT, db)[0] == 0
        told = losses(call, db)
        assert told["captures"] == told["accepted"] > 0
        assert call(*crawl, "--complete")[0] == 0
    code, out = call("check", "--full", db)
    assert code == 0
    assert "accepted" not in out
    assert losses(call, db)["captures"] == 0
