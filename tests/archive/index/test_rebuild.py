"""`reindex` makes the index again while others read and write, and may be killed at any time."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from archive_of_posts import Row, add_post, insert, make_archive
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive.index import rebuild, segment
from archive.index.half_made import is_half_made
from archive.index.rebuild import reindex
from archive.index.verify import check
from archive.index.writer import catch_up
from archive.schema import open_archive, transaction
from archive.search.api import search
from archive.warc.lock import writer_lock
from scraper.core.errors import StorageError

POSTS = 30
KILLED = """
import sys
import time
from archive.index import rebuild
from archive.schema import open_archive

path, steps = sys.argv[1], int(sys.argv[2])
rebuild.STEP_ROWS = 20
rebuild.PAUSE_S = 0.0
done = 0

def progress(posts):
    global done
    print(posts, flush=True)
    done += 1
    if done > steps:
        time.sleep(600)  # to be killed before the end, however slow the test is

rebuild.reindex(open_archive(path, create=False).conn, progress)
"""


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of seven rows, and no pause."""
    monkeypatch.setattr(rebuild, "STEP_ROWS", 7)
    monkeypatch.setattr(rebuild, "PAUSE_S", 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive of posts that all say 手机; the first ones quote 电脑."""
    path = tmp_path / "forum.db"
    conn = make_archive(path, [Row(text=f"手机 {n}") for n in range(POSTS)])
    for post_id in range(1, 12):
        insert(conn, "quotes", post_id=post_id, position=1, text="电脑")
    catch_up(conn)
    conn.close()
    return path


def connect(path: Path) -> sqlite3.Connection:
    conn: sqlite3.Connection = open_archive(path, create=False).conn
    return conn


def total(conn: sqlite3.Connection, query: str) -> int:
    return search(conn, query).total


def is_right(conn: sqlite3.Connection) -> bool:
    return check(conn, full=True).problems == ()


def fts_tables(conn: sqlite3.Connection) -> list[str]:
    sql = "SELECT name FROM sqlite_master WHERE name LIKE '%\\_fts%' ESCAPE '\\' ORDER BY 1"
    return [row[0] for row in conn.execute(sql)]


def test_readers_go_on_with_the_old_index_until_the_new_one_is_whole(
    path: Path,
) -> None:
    conn, reader = connect(path), connect(path)
    conn.execute("UPDATE posts_fts_state SET value = '0'")
    seen: list[tuple[int, int, bool]] = []

    def look(posts: int) -> None:
        is_old = search(reader, "手机").notices != ()
        seen.append((total(reader, "手机"), total(reader, "引用:电脑"), is_old))

    assert reindex(conn, look) == POSTS
    assert seen == [(POSTS, 11, True)] * 5
    assert search(reader, "手机").notices == ()
    assert total(reader, "手机") == POSTS
    assert is_right(reader)


def test_the_archive_looks_as_before(path: Path) -> None:
    conn = connect(path)
    tables = fts_tables(conn)
    settings = conn.execute("SELECT * FROM posts_fts_config ORDER BY k").fetchall()
    for _ in range(2):
        reindex(conn)
        assert fts_tables(conn) == tables
        assert Database(conn)["posts"].detect_fts() is None
        kept = dict(conn.execute("SELECT k, v FROM posts_fts_config"))
        assert kept | dict(settings) == kept
        assert kept["hashsize"] == 1 << 20
        assert (kept["automerge"], kept["crisismerge"]) == (16, 16)
    found = conn.execute("""SELECT count(*) FROM search WHERE q = '"手机"'""")
    assert found.fetchone()[0] == POSTS
    assert conn.execute("PRAGMA legacy_alter_table").fetchone()[0] == 0


def test_each_step_takes_the_lock_and_others_write_between_two(path: Path) -> None:
    conn, other = connect(path), connect(path)
    other.execute("PRAGMA busy_timeout = 0")
    added = 0

    @contextmanager
    def lock() -> Iterator[None]:
        nonlocal added
        yield
        with transaction(other):
            add_post(other, Row(text="手机，又一个"))
            other.execute("DELETE FROM posts WHERE id = ?", (POSTS - added,))
            other.execute("UPDATE quotes SET text = '相机' WHERE post_id = ?", (added,))
            catch_up(other)
        added += 1

    reindex(conn, lock=lock)
    assert added > 10
    assert total(conn, "手机") == POSTS
    assert total(conn, "引用:电脑") == max(11 - added + 1, 0)
    assert is_right(conn)


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "change", "delete", "quote", "renumber", "catch_up"]),
        st.integers(1, 24),
        st.text(st.sampled_from("淘宝开店 a1"), max_size=4),
    ),
    max_size=4,
)


@settings(max_examples=30, deadline=None)
@given(st.lists(ACTIONS, max_size=20))
def test_whatever_is_written_meanwhile_is_in_the_new_index(
    all_actions: list[list[tuple[str, int, str]]],
) -> None:
    conn = make_archive(":memory:", [Row(text=f"手机 {n}") for n in range(20)])
    left = iter(all_actions)

    @contextmanager
    def lock() -> Iterator[None]:
        yield
        for name, number, text in next(left, []):
            act(conn, name, number, text)

    reindex(conn, lock=lock)
    catch_up(conn)
    assert is_right(conn)
    conn.close()


def act(conn: sqlite3.Connection, name: str, number: int, text: str) -> None:
    """Something that another program may do to a post."""
    match name:
        case "add":
            add_post(conn, Row(text=text))
        case "change":
            conn.execute("UPDATE posts SET text = ? WHERE id = ?", (text, number))
        case "delete":
            conn.execute("DELETE FROM posts WHERE id = ?", (number,))
        case "renumber":
            sql = """UPDATE OR IGNORE posts SET id = ?1 WHERE id = ?2
                AND NOT EXISTS (SELECT 1 FROM quotes WHERE post_id = ?2)"""
            conn.execute(sql, (60 - number, number))
        case "quote":
            sql = """INSERT OR REPLACE INTO quotes(post_id, position, author, text)
                SELECT id, 1, '', ? FROM posts WHERE id = ?"""
            conn.execute(sql, (text, number))
        case "catch_up":
            catch_up(conn)


def test_writers_in_other_threads_are_let_through(path: Path) -> None:
    is_done = threading.Event()
    written: list[int] = []

    def write() -> None:
        conn = connect(path)
        while not is_done.is_set() or not written:
            with transaction(conn):
                written.append(add_post(conn, Row(text="手机")))
                catch_up(conn)
            time.sleep(0.002)
        conn.close()

    writer = threading.Thread(target=write)
    writer.start()
    conn = connect(path)
    try:
        reindex(conn)
    finally:
        is_done.set()
        writer.join()
    assert total(conn, "手机") == POSTS + len(written)
    assert is_right(conn)


def test_pieces_that_grow_many_are_merged_before_all_is_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "MOST_SEGMENTS", 2)
    conn = connect(path)
    reindex(conn)
    assert is_right(conn)
    segments = conn.execute("SELECT count(DISTINCT segid) FROM posts_fts_idx")
    assert segments.fetchone()[0] == 1


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_many_processes_make_the_same_index(path: Path, jobs: int) -> None:
    conn = connect(path)
    conn.execute(
        "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, posts_fts, instance)"
    )
    words = "SELECT * FROM temp.words ORDER BY term, doc, col, offset"
    before = conn.execute(words).fetchall()
    told: list[int] = []
    assert reindex(conn, told.append, jobs=jobs) == POSTS
    assert told == [7, 7, 7, 7, 2]
    assert conn.execute(words).fetchall() == before
    assert total(conn, "引用:电脑") == 11
    assert is_right(conn)


def test_rows_that_change_while_their_part_is_made(path: Path) -> None:
    conn, other = connect(path), connect(path)

    def change(_posts: int) -> None:
        # two more parts are under way
        other.execute("UPDATE posts SET text = '相机' WHERE id % 3 = 0")
        other.execute("DELETE FROM posts WHERE id % 7 = 1")
        catch_up(other)

    reindex(conn, change, jobs=2)
    numbers = range(1, POSTS + 1)
    assert total(conn, "相机") == sum(n % 3 == 0 and n % 7 != 1 for n in numbers)
    assert is_right(conn)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_a_maker_of_parts_that_is_killed_is_replaced(path: Path) -> None:
    conn = connect(path)

    def kill(_posts: int) -> None:
        for child in multiprocessing.active_children():
            if child.pid:
                os.kill(child.pid, signal.SIGKILL)

    assert reindex(conn, kill, jobs=2) == POSTS
    assert total(conn, "手机") == POSTS
    assert is_right(conn)


def test_an_index_of_a_form_not_known_is_written_by_fts5_itself(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "can_take_parts", lambda conn, index: False)
    conn = connect(path)
    assert reindex(conn) == POSTS
    assert total(conn, "手机") == POSTS
    assert is_right(conn)


def test_long_posts_make_small_parts(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "STEP_CHARS", 10)
    told: list[int] = []
    conn = connect(path)
    assert reindex(conn, told.append) == POSTS
    assert max(told) == 3  # of four characters and more
    assert is_right(conn)


def killed_after(path: Path, steps: int) -> None:
    """A reindex in a process of its own that is killed after so many steps of 20 rows, or
    one more."""
    argv = [sys.executable, "-c", KILLED, str(path), str(steps)]
    child = subprocess.Popen(argv, stdout=subprocess.PIPE)
    assert child.stdout
    for _ in range(steps):
        assert child.stdout.readline()
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()


def at_step(number: int, call: Callable[[], object]) -> Callable[[int], None]:
    """For `progress`: does something after the step of that number."""
    steps = 0

    def progress(posts: int) -> None:
        nonlocal steps
        steps += 1
        if steps == number:
            call()

    return progress


def test_a_reindex_that_is_broken_off_leaves_the_archive_as_it_was(path: Path) -> None:
    conn = connect(path)
    tables = fts_tables(conn)

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(conn, at_step(3, give_up))
    assert is_right(conn)
    assert fts_tables(conn) == tables
    assert total(conn, "手机") == POSTS


def test_of_two_at_once_the_later_one_goes_on(path: Path) -> None:
    conn, other = connect(path), connect(path)
    with pytest.raises(StorageError, match="another reindex"):
        reindex(conn, at_step(2, lambda: reindex(other)))
    assert is_right(conn)
    assert not is_half_made(conn)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("steps", [1, 7, 20])
def test_a_killed_process_leaves_an_archive_that_is_searched_and_written(
    path: Path, steps: int
) -> None:
    conn = connect(path)
    with transaction(conn):
        for number in range(400):
            add_post(conn, Row(text=f"相机 {number}"))
        catch_up(conn)
    killed_after(path, steps)

    assert total(conn, "相机") == 400
    assert is_half_made(conn)
    assert "broken off" in " ".join(check(conn, full=True).problems)
    with transaction(conn):
        add_post(conn, Row(text="相机，新的"))
        conn.execute("DELETE FROM posts WHERE id = 1")
        catch_up(conn)
    assert total(conn, "相机") == 401

    told: list[int] = []
    assert reindex(conn, told.append) == POSTS + 400
    assert told[0] >= 20 * steps
    assert sum(told[1:]) <= POSTS + 401 - 20 * steps
    assert not is_half_made(conn)
    assert is_right(conn)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("changed", ["rules", "trigger"])
def test_what_would_be_made_otherwise_today_is_made_from_the_beginning(
    path: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    conn = connect(path)
    killed_after(path, 1)
    if changed == "rules":
        monkeypatch.setattr(segment, "VERSION", segment.VERSION + 1)
    else:
        conn.execute("DROP TRIGGER posts_fts_new_delete")
    told: list[int] = []
    assert reindex(conn, told.append) == POSTS
    assert told == [7, 7, 7, 7, 2]
    assert not is_half_made(conn)
    assert is_right(conn)


def test_the_command_waits_for_another_writer_and_says_for_whom(path: Path) -> None:
    conn = connect(path)
    argv = [sys.executable, "-m", "archive", "reindex", str(path)]
    with writer_lock(conn):
        child = subprocess.Popen(
            argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert child.stderr
        waiting = next(line for line in child.stderr if "waiting for" in line)
        assert f"process {os.getpid()}" in waiting
        assert child.poll() is None
    said, _ = child.communicate()
    assert said == f"{POSTS} posts indexed\n"
    assert child.returncode == 0
    assert is_right(conn)
