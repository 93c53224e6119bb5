"""Reading an archive without a browser: threads with their posts, lists, versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from archive.reading import (
    ChosenPosts,
    MissingError,
    PollOption,
    Quote,
    ThreadPost,
    board_tree,
    count_holdings,
    get_forum,
    list_forums,
    read_thread,
    read_versions,
    threads_of_board,
)
from archive.reading.members import posts_by_name, posts_of_user
from archive.reading.thread import count_posts, page_of_post
from archive.reading.thread_lists import threads_by_name, threads_of_user
from archive.schema import open_archive
from archive.store.post_columns import POST_COLUMNS, POST_TABLES
from scraper.core.errors import DiscuzArchiveError, InputError
from tests.archive_of_posts import Row, insert, make_archive


@pytest.fixture
def conn() -> Iterator[sqlite3.Connection]:
    """One thread of 25 posts by two members and a guest, and one of another board."""
    posts = [
        Row(
            text=f"第{floor}楼的话",
            subject="收音机" if floor == 1 else "",
            thread="收音机",
            floor=floor,
            opening=floor == 1,
            author=f"客{floor % 3}",
            posted_at=f"2024-05-01T00:{floor:02}:00Z",
        )
        for floor in range(1, 26)
    ]
    made = make_archive(":memory:", [*posts, Row(thread="猫", board="宠物")])
    for number in (1, 2):
        user_id = insert(made, "users", site_id=1, uid=number * 100, name=f"客{number}")
        sql = "UPDATE posts SET user_id = ? WHERE author = ?"
        made.execute(sql, (user_id, f"客{number}"))
    yield made
    made.close()


def test_a_whole_thread_comes_in_the_order_of_time(conn: sqlite3.Connection) -> None:
    view = read_thread(conn, 1)
    assert view.thread.title == "收音机"
    assert [post.floor for post in view.posts] == list(range(1, 26))
    assert (view.count, view.page, view.pages) == (25, 1, 1)
    opening = view.posts[0]
    assert (opening.opening, opening.author, opening.uid) == (True, "客1", 100)
    assert opening.text == "第1楼的话"


def test_whatever_is_kept_of_a_post_is_read(conn: sqlite3.Connection) -> None:
    described = {each.column for each in POST_COLUMNS if each.shown}
    described |= {each.field for each in POST_TABLES}
    described.add("uid")
    assert described <= {each.name for each in fields(ThreadPost)}
    conn.execute("UPDATE posts SET location = '广东' WHERE floor = 2")
    assert read_thread(conn, 1).posts[1].location == "广东"


def test_an_archive_is_read_as_it_was_opened(tmp_path: Path) -> None:
    make_archive(tmp_path / "forum.db", [Row(text="话")]).close()
    db = open_archive(tmp_path / "forum.db")
    assert [post.text for post in read_thread(db, 1).posts] == ["话"]


@pytest.mark.parametrize(
    ("page", "floors", "shown"),
    [
        (1, range(1, 11), 1),
        (3, range(21, 26), 3),
        (99, range(21, 26), 3),
        (-1, range(1, 11), 1),
    ],
)
def test_a_page_of_a_thread(
    conn: sqlite3.Connection, page: int, floors: range, shown: int
) -> None:
    view = read_thread(conn, 1, page=page)
    assert [post.floor for post in view.posts] == list(floors)
    assert (view.page, view.pages, view.count) == (shown, 3, 25)


def test_pages_have_as_many_posts_as_is_asked(conn: sqlite3.Connection) -> None:
    view = read_thread(conn, 1, page=2, posts_per_page=20)
    assert [post.floor for post in view.posts] == [21, 22, 23, 24, 25]
    last = view.posts[-1]
    assert page_of_post(conn, last.id, 20) == 2
    assert page_of_post(conn, last.id, 10) == 3


def test_the_posts_of_one_member(conn: sqlite3.Connection) -> None:
    view = read_thread(conn, 1, chosen=ChosenPosts(user_id=1))
    assert {post.author for post in view.posts} == {"客1"}
    assert (
        view.count
        == len(view.posts)
        == count_posts(conn, 1, ChosenPosts(user_id=1))
        == 9
    )


def test_what_hangs_on_a_post_comes_with_it(conn: sqlite3.Connection) -> None:
    insert(conn, "quotes", post_id=2, position=2, author="乙", text="后")
    insert(conn, "quotes", post_id=2, position=1, pid=1, author="甲", text="先")
    insert(
        conn, "attachments", post_id=2, position=1, aid=7, name="图.png", url="a.png"
    )
    insert(conn, "ratings", post_id=2, position=1, author="丙", score=2, credit="威望")
    insert(conn, "comments", post_id=3, position=1, author="丁", text="是")
    insert(conn, "images", post_id=2, position=1, url="a.png")
    insert(conn, "links", post_id=2, position=1, url="https://example.org/")
    insert(conn, "polls", post_id=1, voters=3, multiple=1)
    insert(conn, "poll_options", post_id=1, position=1, text="好", votes=2)
    insert(conn, "poll_options", post_id=1, position=2, text="坏", votes=1)

    first, second, third, *_ = read_thread(conn, 1).posts
    assert second.quotes == (Quote(1, "甲", None, "先"), Quote(None, "乙", None, "后"))
    assert [file.aid for file in second.attachments] == [7]
    assert [rating.credit for rating in second.ratings] == ["威望"]
    assert second.images == ("a.png",)
    assert second.links == ("https://example.org/",)
    assert [comment.text for comment in third.comments] == ["是"]
    assert third.quotes == ()
    assert first.poll
    shares = [first.poll.share_of(option) for option in first.poll.options]
    assert shares == [67, 33]


@pytest.mark.parametrize(
    ("option", "share"),
    [
        (PollOption("a", votes=None, percent=12.4), 12),
        (PollOption("a", votes=None, percent=None), None),
        (PollOption("a", votes=0, percent=None), None),
    ],
)
def test_a_share_is_as_printed_where_no_votes_are_known(
    conn: sqlite3.Connection, option: PollOption, share: int | None
) -> None:
    insert(conn, "polls", post_id=1)
    poll = read_thread(conn, 1).posts[0].poll
    assert poll
    assert poll.share_of(option) == share


def test_a_thread_that_is_not_there_is_named(conn: sqlite3.Connection) -> None:
    with pytest.raises(MissingError, match="thread 99 ") as caught:
        read_thread(conn, 99)
    assert caught.value.kind == "thread"
    with pytest.raises(MissingError):
        read_thread(conn, thread_id=99)
    with pytest.raises(InputError, match="tid"):
        read_thread(conn)
    with pytest.raises(MissingError, match="empty"):
        read_thread(open_archive(":memory:"), 1)


def test_of_several_forums_one_must_be_named(conn: sqlite3.Connection) -> None:
    insert(conn, "sites", name="另一坛", base_url="https://other.example/")
    with pytest.raises(DiscuzArchiveError, match="2 另一坛"):
        read_thread(conn, 1)
    assert read_thread(conn, 1, forum_id=1).thread.title == "收音机"
    with pytest.raises(MissingError):
        read_thread(conn, 1, forum_id=2)


def test_a_thread_without_a_number_is_read_by_its_row(conn: sqlite3.Connection) -> None:
    conn.execute("UPDATE threads SET tid = NULL WHERE id = 1")
    assert read_thread(conn, thread_id=1).count == 25


def test_versions_end_with_todays_words(conn: sqlite3.Connection) -> None:
    insert(
        conn, "post_versions", post_id=2, text="原来的话", first_seen_at="2024-05-02"
    )
    conn.execute("UPDATE posts SET words_since = '2024-05-03' WHERE id = 2")
    post = read_thread(conn, 1).posts[1]
    assert post.versions == 1
    versions = read_versions(conn, post)
    assert [each.text for each in versions] == ["原来的话", "第2楼的话"]
    assert versions[-1].first_seen_at == "2024-05-03"


def test_boards_come_with_what_is_here(conn: sqlite3.Connection) -> None:
    (forum,) = list_forums(conn)
    assert forum == get_forum(conn, forum.id)
    insert(conn, "boards", site_id=1, fid=9, name="子版", parent_id=1)
    insert(conn, "boards", site_id=1, fid=10, name="自环", parent_id=4)
    tree = board_tree(conn, forum.id, count_holdings(conn))
    digital, pets = tree[""]
    assert digital.here
    assert (digital.board.name, digital.here.posts) == ("数码", 25)
    assert [child.board.name for child in digital.children] == ["子版"]
    assert pets.newest
    assert pets.newest.title == "猫"


def test_lists_go_on_behind_their_keys(conn: sqlite3.Connection) -> None:
    conn.executemany(
        """INSERT INTO threads(site_id, tid, board_id, title, author, user_id,
          created_at, first_seen_at, last_seen_at)
        VALUES (1, ?, 1, '', '客1', 1, '2024-05-01T00:00:00Z', '', '')""",
        [(number,) for number in range(100, 220)],
    )
    first = threads_of_user(conn, 1)
    second = threads_of_user(conn, 1, first.next_key)
    third = threads_of_user(conn, 1, second.next_key)
    pages = (first, second, third)
    tids = [thread.tid for page in pages for thread in page.threads]
    assert tids == list(range(219, 99, -1))
    assert third.next_key == ""
    assert threads_of_board(conn, 1, page=99).page == 3


@pytest.mark.parametrize(
    "key", ["~", "x~9", "~99999999999999999999", "~²", "a~-1", "9"]
)
def test_a_key_that_is_none_breaks_no_list(conn: sqlite3.Connection, key: str) -> None:
    assert isinstance(threads_of_user(conn, 1, key).threads, tuple)
    assert isinstance(posts_of_user(conn, 1, key).posts, tuple)
    assert isinstance(posts_by_name(conn, 1, "客0", key).posts, tuple)
    assert threads_by_name(conn, 1, "客0").threads == ()


def test_posts_without_a_time_end_a_list_of_someones() -> None:
    rows = [Row(author="客", posted_at=None) for _ in range(60)]
    rows += [Row(author="客", posted_at=f"2024-05-{day:02}") for day in range(1, 32)]
    conn = make_archive(":memory:", rows)
    first = posts_by_name(conn, 1, "客")
    second = posts_by_name(conn, 1, "客", first.next_key)
    shown = [*first.posts, *second.posts]
    assert len({post.id for post in shown}) == len(rows)
    assert [post.posted_at for post in shown[:2]] == ["2024-05-31", "2024-05-30"]
    assert second.next_key == ""
