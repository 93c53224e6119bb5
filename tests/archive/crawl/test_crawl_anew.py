"""A forum that is set up anew between two runs: both are archived, each by itself."""

from __future__ import annotations

from datetime import timedelta

from crawling import Runner, readable
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.model import User
from fake_forum.server import serve

LATER = timedelta(days=800)


def set_up_anew(before: Forum) -> Forum:
    """Another forum: its numbers begin at 1 again, its people and posts are others."""
    forum = generated(seed=7, boards=1, threads=6, replies=12)
    names: dict[str, User] = {}
    for thread in forum.threads.values():
        thread.title = f"新的 {thread.title}"
        for post in thread.posts:
            name = f"新{post.author.name}"
            post.author = names.setdefault(name, User(post.author.uid, name))
            post.posted_at += LATER
    forum.now = before.now + LATER
    return forum


def test_both_forums_are_archived(runner: Runner) -> None:
    old = generated(seed=1, boards=1, threads=6, replies=12)
    with serve(old) as site:
        runner.run(site.url)
        kept = runner.pids()
        new = set_up_anew(old)
        site.site.forum = new
        runner.clock.skip(days=LATER.days)
        runner.run(site.url)
        site.clear()
        runner.run(site.url)

        pages = [path for path in site.paths() if "viewthread" in path]
        assert not pages
        assert runner.pids() == readable(new)
        gone = runner.rows("SELECT pid FROM posts WHERE gone_at IS NOT NULL")
        assert {pid for (pid,) in gone} == kept
        mixed = runner.rows(
            """SELECT p.pid FROM posts p JOIN threads t ON t.id = p.thread_id
            WHERE (p.author LIKE '新%') <> (p.posted_at > '2024-06')
              OR (t.title LIKE '新的%') <> (p.gone_at IS NULL)"""
        )
        assert mixed == []
        assert runner.rows("SELECT count(*) FROM crawls") == [(1,)]
