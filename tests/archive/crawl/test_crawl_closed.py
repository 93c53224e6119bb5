"""A forum that its owner closed, in whatever words: the crawl stops and says so, no page is
taken for refused, and the next run goes on by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Literal

import pytest
from crawling import Ran, Runner, readable
from fake_forum.generate import generated
from fake_forum.model import Words
from fake_forum.server import Running, serve
from raw_server import answer, serve_raw

from archive.commands._crawling import error_class
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from archive.schema import open_archive
from scraper.core.errors import RefusedError
from scraper.fetch.fetcher import FetchSettings
from scraper.policy.plan import Scope

OWN_WORDS = (
    "老站长退休了，大家江湖再见",
    "因备案原因，本站数据正在整理，预计 {n} 小时后恢复，请稍后再来",
    "We are having our annual holiday. Back in {n} days.",
    "您所在的用户组没有权限进入，请联系管理员",
    "帖子都不存在了，硬盘坏了",
)


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=2, threads=22, replies=12)) as running:
        yield running


def refused(runner: Runner) -> list[tuple[object, ...]]:
    """The pages that the archive takes for refused, missing or given up."""
    return runner.rows(
        "SELECT kind, item, outcome FROM frontier "
        "WHERE outcome IN ('refused', 'gone') OR state = 'given_up'"
    )


def assert_named(ran: Ran, words: str = "") -> None:
    assert ran.stopped[0].startswith("closed: ")
    assert words.partition("{n}")[0] in ran.stopped[0]
    assert issubclass(error_class(ran.stopped[0]), RefusedError)


@pytest.mark.parametrize("words", OWN_WORDS)
def test_closed_at_the_start(site: Running, runner: Runner, words: str) -> None:
    site.site.closed, site.site.closed_words = True, words
    for _ in range(2):
        site.clear()
        ran = runner.run(site.url)
        assert_named(ran, words)
        assert ran.visits == []
        assert len(site.log) <= 4
    assert refused(runner) == []

    site.site.closed = False
    ran = runner.run(site.url)
    assert ran.stopped == [""]
    assert runner.pids() == readable(site.forum)


@pytest.mark.parametrize("words", OWN_WORDS)
@pytest.mark.parametrize("concurrency", [1, 4])
def test_closed_in_mid_run(
    site: Running, runner: Runner, words: str, concurrency: int
) -> None:
    def close(_crawl: Crawl, visit: CrawlResult) -> None:
        site.site.closed = visit.key.kind == "thread" or site.site.closed

    site.site.closed_words = words
    settings = FetchSettings(delay_s=0.5, concurrency=concurrency)
    ran = runner.run(site.url, settings=settings, each=close)
    assert_named(ran, words)
    assert refused(runner) == []
    noticed = [visit for visit in ran.visits if visit.outcome in ("refused", "gone")]
    assert ran.forums[0].taken_back
    assert len(noticed) <= len(ran.forums[0].taken_back) <= 20

    site.site.closed = False
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)
    assert runner.rows("SELECT tid FROM threads WHERE gone_at IS NOT NULL") == []


@pytest.mark.parametrize("barred", ["notice", "login form"])
def test_guests_who_may_see_nothing(
    site: Running, runner: Runner, barred: Literal["notice", "login form"]
) -> None:
    site.site.barred = barred
    ran = runner.run(site.url)
    assert_named(ran)
    assert "--cookies" in ran.stopped[0]
    assert [path for path in site.paths() if "member.php" in path] == []
    site.site.barred = ""
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


def test_a_known_forum_that_is_closed_is_remembered_so(
    site: Running, runner: Runner
) -> None:
    """`status` says so, and `watch` leaves it alone."""
    runner.run(site.url)
    site.site.closed, site.site.closed_words = True, OWN_WORDS[0]
    runner.clock.skip(days=2)
    runner.run(site.url)
    (stopped,) = runner.rows("SELECT stopped FROM crawls")[0]
    assert OWN_WORDS[0] in stopped
    site.site.closed = False
    runner.run(site.url)
    assert runner.rows("SELECT stopped FROM crawls") == [("",)]


def test_closed_in_a_folder_that_the_root_sends_to(runner: Runner) -> None:
    with serve(generated(boards=1, threads=3), "/bbs/") as site:
        site.site.outside = "<meta http-equiv='refresh' content='0;url=/bbs/'>"
        site.site.closed, site.site.closed_words = True, OWN_WORDS[0]
        assert_named(runner.run(site.url.removesuffix("bbs/")), OWN_WORDS[0])


def test_a_forum_before_x_that_is_closed(runner: Runner) -> None:
    """7.2: no script of X is there, and its notice has a form of its own."""
    page = """<html><head><title>提示信息 - Powered by Discuz!</title></head><body>
<div class="fcontent alert_win"><div class="postbox"><div class="alert_error">
<p>春节放假，初八见</p></div></div></div></body></html>"""
    html = "Content-Type: text/html; charset=gbk"
    with serve_raw() as raw:
        notice = answer(page.encode("gbk"), html)
        for path in ("/", "/index.php", "/viewthread.php?tid=1", "/space.php?uid=1"):
            raw.answers[path] = notice
        ran = runner.run(raw.url)
        assert_named(ran, "春节放假，初八见")


def test_a_notice_of_single_pages_is_no_state_of_the_forum(
    site: Running, runner: Runner
) -> None:
    """A dozen threads in a row that guests may not read cost one look at the front page."""
    forum = site.forum
    shut = sorted(forum.threads)[-12:]
    for tid in shut:
        forum.threads[tid].read_level = 50
    ran = runner.run(site.url)
    assert ran.stopped == [""]
    assert {tid for _, tid, _ in refused(runner)} == set(shut)
    assert runner.pids() == readable(forum) - posts_of(site, shut)
    assert site.paths().count("/") == 2


def posts_of(site: Running, tids: list[int]) -> set[int]:
    return {post.pid for tid in tids for post in site.forum.threads[tid].posts}


def test_a_board_whose_notice_speaks_of_closing_does_not_stop_the_crawl(
    site: Running, runner: Runner
) -> None:
    tid = max(site.forum.threads)
    site.site.noticed[tid] = "抱歉，本站停止服务的旧版块，内容不再开放"
    ran = runner.run(site.url)
    assert ran.stopped == [""]
    assert {item for _, item, _ in refused(runner)} == {tid}


def test_pages_that_an_older_version_took_for_refused_come_back(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    expected = runner.pids()
    with closing(sqlite3.connect(runner.path)) as conn, conn:
        conn.execute(
            "UPDATE frontier SET outcome = 'refused', due_at = '2099-01-01T00:00:00Z', "
            "message = 'other: 本站数据迁移，预计12小时后恢复' WHERE item % 2 = 0"
        )
        conn.execute(
            "UPDATE frontier SET state = 'given_up', outcome = 'throttled', tries = 6, "
            "message = 'throttled: 维护，请稍后再来' WHERE kind = 'thread' AND item % 2 = 1"
        )
        conn.execute("DELETE FROM migrations WHERE name LIKE '%reopened%'")
    open_archive(runner.path).close()
    assert refused(runner) == []
    site.clear()
    new = site.forum.reply(
        min(site.forum.threads), site.forum.users[0], Words("又开了")
    )
    runner.run(site.url)
    assert runner.pids() == expected | {new.pid}
    assert runner.rows("SELECT count(*) FROM frontier WHERE state = 'due'") == [(0,)]


def test_pages_that_were_refused_for_reasons_of_their_own_stay_so(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    with closing(sqlite3.connect(runner.path)) as conn, conn:
        conn.execute(
            "UPDATE frontier SET outcome = 'refused', "
            "message = 'forbidden: 抱歉，您没有权限访问该版块' "
            "WHERE item % 2 = 0 AND kind <> 'index'"
        )
        conn.execute("DELETE FROM migrations WHERE name LIKE '%reopened%'")
    before = refused(runner)
    open_archive(runner.path).close()
    assert before
    assert refused(runner) == before


def test_a_refused_thread_is_asked_again_once_its_row_shows_new_replies(
    site: Running, runner: Runner
) -> None:
    forum = site.forum
    tid = min(forum.threads)
    thread = forum.threads[tid]
    thread.read_level = 50
    runner.run(site.url)
    assert {item for _, item, _ in refused(runner)} == {tid}

    address = f"/forum.php?mod=viewthread&tid={tid}"
    for asked in (1, 0):
        site.clear()
        if asked:
            forum.advance(hours=1)
            forum.reply(tid, forum.users[0], Words("又有人回"))
        runner.clock.skip(hours=1)
        runner.run(site.url)
        assert site.paths().count(address) == asked

    thread.read_level = 0
    forum.advance(hours=1)
    forum.reply(tid, forum.users[0], Words("开放了"))
    runner.clock.skip(hours=1)
    runner.run(site.url)
    assert runner.pids() == readable(forum)


def test_a_run_to_which_everything_was_refused_did_not_go_well(
    site: Running, runner: Runner
) -> None:
    tid = min(site.forum.threads)
    site.forum.threads[tid].read_level = 50
    scope = Scope(threads=frozenset({tid}))
    for _ in range(2):
        ran = runner.run(site.url, scope=scope)
        assert ran.stopped[0].startswith("refused: everything that was asked for")
        assert issubclass(error_class(ran.stopped[0]), RefusedError)
    more = Scope(threads=frozenset(site.forum.threads))
    assert runner.run(site.url, scope=more).stopped == [""]


def test_a_forum_all_of_whose_boards_are_for_members(
    site: Running, runner: Runner
) -> None:
    boards = site.forum.boards
    site.forum.boards = tuple(replace(board, access="members") for board in boards)
    for _ in range(2):
        ran = runner.run(site.url)
        assert ran.stopped[0].startswith("refused: none of 2 boards can be read")
        runner.clock.skip(hours=1)
