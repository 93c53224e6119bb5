"""What was seen before and is asked for again: threads named by a person, boards that
threads name, pages that are due and turn out to be urgent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from crawling import Runner, readable
from fake_forum.generate import generated
from fake_forum.model import Thread, Words
from fake_forum.server import Running, serve

from scraper.policy.plan import Scope


@pytest.fixture
def site() -> Iterator[Running]:
    forum = generated(boards=2, threads=12, replies=12)
    with serve(forum) as running:
        yield running


@pytest.fixture
def thread(site: Running) -> Thread:
    """A thread of three pages and its first board."""
    forum = site.forum
    found = forum.threads[1]
    while len(found.posts) < 2 * forum.posts_per_page + 1:
        forum.reply(found.tid, forum.users[0], Words(f"第{len(found.posts)}楼"))
    return found


def pages_of(site: Running, tid: int) -> list[int]:
    """The pages of a thread that were asked for, in order."""
    found = list[int]()
    for path in site.paths():
        name, _, page = path.partition("&page=")
        if name.endswith(f"viewthread&tid={tid}"):
            found.append(int(page or 1))
    return found


def texts(runner: Runner, *pids: int) -> list[object]:
    """The words of posts as they are stored."""
    query = "SELECT text FROM posts WHERE pid = ?"
    return [text for pid in pids for (text,) in runner.rows(query, pid)]


def only(thread: Thread) -> Scope:
    return Scope(threads=frozenset({thread.tid}))


def test_a_thread_that_is_named_again_is_read_on_from_its_last_page(
    site: Running, runner: Runner, thread: Thread
) -> None:
    runner.run(site.url, scope=only(thread))
    assert sorted(pages_of(site, thread.tid)) == [1, 2, 3]
    new = site.forum.reply(thread.tid, site.forum.users[1], Words("新的回复"))
    site.clear()
    runner.run(site.url, scope=only(thread))
    assert pages_of(site, thread.tid) == [3]
    assert texts(runner, new.pid) == ["新的回复"]


def test_a_named_thread_that_has_grown_by_pages_is_read_to_its_end(
    site: Running, runner: Runner, thread: Thread
) -> None:
    runner.run(site.url, scope=only(thread))
    forum = site.forum
    for number in range(2 * forum.posts_per_page):
        forum.reply(thread.tid, forum.users[1], Words(f"又{number}"))
    site.clear()
    runner.run(site.url, scope=only(thread))
    assert sorted(pages_of(site, thread.tid)) == [3, 4, 5]
    assert runner.pids() == {post.pid for post in thread.posts}


def test_a_thread_that_nothing_was_known_of_but_its_number_belongs_to_the_board_it_names(
    site: Running, runner: Runner, thread: Thread
) -> None:
    """A sweep of the board visits all its pages, the first one, too."""
    runner.run(site.url, scope=only(thread))
    boards = runner.rows("SELECT DISTINCT fid FROM frontier WHERE kind = 'thread'")
    assert boards == [(thread.fid,)]

    site.forum.edit(thread.posts[1].pid, Words("改过的话"))
    site.clear()
    whole_board = Scope(boards=frozenset({thread.fid}), complete=True)
    runner.run(site.url, scope=whole_board)
    assert sorted(pages_of(site, thread.tid)) == [1, 2, 3]
    assert texts(runner, thread.posts[1].pid) == ["改过的话"]


def test_a_thread_that_was_moved_belongs_to_its_new_board(
    site: Running, runner: Runner, thread: Thread
) -> None:
    runner.run(site.url)
    before = thread.fid
    after = next(board.fid for board in site.forum.boards if board.fid != before)
    site.forum.move(thread.tid, after, pointer=False)
    runner.clock.skip(hours=1)
    runner.run(site.url, scope=only(thread))

    site.forum.edit(thread.posts[1].pid, Words("搬家以后改的"))
    site.clear()
    runner.run(site.url, scope=Scope(boards=frozenset({before}), complete=True))
    assert pages_of(site, thread.tid) == []
    runner.run(site.url, scope=Scope(boards=frozenset({after}), complete=True))
    assert sorted(pages_of(site, thread.tid)) == [1, 2, 3]
    assert texts(runner, thread.posts[1].pid) == ["搬家以后改的"]


def test_a_page_that_a_sweep_has_queued_goes_first_where_its_board_shows_news(
    site: Running, runner: Runner
) -> None:
    """A sweep begins with the newest threads; the oldest one is answered meanwhile."""
    runner.run(site.url)
    forum = site.forum
    oldest = min(forum.threads)
    forum.advance(hours=1)
    new = forum.reply(oldest, forum.users[0], Words("老帖有人顶"))
    site.clear()
    listings = 1 + len(forum.boards)
    scope = Scope(complete=True)
    runner.run(site.url, scope=scope, max_pages=listings + 1)
    assert texts(runner, new.pid) == ["老帖有人顶"]
    assert len(pages_of(site, oldest)) == 1

    runner.run(site.url, scope=scope)
    assert runner.pids() == readable(forum)
    assert len(pages_of(site, oldest)) == len(set(pages_of(site, oldest)))


def test_a_thread_that_is_sent_to_the_broadcasts_is_marked_gone(
    site: Running, runner: Runner, thread: Thread
) -> None:
    runner.run(site.url)
    path = f"/forum.php?mod=viewthread&tid={thread.tid}"
    for suffix in ("", "&page=2", "&page=3"):
        site.faults.script[path + suffix] = ["no_thread"]
    site.forum.delete_thread(thread.tid)
    site.clear()
    ran = runner.run(site.url, scope=Scope(complete=True))
    assert {visit.key.item for visit in ran.ended("gone")} == {thread.tid}
    assert ran.ended("refused") == []
    assert [path for path in site.paths() if "home.php" in path] == []
    gone = runner.rows("SELECT tid FROM threads WHERE gone_at IS NOT NULL")
    assert gone == [(thread.tid,)]
    kept = runner.rows(
        "SELECT count(*) FROM posts p JOIN threads t ON t.id = p.thread_id "
        "WHERE t.tid = ?",
        thread.tid,
    )
    assert kept == [(len(thread.posts),)]


def test_a_thread_that_never_was_makes_no_row(site: Running, runner: Runner) -> None:
    site.faults.script["/forum.php?mod=viewthread&tid=999"] = ["no_thread"]
    ran = runner.run(site.url, scope=Scope(threads=frozenset({999})))
    assert [visit.key.item for visit in ran.ended("gone")] == [999]
    assert ran.totals.not_there == 1
    assert runner.rows("SELECT tid FROM threads WHERE tid = 999") == []
