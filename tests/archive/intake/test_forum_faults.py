"""What the row of its forum does to a page, or its address to the store, costs that page."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from test_parser_processes import LIMITS, page_of

from archive.intake.ingest import Ingest
from archive.intake.parsers import ParserProcesses
from archive.schema import open_archive
from archive.store.save import Store
from archive.store.sites import Sites
from archive.warc.captures import Captures
from scraper.core.site import Site

MISTAKE = "its forum cannot be told: ZeroDivisionError: a mistake"


class Mistaken(Sites):
    """Forums, one page of which cannot be told apart."""

    error: Exception = ZeroDivisionError("a mistake")

    def settings(self, url: str) -> Site:
        if url.endswith("tid=3"):
            raise self.error
        return super().settings(url)


@pytest.mark.parametrize("in_processes", [False, True])
@pytest.mark.parametrize("way", ["new", "pending", "again"])
def test_it_costs_that_page(tmp_path: Path, way: str, in_processes: bool) -> None:
    conn = open_archive(tmp_path / "a.db").conn
    items = [page_of(tid) for tid in range(1, 6)]
    with Captures(conn) as captures, ParserProcesses(1, LIMITS) as processes:
        parsers = processes if in_processes else None
        if way != "new":
            list(Ingest(conn, captures, Store(conn), parsers).run(items))
        if way == "pending":
            conn.execute("UPDATE captures SET outcome = 'pending'")
        store = Store(conn)
        store.sites = Mistaken(conn)
        ingest = Ingest(conn, captures, store, parsers)
        results = list(ingest.again() if way == "again" else ingest.run(items))[:5]
    (failed,) = [result for result in results if result.result == "failed"]
    assert failed.url == items[2].capture.url
    assert failed.reason == MISTAKE
    query = "SELECT message FROM captures WHERE outcome = 'failed'"
    assert conn.execute(query).fetchall() == [(MISTAKE,)]


def test_a_fault_of_the_machine_ends_the_run(tmp_path: Path) -> None:
    conn = open_archive(tmp_path / "a.db").conn
    with Captures(conn) as captures:
        store = Store(conn)
        store.sites = Mistaken(conn)
        store.sites.error = sqlite3.OperationalError("disk is full")
        store.sites.error.sqlite_errorcode = sqlite3.SQLITE_FULL
        ingest = Ingest(conn, captures, store)
        with pytest.raises(sqlite3.OperationalError):
            list(ingest.run([page_of(tid) for tid in range(1, 6)]))
