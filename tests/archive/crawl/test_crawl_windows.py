"""Ratings and comments beyond those that a thread's page shows: asked for where robots.txt
lets us, once, and again when the page says something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from crawling import Runner
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.model import Post, Rating
from fake_forum.server import Running, serve
from fake_forum.site import ROBOTS
from fake_forum.story import USERS

from archive.crawl.loop import Crawl
from archive.crawl.values import CrawlResult
from archive.schema import open_archive
from archive.store.windows import count_incomplete
from scraper.policy.plan import Key, Scope

OPEN_ROBOTS = b"User-agent: *\nDisallow: /api/\n"
PEOPLE = [user for user in USERS if not user.deleted and not user.banned]
SKINS: dict[str, dict[str, Any]] = {
    "x35": {},
    "x34-gbk": {"version": "X3.4", "charset": "gbk"},
    "x35-absolute": {"relative_dates": False},
}


def busy_forum() -> Forum:
    """A forum whose newest thread opens with a post that has thirteen comments and is rated
    by five people; its page shows five and two of them."""
    forum = generated(boards=1, threads=3, replies=3)
    forum.ratings_shown = 2
    pid = forum.threads[max(forum.threads)].first.pid
    for number in range(13):
        forum.now += timedelta(minutes=7)
        forum.comment(
            pid, PEOPLE[number % 3], f"点评{number // 6}"
        )  # some say the same
    for number, user in enumerate(PEOPLE[:5]):
        forum.now += timedelta(minutes=3)
        forum.rate(pid, Rating(user, number + 1, f"理由{number}"))
    forum.now += timedelta(minutes=3)
    forum.rate(pid, Rating(PEOPLE[0], 4, "再加", "铜板"))
    forum.rate(pid, Rating(PEOPLE[0], 2, "又来"))
    return forum


@pytest.fixture(params=SKINS)
def site(request: pytest.FixtureRequest) -> Iterator[Running]:
    with serve(busy_forum(), **SKINS[request.param]) as running:
        running.site.robots = OPEN_ROBOTS
        yield running


def busy_post(site: Running) -> Post:
    forum = site.forum
    return forum.threads[max(forum.threads)].first


def windows(site: Running) -> list[str]:
    """The windows that were asked for, as action and page."""
    asked = []
    for path in site.paths():
        if "action=" in path:
            action = path.partition("action=")[2].partition("&")[0]
            asked.append(action + path.partition("&page=")[2])
    return asked


def said(post: Post) -> list[tuple[str, str]]:
    return sorted((each.user.name, each.text) for each in post.comments)


def stored_comments(runner: Runner) -> list[tuple[str, str]]:
    return sorted(runner.rows("SELECT author, text FROM comments"))


def given(post: Post) -> list[tuple[str, str, int, str]]:
    return sorted(
        (each.user.name, each.credit, each.score, each.reason) for each in post.ratings
    )


def stored_ratings(runner: Runner) -> list[tuple[str, str, int, str]]:
    return sorted(runner.rows("SELECT author, credit, score, reason FROM ratings"))


def incomplete(runner: Runner) -> int:
    conn = open_archive(runner.path).conn
    try:
        return count_incomplete(conn, 1)
    finally:
        conn.close()


def test_all_of_them_are_kept_each_once_with_their_times(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    post = busy_post(site)
    assert stored_comments(runner) == said(post)
    assert stored_ratings(runner) == given(post)
    asked = sorted(windows(site))
    assert asked == ["commentmore2", "commentmore3", "viewratings"]
    assert incomplete(runner) == 0
    timeless = """SELECT count(*) FROM comments WHERE posted_at IS NULL
      UNION ALL SELECT count(*) FROM ratings WHERE rated_at IS NULL"""
    assert runner.rows(timeless) == [(0,), (0,)]


def test_nothing_is_asked_again_while_the_page_says_the_same(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    site.log.clear()
    for days in (1, 40, 400):
        runner.clock.skip(minutes=days * 24 * 60)
        runner.run(site.url, scope=Scope(complete=True))
    assert windows(site) == []
    assert stored_comments(runner) == said(busy_post(site))
    assert stored_ratings(runner) == given(busy_post(site))


def test_a_new_comment_asks_for_as_many_pages_as_bring_something(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    site.log.clear()
    site.forum.now += timedelta(days=1)
    site.forum.comment(busy_post(site).pid, PEOPLE[1], "新的点评")
    runner.run(site.url, scope=Scope(complete=True))
    assert windows(site) == ["commentmore2"]
    assert stored_comments(runner) == said(busy_post(site))


def test_many_new_comments_are_all_found(site: Running, runner: Runner) -> None:
    runner.run(site.url)
    site.log.clear()
    for number in range(8):
        site.forum.now += timedelta(minutes=5)
        site.forum.comment(busy_post(site).pid, PEOPLE[1], f"新的{number}")
    runner.run(site.url, scope=Scope(complete=True))
    assert windows(site) == ["commentmore2", "commentmore3"]
    assert stored_comments(runner) == said(busy_post(site))


def test_a_new_rating_asks_for_the_ratings_alone(site: Running, runner: Runner) -> None:
    runner.run(site.url)
    site.log.clear()
    site.forum.now += timedelta(days=1)
    site.forum.rate(busy_post(site).pid, Rating(PEOPLE[2], 1, "补一分"))
    runner.run(site.url, scope=Scope(complete=True))
    assert windows(site) == ["viewratings"]
    assert stored_ratings(runner) == given(busy_post(site))


def test_a_deleted_comment_stays_and_doubles_nothing(
    site: Running, runner: Runner
) -> None:
    runner.run(site.url)
    before = stored_comments(runner)
    post = busy_post(site)
    deleted = post.comments[-1].text
    site.forum.delete_comment(post.pid, deleted)
    site.forum.comment(post.pid, PEOPLE[2], "还在吗")
    runner.run(site.url, scope=Scope(complete=True))
    added = (PEOPLE[2].name, "还在吗")
    assert stored_comments(runner) == sorted([*before, added])
    assert incomplete(runner) == 0


def test_comments_of_which_the_page_shows_all_again_are_no_gap(
    site: Running, runner: Runner
) -> None:
    """Deleted before we saw them: the forum has no more than we have."""
    site.site.robots = ROBOTS
    runner.run(site.url)
    assert incomplete(runner) == 1
    post = busy_post(site)
    post.comments = post.comments[:4]
    post.ratings = post.ratings[-1:]
    runner.run(site.url, scope=Scope(complete=True))
    assert incomplete(runner) == 0


def test_where_robots_txt_forbids_them_nothing_is_asked_and_the_gap_is_told(
    site: Running, runner: Runner
) -> None:
    site.site.robots = ROBOTS
    ran = runner.run(site.url)
    assert windows(site) == []
    assert ran.ended("given_up") == []
    assert ran.ended("again") == []
    assert (
        runner.rows("SELECT kind FROM frontier WHERE kind IN ('ratings', 'comments')")
        == []
    )
    assert len(stored_comments(runner)) == site.forum.comments_shown
    assert incomplete(runner) == 1
    totals = "SELECT ratings_total, comments_total FROM posts WHERE pid = ?"
    assert runner.rows(totals, busy_post(site).pid) == [(5, 6)]


def test_robots_txt_that_allows_them_later(site: Running, runner: Runner) -> None:
    site.site.robots = ROBOTS
    runner.run(site.url)
    site.site.robots = OPEN_ROBOTS
    runner.run(site.url, scope=Scope(complete=True))
    assert stored_comments(runner) == said(busy_post(site))
    assert stored_ratings(runner) == given(busy_post(site))
    assert incomplete(runner) == 0


def test_robots_txt_that_forbids_one_of_them(site: Running, runner: Runner) -> None:
    site.site.robots = b"User-agent: *\nDisallow: /*action=viewratings\n"
    runner.run(site.url)
    assert windows(site) == ["commentmore2", "commentmore3"]
    assert incomplete(runner) == 1


def test_a_window_that_fails_is_asked_for_again(site: Running, runner: Runner) -> None:
    post = busy_post(site)
    tid = max(site.forum.threads)
    query = f"action=commentmore&pid={post.pid}&tid={tid}&inajax=1&page=2"
    path = f"/forum.php?mod=misc&{query}"
    site.faults.script[path] = ["error", "error"]
    ran = runner.run(site.url)
    assert site.paths().count(path) == 3
    assert [visit.key.kind for visit in ran.ended("again")] == ["comments"] * 2
    assert stored_comments(runner) == said(post)


def test_windows_that_the_forum_refuses_are_named_and_cost_nothing_else(
    site: Running, runner: Runner
) -> None:
    forum = site.forum

    def close(_crawl: Crawl, visit: CrawlResult) -> None:
        if visit.key == Key("thread", max(forum.threads)):
            forum.boards = tuple(
                replace(board, access="members") for board in forum.boards
            )

    tid = max(forum.threads)
    ran = runner.run(site.url, scope=Scope(threads=frozenset({tid})), each=close)
    refused = [
        visit
        for visit in ran.ended("refused")
        if visit.key.kind in ("ratings", "comments")
    ]
    assert len(refused) == 2
    assert all(visit.reason for visit in refused)
    assert ran.stopped == [""]
    assert len(stored_comments(runner)) == forum.comments_shown
    assert incomplete(runner) == 1


def test_one_thread_alone_has_its_windows(site: Running, runner: Runner) -> None:
    tid = max(site.forum.threads)
    runner.run(site.url, scope=Scope(threads=frozenset({tid})))
    assert stored_comments(runner) == said(busy_post(site))
    assert stored_ratings(runner) == given(busy_post(site))


def test_a_killed_run_goes_on_with_the_window_that_was_next(
    site: Running, runner: Runner
) -> None:
    def stop(crawl: Crawl, visit: CrawlResult) -> None:
        if visit.key.kind == "comments":
            crawl.stop()

    runner.run(site.url, each=stop)
    assert len(windows(site)) < 3
    runner.run(site.url)
    assert windows(site).count("commentmore3") == 1
    assert stored_comments(runner) == said(busy_post(site))
