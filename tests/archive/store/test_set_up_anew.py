"""A forum that is set up anew counts from 1 again, and a number alone is no identity: both
forums are kept, found and shown, and a member who is renamed makes no other forum."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database
from store_pages import page

from archive.store.save import Store
from scraper.core.records import (
    BoardPage,
    Content,
    Notice,
    Post,
    ThreadPage,
    ThreadRow,
)

THEN = datetime(2014, 3, 1, 2, tzinfo=UTC)
SEEN_THEN = datetime(2015, 1, 1, tzinfo=UTC)
LATER = datetime(2023, 9, 1, 2, tzinfo=UTC)
SEEN_LATER = datetime(2024, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def post(pid: int, author: str, at: datetime | None, text: str, **more: Any) -> Post:
    uid = pid % 10 + 1
    return Post(
        pid=pid, author=author, uid=uid, posted_at=at, text=text, html=text, **more
    )


def thread(title: str, *posts: Post, **more: Any) -> ThreadPage:
    numbered = tuple(
        replace(each, floor=floor) for floor, each in enumerate(posts, start=1)
    )
    told: dict[str, Any] = {"tid": 5, "fid": 2, "board": "车间"} | more
    return ThreadPage(title=title, posts=numbered, **told)


OLD = thread(
    "蒸汽机",
    post(50, "老", THEN, "旧的话"),
    post(51, "王", THEN + 30 * HOUR, "旧的回复"),
)
NEW = thread(
    "手机",
    post(50, "新", LATER, "新的话"),
    post(51, "梅", LATER + HOUR, "新的回复"),
    board="市场",
)


def save(db: Database, content: Content, at: datetime, **more: Any) -> None:
    Store(db.conn).save(page(content, at=at, **more))


def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return db.conn.execute(query).fetchall()


def sites(db: Database) -> int:
    return len(rows(db, "SELECT id FROM sites"))


def check_both(db: Database) -> None:
    """Two forums, each whole, the older one gone."""
    found = rows(
        db,
        """SELECT p.text, p.author, substr(p.posted_at, 1, 4), t.title, p.gone_at IS NOT NULL,
          t.gone_at IS NOT NULL, s.gone_at IS NOT NULL, b.name, u.name
        FROM posts p JOIN threads t ON t.id = p.thread_id JOIN sites s ON s.id = p.site_id
        JOIN boards b ON b.id = t.board_id JOIN users u ON u.id = p.user_id
        ORDER BY p.posted_at""",
    )
    gone, here = (1, 1, 1), (0, 0, 0)
    assert found == [
        ("旧的话", "老", "2014", "蒸汽机", *gone, "车间", "老"),
        ("旧的回复", "王", "2014", "蒸汽机", *gone, "车间", "王"),
        ("新的话", "新", "2023", "手机", *here, "市场", "新"),
        ("新的回复", "梅", "2023", "手机", *here, "市场", "梅"),
    ]
    assert sites(db) == 2
    assert rows(db, "SELECT count(*) FROM post_versions") == [(0,)]


def test_both_forums_are_kept_and_the_older_is_gone(db: Database) -> None:
    save(db, OLD, SEEN_THEN)
    save(db, NEW, SEEN_LATER)
    check_both(db)


def test_in_whatever_order_their_pages_come(db: Database) -> None:
    save(db, NEW, SEEN_LATER)
    save(db, OLD, SEEN_THEN)
    check_both(db)


@pytest.mark.parametrize("times", [1, 2])
def test_the_same_pages_again_change_nothing(db: Database, times: int) -> None:
    save(db, OLD, SEEN_THEN)
    save(db, NEW, SEEN_LATER)
    for _ in range(times):
        save(db, OLD, SEEN_THEN)
        save(db, NEW, SEEN_LATER)
        save(db, NEW, SEEN_LATER + HOUR)
    check_both(db)


def test_other_pages_of_either_go_to_their_own_by_their_time(db: Database) -> None:
    """Of threads that say nothing themselves: their numbers are new to both."""
    save(db, OLD, SEEN_THEN)
    save(db, NEW, SEEN_LATER)
    another = thread("别的", post(90, "老", THEN, "也是旧的"), tid=9)
    save(db, another, SEEN_THEN + HOUR)
    fresh = thread("新闻", post(91, "新", LATER, "也是新的"), tid=10)
    save(db, fresh, SEEN_LATER + HOUR)
    found = rows(
        db,
        """SELECT t.tid, s.replaces_id IS NULL, t.gone_at IS NOT NULL
        FROM threads t JOIN sites s ON s.id = t.site_id WHERE t.tid > 5 ORDER BY t.tid""",
    )
    assert found == [(9, 1, 1), (10, 0, 0)]
    assert sites(db) == 2


def test_one_forum_after_another_after_another(db: Database) -> None:
    third = thread(
        "第三",
        post(50, "三", LATER + timedelta(days=900), "第三的话"),
    )
    seen = SEEN_LATER + timedelta(days=900)
    for content, at in ((NEW, SEEN_LATER), (third, seen), (OLD, SEEN_THEN)):
        save(db, content, at)
    assert sites(db) == 3
    assert rows(db, "SELECT text FROM posts WHERE gone_at IS NULL") == [("第三的话",)]
    assert rows(db, "SELECT count(*) FROM posts") == [(5,)]


def test_what_is_not_found_is_said_of_the_forum_that_is_there(db: Database) -> None:
    save(db, OLD, SEEN_THEN)
    save(db, NEW, SEEN_LATER)
    gone = Notice(reason="not_found", message="没有这个主题")
    url = "https://a.example/forum.php?mod=viewthread&tid=5"
    save(db, gone, SEEN_LATER + HOUR, url=url)
    assert rows(db, "SELECT count(*) FROM threads WHERE gone_at IS NULL") == [(0,)]


def test_a_thread_of_which_no_post_number_is_known_tells_by_all_that_it_says(
    db: Database,
) -> None:
    """Archiver pages print no numbers of posts."""
    plain = thread("蒸汽机", *(replace(each, pid=None) for each in OLD.posts))
    save(db, plain, SEEN_THEN, theme="archiver")
    save(db, NEW, SEEN_LATER)
    assert sites(db) == 2
    assert rows(db, "SELECT count(*) FROM posts") == [(4,)]


def listed(*titles: str, author: str, at: datetime) -> BoardPage:
    threads = tuple(
        ThreadRow(tid=tid, title=title, author=author, created_on=at.date())
        for tid, title in enumerate(titles, start=5)
    )
    return BoardPage(fid=2, name="版", threads=threads)


@pytest.mark.parametrize(("titles", "forums"), [("丙丁", 2), ("丙", 1)])
def test_a_list_of_threads_tells_where_several_contradict(
    db: Database, titles: str, forums: int
) -> None:
    url = "https://a.example/forum.php?mod=forumdisplay&fid=2"
    save(db, listed("甲", "乙", author="老", at=THEN), SEEN_THEN, url=url)
    save(db, listed(*titles, author="新", at=LATER), SEEN_LATER, url=url)
    assert sites(db) == forums


# What makes no other forum.

RENAMED = replace(OLD.posts[0], author="改名")
ZONE = timedelta(hours=8)


def shifted(content: ThreadPage, by: timedelta) -> ThreadPage:
    posts = [
        replace(each, posted_at=each.posted_at + by)
        for each in content.posts
        if each.posted_at
    ]
    return replace(content, posts=tuple(posts))


@pytest.mark.parametrize(
    "seen",
    [
        replace(OLD, posts=(RENAMED, OLD.posts[1])),
        replace(OLD, posts=(RENAMED, replace(OLD.posts[1], author="也改名"))),
        shifted(OLD, ZONE),
        shifted(OLD, -26 * HOUR),
        shifted(replace(OLD, posts=(RENAMED, OLD.posts[1])), ZONE),
        shifted(replace(OLD, posts=(RENAMED,)), ZONE),
        shifted(OLD, timedelta(days=90)),
        replace(
            OLD,
            posts=(replace(OLD.posts[0], author="", anonymous=True), OLD.posts[1]),
        ),
        replace(OLD, posts=(replace(OLD.posts[0], author="", posted_at=None),)),
        replace(OLD, title="改了题目", posts=(replace(OLD.posts[0], text="改了"),)),
    ],
    ids=[
        "one renamed",
        "all renamed",
        "another zone",
        "the zone furthest away",
        "renamed in another zone",
        "all of it renamed in another zone",
        "month and day the other way round",
        "anonymous",
        "withheld",
        "edited",
    ],
)
def test_another_look_at_the_same_posts(db: Database, seen: ThreadPage) -> None:
    save(db, OLD, SEEN_THEN)
    save(db, seen, SEEN_LATER)
    assert sites(db) == 1
    assert rows(db, "SELECT pid FROM posts ORDER BY pid") == [(50,), (51,)]


def test_a_post_whose_date_is_read_otherwise_and_whose_author_is_renamed(
    db: Database,
) -> None:
    """The others of its thread have their authors still, and dates as wrong."""
    save(db, OLD, SEEN_THEN)
    other = shifted(OLD, timedelta(days=3_600))
    first = replace(other.posts[0], author="改名")
    save(db, replace(other, posts=(first, other.posts[1])), SEEN_LATER)
    assert sites(db) == 1
    assert rows(db, "SELECT count(*) FROM posts") == [(2,)]


def test_both_seen_at_one_time_are_no_two_forums(db: Database) -> None:
    """A page that shows a post of 2014 as one of 2010 is read wrongly."""
    save(db, OLD, SEEN_THEN)
    odd = shifted(NEW, THEN - LATER - timedelta(days=1_500))
    save(db, odd, SEEN_LATER)
    assert sites(db) == 1


def test_a_merged_thread_is_the_same_forum(db: Database) -> None:
    """Its title, author and day are those of the thread that was older; the posts stay."""
    save(db, NEW, SEEN_LATER)
    older = post(30, "早", LATER - timedelta(days=90), "更早的话")
    save(db, thread("合并", older, *NEW.posts), SEEN_LATER + HOUR)
    assert sites(db) == 1
    assert rows(db, "SELECT count(*) FROM posts") == [(3,)]


# Numbers of a forum that was put back from a backup.

REPLY = post(51, "新人", LATER, "备份以后的回复")


def test_a_number_that_was_given_to_another_post_of_the_thread(db: Database) -> None:
    save(db, OLD, SEEN_THEN)
    save(db, replace(OLD, posts=(OLD.posts[0], REPLY)), SEEN_LATER)
    assert sites(db) == 1
    assert rows(
        db,
        "SELECT pid, author, text, gone_at IS NOT NULL FROM posts ORDER BY posted_at",
    ) == [
        (50, "老", "旧的话", 0),
        (None, "王", "旧的回复", 1),
        (51, "新人", "备份以后的回复", 0),
    ]


@pytest.mark.parametrize("times", [1, 2])
def test_and_the_same_in_the_other_order(db: Database, times: int) -> None:
    save(db, replace(OLD, posts=(OLD.posts[0], REPLY)), SEEN_LATER)
    for _ in range(times):
        save(db, OLD, SEEN_THEN)
    assert rows(
        db,
        "SELECT pid, author, text, gone_at IS NOT NULL FROM posts ORDER BY posted_at",
    ) == [
        (50, "老", "旧的话", 0),
        (None, "王", "旧的回复", 1),
        (51, "新人", "备份以后的回复", 0),
    ]
