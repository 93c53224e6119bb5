"""What a member did, year by year: counted by the forum's clock, and with bounded work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from archive.reading.forums import get_forum
from archive.reading.member_years import (
    COUNTED_POSTS,
    COUNTED_THREADS,
    MOST_YEARS,
    BoardShare,
    Count,
    MemberYear,
    member_years,
)
from tests.archive_of_posts import insert, make_archive

UTC_8 = 480
ZH = 1
"""The row of the member."""


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    """A forum of UTC+8 with two boards, a member, and a thread of each board."""
    made = make_archive(":memory:")
    made.execute("UPDATE sites SET utc_offset_minutes = ?", (UTC_8,))
    for fid, name in ((1, "数码"), (2, "宠物")):
        insert(made, "boards", site_id=1, fid=fid, name=name)
        insert(made, "threads", site_id=1, tid=fid, board_id=fid, title=f"{name}贴")
    insert(made, "users", site_id=1, uid=7, name="张三")
    yield made
    made.close()


def post(conn: sqlite3.Connection, posted_at: str | None, thread: int = 1) -> int:
    return insert(
        conn,
        "posts",
        site_id=1,
        thread_id=thread,
        user_id=ZH,
        author="张三",
        posted_at=posted_at,
        text="帖",
    )


def posts_in(conn: sqlite3.Connection, year: int, count: int, thread: int = 1) -> None:
    """So many posts, evenly over the year but its last day."""
    like = post(conn, f"{year}-01-01T00:00:00Z", thread)
    multiply(
        conn,
        "posts",
        like,
        count,
        posted_at=f"strftime('%Y-%m-%dT%H:%M:%SZ', '{year}-01-01', "
        f"(i * 31449600 / {count}) || ' seconds')",
    )


def multiply(
    conn: sqlite3.Connection, table: str, like: int, count: int, **changed: str
) -> None:
    """So many rows in all like one; what changes is SQL of the row's number `i`."""
    columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
    columns.remove("id")
    values = [changed.get(name, name) for name in columns]
    conn.execute(
        f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
        INSERT INTO {table}({", ".join(columns)})
        SELECT {", ".join(values)} FROM n, {table} WHERE id = ?""",
        (count, like),
    )


def years_of(conn: sqlite3.Connection) -> list[MemberYear]:
    return member_years(conn, ZH, get_forum(conn, 1))


def test_posts_and_threads_are_counted_by_year(conn: sqlite3.Connection) -> None:
    first = post(conn, "2013-05-01T00:00:00Z")
    post(conn, "2013-06-01T00:00:00Z", thread=2)
    last = post(conn, "2013-07-01T00:00:00Z", thread=2)
    post(conn, "2016-02-29T00:00:00Z")
    conn.execute(
        "UPDATE threads SET user_id = 1, created_at = '2013-05-01' WHERE id = 1"
    )
    later, earlier = years_of(conn)
    assert (later.year, earlier.year) == (2016, 2013)
    assert later.posts == Count(1, is_all=True)
    assert later.threads == Count(0, is_all=True)
    assert earlier.posts == Count(3, is_all=True)
    assert earlier.threads == Count(1, is_all=True)
    assert earlier.boards == (BoardShare("宠物", 2, 67), BoardShare("数码", 1, 33))
    assert not earlier.is_sampled
    assert (earlier.first.id, earlier.last.id) == (first, last)
    assert earlier.last.thread == "宠物贴"


@pytest.mark.parametrize(
    ("posted_at", "year"),
    [
        ("2013-12-31T15:59:59Z", 2013),
        ("2013-12-31T16:00:00Z", 2014),
        ("2014-12-31T15:59:59Z", 2014),
        ("2014-12-31T16:00:00Z", 2015),
        ("2014-12-31T16:00Z", 2015),
        ("2014-01-01", 2014),
        ("2014-12-31", 2014),
    ],
)
def test_a_year_is_one_of_the_forums_clock(
    conn: sqlite3.Connection, posted_at: str, year: int
) -> None:
    post(conn, posted_at)
    assert [each.year for each in years_of(conn)] == [year]


def test_posts_of_no_known_time_are_in_no_year(conn: sqlite3.Connection) -> None:
    post(conn, None)
    assert years_of(conn) == []
    post(conn, "2013-05-01T00:00:00Z")
    (year,) = years_of(conn)
    assert year.posts.number == 1


def test_only_the_members_own_posts_count(conn: sqlite3.Connection) -> None:
    post(conn, "2013-05-01T00:00:00Z")
    post(conn, "2014-05-01T00:00:00Z")
    conn.execute("UPDATE posts SET user_id = NULL WHERE posted_at >= '2014'")
    assert [each.year for each in years_of(conn)] == [2013]


def test_boards_of_a_busy_year_are_estimated_from_all_of_it(
    conn: sqlite3.Connection,
) -> None:
    """Two thirds in the first board until summer, all in the other afterwards."""
    posts_in(conn, 2013, 4_000)
    conn.execute("UPDATE posts SET thread_id = 2 WHERE posted_at >= '2013-07-02'")
    conn.execute(
        "UPDATE posts SET thread_id = 2 WHERE posted_at < '2013-07-02' AND id % 3 = 0"
    )
    (year,) = years_of(conn)
    assert year.is_sampled
    assert year.posts == Count(4_000, is_all=True)
    shares = {each.board: each.percent for each in year.boards}
    assert abs(shares["数码"] - 33) <= 5
    assert abs(shares["宠物"] - 67) <= 5


def test_what_is_not_counted_to_the_end_says_so(conn: sqlite3.Connection) -> None:
    posts_in(conn, 2013, COUNTED_POSTS + 1)
    posts_in(conn, 2014, COUNTED_POSTS)
    later, earlier = years_of(conn)
    assert earlier.posts == Count(COUNTED_POSTS, is_all=False)
    assert later.posts == Count(COUNTED_POSTS, is_all=True)
    opened = insert(
        conn,
        "threads",
        site_id=1,
        tid=3,
        title="主题",
        user_id=ZH,
        created_at="2014-05-01",
    )
    multiply(conn, "threads", opened, COUNTED_THREADS + 1, tid="i + 3")
    later, _ = years_of(conn)
    assert later.threads == Count(COUNTED_THREADS, is_all=False)


def test_so_many_years_are_shown(conn: sqlite3.Connection) -> None:
    for year in range(1971, 2030):
        post(conn, f"{year}-05-01T00:00:00Z")
    years = [each.year for each in years_of(conn)]
    assert years == list(range(2029, 2029 - MOST_YEARS, -1))


@pytest.mark.parametrize("odd", ["", "0001-01-01", "9999-12-31T23:00:00Z", "昨天", "1"])
def test_times_that_mean_nothing_break_nothing(
    conn: sqlite3.Connection, odd: str
) -> None:
    post(conn, odd)
    assert years_of(conn) == []


def test_the_work_does_not_grow_with_the_posts(conn: sqlite3.Connection) -> None:
    def work() -> int:
        steps = 0

        def step() -> int:
            nonlocal steps
            steps += 1
            return 0

        conn.set_progress_handler(step, 100)
        years_of(conn)
        conn.set_progress_handler(None, 100)
        return steps

    posts_in(conn, 2013, COUNTED_POSTS)
    some = work()
    posts_in(conn, 2013, 3 * COUNTED_POSTS, thread=2)
    assert some > 100, "nothing was counted"
    assert work() < 1.3 * some
