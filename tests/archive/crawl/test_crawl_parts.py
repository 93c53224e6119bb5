"""Pages of which a part came: kept as far as they go, asked for again, never taken for the
whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from crawling import Runner, readable, stored_words, words
from fake_forum.generate import generated
from fake_forum.model import Thread, Words
from fake_forum.server import Running, serve

from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from scraper.policy.judgement import PART_TRIES
from scraper.policy.plan import Scope


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=2, threads=12, replies=12)) as running:
        yield running


@pytest.fixture
def long_thread(site: Running) -> Thread:
    """A thread of one full page."""
    forum = site.forum
    thread = forum.threads[max(forum.threads)]
    while len(thread.posts) < forum.posts_per_page:
        forum.reply(thread.tid, forum.users[0], Words(f"第{len(thread.posts)}楼"))
    return thread


def path_of(thread: Thread) -> str:
    return f"/forum.php?mod=viewthread&tid={thread.tid}"


def posts_of(runner: Runner, thread: Thread) -> dict[int, object]:
    """The stored posts of a thread: pid and when they were found to be gone."""
    query = """SELECT p.pid, p.gone_at FROM posts p JOIN threads t ON t.id = p.thread_id
      WHERE t.tid = ?"""
    return dict(runner.rows(query, thread.tid))


@pytest.mark.parametrize("part", [0.5, 0.7, 0.9])
@pytest.mark.parametrize("times", range(1, PART_TRIES))
def test_a_page_that_breaks_off_is_asked_for_again_and_the_whole_replaces_it(
    site: Running, runner: Runner, long_thread: Thread, part: float, times: int
) -> None:
    path = path_of(long_thread)
    site.faults.part = part
    site.faults.script[path] = ["part"] * times
    seen = list[dict[int, object]]()

    def note(_crawl: Crawl, visit: CrawlResult) -> None:
        if visit.key.item == long_thread.tid and visit.outcome == "again":
            seen.append(posts_of(runner, long_thread))

    ran = runner.run(site.url, each=note)
    assert site.paths().count(path) == times + 1
    assert [visit.reason[:13] for visit in ran.ended("again")] == [
        "read in part:"
    ] * times
    assert len(seen) == times
    assert all(len(posts) > 0 for posts in seen)
    assert ran.ended("given_up") == []
    assert runner.pids() == readable(site.forum)
    assert words(site) <= stored_words(runner)


def test_a_page_that_always_breaks_off_is_kept_as_far_as_it_came_and_named(
    site: Running, runner: Runner, long_thread: Thread
) -> None:
    path = path_of(long_thread)
    site.faults.script[path] = ["part"] * 20
    ran = runner.run(site.url)
    assert site.paths().count(path) == PART_TRIES
    (visit,) = ran.ended("part")
    assert visit.key.item == long_thread.tid
    assert "page-cut" in visit.reason
    kinds = {warning.kind for each in ran.visits for warning in each.warnings}
    assert "page-cut" in kinds
    summary = list(ran.totals.warnings.lines())
    assert summary[0].startswith(f"page-cut on {PART_TRIES} pages, such as {site.url}")
    assert ran.totals.threads == len(site.forum.threads)
    kept = posts_of(runner, long_thread)
    assert 0 < len(kept) < len(long_thread.posts)

    site.faults.script.clear()
    runner.run(site.url, scope=Scope(complete=True))
    assert runner.pids() == readable(site.forum)
    assert words(site) <= stored_words(runner)


@pytest.mark.parametrize("times", [1, PART_TRIES])
def test_posts_that_a_broken_page_lacks_are_never_taken_for_gone(
    site: Running, runner: Runner, long_thread: Thread, times: int
) -> None:
    runner.run(site.url)
    whole = posts_of(runner, long_thread)
    site.faults.script[path_of(long_thread)] = ["part"] * times
    ran = runner.run(site.url, scope=Scope(complete=True))
    assert len(ran.ended("part")) == (times == PART_TRIES)
    assert [visit.gone for visit in ran.visits if visit.gone] == []
    assert posts_of(runner, long_thread) == whole

    deleted = long_thread.posts[-1].pid
    site.forum.delete_post(deleted)
    ran = runner.run(site.url, scope=Scope(complete=True))
    assert sum(visit.gone for visit in ran.visits) == 1
    gone = [pid for pid, gone_at in posts_of(runner, long_thread).items() if gone_at]
    assert gone == [deleted]


@pytest.mark.parametrize("kind", ["board", "index"])
def test_a_list_that_breaks_off_is_asked_for_again(
    site: Running, runner: Runner, kind: str
) -> None:
    fid = min(thread.fid for thread in site.forum.threads.values())
    board = f"/forum.php?mod=forumdisplay&fid={fid}"
    site.faults.script["/" if kind == "index" else board] = ["part"]
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)
