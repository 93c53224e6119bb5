"""What software and servers answer of their own mood: Discuz!'s question to first visitors, one
page that is out of order, threads that end before the page that was asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from crawling import Runner, readable
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.model import Thread
from fake_forum.server import Running, serve

from archive.commands._crawling import error_class
from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from scraper.core.errors import RefusedError
from scraper.policy.plan import Scope


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=2, threads=12, replies=12)) as running:
        yield running


def longest(forum: Forum) -> Thread:
    return max(forum.threads.values(), key=lambda thread: len(thread.posts))


def test_the_forums_own_question_is_named_at_the_start(
    site: Running, runner: Runner
) -> None:
    site.faults.always = "question"
    site.faults.script["/robots.txt"] = []
    ran = runner.run(site.url)
    assert ran.stopped[0].startswith("challenge: the forum's own question")
    assert "7 + 12 + 3 = ?" in ran.stopped[0]
    assert issubclass(error_class(ran.stopped[0]), RefusedError)


def test_the_forums_own_question_in_mid_run(site: Running, runner: Runner) -> None:
    def ask(_crawl: Crawl, visit: CrawlResult) -> None:
        site.faults.always = "question" if visit.key.kind == "thread" else None

    ran = runner.run(site.url, each=ask)
    assert ran.stopped[0].startswith("challenge: the forum's own question")
    site.faults.always = None
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


@pytest.mark.parametrize("times", [1, 9])
def test_a_page_that_is_out_of_order_for_an_hour_is_that_pages_trouble(
    site: Running, runner: Runner, times: int
) -> None:
    tid = longest(site.forum).tid
    site.faults.retry_after = "3600"
    site.faults.script[f"/forum.php?mod=viewthread&tid={tid}"] = ["busy"] * times
    before = runner.clock.now()
    ran = runner.run(site.url)
    assert ran.stopped == [""]
    assert (runner.clock.now() - before).total_seconds() < 3_600
    assert runner.pids() == readable(site.forum) - {
        post.pid for post in site.forum.threads[tid].posts
    }
    runner.clock.skip(hours=2)
    runner.run(site.url)
    assert (runner.pids() == readable(site.forum)) == (times == 1)


def test_a_forum_that_is_out_of_order_for_an_hour_is_left_alone(
    site: Running, runner: Runner
) -> None:
    def fail(_crawl: Crawl, visit: CrawlResult) -> None:
        site.faults.always = "busy" if visit.key.kind == "thread" else None

    site.faults.retry_after = "3600"
    ran = runner.run(site.url, each=fail)
    assert ran.stopped[0].startswith("throttled: status 503")
    assert len([request for request in site.log if request.fault]) <= 2
    site.faults.always = None
    runner.clock.skip(hours=2)
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


@pytest.mark.parametrize("pages_left", [1, 2])
def test_pages_past_the_end_of_a_thread_that_shrank(
    site: Running, runner: Runner, pages_left: int
) -> None:
    thread = longest(site.forum)
    per_page = site.forum.posts_per_page
    while len(thread.posts) <= 3 * per_page:
        site.forum.reply(thread.tid, site.forum.users[0], thread.first.parts[0])
    runner.run(site.url)
    site.site.lastpost = True
    for post in thread.posts[pages_left * per_page :]:
        site.forum.delete_post(post.pid)
    site.forum.stale.clear()

    site.clear()
    runner.clock.skip(hours=1)
    ran = runner.run(
        site.url, scope=Scope(threads=frozenset({thread.tid}), complete=True)
    )
    assert ran.ended("past_end")
    assert ran.ended("given_up") == []
    assert [path for path in site.paths() if "goto=lastpost" in path] == []
    assert runner.rows(
        "SELECT max(page) FROM frontier WHERE kind = 'thread' AND item = ?", thread.tid
    ) == [(pages_left,)]
    assert runner.pids() == readable(site.forum)


def test_a_thread_that_is_read_on_past_its_end_is_read_from_its_beginning(
    site: Running, runner: Runner
) -> None:
    thread = longest(site.forum)
    scope = Scope(threads=frozenset({thread.tid}))
    runner.run(site.url, scope=scope)
    site.site.lastpost = True
    for post in thread.posts[1:]:
        site.forum.delete_post(post.pid)
    site.forum.stale.clear()
    runner.clock.skip(hours=1)
    runner.run(site.url, scope=scope)
    assert runner.pids() == {thread.first.pid}
