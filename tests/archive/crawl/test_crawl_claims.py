"""Forums that claim pages which are not there: they cost a few requests, are named, and
nothing that is there is missed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from crawling import Ran, Runner, readable
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.model import Comment
from fake_forum.server import Running, serve
from fake_forum.site import ROBOTS
from fake_forum.story import USERS

from scraper.core.census import ENDLESS_PAGES
from scraper.policy import plan
from scraper.policy.plan import Scope

CLAIMED = 999_999_999
MOST_FOR_NOTHING = 25
"""Requests that one claim may cost."""


def small() -> Forum:
    return generated(boards=1, threads=3, replies=25)


def rows(runner: Runner) -> int:
    ((count,),) = runner.rows("SELECT count(*) FROM frontier")
    return int(count)


def check_bounds(site: Running, runner: Runner, ran: Ran, things: int) -> None:
    """`things`: threads, boards and lists that claim more than they have."""
    usual = len(site.forum.threads) * 5
    assert len(site.log) <= usual + things * MOST_FOR_NOTHING
    assert rows(runner) <= usual + things * 70
    assert ran.stopped == [""]
    assert ran.totals.warnings.pages[ENDLESS_PAGES] >= 1


@pytest.mark.parametrize("claims", [30, 300_000, CLAIMED])
@pytest.mark.parametrize("repeats", [False, True], ids=["last page", "any number"])
def test_a_claim_of_many_pages_costs_a_few_requests(
    runner: Runner, claims: int, repeats: bool
) -> None:
    forum = small()
    forum.claims, forum.repeats = claims, repeats
    with serve(forum) as site:
        ran = runner.run(site.url)
        check_bounds(site, runner, ran, things=len(forum.threads) + 1)
        assert runner.pids() == readable(forum)
        assert ran.totals.threads == len(forum.threads)

        site.clear()
        again = runner.run(site.url)
        assert again.totals.new == 0
        assert len(site.log) <= 2 * MOST_FOR_NOTHING


def test_a_run_that_was_cut_short_by_claims_goes_on_where_it_was(
    runner: Runner,
) -> None:
    forum = small()
    forum.claims = CLAIMED
    with serve(forum) as site:
        runner.run(site.url, max_pages=4)
        forum.claims = 0
        runner.run(site.url)
        assert runner.pids() == readable(forum)
        left = runner.rows("SELECT count(*) FROM frontier WHERE state = 'due'")
        assert left == [(0,)]


@pytest.mark.parametrize("repeats", [False, True], ids=["last page", "any number"])
def test_archiver_pages_that_claim_more(runner: Runner, repeats: bool) -> None:
    """An archiver page links to the next ten, and a thread that is refused has no other."""
    forum = small()
    forum.claims, forum.repeats = CLAIMED, repeats
    with serve(forum) as site:
        site.site.noticed = dict.fromkeys(forum.threads, "抱歉，您没有权限访问该版块")
        archived = site.site.respond

        def respond(target: str, cookies: dict[str, str]) -> object:
            if "archiver" not in target:
                return archived(target, cookies)
            return replace(site.site, noticed={}).respond(target, cookies)

        site.site.respond = respond  # type: ignore[method-assign]
        ran = runner.run(site.url)
        check_bounds(site, runner, ran, things=len(forum.threads) + 1)
        assert ("archiver",) in runner.rows("SELECT DISTINCT kind FROM frontier")
        ((posts,),) = runner.rows("SELECT count(*) FROM posts")
        assert posts == len(readable(forum))


def test_comments_that_claim_more(runner: Runner) -> None:
    forum = small()
    post = next(iter(forum.threads.values())).first
    post.comments = tuple(
        Comment(USERS[0], forum.now, f"第 {number} 句") for number in range(12)
    )
    forum.claims, forum.repeats = CLAIMED, True
    with serve(forum) as site:
        site.site.robots = ROBOTS.replace(b"Disallow: /*?mod=misc*\n", b"").replace(
            b"Disallow: /misc.php\n", b""
        )
        ran = runner.run(site.url)
        check_bounds(site, runner, ran, things=len(forum.threads) + 2)
        ((comments,),) = runner.rows("SELECT count(*) FROM comments")
        assert comments == 12


def test_a_members_list_without_an_end(runner: Runner) -> None:
    forum = small()
    forum.claims, forum.repeats = CLAIMED, True
    member = next(iter(forum.threads.values())).first.author
    with serve(forum) as site:
        cookies = site.site.login(member)
        found = site.site.respond(
            f"/home.php?mod=space&uid={member.uid}&do=thread&page=2", cookies
        )
        assert b"page=3" in found.body
        site.site.tokens = dict.fromkeys(["guest"], member)
        as_member = site.site.respond

        def respond(target: str, _cookies: dict[str, str]) -> object:
            prefix = site.site.skin.prefix
            return as_member(target, {f"{prefix}auth": "guest"})

        site.site.respond = respond  # type: ignore[method-assign]
        scope = Scope(users=frozenset({member.uid}))
        ran = runner.run(site.url, scope=scope)
        lists = [path for path in site.paths() if "do=thread" in path]
        assert 2 < len(lists) <= 6
        assert ran.totals.warnings.pages[ENDLESS_PAGES] >= 1


def test_a_thread_without_an_end_keeps_no_run_from_the_others(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of its pages brings something new: it is real, as far as anybody can tell."""
    forum = small()
    longest = max(forum.threads.values(), key=lambda thread: len(thread.posts))
    forum.posts_per_page = 1
    first = longest.first
    longest.posts = [replace(first, pid=10_000 + number) for number in range(150)]
    monkeypatch.setattr(plan, "MANY", 20)
    with serve(forum) as site:
        ran = runner.run(site.url, max_pages=130)
        assert ran.totals.threads == len(forum.threads)
        others = readable(forum) - {post.pid for post in longest.posts}
        assert others <= runner.pids()


def test_the_end_of_a_walk_is_named(runner: Runner) -> None:
    forum = small()
    forum.claims = CLAIMED
    with serve(forum) as site:
        ran = runner.run(site.url)
        lines = list(ran.totals.warnings.lines())
        named = [line for line in lines if line.startswith(ENDLESS_PAGES)]
        assert len(named) == 1
        assert "show nothing" in named[0]
