"""Crawls of forums whose owners made up their addresses: the same comes out as of a forum
with Discuz!'s own ones, and no page is asked for twice, under either address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from crawling import Runner, readable
from fake_forum import OWNERS, Forum, OwnAddresses, Running, generated, qingshi, serve
from fake_forum.model import Words
from fake_forum.story import YU

from archive.schema import open_archive
from archive.store.sites import Sites
from scraper.addresses.target import Target
from scraper.policy.plan import Scope

FOLDER = "/bbs/"
ROBOTS = b"""User-agent: *
Disallow: /bbs/forum.php?mod=viewthread
Disallow: /bbs/forum.php?mod=forumdisplay
Disallow: /bbs/forum.php?mod=redirect
"""
SAID: dict[str, str] = {
    "boards": "SELECT b.fid, b.name, p.fid, b.category FROM boards b "
    "LEFT JOIN boards p ON p.id = b.parent_id WHERE b.fid IS NOT NULL ORDER BY 1",
    "threads": "SELECT t.tid, b.fid, t.title, t.author, u.uid, t.created_at, t.replies, "
    "t.pages, t.last_post_at, t.last_author, t.moved_to, t.sticky FROM threads t "
    "LEFT JOIN boards b ON b.id = t.board_id LEFT JOIN users u ON u.id = t.user_id "
    "ORDER BY t.tid",
    "posts": "SELECT p.pid, p.floor, p.author, u.uid, p.posted_at, p.text FROM posts p "
    "LEFT JOIN users u ON u.id = p.user_id ORDER BY p.pid",
    "quotes": "SELECT p.pid, q.position, q.pid, q.author, q.posted_at, q.text "
    "FROM quotes q JOIN posts p ON p.id = q.post_id ORDER BY p.pid, q.position",
}
"""What an archive holds that addresses have a part in."""
STANDARD = pytest.mark.parametrize("standard", ["answers", "redirects", "is refused"])
OWN = pytest.mark.parametrize("own", OWNERS.values(), ids=list(OWNERS))


def told(runner: Runner) -> dict[str, list[tuple[Any, ...]]]:
    """All that an archive was told of its forum."""
    return {name: runner.rows(query) for name, query in SAID.items()}


@pytest.fixture(scope="module")
def usual(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Callable[[], Forum]], dict[str, list[tuple[Any, ...]]]]:
    """What comes out of the same forum where its addresses are Discuz!'s own."""
    known: dict[str, dict[str, list[tuple[Any, ...]]]] = {}

    def crawled(make: Callable[[], Forum]) -> dict[str, list[tuple[Any, ...]]]:
        name = make.__name__
        if name not in known:
            runner = Runner(tmp_path_factory.mktemp("usual") / f"{name}.db")
            with serve(make(), FOLDER) as site:
                runner.run(site.url)
            known[name] = told(runner)
        return known[name]

    return crawled


def large() -> Forum:
    """Three boards of several pages, threads of several pages."""
    return generated(boards=3, threads=24, replies=30)


@contextmanager
def served(forum: Forum, own: OwnAddresses, standard: str) -> Iterator[Running]:
    """A forum at addresses of its owner's own, and what it does with the standard ones."""
    if standard == "redirects":
        own = replace(own, standard="redirect")
    with serve(forum, FOLDER, own=own) as site:
        if standard == "is refused":
            site.site.robots = ROBOTS
        yield site


def pages_of(site: Running, own: OwnAddresses) -> list[str]:
    """The pages asked for, each by its address of Discuz!'s own; those that redirect are
    left out."""
    asked = [request for request in site.log if request.status not in (301, 302)]
    found = []
    for request in asked:
        path = own.inwards(request.path.removeprefix(FOLDER))
        found.append(path.removesuffix("&page=1"))
    return found


@OWN
@STANDARD
def test_a_whole_forum_and_again(
    tmp_path: Path,
    usual: Callable[[Callable[[], Forum]], dict[str, list[tuple[Any, ...]]]],
    own: OwnAddresses,
    standard: str,
) -> None:
    runner = Runner(tmp_path / "forum.db")
    with served(qingshi(), own, standard) as site:
        ran = runner.run(site.url)
        assert runner.pids() == readable(site.forum)
        assert told(runner) == usual(qingshi)
        assert max(Counter(pages_of(site, own)).values()) == 1
        assert not ran.ended("given_up")
        assert not ran.totals.warnings.pages
        first = len(site.log)

        site.clear()
        runner.clock.skip(minutes=5)
        runner.run(site.url)
        assert max(Counter(pages_of(site, own)).values()) == 1
        assert not any("viewthread" in path for path in pages_of(site, own))
        assert len(site.log) < first / 4
        assert {request.status for request in site.log} == {200}


@OWN
@STANDARD
def test_many_pages_of_boards_and_threads(
    tmp_path: Path,
    usual: Callable[[Callable[[], Forum]], dict[str, list[tuple[Any, ...]]]],
    own: OwnAddresses,
    standard: str,
) -> None:
    runner = Runner(tmp_path / "forum.db")
    with served(large(), own, standard) as site:
        runner.run(site.url)
        assert told(runner) == usual(large)
        assert max(Counter(pages_of(site, own)).values()) == 1


@STANDARD
def test_news_are_found_at_own_addresses(tmp_path: Path, standard: str) -> None:
    runner = Runner(tmp_path / "forum.db")
    own = OWNERS["underscores"]
    with served(qingshi(), own, standard) as site:
        runner.run(site.url)
        site.forum.reply(150, YU, Words("新的一楼"))
        site.clear()
        runner.clock.skip(minutes=5)
        runner.run(site.url)
        assert runner.pids() == readable(site.forum)
        assert max(Counter(pages_of(site, own)).values()) == 1
        runner.run(site.url, scope=Scope(complete=True))
        assert runner.pids() == readable(site.forum)


def test_robots_txt_is_asked_for_the_address_that_is_asked_for(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "forum.db")
    own = OWNERS["short"]
    with serve(qingshi(), FOLDER, own=own) as site:
        site.site.robots = ROBOTS + b"Disallow: /bbs/w\n"
        ran = runner.run(site.url)
        asked = site.paths()
    assert not any("viewthread" in path for path in asked)
    assert not any(path.startswith("/bbs/w") for path in asked)
    assert any(path.startswith("/bbs/bk") for path in asked)
    assert {visit.key.kind for visit in ran.ended("given_up")} == {"thread"}


def test_what_was_learned_is_in_the_archive(tmp_path: Path) -> None:
    runner = Runner(tmp_path / "forum.db")
    with serve(qingshi(), FOLDER, own=OWNERS["folders"]) as site:
        runner.run(site.url)
        url = f"{site.url}topic/999/page/3"
        base = site.url
    kinds = runner.rows("SELECT DISTINCT kind FROM own_addresses ORDER BY 1")
    assert {"board", "thread", "user", "last", "post"} <= {kind for (kind,) in kinds}

    conn = open_archive(runner.path).conn
    sites = Sites(conn)
    assert sites.find(url) == sites.find(base)
    assert sites.target(url) == Target("thread", 999, 3)
    assert sites.settings(url).base_url == base
    named = f"{base}forum.php?mod=viewthread&tid=999&page=3"
    assert sites.usual_address(url) == named
    assert sites.usual_address(named) == named
    assert sites.usual_address(f"{base}topics/999") == f"{base}topics/999"
    conn.close()


@pytest.mark.parametrize("standard", ["redirects", "is refused"])
@OWN
def test_a_forum_whose_rewriting_ended_is_asked_at_discuz_s_own_addresses(
    tmp_path: Path, own: OwnAddresses, standard: str
) -> None:
    """No post is taken for gone, and the next run asks for nothing that is not there."""
    runner = Runner(tmp_path / "forum.db")
    with served(qingshi(), own, standard) as site:
        runner.run(site.url)
        known = runner.pids()
        site.site.own = replace(own, ended=True)
        site.site.robots = b""
        site.forum.reply(150, YU, Words("改回原来的地址了"))
        site.clear()
        runner.clock.skip(days=1)
        ran = runner.run(site.url, scope=Scope(complete=True))
        assert runner.pids() == readable(site.forum) > known
        assert not ran.ended("gone")
        not_there = [request for request in site.log if request.status == 404]
        kinds = runner.rows("SELECT own_kinds FROM crawls")
        assert kinds == [("",)]
        assert 0 < len(not_there) < 12

        site.clear()
        runner.clock.skip(days=1)
        runner.run(site.url, scope=Scope(complete=True))
        assert {request.status for request in site.log} <= {200, 302}


def test_a_thread_that_the_forum_says_is_gone_is_asked_for_once(
    tmp_path: Path,
) -> None:
    runner = Runner(tmp_path / "forum.db")
    own = OWNERS["short"]
    with served(qingshi(), own, "redirects") as site:
        runner.run(site.url)
        site.forum.delete_thread(150)
        site.clear()
        runner.clock.skip(days=1)
        ran = runner.run(site.url, scope=Scope(complete=True))
        assert 150 in {visit.key.item for visit in ran.ended("gone")}
        assert max(Counter(site.paths()).values()) == 1
        assert "thread" in runner.rows("SELECT own_kinds FROM crawls")[0][0]


def test_what_robots_txt_refuses_is_not_asked_for_where_the_rewriting_ended(
    tmp_path: Path,
) -> None:
    runner = Runner(tmp_path / "forum.db")
    own = OWNERS["short"]
    with served(qingshi(), own, "is refused") as site:
        runner.run(site.url)
        site.site.own = replace(own, ended=True)
        site.clear()
        runner.clock.skip(days=1)
        ran = runner.run(site.url, scope=Scope(complete=True))
        assert not any("viewthread" in path for path in site.paths())
        assert ran.ended("given_up")
        assert not ran.ended("gone")
