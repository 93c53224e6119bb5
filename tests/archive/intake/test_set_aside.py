"""Captures that end what reads them, a parser process or the whole program, are set aside,
named everywhere, and passed over until somebody wants them read."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import breaking_parser
import pytest
from breaking_parser import broken_by
from test_parser_processes import LIMITS, ingested, page_of

from archive.cli import cli, run
from archive.intake.ingest import Ingest
from archive.intake.parsers import ParserProcesses
from archive.intake.results import IngestResult
from archive.schema import open_archive
from archive.store import suspects
from archive.store.save import Store
from archive.warc.captures import Captures
from scraper.core.records import Page

PAGES = 6
WORSE = 3
URL = page_of(WORSE).capture.url


def read(
    db: Path, *, again: bool = False, failed_only: bool = False, broken: bool = False
) -> list[IngestResult]:
    """Catch up, or read again, by processes; `broken`: by those that break."""
    work = breaking_parser.parse if broken else breaking_parser.sound
    conn = open_archive(db).conn
    with Captures(conn) as captures, ParserProcesses(1, LIMITS, work) as parsers:
        ingest = Ingest(conn, captures, Store(conn), parsers)
        results = ingest.again(failed_only) if again else ingest.run([])
        return list(results)


def fates(results: Iterable[IngestResult]) -> list[str]:
    return [result.result for result in results]


def aside(db: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(db) as conn:
        query = "SELECT outcome, message FROM captures WHERE outcome = 'failed'"
        return conn.execute(query).fetchall()


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """An archive of pages, one of which ended its parser process."""
    db = tmp_path / "a.db"
    items = [page_of(tid) for tid in range(1, PAGES)]
    items[WORSE - 1] = page_of(WORSE, broken_by("exit"))
    results = ingested(db, items, jobs=1)
    assert fates(results).count("set_aside") == 1
    return db


def test_what_ended_its_parser_is_passed_over_and_named(db: Path) -> None:
    for _ in range(2):
        results = read(db, again=True)
        (named,) = [each for each in results if each.result == "set_aside"]
        assert named.url == URL
        assert named.reason.startswith("set aside: it ended the process that read it")
    item = page_of(WORSE, broken_by("exit"))
    (known,) = ingested(db, [item], jobs=1)
    assert (known.result, known.reason) == ("set_aside", named.reason)
    assert aside(db) == [("failed", named.reason)]


def test_another_version_tries_it_again(db: Path) -> None:
    with open_archive(db).conn as conn:
        conn.execute("UPDATE suspects SET version = '0.0.1'")
    for _ in range(2):  # the first finds that it is as before, the second passes over
        assert fates(read(db, again=True, broken=True)).count("set_aside") == 1
        assert len(aside(db)) == 1
    with open_archive(db).conn as conn:
        conn.execute("UPDATE suspects SET version = '0.0.1'")
    assert fates(read(db, again=True)).count("stored") == 1
    assert aside(db) == []
    assert fates(read(db, again=True)) == ["unchanged"] * (PAGES - 1)


def test_it_is_tried_again_where_that_is_asked_for(db: Path) -> None:
    assert fates(read(db, again=True, failed_only=True, broken=True)) == ["set_aside"]
    assert fates(read(db, again=True, failed_only=True)) == ["stored"]
    assert suspects.list_set_aside(open_archive(db).conn) == []


class Deadly(Store):
    """A store that a page ends, with the whole program."""

    def write(self, page: Page, capture_id: int | None = None) -> Any:
        if f"第 {WORSE} 题" in repr(page):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().write(page, capture_id)


def die_reading(db: Path, *, again: bool) -> bool:
    """Read with a store that dies of a page; whether the program came to its end."""
    child = os.fork()
    if child == 0:
        conn = open_archive(db).conn
        with Captures(conn) as captures:
            ingest = Ingest(conn, captures, Deadly(conn))
            for _ in ingest.again() if again else ingest.run([]):
                pass
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return status == 0


@pytest.mark.parametrize("again", [False, True])
def test_what_ends_the_program_is_set_aside_and_nothing_else(
    tmp_path: Path, again: bool
) -> None:
    db = tmp_path / "a.db"
    ingested(db, [page_of(tid) for tid in range(1, PAGES)], jobs=1)
    if not again:
        with open_archive(db).conn as conn:
            conn.execute("UPDATE captures SET outcome = 'pending'")
    deaths = 0
    while not die_reading(db, again=again):
        deaths += 1
        assert deaths < 5
    assert deaths == (3 if again else 2)
    words = f"set aside: {suspects.ENDED_PROGRAM}"
    assert aside(db) == [("failed", words)]
    with open_archive(db).conn as conn:
        assert [each.url for each in suspects.list_set_aside(conn)] == [URL]
        assert conn.execute("SELECT count(*) FROM suspects").fetchone() == (1,)
    assert die_reading(db, again=True)
    assert fates(read(db, again=True, failed_only=True)) == ["unchanged"]
    assert aside(db) == []


def test_an_error_with_words_sets_nothing_aside(db: Path) -> None:
    conn = open_archive(db).conn
    for _ in range(3):
        with pytest.raises(OSError, match="full"), suspects.reading(conn, 1):
            raise OSError("the disk is full")
        with pytest.raises(OSError, match="full"), suspects.watching(conn, [1, 2]):
            raise OSError("the disk is full")
    assert conn.execute("SELECT count(*) FROM suspects").fetchone() == (1,)


def test_commands_name_it(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def call(*words: object) -> str:
        arguments = [str(word) for word in words]
        run(lambda: cli.main(arguments, standalone_mode=False))
        return capsys.readouterr().out

    summary = call("reparse", db)
    assert f"set aside: 1; {suspects.TRIED_AGAIN}" in summary
    assert f"{URL}: set aside: it ended the process" in summary
    data = json.loads(call("reparse", db, "--json"))
    assert data["results"]["set_aside"] == 1
    (problem,) = data["problems"]
    assert (problem["url"], problem["result"]) == (URL, "set_aside")

    status = call("status", db)
    assert f"set aside: {URL}: it ended the process" in status
    assert suspects.TRIED_AGAIN in status
    (named,) = json.loads(call("status", db, "--json"))["set_aside"]
    assert named["url"] == URL
