"""A mistake of the program on one page, wherever it is made, costs a crawl that page."""

from __future__ import annotations

from typing import Any

import pytest
from crawling import Runner, readable
from fake_forum.generate import generated
from fake_forum.server import serve

from archive.crawl import steps
from archive.crawl.frontier import QueuedPage
from archive.schema import open_archive
from archive.store.sites import Sites
from scraper.addresses.own_forms import OwnForms

NAMED = "SELECT outcome, message FROM frontier WHERE kind = 'thread' AND item = ?"


def test_where_a_page_leads_to(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = steps.discover
    forum = generated(boards=1, threads=4, replies=3)
    tid = next(iter(forum.threads))

    def mistaken(context: Any, queued: QueuedPage, *more: Any, **words: Any):
        if queued.key.kind == "thread" and queued.key.item == tid:
            raise ZeroDivisionError("a mistake")
        return sound(context, queued, *more, **words)

    monkeypatch.setattr(steps, "discover", mistaken)
    with serve(forum) as site:
        runner.run(site.url)
        assert runner.pids() == readable(forum)
        ((outcome, message),) = runner.rows(NAMED, tid)
        assert outcome == "unreadable"
        assert message.endswith("where it leads to: ZeroDivisionError: a mistake")


def test_what_an_earlier_run_did_not_come_to_read(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = Sites.own_forms
    forum = generated(boards=1, threads=4, replies=3)
    with serve(forum) as site:
        runner.run(site.url)
        conn = open_archive(runner.path).conn
        query = "SELECT max(url) FROM captures WHERE kind = 'thread'"
        ((url,),) = conn.execute(query).fetchall()
        conn.execute("UPDATE captures SET outcome = 'pending' WHERE url = ?", (url,))
        conn.close()

        def mistaken(sites: Sites, asked: str) -> OwnForms:
            if asked == url:
                raise ZeroDivisionError("a mistake")
            return sound(sites, asked)

        monkeypatch.setattr(Sites, "own_forms", mistaken)
        runner.run(site.url)
        monkeypatch.undo()
        runner.run(site.url)
    failed = "SELECT message FROM captures WHERE url = ? AND outcome = 'failed'"
    assert runner.rows(failed, url) == [("ZeroDivisionError: a mistake",)]
