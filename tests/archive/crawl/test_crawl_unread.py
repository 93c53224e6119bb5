"""Pages that a killed run kept and did not come to read: the next one reads them as that run
would have, robots.txt and earlier tries included."""

from __future__ import annotations

import pytest
from crawling import Runner
from fake_forum.dressing import dress
from fake_forum.forum import Forum
from fake_forum.generate import generated
from fake_forum.server import serve
from fake_forum.story import USERS, qingshi

from archive.crawl.addresses import address, key_of
from archive.schema import open_archive
from archive.warc.captures import Captures
from scraper.addresses.canonical import Style
from scraper.core.records import Capture
from scraper.policy.plan import Key, Kind

OPEN_ROBOTS = b"User-agent: *\nDisallow: /api/\n"
COMMENTS_ONLY = b"User-agent: *\nDisallow: /*action=commentmore\n"
WINDOWS = "SELECT DISTINCT kind FROM frontier WHERE kind IN ('comments', 'ratings')"
ADD = """INSERT INTO frontier (site_id, kind, item, page, priority, due_at, tries)
  VALUES (1, ?, 7777, 1, 3, '2020-01-01T00:00:00Z', ?)"""
THREAD_PAGES = "url LIKE '%mod=viewthread%'"


def busy_forum() -> Forum:
    """A forum whose newest thread opens with more comments than its page shows."""
    forum = generated(boards=1, threads=3, replies=3)
    first = forum.threads[max(forum.threads)].first
    for number in range(13):
        forum.comment(first.pid, USERS[0], f"点评{number}")
    return forum


def leave_unread(runner: Runner, *, due: bool) -> None:
    """Leave threads as a run that was killed before it read them; `due`: with so much left to
    do that the next run begins in mid-round."""
    conn = open_archive(runner.path).conn
    conn.execute(f"UPDATE captures SET outcome = 'pending' WHERE {THREAD_PAGES}")
    conn.execute("DELETE FROM frontier WHERE kind IN ('comments', 'ratings')")
    if due:
        conn.execute("UPDATE frontier SET state = 'due' WHERE kind = 'thread'")
    conn.close()


@pytest.mark.parametrize("due", [False, True])
@pytest.mark.parametrize(
    ("robots", "kinds"), [(b"", []), (COMMENTS_ONLY, []), (OPEN_ROBOTS, ["comments"])]
)
def test_windows_are_left_to_robots_txt(
    runner: Runner, robots: bytes, kinds: list[str], due: bool
) -> None:
    with serve(busy_forum()) as site:
        site.site.robots = robots or site.site.robots
        undisturbed = runner.run(site.url)
        assert [kind for (kind,) in runner.rows(WINDOWS)] == kinds
        leave_unread(runner, due=due)
        site.clear()
        ran = runner.run(site.url)
        assert [kind for (kind,) in runner.rows(WINDOWS)] == kinds
        assert any("action=" in path for path in site.paths()) is bool(kinds)
    assert not undisturbed.ended("given_up")
    assert not ran.ended("given_up")


NEEDED = "SELECT name FROM media"
SHOWN = "SELECT name FROM media WHERE requisite = ''"


@pytest.mark.parametrize("due", [False, True])
@pytest.mark.parametrize("media", [False, True])
def test_what_pages_need_and_show_is_noted(
    runner: Runner, due: bool, media: bool
) -> None:
    with serve(qingshi(), guests_see_files=True) as site:
        dress(site.site)
        runner.run(site.url, requisites=True, media=media)
        needed = set(runner.rows(NEEDED))
        shown = set(runner.rows(SHOWN))
        leave_unread(runner, due=due)
        conn = open_archive(runner.path).conn
        conn.execute("DELETE FROM media")
        conn.close()
        runner.run(site.url, requisites=True, media=media)
    of_threads = {row for row in needed if "online_member" in row[0]}
    assert of_threads
    assert bool(shown) == media
    assert of_threads | shown <= set(runner.rows(NEEDED))


def test_nothing_is_noted_where_nobody_asked(runner: Runner) -> None:
    with serve(busy_forum(), guests_see_files=True) as site:
        dress(site.site)
        runner.run(site.url)
        leave_unread(runner, due=True)
        runner.run(site.url)
    assert runner.rows(NEEDED) == []


PAGES = [
    Key("index"),
    Key("category", 3),
    Key("board", 2),
    Key("board", 2, 3),
    Key("thread", 5),
    Key("thread", 5, 2),
    Key("all_parts", 5),
    Key("all_parts", 5, 2),
    Key("archiver", 5),
    Key("archiver", 5, 2),
    Key("ratings", 9),
    Key("comments", 9, 2),
]


@pytest.mark.parametrize("style", ["x", "classic"])
@pytest.mark.parametrize("key", PAGES, ids=str)
def test_a_page_is_known_by_the_address_that_it_is_asked_for_at(
    key: Key, style: Style
) -> None:
    assert key_of(address(key, "http://bbs.example.com/f/", style, 5)) == key


@pytest.mark.parametrize("style", ["x", "classic"])
@pytest.mark.parametrize("kind", ["thread", "all_parts", "archiver", "board"])
@pytest.mark.parametrize(
    ("tries", "outcome"), [(0, ("due", 1)), (4, ("due", 5)), (5, ("given_up", 6))]
)
def test_a_try_that_was_not_read_counts_among_the_others(
    runner: Runner, kind: Kind, style: Style, tries: int, outcome: tuple[str, int]
) -> None:
    with serve(generated(boards=1, threads=1, replies=1)) as site:
        runner.run(site.url)
        key = Key(kind, 7777)
        conn = open_archive(runner.path).conn
        with Captures(conn) as captures:
            not_there = Capture(
                url=address(key, site.url, style),
                fetched_at=runner.clock.now(),
                body=b"<h1>404 Not Found</h1>",
                status=404,
            )
            captures.keep(not_there)
        conn.execute(ADD, (kind, tries))
        conn.close()
        runner.run(site.url, seeds=False, max_pages=0)
    query = "SELECT state, tries FROM frontier WHERE item = 7777"
    assert runner.rows(query) == [outcome]
