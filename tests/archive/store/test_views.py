"""Who looked at a post: the fuller view stays, part by part, in whatever order the pages
come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlite_utils import Database
from store_pages import AT, FIRST, THREAD, rows, save, without_pids

from archive.schema import open_archive
from archive.store.pictures import judge_pictures, pictures_in
from scraper.core.records import (
    Attachment,
    Poll,
    PollOption,
    Post,
    Quote,
    Rating,
)

LATER = AT + timedelta(days=1)
LATEST = AT + timedelta(days=2)
MEMBER = 8
GUEST = 0
PICTURE = '<img id="aimg_9" aid="9" src="none.gif" file="data/a.png">'
OF_MEMBERS: dict[str, tuple[Post, Post]] = {
    "a picture": (
        replace(
            FIRST,
            text="图前图后",
            html=f"图前{PICTURE}图后",
            images=("data/a.png",),
            attachments=(Attachment(aid=9, url="data/a.png", image=True),),
        ),
        replace(FIRST, text="图前图后", html="图前图后"),
    ),
    "a paid part": (
        replace(
            FIRST,
            text="免费的话\n付费的话",
            html="<blockquote>免费的话</blockquote>付费的话",
            hidden=("付费主题, 价格: 20 金钱",),
        ),
        replace(
            FIRST,
            text="免费的话",
            html="免费的话",
            hidden=("本主题需向作者支付 20 金钱 才能浏览",),
        ),
    ),
    "a hidden part": (
        replace(FIRST, text="头\n藏着的话\n尾", html="头<p>藏着的话</p>尾"),
        replace(FIRST, text="头\n尾", html="头<p></p>尾", hidden=("回复可见",)),
    ),
    "files": (
        replace(
            FIRST,
            attachments=(
                Attachment(aid=5, name="表.xls", url="attachment.php?aid=5"),
                Attachment(aid=6, name="图.zip", url="attachment.php?aid=6"),
            ),
        ),
        FIRST,
    ),
    "links and a quote": (
        replace(
            FIRST,
            html=f'{FIRST.html}<a href="http://a.example/">去</a>',
            links=("http://a.example/",),
            quotes=(Quote(pid=99, author="丙", text="原话"),),
        ),
        FIRST,
    ),
    "a poll": (
        replace(
            FIRST,
            poll=Poll(options=(PollOption(text="甲", votes=3),), voters=3),
        ),
        FIRST,
    ),
}
"""What a member's page shows of a post, and what a guest's does."""


def look(db: Database, post: Post, uid: int | None, **options: Any) -> int:
    """Save a page of one post as a reader sees it; the number of posts that changed."""
    content = replace(THREAD, posts=(post,))
    return save(db, content, reader_uid=uid, **options).changed


def state(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """All that is said of posts, times aside."""
    return {
        "posts": rows(db, "text, html, withheld"),
        "quotes": rows(db, "pid, author, text", "quotes"),
        "attachments": rows(db, "aid, name", "attachments"),
        "images": rows(db, "url", "images"),
        "links": rows(db, "url", "links"),
        "poll": rows(db, "text, votes", "poll_options"),
        "versions": rows(db, "text", "post_versions"),
    }


def fullest(post: Post) -> dict[str, list[tuple[object, ...]]]:
    """What an archive says that only ever saw one page."""
    alone = open_archive(":memory:")
    look(alone, post, MEMBER)
    said = state(alone)
    alone.close()
    return said


@pytest.mark.parametrize("kind", OF_MEMBERS)
@pytest.mark.parametrize("member_looked_at", [AT, LATEST])
@pytest.mark.parametrize("member_comes_first", [True, False])
def test_a_guests_page_takes_nothing_away_and_a_members_fills_in(
    db: Database, kind: str, member_looked_at: Any, member_comes_first: bool
) -> None:
    members, guests = OF_MEMBERS[kind]
    visits = [(members, MEMBER, member_looked_at), (guests, GUEST, LATER)]
    if not member_comes_first:
        visits.reverse()
    for post, uid, at in visits:
        look(db, post, uid, at=at)
    assert state(db) == fullest(members)
    assert look(db, guests, GUEST, at=LATEST) == 0
    assert state(db) == fullest(members)


@pytest.mark.parametrize("kind", OF_MEMBERS)
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_of_members_and_guests_ends_the_same(
    db: Database, kind: str, order: tuple[int, ...]
) -> None:
    members, guests = OF_MEMBERS[kind]
    visits = [
        (members, MEMBER, "x", AT),
        (guests, GUEST, "x", LATER),
        (guests, GUEST, "touch", LATEST),
    ]
    for at in order:
        post, uid, theme, when = visits[at]
        look(db, post, uid, theme=theme, at=when)
    assert state(db) == fullest(members)


@pytest.mark.parametrize("kind", OF_MEMBERS)
@pytest.mark.parametrize("theme", ["print_page", "archiver", "touch", "api", "wap"])
@pytest.mark.parametrize("uid", [GUEST, MEMBER, None])
def test_pages_of_poorer_layouts_take_nothing_away(
    db: Database, kind: str, theme: str, uid: int | None
) -> None:
    members, guests = OF_MEMBERS[kind]
    look(db, members, MEMBER)
    before = state(db)
    (poorer,) = without_pids(guests)
    assert look(db, poorer, uid, theme=theme, at=LATER) == 0
    assert state(db) == before


@pytest.mark.parametrize("kind", ["a paid part", "a hidden part"])
@pytest.mark.parametrize("theme", ["touch", "api"])
def test_a_members_page_for_phones_fills_in_words_that_guests_do_not_see(
    db: Database, kind: str, theme: str
) -> None:
    members, guests = OF_MEMBERS[kind]
    look(db, guests, GUEST)
    look(db, members, MEMBER, theme=theme, at=LATER)
    assert rows(db, "text") == [(members.text,)]
    assert look(db, guests, GUEST, at=LATEST) == 0
    assert rows(db, "text, html") == [(members.text, members.html)]
    assert rows(db, "text", "post_versions") == []


def test_a_guests_desktop_page_takes_nothing_from_a_members_page_for_phones(
    db: Database,
) -> None:
    members, guests = OF_MEMBERS["a paid part"]
    edited = replace(guests, text="免费的话儿", html="免费的话儿")
    look(db, members, MEMBER, theme="touch")
    look(db, guests, GUEST, at=LATER)
    look(db, edited, GUEST, at=LATEST)
    assert rows(db, "text") == [(members.text,)]


def test_a_member_who_has_not_paid_takes_nothing_from_one_who_has(
    db: Database,
) -> None:
    paid, unpaid = OF_MEMBERS["a paid part"]
    picture = replace(paid, images=("http://a.example/b.png",))
    for post, uid in ((unpaid, 3), (picture, MEMBER), (unpaid, 3)):
        look(db, post, uid)
    assert state(db) == fullest(picture)


@pytest.mark.parametrize(
    ("html", "post"),
    [
        (f"图前{PICTURE}图后", OF_MEMBERS["a picture"][0]),
        (
            '图前<img src="http://a.example/b.png">图后',
            replace(FIRST, text="图前图后", images=("http://a.example/b.png",)),
        ),
        (
            f'图前{PICTURE}<img src="http://a.example/b.png">图后',
            replace(
                OF_MEMBERS["a picture"][0],
                images=("data/a.png", "http://a.example/b.png"),
            ),
        ),
    ],
)
@pytest.mark.parametrize("uid", [MEMBER, GUEST, None])
def test_a_picture_that_was_taken_out_is_an_edit(
    db: Database, html: str, post: Post, uid: int | None
) -> None:
    without = OF_MEMBERS["a picture"][1]
    look(db, replace(post, html=html), uid)
    assert look(db, without, uid, at=LATER) == 1
    assert rows(db, "html") == [(without.html,)]
    assert rows(db, "url", "images") == []
    assert rows(db, "aid", "attachments") == []
    assert rows(db, "html", "post_versions") == [(html,)]
    assert look(db, without, uid, at=LATEST) == 0


def test_of_two_pictures_one_is_taken_out(db: Database) -> None:
    other = PICTURE.replace("9", "10").replace("a.png", "b.png")
    both = replace(FIRST, html=PICTURE + other, images=("data/a.png", "data/b.png"))
    one = replace(FIRST, html=other, images=("data/b.png",))
    look(db, both, MEMBER)
    assert look(db, one, MEMBER, at=LATER) == 1
    assert rows(db, "url", "images") == [("data/b.png",)]
    assert rows(db, "html", "post_versions") == [(both.html,)]


def test_a_picture_in_place_of_another_is_an_edit(db: Database) -> None:
    post, _ = OF_MEMBERS["a picture"]
    other = replace(
        post,
        html=post.html.replace("9", "10").replace("a.png", "b.png"),
        images=("data/b.png",),
        attachments=(Attachment(aid=10, url="data/b.png", image=True),),
    )
    look(db, post, MEMBER)
    assert look(db, other, MEMBER, at=LATER) == 1
    assert rows(db, "html") == [(other.html,)]
    assert rows(db, "aid", "attachments") == [(10,)]
    assert rows(db, "html", "post_versions") == [(post.html,)]


def test_a_picture_that_was_put_in_comes_in_its_place(db: Database) -> None:
    post, without = OF_MEMBERS["a picture"]
    look(db, without, MEMBER)
    assert look(db, post, MEMBER, at=LATER) == 1
    assert state(db) == fullest(post)


def test_a_forum_that_hides_its_files_from_now_on_takes_none_away(
    db: Database,
) -> None:
    post, without = OF_MEMBERS["a picture"]
    for uid in (GUEST, MEMBER):
        look(db, post, uid)
        look(db, without, uid, at=LATER, hides_files=True)
        assert state(db) == fullest(post)


def test_a_page_that_no_longer_hides_files_changes_no_post_without_any(
    db: Database,
) -> None:
    look(db, FIRST, GUEST, hides_files=True)
    assert look(db, FIRST, GUEST, at=LATER) == 0
    assert rows(db, "text", "post_versions") == []


@pytest.mark.parametrize("kind", ["a picture", "a paid part", "a hidden part"])
def test_what_a_mark_says_to_be_an_edit_is_one_whoever_looked(
    db: Database, kind: str
) -> None:
    members, guests = OF_MEMBERS[kind]
    look(db, members, MEMBER)
    edited = replace(
        guests,
        text=f"{guests.text}，改了",
        html=f"{guests.html}，改了",
        edited_by="甲",
        edited_at=AT + timedelta(hours=1),
    )
    look(db, edited, GUEST, at=LATER)
    assert rows(db, "text") == [(edited.text,)]
    assert rows(db, "text", "post_versions") == [(members.text,)]
    images = [(url,) for url in members.images]
    assert rows(db, "url", "images") == images
    look(db, edited, GUEST, at=LATEST)
    assert rows(db, "url", "images") == images


def test_a_new_title_that_a_guest_sees_takes_no_words_away(db: Database) -> None:
    members, guests = OF_MEMBERS["a paid part"]
    look(db, replace(members, subject="旧题"), MEMBER)
    look(db, replace(guests, subject="新题"), GUEST, at=LATER)
    assert rows(db, "subject, text") == [("新题", members.text)]
    assert rows(db, "subject", "post_versions") == [("旧题",)]


def test_what_guests_say_and_give_comes_in_all_the_same(db: Database) -> None:
    members, guests = OF_MEMBERS["a picture"]
    look(db, members, MEMBER)
    rated = replace(guests, ratings=(Rating(author="丁", score=2, credit="威望"),))
    assert look(db, rated, GUEST, at=LATER) == 1
    assert rows(db, "author", "ratings") == [("丁",)]
    assert look(db, rated, GUEST, at=LATEST) == 0
    assert rows(db, "url", "images") == [("data/a.png",)]


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ('<img aid="9" src="data/a.png">', "9"),
        ('<img id="aimg_9" file="data/a.png">', "9"),
        ('<img src="http://a.example/x/b.png?t=1">', "b.png"),
        ('<img src="http://b.example/b.png.thumb.jpg">', "b.png"),
        ('<IMG SRC="b.png">', "b.png"),
        ('<img src="none.gif" file="x/c.jpg">', "c.jpg"),
        ('<img src="data:image/gif;base64,R0lG">', ""),
        ('<img src="static/image/smiley/default/lol.gif">', ""),
        ('<img src="x.gif" smilieid="12">', ""),
    ],
)
def test_what_tells_a_picture(tag: str, name: str) -> None:
    assert pictures_in(f"话{tag}话") == ({name} if name else set())


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("<img src='a.png'>", "<img src='a.png'>", "keep"),
        ("<img src='a.png'>", "", "replace"),
        ("", "<img src='a.png'>", "take"),
        ("<img src='a.png'>", "<img src='b.png'>", "keep"),
        ("<img src='http://a/a.png'>", "<img src='https://cdn/a.png'>", "keep"),
        ("<img aid='8' src='a.png'>", "<img aid='9' src='b.png'>", "replace"),
        ("<img aid='8' src='a.png'>", "<img aid='8' src='b.png'>", "keep"),
        ("<img aid='8' src='a.png'>", "<img src='a.png'>", "keep"),
    ],
)
def test_pictures_of_the_same_words(before: str, now: str, words: str) -> None:
    assert judge_pictures(before, now) == words
