"""`--since` means a day of the forum's own calendar: pages print times in its zone."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from crawling import Runner
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.model import Words
from fake_forum.server import serve

from archive.crawl.start import CrawlStart
from archive.crawl.values import CrawlSettings
from archive.schema import open_archive
from archive.store.sites import Sites
from scraper.core.records import Capture
from scraper.policy.plan import BOARD, DiscoveredPage, Key, Scope

SINCE = date(2024, 4, 1)
NEAR = (-90, -1, 0, 90)
"""Minutes from the day's beginning, by the forum's clock: two threads before it, two after."""


def around_midnight(utc_offset_minutes: int) -> Forum:
    """A forum whose threads 1 to 4 were last answered around midnight by its own clock."""
    zone = timezone(timedelta(minutes=utc_offset_minutes))
    midnight = datetime(2024, 4, 1, tzinfo=zone)
    forum = generated(boards=1, threads=0)
    forum.threads_per_page = 2
    for minutes in NEAR:
        forum.now = midnight + timedelta(minutes=minutes)
        forum.new_thread(10, f"零点{minutes:+}分", forum.users[0], Words("正文"))
    forum.now = midnight + timedelta(days=9)
    return forum


def read_threads(runner: Runner, url: str) -> set[object]:
    rows = runner.rows(
        "SELECT DISTINCT tid FROM threads t JOIN posts p ON p.thread_id = t.id "
        "JOIN sites s ON s.id = t.site_id WHERE base_url = ?",
        url,
    )
    return {tid for (tid,) in rows}


@pytest.mark.parametrize("utc_offset_minutes", [480, 0, -300, 345, 840, -720])
def test_the_day_begins_at_midnight_of_the_forum(
    tmp_path: Path, utc_offset_minutes: int
) -> None:
    runner = Runner(tmp_path / "forum.db")
    with serve(around_midnight(utc_offset_minutes)) as site:
        runner.run(site.url, scope=Scope(since=SINCE))
        assert read_threads(runner, site.url) == {3, 4}
        board_pages = [path for path in site.paths() if "forumdisplay" in path]
        assert board_pages[-1].endswith("&page=2")
        runner.run(site.url, scope=Scope(since=SINCE - timedelta(days=1)))
        assert read_threads(runner, site.url) == {1, 2, 3, 4}


def test_each_forum_of_a_run_has_its_own_day(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "both.db")
    with ExitStack() as stack:
        sites = [
            stack.enter_context(serve(around_midnight(offset)))
            for offset in (480, -480, 0)
        ]
        urls = [site.url for site in sites]
        runner.run(*urls, scope=Scope(since=SINCE))
    for url in urls:
        assert read_threads(runner, url) == {3, 4}


def test_a_round_that_is_resumed_keeps_to_the_forums_day(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "forum.db")
    scope = Scope(since=SINCE)
    with serve(around_midnight(-300)) as site:
        runner.run(site.url, scope=scope, max_pages=1)
        site.clear()
        runner.run(site.url, scope=scope)
        assert "/" not in site.paths()
        assert read_threads(runner, site.url) == {3, 4}


def started(path: Path, *, login: bool = False, footer: str = "") -> CrawlStart:
    """A forum whose front page was read once."""
    conn = open_archive(path).conn
    start = CrawlStart(
        conn,
        Sites(conn),
        "http://a.example/",
        CrawlSettings(scope=Scope(since=SINCE), login=login),
        datetime(2024, 6, 1, tzinfo=UTC),
        lambda _: True,
    )
    body = f"<a href='forum.php?mod=forumdisplay&fid=2'></a>{footer}".encode()
    context = start.start(Capture(start.base, start.began, body))
    page = DiscoveredPage(key=Key("board", 2), priority=BOARD)
    context.frontier.add([page], start.began)
    return start


def zone_minutes(start: CrawlStart) -> int:
    context = start.resume()
    assert context
    return context.scope.utc_offset_minutes


def test_the_zone_is_that_of_the_forums_row(tmp_path: Path) -> None:
    start = started(tmp_path / "a.db", footer="GMT-5, 2024-6-1 08:20")
    assert zone_minutes(start) == -300
    start.conn.execute("UPDATE sites SET utc_offset_minutes = 540")
    assert zone_minutes(start) == 540


def test_a_forum_that_states_no_zone_is_taken_to_be_in_china(tmp_path: Path) -> None:
    assert zone_minutes(started(tmp_path / "a.db")) == 480


def test_a_members_own_zone_is_not_the_forums(tmp_path: Path) -> None:
    start = started(tmp_path / "a.db", login=True, footer="GMT-5, 2024-6-1 08:20")
    assert zone_minutes(start) == 480
