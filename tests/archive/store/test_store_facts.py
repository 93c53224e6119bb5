"""Which page's word on a thread or a post counts: each layout is sure of some facts, and
silent on others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlite_utils import Database
from store_pages import AT, FIRST, SECOND, THREAD, URL, rows, save, without_pids

from scraper.core.records import BoardPage, FeedPage, ThreadRow


def test_what_a_page_is_not_sure_to_show_is_not_denied_by_it(db: Database) -> None:
    """X prints locks beside the title for all, in lists for some; sticky and digest in
    lists only."""
    flags = "closed, sticky, digest"
    listed = ThreadRow(tid=7, title="淘宝开店", sticky=True, digest=True)
    save(db, BoardPage(fid=3, name="运营", threads=(listed,)))
    save(db, replace(THREAD, closed=True), at=AT + timedelta(hours=1))
    assert rows(db, flags, "threads") == [(1, 1, 1)]
    save(
        db, BoardPage(fid=3, name="运营", threads=(listed,)), at=AT + timedelta(hours=2)
    )
    save(
        db, replace(THREAD, closed=False), theme="archiver", at=AT + timedelta(hours=3)
    )
    save(
        db,
        FeedPage(threads=(replace(listed, sticky=False),)),
        theme="feed",
        at=AT + timedelta(hours=4),
    )
    assert rows(db, flags, "threads") == [(1, 1, 1)]
    save(db, THREAD, at=AT + timedelta(hours=5))
    assert rows(db, flags, "threads") == [(0, 1, 1)]
    plain = replace(listed, sticky=False, digest=False)
    save(
        db, BoardPage(fid=3, name="运营", threads=(plain,)), at=AT + timedelta(hours=6)
    )
    assert rows(db, flags, "threads") == [(0, 0, 0)]


def test_lists_of_6_and_7_show_locks_to_all(db: Database) -> None:
    for hours, closed in ((0, True), (1, False)):
        row = ThreadRow(tid=7, title="淘宝开店", closed=closed)
        save(
            db,
            BoardPage(fid=3, name="运营", threads=(row,)),
            theme="classic7",
            at=AT + timedelta(hours=hours),
        )
        assert rows(db, "closed", "threads") == [(int(closed),)]


def test_a_thread_of_the_small_hours_has_its_time(db: Database) -> None:
    """Lists print the day of the forum's zone, which in UTC is the next one."""
    row = ThreadRow(tid=7, title="淘宝开店", created_on=date(2024, 5, 15))
    listed = BoardPage(fid=3, name="运营", threads=(row,))
    save(db, listed)
    early = replace(FIRST, posted_at=datetime(2024, 5, 14, 20, 1, tzinfo=UTC))
    for hours in (1, 2):
        save(db, replace(THREAD, posts=(early,)), at=AT + timedelta(hours=hours))
        assert rows(db, "created_at", "threads") == [("2024-05-14T20:01:00Z",)]
        save(db, listed, at=AT + timedelta(hours=hours))
        assert rows(db, "created_at", "threads") == [("2024-05-14T20:01:00Z",)]


def test_poor_lists_add_and_never_correct(db: Database) -> None:
    """Archiver lists print another board's sticky threads as their own; feeds double the
    backslashes of names."""
    save(db, THREAD)
    listed = ThreadRow(
        tid=7, title="淘宝开店", author="a\\\\b", replies=5, last_author="丙"
    )
    save(
        db,
        BoardPage(fid=9, name="别处", threads=(listed,)),
        theme="archiver",
        at=AT + timedelta(hours=1),
    )
    save(db, FeedPage(threads=(listed,)), theme="feed", at=AT + timedelta(hours=2))
    told = "t.author, t.replies, t.last_author, b.fid"
    assert rows(db, told, "threads t JOIN boards b ON b.id = t.board_id") == [
        ("甲", 5, "丙", 3)
    ]


def test_floors_of_another_order_do_not_count(db: Database) -> None:
    """With `ordertype=1` X counts floors down from the replies it states, deleted ones included."""
    save(db, THREAD)
    wrong = tuple(
        replace(post, floor=post.floor + 2) for post in THREAD.posts if post.floor
    )
    save(
        db,
        replace(THREAD, posts=wrong),
        at=AT + timedelta(hours=1),
        url=f"{URL}&ordertype=1",
    )
    assert rows(db, "pid, floor") == [(101, 1), (102, 2)]


def test_a_hidden_post_of_a_gone_account_is_one_row(db: Database) -> None:
    """The archiver prints neither its words nor its author, as if it were anonymous."""
    gone = replace(
        SECOND,
        author="已注销",
        uid=None,
        text="",
        html="",
        withheld="提示: 作者被禁止或删除",
    )
    bare = replace(gone, pid=None, floor=None, author="", anonymous=True, withheld="")
    save(db, replace(THREAD, posts=(FIRST, gone)))
    save(
        db,
        replace(THREAD, posts=(*without_pids(FIRST), bare)),
        theme="archiver",
        at=AT + timedelta(hours=1),
    )
    assert rows(db, "pid, author") == [(101, "甲"), (102, "已注销")]
    said = replace(bare, text="别的话")
    save(
        db,
        replace(THREAD, posts=(*without_pids(FIRST), said)),
        theme="archiver",
        at=AT + timedelta(hours=2),
    )
    assert len(rows(db, "pid")) == 3
