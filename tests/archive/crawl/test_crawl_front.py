"""Where a crawl begins: the forum is found behind what stands at its bare address, or the run
says at once that there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from crawling import Runner, readable
from fake_forum.generate import generated
from fake_forum.server import Running, serve
from raw_server import answer, serve_raw

from archive.commands._crawling import error_class
from scraper.core.errors import DiscuzArchiveError
from scraper.policy.plan import Scope

HTML = "Content-Type: text/html; charset=utf-8"
PORTAL = """<!DOCTYPE html><html><head><title>门户 - Powered by Discuz!</title>
<meta name="generator" content="Discuz! X3.4" />
<script>var STYLEID = '1', discuz_uid = '0';</script></head>
<body id="nv_portal" class="pg_index"><div id="nv"><ul><li><a href="portal.php">门户</a></li>
{nav}</ul></div><div id="ct"><a href="forum.php?mod=viewthread&tid=1">今日头条</a></div>
</body></html>"""
TO_FORUM = '<li><a href="forum.php">论坛</a></li>'
SENDING = {
    "meta": '<html><head><meta http-equiv="refresh" content="0;url=/bbs/forum.php"></head></html>',
    "meta, other order": "<META content=\"1; URL='bbs/'\" HTTP-EQUIV=REFRESH>",
    "script": '<html><script>window.location.href = "/bbs/";</script></html>',
    "script that replaces": "<html><script>location.replace('bbs/forum.php')</script></html>",
    "status": "/bbs/forum.php",
    "status, folder": "/bbs/",
}


@pytest.fixture
def site() -> Iterator[Running]:
    with serve(generated(boards=2, threads=12), "/bbs/") as running:
        yield running


def root(site: Running) -> str:
    return site.url.removesuffix("bbs/")


def assert_no_forum(runner: Runner, url: str, *words: str) -> None:
    """The run says so at once, and not by the code for success or for the network."""
    before = runner.clock.now()
    ran = runner.run(url)
    assert ran.stopped[0].startswith("no_forum: ")
    assert error_class(ran.stopped[0]) is DiscuzArchiveError
    for word in words:
        assert word in ran.stopped[0]
    assert (runner.clock.now() - before).total_seconds() < 90


@pytest.mark.parametrize("nav", [TO_FORUM, "", '<li><a href="./">首页</a></li>'])
def test_behind_a_portal(runner: Runner, nav: str) -> None:
    with serve(generated(boards=2, threads=12)) as site:
        site.site.front = PORTAL.format(nav=nav)
        for _ in range(2):
            ran = runner.run(site.url)
            assert ran.stopped == [""]
        assert runner.pids() == readable(site.forum)


@pytest.mark.parametrize("page", SENDING.values(), ids=SENDING)
def test_in_a_folder_that_the_root_sends_to(
    site: Running, runner: Runner, page: str
) -> None:
    site.site.outside = page
    ran = runner.run(root(site))
    assert ran.forums[0].name == site.url
    assert runner.pids() == readable(site.forum)
    site.clear()
    runner.clock.skip(hours=2)
    assert runner.run(site.url).totals.new == 0
    assert runner.rows("SELECT count(*) FROM sites") == [(1,)]


def test_on_another_host(runner: Runner) -> None:
    """Another port is another host: the way on is said, and not taken."""
    with serve(generated(boards=2, threads=12), "/bbs/") as site, serve_raw() as raw:
        raw.answers["/"] = answer(b"", f"Location: {site.url}forum.php", status=302)
        assert_no_forum(runner, raw.url, f"sends its readers to {site.url}forum.php")
        page = f"<meta http-equiv=refresh content='0;url={site.url}'>"
        raw.answers["/"] = answer(page.encode(), HTML)
        assert_no_forum(runner, raw.url, f"sends its readers to {site.url}")
        assert site.log == []


@pytest.mark.parametrize(
    "link", ["/bbs/forum.php", "bbs/", "/bbs/thread-5-1-1.html", "/luntan/index.php"]
)
def test_a_plain_page_that_links_to_a_forum(runner: Runner, link: str) -> None:
    page = f"<html><body><h1>欢迎</h1><a href='/about/'>关于</a> <a href='{link}'>论坛</a></html>"
    with serve_raw() as raw:
        raw.answers["/"] = answer(page.encode(), HTML)
        assert_no_forum(
            runner, raw.url, "the page links to", raw.url + link.lstrip("/")
        )
        assert len(raw.paths()) <= 4


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>It works!</body></html>",
        "Hello",
        "<html><title>WordPress</title><a href='/?p=1'>First post</a></html>",
    ],
)
def test_a_page_of_something_else(runner: Runner, page: str) -> None:
    with serve_raw() as raw:
        raw.answers["/"] = answer(page.encode(), HTML)
        assert_no_forum(runner, raw.url, "no forum here")


def test_a_forum_without_a_single_board(runner: Runner) -> None:
    page = PORTAL.format(nav="").replace("nv_portal", "nv_forum")
    with serve_raw() as raw:
        for path in ("/", "/forum.php", "/index.php"):
            raw.answers[path] = answer(page.encode(), HTML)
        assert_no_forum(runner, raw.url, "no board was found")


def test_a_thread_is_read_whatever_stands_at_the_front(runner: Runner) -> None:
    with serve(generated(boards=2, threads=12)) as site:
        site.site.front = "<html><body>Powered by Discuz! 维护</body></html>"
        tid = max(site.forum.threads)
        ran = runner.run(site.url, scope=Scope(threads=frozenset({tid})))
        assert ran.stopped == [""]
        assert runner.pids() == {post.pid for post in site.forum.threads[tid].posts}
