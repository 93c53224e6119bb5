"""Crawls of a forum where things go wrong: the same posts in the end, nothing garbled kept,
every failure named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Runner, readable, stored_words, words
from fake_forum.faults import Fault
from fake_forum.generate import generated
from fake_forum.server import Running, serve

from archive.crawl.backlog import Backlog
from archive.crawl.frontier import Frontier
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from archive.schema import open_archive
from archive.store.save import Store
from archive.warc.files import WarcFolder
from scraper.fetch.fetcher import FetchSettings
from scraper.parsing import parse_capture
from scraper.policy.politeness import Pace


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=2, threads=12, replies=12)) as running:
        yield running


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_a_bad_line_costs_time_and_nothing_else(runner: Runner, charset: str) -> None:
    with serve(generated(boards=2, threads=12, replies=12), charset=charset) as site:
        faults = site.faults
        faults.error, faults.truncate, faults.reset, faults.garble = (
            0.08,
            0.08,
            0.08,
            0.05,
        )
        for _ in range(3):
            runner.run(site.url, patience_s=20_000.0)
        assert runner.pids() == readable(site.forum)
        assert stored_words(runner) == words(site)
        kept = [request for request in site.log if request.fault]
        assert len(kept) > 5


@pytest.mark.parametrize(
    "fault",
    [
        "throttle",
        "evasive",
        "loop",
        "proxy",
        "empty",
        "wrong_charset",
        "garble",
        "truncate",
    ],
)
def test_one_bad_answer_is_asked_for_again(
    site: Running, runner: Runner, fault: Fault
) -> None:
    tid = max(site.forum.threads)
    site.faults.script[f"/forum.php?mod=viewthread&tid={tid}"] = [fault]
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)
    assert stored_words(runner) == words(site)


def test_what_never_comes_is_given_up_named_and_put_back(
    site: Running, runner: Runner
) -> None:
    tid = max(site.forum.threads)
    site.faults.script[f"/forum.php?mod=viewthread&tid={tid}"] = ["error"] * 6
    ran = runner.run(site.url)
    assert [visit.key.item for visit in ran.ended("given_up")] == [tid]
    assert len(ran.ended("again")) == 5
    conn = open_archive(runner.path).conn
    frontier = Frontier(conn, 1, runner.clock.now())
    assert [
        (one.key.item, one.message.partition(":")[0])
        for one in Backlog(conn, 1).given_up()
    ] == [(tid, "server_error")]
    assert frontier.retry(runner.clock.now()) == 1
    conn.close()
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


def test_a_challenge_stops_that_forum_and_no_other(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "both.db")
    with (
        serve(generated(seed=2, boards=1, threads=6)) as shut,
        serve(generated(seed=3, boards=1, threads=6)) as open_,
    ):

        def shield(_crawl: Crawl, visit: CrawlResult) -> None:
            if visit.forum == shut.url:
                shut.faults.always = "challenge"

        ran = runner.run(shut.url, open_.url, each=shield)
        assert [bool(why) for why in ran.stopped] == [True, False]
        assert ran.stopped[0].startswith("challenge")
        assert len([request for request in shut.log if request.fault]) <= 2
        got = {
            row[0]
            for row in runner.rows(
                "SELECT pid FROM posts p JOIN sites s ON s.id = p.site_id "
                "WHERE base_url = ?",
                open_.url,
            )
        }
        assert got == readable(open_.forum)
        stopped = dict(runner.rows("SELECT address, stopped <> '' FROM crawls"))
        assert stopped == {shut.url: 1, open_.url: 0}


def test_a_forum_that_closes_in_mid_run_is_gone_on_with_later(
    site: Running, runner: Runner
) -> None:
    def close(_crawl: Crawl, visit: CrawlResult) -> None:
        site.site.closed = visit.key.kind == "thread" or site.site.closed

    ran = runner.run(site.url, each=close)
    assert ran.stopped[0].startswith("closed")
    site.site.closed = False
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


def test_an_outage_stops_the_run_and_costs_no_page(
    site: Running, runner: Runner
) -> None:
    def fail(_crawl: Crawl, visit: CrawlResult) -> None:
        site.faults.always = "error" if visit.key.kind == "thread" else None

    ran = runner.run(site.url, each=fail)
    assert ": 10 pages in a row failed" in ran.stopped[0]
    assert ran.ended("given_up") == []
    site.faults.always = None
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


def test_a_forum_that_is_not_there(runner: Runner) -> None:
    ran = runner.run("http://127.0.0.1:9/")
    assert ran.stopped[0].startswith("refused_connection")
    assert ran.visits == []


def test_a_full_disk_ends_the_run_and_costs_nothing(
    site: Running, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: WarcFolder, _record: bytes) -> None:
        raise OSError(28, "No space left on device")

    def fill(_crawl: Crawl, visit: CrawlResult) -> None:
        if visit.key.kind == "thread":
            monkeypatch.setattr(WarcFolder, "append", full)

    with pytest.raises(OSError, match="No space left"):
        runner.run(site.url, each=fill)
    monkeypatch.undo()
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


@pytest.mark.parametrize(
    "broken",
    ["archive.intake.page_parser.parse_capture", "archive.store.save.Store.write"],
)
def test_a_page_that_breaks_our_own_code_costs_that_page_and_no_run(
    site: Running, runner: Runner, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    tid = max(site.forum.threads)
    whole = parse_capture if broken.endswith("parse_capture") else Store.write

    def breaks(*words: object) -> object:
        if f"tid={tid}" in str(
            getattr(
                words[0] if broken.endswith("parse_capture") else words[1], "url", ""
            )
        ):
            raise KeyError("a mistake of ours")
        return whole(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(broken, breaks)
    ran = runner.run(site.url)
    assert [visit.key.item for visit in ran.ended("given_up")] == [tid]
    assert "KeyError" in ran.ended("given_up")[0].reason
    wanted = {post.pid for thread, post in site.forum.posts() if thread.tid != tid}
    assert runner.pids() == wanted


@pytest.mark.parametrize("path", ["/", "/forum.php?mod=viewthread&tid=24"])
def test_a_forum_that_wants_a_day_of_rest_is_left_alone(
    site: Running, runner: Runner, path: str
) -> None:
    site.faults.retry_after = "86400"
    site.faults.script[path] = ["throttle"]
    ran = runner.run(site.url)
    assert ran.stopped[0].startswith(
        "throttled: status 429, wants to be left alone for 86400 s"
    )
    assert site.log[-1].path == path
    runner.clock.skip(hours=25)
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


def test_a_forum_that_throttles_is_asked_more_slowly(
    site: Running, runner: Runner
) -> None:
    paces = list[Pace]()

    def note(crawl: Crawl, _visit: CrawlResult) -> None:
        paces.append(crawl.forums[0].pace)

    site.now_s = runner.clock.monotonic
    site.faults.throttle_per_s = 1
    settings = FetchSettings(delay_s=0.25)
    runner.run(site.url, settings=settings, each=note, patience_s=20_000)
    assert runner.pids() == readable(site.forum)
    assert paces[0].delay_s < 1.0
    assert paces[-1].delay_s > 0.5
    throttled = [request for request in site.log if request.fault == "throttle"]
    assert 0 < len(throttled) < 0.1 * len(site.log)
