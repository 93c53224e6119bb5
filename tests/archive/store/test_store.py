"""The store: one row a post whatever pages show it, nothing overwritten away, and a word on
what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database
from store_pages import AT, FIRST, SECOND, THREAD, page, rows, save, without_pids

from archive.schema import open_archive
from archive.store.save import Store
from scraper.core.errors import InputError
from scraper.core.records import (
    Attachment,
    BoardPage,
    BoardRow,
    Comment,
    Field,
    IndexPage,
    Notice,
    Poll,
    PollOption,
    Post,
    ProfilePage,
    Quote,
    Rating,
    ThreadPage,
    ThreadRow,
)


def test_a_page_becomes_rows(db: Database) -> None:
    saved = save(db, THREAD)
    assert (saved.new, saved.changed, saved.unchanged, saved.other_rows) == (2, 0, 0, 1)
    assert rows(db, "pid, floor, opening, author, posted_at, subject, text") == [
        (101, 1, 1, "甲", "2024-05-14T13:46:07Z", "淘宝开店", "开店经验"),
        (102, 2, 0, "乙", "2024-05-14T15:41:30Z", "", "学习下"),
    ]
    thread = (7, "淘宝开店", "甲", "2024-05-14T13:46:07Z", 1)
    assert rows(db, "tid, title, author, created_at, pages", "threads") == [thread]
    assert rows(db, "uid, name", "users") == [(1, "甲"), (2, "乙")]
    assert rows(db, "fid, name", "boards") == [(3, "运营")]
    assert rows(db, "address", "site_addresses") == [("a.example/",)]
    assert rows(db, "url", "post_list")[0] == (
        "https://a.example/forum.php?mod=redirect&goto=findpost&ptid=7&pid=101",
    )


def test_the_same_page_again_changes_nothing(db: Database) -> None:
    save(db, THREAD)
    before = list(db.conn.iterdump())
    saved = save(db, THREAD)
    assert (saved.new, saved.changed, saved.unchanged, saved.anything) == (
        0,
        0,
        2,
        False,
    )
    assert list(db.conn.iterdump()) == before


def test_tokens_and_white_space_are_no_change(db: Database) -> None:
    def shown(token: str, text: str) -> ThreadPage:
        file = Attachment(
            aid=5,
            name="a.zip",
            url=f"https://a.example/forum.php?mod=attachment&aid={token}",
        )
        return replace(
            THREAD,
            posts=(replace(FIRST, text=text, attachments=(file,), links=(file.url,)),),
        )

    save(db, shown("NXxh", "开店 经验"))
    assert not save(db, shown("NXxi", "开店\n经验"), at=AT + timedelta(days=1)).anything


def test_edited_words_are_kept_as_a_version(db: Database) -> None:
    later = AT + timedelta(days=1)
    save(db, THREAD)
    saved = save(
        db,
        replace(THREAD, posts=(replace(FIRST, text="改了", html="改了"), SECOND)),
        at=later,
    )
    assert (saved.changed, saved.unchanged) == (1, 1)
    assert rows(db, "text, words_since", "posts WHERE pid = 101") == [
        ("改了", "2024-06-02T00:00:00Z")
    ]
    assert rows(db, "text, html, first_seen_at, last_seen_at", "post_versions") == [
        ("开店经验", "<b>开店</b>经验", "2024-06-01T00:00:00Z", "2024-06-01T00:00:00Z")
    ]


def test_older_capture_becomes_a_version_and_nothing_more(db: Database) -> None:
    older = AT - timedelta(days=100)
    save(db, THREAD)
    old = replace(
        THREAD,
        title="旧题",
        board="",
        posts=(replace(FIRST, text="旧文", author="甲旧名"),),
    )
    assert save(db, old, at=older).changed == 1
    first = ("开店经验", "甲", "2024-02-22T00:00:00Z")
    assert rows(db, "text, author, first_seen_at", "posts WHERE pid = 101") == [first]
    assert rows(db, "text", "post_versions") == [("旧文",)]
    assert rows(db, "title", "threads") == [("淘宝开店",)]
    assert not save(db, old, at=older).anything


@pytest.mark.parametrize("first", ["x", "print_page"])
def test_print_page_and_desktop_page_are_one_thread(db: Database, first: str) -> None:
    printed = replace(THREAD, posts=without_pids(FIRST, SECOND))
    pages = {"x": THREAD, "print_page": printed}
    for theme in (first, *(theme for theme in pages if theme != first)):
        save(db, pages[theme], theme=theme)
    assert rows(db, "pid, floor, posted_at, html") == [
        (101, 1, "2024-05-14T13:46:07Z", "<b>开店</b>经验"),
        (102, 2, "2024-05-14T15:41:30Z", "学习下"),
    ]
    assert rows(db, "id", "threads") == [(1,)]
    assert rows(db, "id", "post_versions") == []


def test_taken_over_row_keeps_its_number(db: Database) -> None:
    save(db, replace(THREAD, posts=without_pids(FIRST, SECOND)), theme="archiver")
    save(db, THREAD)
    assert rows(db, "id, pid") == [(1, 101), (2, 102)]


def test_thread_without_tid_is_taken_over(db: Database) -> None:
    text = replace(
        THREAD, tid=None, fid=None, board="", posts=without_pids(FIRST, SECOND)
    )
    save(
        db, text, theme="print_text", url="file:///a.txt", site="http://www.a.example/"
    )
    assert save(db, THREAD).changed == 2
    assert rows(db, "id, tid", "threads") == [(1, 7)]
    assert rows(db, "id, pid") == [(1, 101), (2, 102)]
    assert rows(db, "id", "sites") == [(1,)]


def test_thread_without_tid_meets_a_numbered_one(db: Database) -> None:
    save(db, THREAD)
    text = replace(THREAD, tid=None, posts=without_pids(FIRST, SECOND))
    assert not save(db, text, theme="print_text").anything
    assert rows(db, "id", "threads") == [(1,)]


def test_two_rows_that_turn_out_to_be_one_thread_become_one(db: Database) -> None:
    third = replace(SECOND, pid=103, floor=3, author="丙", text="第三")
    save(db, replace(THREAD, title="", page=2, posts=(third,)))
    text = replace(THREAD, tid=None, posts=without_pids(FIRST, SECOND, third))
    save(db, text, theme="print_text")
    assert len(rows(db, "id", "threads")) == 2
    save(db, replace(THREAD, posts=(FIRST, SECOND)))
    assert rows(db, "tid", "threads") == [(7,)]
    assert rows(db, "pid, text") == [(101, "开店经验"), (102, "学习下"), (103, "第三")]


def test_same_title_by_another_author_is_another_thread(db: Database) -> None:
    save(db, THREAD)
    other = replace(THREAD, tid=None, posts=without_pids(replace(FIRST, author="丁")))
    save(db, other, theme="print_text")
    assert len(rows(db, "id", "threads")) == 2


def test_withheld_view_does_not_take_words_away(db: Database) -> None:
    save(db, THREAD)
    guest = replace(FIRST, text="", html="", withheld="请登录", withheld_reason="login")
    assert not save(
        db, replace(THREAD, posts=(guest,)), at=AT + timedelta(days=1)
    ).anything
    blocked = replace(guest, withheld="该帖被屏蔽", withheld_reason="blocked")
    assert (
        save(db, replace(THREAD, posts=(blocked,)), at=AT + timedelta(days=2)).changed
        == 1
    )
    hidden = ("开店经验", "该帖被屏蔽", "blocked")
    assert rows(db, "text, withheld, withheld_reason", "posts WHERE pid = 101") == [
        hidden
    ]
    save(db, THREAD, at=AT + timedelta(days=3))
    assert rows(db, "text, withheld, withheld_reason", "posts WHERE pid = 101") == [
        ("开店经验", "", None)
    ]


def test_fuller_view_fills_what_was_withheld(db: Database) -> None:
    save(
        db,
        replace(
            THREAD,
            posts=(
                replace(
                    FIRST, text="", html="", withheld="请登录", withheld_reason="login"
                ),
            ),
        ),
    )
    save(db, THREAD, at=AT - timedelta(days=1))
    assert rows(db, "text, withheld", "posts WHERE pid = 101") == [("开店经验", "")]
    assert rows(db, "id", "post_versions") == []


def test_view_with_a_hidden_part_is_no_edit(db: Database) -> None:
    whole = replace(FIRST, text="公开\n秘密\n公开二", html="公开 秘密 公开二")
    part = replace(
        FIRST, text="公开\n公开二", html='公开<div class="locked">隐藏</div>公开二'
    )
    save(db, replace(THREAD, posts=(whole,)))
    assert not save(
        db, replace(THREAD, posts=(part,)), at=AT + timedelta(days=1)
    ).anything


def test_poorer_layout_does_not_take_words_away(db: Database) -> None:
    long = "价格可以小刀，邻居家的猫终于修好了，欢迎大家来讨论这台旧相机。"
    save(db, replace(THREAD, posts=(replace(FIRST, text=long + "print(1)"), SECOND)))
    printed = without_pids(replace(FIRST, text="引用的话 " + long), SECOND)
    assert not save(
        db, replace(THREAD, posts=printed), theme="archiver", at=AT + timedelta(days=9)
    ).anything
    other = without_pids(
        replace(FIRST, text="完全不同的另一段文字，没有一个词相同。"), SECOND
    )
    assert not save(
        db, replace(THREAD, posts=other), theme="archiver", at=AT + timedelta(days=10)
    ).anything
    assert rows(db, "text", "posts WHERE pid = 101") == [(long + "print(1)",)]
    assert rows(db, "rank, text", "post_versions") == []


def test_what_hangs_on_a_post(db: Database) -> None:
    post = replace(
        FIRST,
        quotes=(Quote(pid=99, author="乙", text="引"),),
        images=("https://i.example/1.jpg",),
        links=("https://l.example/",),
        attachments=(Attachment(aid=5, name="a.zip", size_bytes=10),),
        ratings=(Rating(author="乙", score=2, credit="威望"),),
        comments=(Comment(author="丙", text="点评"),),
        poll=Poll(options=(PollOption(text="甲", votes=1),), voters=1),
    )
    save(db, replace(THREAD, posts=(post,)))
    later = replace(
        post,
        attachments=(),
        ratings=(Rating(author="丁", score=1, credit="威望"),),
        comments=(Comment(author="丙", text="点评"), Comment(author="丁", text="再评")),
        poll=Poll(options=(PollOption(text="甲", votes=9),), voters=9),
    )
    assert (
        save(db, replace(THREAD, posts=(later,)), at=AT + timedelta(days=1)).changed
        == 1
    )
    assert rows(db, "author, position", "ratings") == [("丁", 2), ("乙", 1)]
    assert rows(db, "position, text", "comments") == [(1, "点评"), (2, "再评")]
    assert rows(db, "name", "attachments") == [("a.zip",)]
    assert rows(db, "votes", "poll_options") == [(9,)]
    assert rows(db, "author, pid", "quotes") == [("乙", 99)]
    assert rows(db, "id", "post_versions") == []


def test_author_that_one_layout_does_not_print(db: Database) -> None:
    nameless = tuple(replace(post, author="", uid=None) for post in (FIRST, SECOND))
    save(db, replace(THREAD, posts=nameless))
    save(db, replace(THREAD, posts=without_pids(FIRST, SECOND)), theme="print_page")
    assert rows(db, "pid, author") == [(101, "甲"), (102, "乙")]


def test_anonymous_and_repeated_posts(db: Database) -> None:
    hidden = replace(SECOND, pid=103, author="", uid=None, anonymous=True)
    save(db, replace(THREAD, posts=(FIRST, hidden, FIRST)))
    printed = without_pids(FIRST, replace(hidden, author="匿名", anonymous=False))
    assert not save(db, replace(THREAD, posts=printed), theme="print_page").anything
    assert rows(db, "pid, author, anonymous") == [(101, "甲", 0), (103, "", 1)]


def test_board_and_index_pages(db: Database) -> None:
    listed = ThreadRow(
        tid=7,
        title="淘宝开店",
        author="甲",
        uid=1,
        created_on=date(2024, 5, 14),
        replies=1,
        views=5,
    )
    pointer = ThreadRow(tid=8, title="搬走的", moved_to=70)
    sticky = ThreadRow(tid=9, title="公告", sticky=True)
    board = BoardPage(
        fid=3,
        name="运营",
        threads=(listed, pointer, sticky),
        boards=(BoardRow(fid=4, name="子版"),),
    )
    row = BoardRow(
        fid=3, name="运营", parent_fid=1, category="分区", threads=3, moderators=("甲",)
    )
    index = IndexPage(boards=(row,))
    assert save(db, board, url="https://a.example/forum-3-1.html").other_rows == 5
    assert save(db, index, url="https://a.example/").other_rows == 1
    assert not save(
        db, replace(board, threads=(replace(listed, views=99), pointer, sticky))
    ).anything
    assert rows(db, "tid, board_id IS NULL, moved_to, views", "threads") == [
        (7, 0, None, 99),
        (8, 0, 70, None),
        (9, 1, None, None),
    ]
    tree = "boards b LEFT JOIN boards p ON p.id = b.parent_id"
    assert rows(db, "b.fid, p.fid, b.category, b.moderators", tree) == [
        (1, None, "", ""),
        (3, 1, "分区", "甲"),
        (4, 3, "", ""),
    ]
    save(db, THREAD)
    assert rows(db, "tid, created_at", "threads WHERE tid = 7") == [
        (7, "2024-05-14T13:46:07Z")
    ]


def test_filtered_pages_do_not_count_floors_or_pages(db: Database) -> None:
    save(db, replace(THREAD, pages=5))
    save(
        db,
        replace(THREAD, pages=1, filtered=True, posts=(replace(SECOND, floor=1),)),
        at=AT + timedelta(days=1),
    )
    assert rows(db, "pid, floor, opening") == [(101, 1, 1), (102, 2, 0)]
    assert rows(db, "pages", "threads") == [(5,)]


def test_notice_marks_what_is_gone_and_a_page_brings_it_back(db: Database) -> None:
    save(db, THREAD)
    notice = Notice(reason="not_found", message="指定的主题不存在")
    assert save(db, notice, at=AT + timedelta(days=1)).other_rows == 1
    assert rows(db, "gone_at", "threads") == [("2024-06-02T00:00:00Z",)]
    assert not save(db, notice, at=AT + timedelta(days=2)).anything
    save(db, THREAD, at=AT + timedelta(days=3))
    assert rows(db, "gone_at", "threads") == [(None,)]
    assert not save(db, Notice(reason="login"), url="https://b.example/").anything


def test_profile(db: Database) -> None:
    profile = ProfilePage(uid=1, name="甲", fields=(Field(name="积分", value="10"),))
    assert save(db, profile, url="https://a.example/space-uid-1.html").anything
    assert not save(db, profile, url="https://a.example/space-uid-1.html").anything
    assert rows(db, "name, value", "user_fields") == [("积分", "10")]


def test_addresses_of_one_forum(db: Database) -> None:
    for base in (
        "https://www.A.example/",
        "http://a.example/",
        "https://a.example:443/",
    ):
        save(db, THREAD, url=base + "thread-7-1-1.html")
    save(
        db,
        THREAD,
        url="http://mirror.example/thread-7-1-1.html",
        site="https://a.example/",
    )
    save(db, THREAD, url="http://mirror.example/thread-7-1-1.html")
    assert len(rows(db, "id", "sites")) == 1
    assert rows(db, "address", "site_addresses") == [
        ("a.example/",),
        ("mirror.example/",),
    ]
    save(
        db,
        THREAD,
        url="http://mirror.example/thread-7-1-1.html",
        site="https://b.example/",
    )
    assert len(rows(db, "id", "sites")) == 2
    assert len(rows(db, "id")) == 4


def test_page_of_no_known_forum_is_refused_whole(db: Database) -> None:
    with pytest.raises(InputError, match="--url"):
        save(db, THREAD, url="file:///thread-7-1-1.html")
    assert rows(db, "id", "sites") == []


def test_what_was_forgotten_does_not_come_back(db: Database) -> None:
    save(db, replace(THREAD, posts=(FIRST,)))
    db.execute(
        "INSERT INTO tombstones VALUES (1, 'user', 2, '', ''), (1, 'thread', 8, '', '')"
    )
    assert save(db, THREAD).new == 0
    assert save(db, replace(THREAD, tid=8)).new == 0


def test_post_moved_to_another_thread_stays_one_row(db: Database) -> None:
    save(db, THREAD)
    save(
        db,
        ThreadPage(tid=9, title="拆出", posts=(replace(SECOND, floor=1),)),
        at=AT + timedelta(days=1),
    )
    assert db.execute(
        "SELECT pid, tid FROM posts p JOIN threads t ON t.id = p.thread_id ORDER BY 1"
    ).fetchall() == [(101, 7), (102, 9)]


AUTHORS = st.sampled_from(["甲", "乙", ""])
VIEWS = st.tuples(
    st.sampled_from(["x", "print_page", "archiver", "print_text"]), st.integers(-3, 3)
)


@settings(max_examples=60, deadline=None)
@given(
    authors=st.lists(st.tuples(AUTHORS, st.integers(0, 90)), min_size=1, max_size=12),
    views=st.lists(VIEWS, min_size=1, max_size=6),
)
def test_however_a_thread_is_seen_each_post_is_one_row(
    authors: list[tuple[str, int]], views: list[tuple[str, int]]
) -> None:
    when, posts = AT, []
    for number, (author, gap_s) in enumerate(authors):
        when += timedelta(seconds=gap_s)
        posts.append(
            Post(
                pid=number + 1,
                floor=number + 1,
                author=author,
                uid=len(author) or None,
                anonymous=not author,
                posted_at=when,
                html=f"第{number}",
                text=f"第{number}",
            )
        )
    db = open_archive(":memory:")
    for theme, days in views:
        shown = tuple(posts) if theme == "x" else without_pids(*posts)
        content = ThreadPage(
            tid=None if theme == "print_text" else 7, title="题", posts=shown
        )
        Store(db.conn).save(page(content, theme=theme, at=AT + timedelta(days=days)))
    assert [row[0] for row in db.execute("SELECT text FROM posts ORDER BY id")] == [
        post.text for post in posts
    ]
    if "x" in {theme for theme, _ in views}:
        assert rows(db, "pid, floor") == [(post.pid, post.floor) for post in posts]
    assert db.execute("SELECT count(*) FROM threads").fetchone() == (1,)
    assert db.execute("SELECT count(*) FROM post_versions").fetchone() == (0,)
    db.close()


def test_an_older_print_of_older_words_does_not_date_the_newer_ones(
    db: Database,
) -> None:
    long = replace(FIRST, text="红灯牌收音机只剩沙沙声，求师傅把脉", html="红灯")
    edited = replace(long, text="红灯牌收录机只剩沙沙声，求师傅把脉")
    save(db, replace(THREAD, posts=(edited,)))
    earlier = AT - timedelta(days=30)
    printed = replace(THREAD, posts=without_pids(long))
    save(db, printed, theme="print_page", at=earlier)
    seen = "first_seen_at, words_since, words_seen_at, last_seen_at"
    at = "2024-06-01T00:00:00Z"
    assert rows(db, seen) == [("2024-05-02T00:00:00Z", at, at, at)]
    later = "2024-07-01T00:00:00Z"
    save(db, printed, theme="print_page", at=AT + timedelta(days=30))
    assert rows(db, seen) == [("2024-05-02T00:00:00Z", at, later, later)]
