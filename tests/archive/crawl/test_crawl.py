"""Whole crawls of the fake forum: everything found, nothing twice, later runs ask for what
is new."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from crawling import Runner, readable
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.model import Words
from fake_forum.server import Running, serve
from fake_forum.story import qingshi

from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from archive.schema import open_archive
from scraper.core.errors import StorageError
from scraper.fetch.fetcher import FetchSettings
from scraper.policy.plan import Scope


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=2, threads=22, replies=12)) as running:
        yield running


def asked(site: Running) -> list[str]:
    """What a run asked for, robots.txt and the front page left out."""
    return [path for path in site.paths() if path not in ("/robots.txt", "/")]


def again(site: Running, runner: Runner, **hours: float) -> list[str]:
    """Run once more, some time later; what it asked for."""
    site.clear()
    runner.clock.skip(**(hours or {"minutes": 5}))
    runner.run(site.url)
    return asked(site)


def longest(forum: Forum) -> int:
    return max(
        (thread for thread in forum.threads.values()),
        key=lambda thread: len(thread.posts),
    ).tid


def test_a_first_run_finds_everything_and_asks_for_nothing_twice(
    site: Running, runner: Runner
) -> None:
    ran = runner.run(site.url)
    assert runner.pids() == readable(site.forum)
    assert ran.totals.threads == len(site.forum.threads)
    assert max(Counter(site.paths()).values()) == 1
    assert site.most_at_once == 1
    assert runner.rows("SELECT count(*) FROM frontier WHERE state <> 'done'") == [(0,)]
    assert (
        runner.rows(
            "SELECT outcome, count(*) FROM captures WHERE outcome NOT IN ('stored', 'unchanged') "
            "GROUP BY 1"
        )
        == []
    )


@pytest.mark.parametrize(("rewritten", "charset"), [(True, "utf-8"), (False, "gbk")])
def test_a_story_with_all_its_oddities(
    tmp_path: Path, rewritten: bool, charset: str
) -> None:
    runner = Runner(tmp_path / "forum.db")
    forum = qingshi()
    with serve(forum, "/bbs/", rewritten=rewritten, charset=charset) as site:
        ran = runner.run(site.url)
    assert runner.pids() == readable(forum)
    moved = [thread.moved_to for thread in forum.threads.values() if thread.moved_to]
    assert moved
    assert all(runner.rows("SELECT 1 FROM threads WHERE tid = ?", tid) for tid in moved)
    assert {
        visit.key.item for visit in ran.ended("refused") if visit.key.kind == "board"
    } == {8, 9}
    assert max(Counter(site.paths()).values()) == 1


def test_an_unchanged_forum_costs_its_boards_first_pages(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    paths = again(site, runner)
    assert len(paths) == len(site.forum.boards)
    assert all("forumdisplay" in path and "page=" not in path for path in paths)


def test_new_threads_and_replies_cost_their_own_pages(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    forum, long = site.forum, longest(site.forum)
    pages = -(-len(forum.threads[long].posts) // forum.posts_per_page)
    forum.advance(hours=1)
    forum.reply(long, forum.users[0], Words("又来了"))
    new = forum.new_thread(
        forum.boards[0].fid, "新的一帖", forum.users[1], Words("第一句")
    )
    threads = [path for path in again(site, runner) if "viewthread" in path]
    assert runner.pids() == readable(forum)
    assert pages > 1
    last = f"&page={-(-len(forum.threads[long].posts) // forum.posts_per_page)}"
    assert all(f"tid={new.tid}" in path or f"tid={long}" in path for path in threads)
    assert len(threads) <= 3
    assert any(path.endswith(last) for path in threads)


def test_a_sweep_finds_edits_deletions_moves_and_closes(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    forum, long = site.forum, longest(site.forum)
    posts = forum.threads[long].posts
    first, cut = posts[2].pid, posts[5].pid
    others = [tid for tid in forum.threads if tid != long]
    forum.advance(hours=30)
    forum.edit(first, Words("改过的话"))
    forum.delete_post(cut)
    forum.delete_thread(others[0])
    moved_to = next(
        board.fid for board in forum.boards if board.fid != forum.threads[others[1]].fid
    )
    forum.move(others[1], moved_to)
    forum.close(others[2])
    runner.clock.skip(hours=30)
    ran = runner.run(site.url, scope=Scope(complete=True))
    assert runner.pids() >= readable(forum)
    assert runner.rows("SELECT text FROM posts WHERE pid = ?", first) == [("改过的话",)]
    assert (
        len(
            runner.rows(
                "SELECT v.id FROM post_versions v JOIN posts p ON p.id = post_id WHERE pid = ?",
                first,
            )
        )
        == 1
    )
    assert runner.rows("SELECT pid FROM posts WHERE gone_at IS NOT NULL") == [(cut,)]
    assert runner.rows("SELECT tid FROM threads WHERE gone_at IS NOT NULL") == [
        (others[0],)
    ]
    assert runner.rows(
        "SELECT b.fid FROM threads t JOIN boards b ON b.id = board_id WHERE tid = ?",
        others[1],
    ) == [(moved_to,)]
    assert runner.rows("SELECT closed FROM threads WHERE tid = ?", others[2]) == [(1,)]
    assert ran.totals.gone == 1


def test_threads_are_looked_at_again_by_themselves_soon_after_they_changed(
    site: Running, runner: Runner
) -> None:
    forum = site.forum
    runner.clock.start = forum.now
    fresh = forum.new_thread(
        forum.boards[0].fid, "刚发的帖", forum.users[1], Words("原话")
    )
    runner.run(site.url)
    forum.edit(fresh.first.pid, Words("改了主意"))
    paths = again(site, runner, hours=13)
    assert [path for path in paths if f"tid={fresh.tid}" in path]
    assert runner.rows("SELECT text FROM posts WHERE pid = ?", fresh.first.pid) == [
        ("改了主意",)
    ]


def test_one_board(site: Running, runner: Runner) -> None:
    fid = site.forum.boards[1].fid
    runner.run(site.url, scope=Scope(boards=frozenset({fid})))
    wanted = {post.pid for thread, post in site.forum.posts() if thread.fid == fid}
    assert runner.pids() == wanted
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


def test_one_thread(site: Running, runner: Runner) -> None:
    tid = longest(site.forum)
    runner.run(site.url, scope=Scope(threads=frozenset({tid})))
    assert runner.pids() == {post.pid for post in site.forum.threads[tid].posts}
    assert len(asked(site)) == -(
        -len(site.forum.threads[tid].posts) // site.forum.posts_per_page
    )


def test_since_a_day_and_later_the_rest(site: Running, runner: Runner) -> None:
    since = date(2024, 4, 1)
    runner.run(site.url, scope=Scope(since=since))
    recent = {
        thread.tid
        for thread in site.forum.threads.values()
        if thread.last.posted_at.date() > since
    }
    got = {
        row[0]
        for row in runner.rows(
            "SELECT DISTINCT t.tid FROM posts p JOIN threads t ON t.id = p.thread_id"
        )
    }
    assert recent <= got < set(site.forum.threads)
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)


def test_a_limited_run_is_gone_on_with(site: Running, runner: Runner) -> None:
    for _ in range(3):
        ran = runner.run(site.url, max_pages=15)
        assert len(ran.visits) == 15
        assert ran.forums[0].stopped == ""
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)
    assert max(Counter(asked(site)).values()) == 1


def test_a_stop_finishes_what_is_under_way(site: Running, runner: Runner) -> None:
    def stop(crawl: Crawl, visit: CrawlResult) -> None:
        if visit.key.kind == "thread":
            crawl.stop()

    ran = runner.run(site.url, each=stop)
    assert len(ran.visits) < 20
    assert runner.rows("SELECT count(*) FROM captures WHERE outcome = 'pending'") == [
        (0,)
    ]
    runner.run(site.url)
    assert runner.pids() == readable(site.forum)
    assert max(Counter(asked(site)).values()) == 1


def test_forums_side_by_side(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "both.db")
    one, other = (
        generated(seed=2, boards=1, threads=12),
        generated(seed=3, boards=2, threads=6),
    )
    with serve(one) as first, serve(other, "/bbs/") as second:
        ran = runner.run(first.url, second.url)
        assert first.most_at_once == second.most_at_once == 1
    counts = runner.rows("SELECT count(*) FROM posts GROUP BY site_id ORDER BY site_id")
    assert sorted(counts) == sorted([(len(readable(one)),), (len(readable(other)),)])
    assert {visit.forum for visit in ran.visits[:12]} == {first.url, second.url}


def test_more_than_one_connection_when_asked_for(site: Running, runner: Runner) -> None:
    site.faults.slow_s = 0.02
    runner.run(site.url, settings=FetchSettings(delay_s=0.0, concurrency=4))
    assert 1 < site.most_at_once <= 4
    assert runner.pids() == readable(site.forum)


def test_a_second_crawl_of_the_same_file_says_who_holds_it(
    site: Running, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["discuz-archive", "crawl", "forum.db"])
    holder = re.escape(f"(process {os.getpid()}: crawl) is writing")

    def second(crawl: Crawl, visit: CrawlResult) -> None:
        with pytest.raises(StorageError, match=holder):
            Runner(runner.path).run(site.url)
        crawl.stop()

    runner.run(site.url, each=second)


def test_what_was_forgotten_does_not_come_back(site: Running, runner: Runner) -> None:
    runner.run(site.url, max_pages=1)
    conn = open_archive(runner.path).conn
    tid = longest(site.forum)
    conn.execute(
        "INSERT INTO tombstones(site_id, kind, item, forgotten_at) VALUES (1, 'thread', ?, '')",
        (tid,),
    )
    conn.close()
    runner.run(site.url)
    assert not [path for path in asked(site) if f"tid={tid}&" in f"{path}&"]
