"""Heads of quotes and edit marks on translated boards: names and times by the page itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from desktop_markup import X, thread, words, x_post

from scraper.core.records import Quote, ThreadPage
from scraper.markup.wording_learning import read_wording

LINK = "forum.php?mod=redirect&amp;goto=findpost&amp;pid=7&amp;ptid=1"
QUOTED_AT = datetime(2012, 3, 1, 3, 6, tzinfo=UTC)
EDITED_AT = datetime(2012, 3, 5, 3, 6, tzinfo=UTC)
VERBS = ("يوللانغان ۋاقتى", "Post time", "โพสต์เมื่อ", "Đăng lúc", "Написано")


def page_of(verb: str, *bodies: str, author: str = "甲") -> ThreadPage:
    """A thread page of a board in another language, with a post for each message."""
    side = (
        '<div class="authi"><a href="home.php?mod=space&amp;uid=5" class="xw1">'
        f"{author}</a></div>"
    )
    posts = [
        x_post(number, words(number, body), side)
        for number, body in enumerate(bodies, 8)
    ]
    markup = X + "".join(posts)
    return thread(markup.replace("发表于 2012-3-4", f"{verb} 2012-3-4"))


def quote_of(head: str, below: str = "<br />引文") -> str:
    return (
        f'<div class="quote"><blockquote><font size="2"><a href="{LINK}">'
        f'<font color="#999999">{head}</font></a></font>{below}</blockquote></div>我的话'
    )


@pytest.mark.parametrize(
    "name", ["Lan", "Lan Anh", "张 三", "مۇختار", "posts 2012-1-1"]
)
@pytest.mark.parametrize("verb", VERBS)
def test_the_head_of_a_quote_says_the_verb_of_the_page(verb: str, name: str) -> None:
    page = page_of(verb, quote_of(f"{name} {verb} 2012-3-1 11:06"))
    post = page.posts[0]
    expected = Quote(pid=7, author=name, posted_at=QUOTED_AT, text="引文")
    assert post.quotes == (expected,)
    assert post.text == "我的话"


def test_a_head_below_the_words_with_an_arrow() -> None:
    body = (
        '<div class="quote"><blockquote>引文<br /><font size="2"><font color="#999999">'
        f'Lan Post time 2012-3-1 11:06</font> <a href="{LINK}">'
        '<img src="static/image/common/back.gif" /></a></font></blockquote></div>我的话'
    )
    quotes = page_of("Post time", body).posts[0].quotes
    assert quotes == (Quote(pid=7, author="Lan", posted_at=QUOTED_AT, text="引文"),)


def test_a_head_with_a_verb_of_its_own_names_a_member_of_the_page() -> None:
    page = page_of(
        "Post time", quote_of("Lan Anh wrote 2012-3-1 11:06"), author="Lan Anh"
    )
    assert page.posts[0].quotes[0].author == "Lan Anh"


def test_a_head_that_nothing_explains_is_no_quoted_words() -> None:
    quote = (
        page_of("Post time", quote_of("Lan scripsit 2012-3-1 11:06")).posts[0].quotes[0]
    )
    assert quote == Quote(pid=7, posted_at=QUOTED_AT, text="引文")


def test_grey_words_without_a_time_are_quoted() -> None:
    quote = page_of("Post time", quote_of("Lan Post time unknown")).posts[0].quotes[0]
    assert quote.author == ""
    assert quote.text == "Lan Post time unknown\n引文"


def mark(line: str) -> str:
    return f'<i class="pstatus"> {line} </i><br />正文'


FORMS = [
    "بۇ يازمىنى ئاخىرىدا {name} {time} دە تەھرىرلىدى",
    "Edited by {name} at {time}",
    "แก้ไขครั้งสุดท้ายโดย {name} เมื่อ {time}",
    "Bài viết được {name} sửa lúc {time}",
    "{time} {name} muokkasi",
    "Обновил {name} в {time}",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "time", ["2012-3-5 11:06", '<span title="2012-3-5 11:06">3 days ago</span>']
)
def test_an_edit_mark_names_who_the_page_names(form: str, time: str) -> None:
    body = mark(form.format(name="Lan Anh", time=time))
    post = page_of("Post time", body, author="Lan Anh").posts[0]
    assert (post.edited_by, post.edited_at, post.text) == ("Lan Anh", EDITED_AT, "正文")


@pytest.mark.parametrize("form", FORMS)
def test_an_edit_mark_names_a_moderator_in_the_form_of_the_others(form: str) -> None:
    names = ("Lan", "Head Moderator")
    bodies = [mark(form.format(name=name, time="2012-3-5 11:06")) for name in names]
    posts = page_of("Đăng lúc", *bodies, author="Lan").posts
    assert tuple(post.edited_by for post in posts) == names


@pytest.mark.parametrize("form", FORMS)
def test_edit_marks_of_strangers_are_told_by_what_they_share(form: str) -> None:
    names = ("Lan", "Landa", "Mod Erator")
    bodies = [mark(form.format(name=name, time="2012-3-5 11:06")) for name in names]
    posts = page_of("Đăng lúc", *bodies, author="Someone").posts
    assert tuple(post.edited_by for post in posts) == names


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("Last touched by {name} on {time}", "Lan Anh"),
        ("Sửa bởi {name} lúc {time}", "Lan Anh"),
        ("แก้ไข โดย {name} เมื่อ {time}", "Lan Anh"),
        ("Ultima mutatio {name} die {time}", ""),
    ],
)
def test_a_single_edit_mark_of_a_stranger(form: str, name: str) -> None:
    body = mark(form.format(name="Lan Anh", time="2012-3-5 11:06"))
    post = page_of("Post time", body).posts[0]
    assert (post.edited_by, post.edited_at) == (name, EDITED_AT)


def test_an_editor_whom_a_quote_names() -> None:
    bodies = (
        quote_of("Lan Post time 2012-3-1 11:06"),
        mark("Mutavit Lan 2012-3-5 11:06"),
    )
    posts = page_of("Post time", *bodies).posts
    assert posts[1].edited_by == "Lan"


@pytest.mark.parametrize("verb", ["发表于", "發表於", ""])
def test_a_page_in_chinese_has_no_wording_to_learn(verb: str) -> None:
    assert read_wording(f'<em id="authorposton1">{verb} 2012-3-4 05:06</em>') is None


def test_words_of_any_length_are_read_in_time() -> None:
    head = '<em id="authorposton1">Post time 2012-3-4 05:06</em>'
    long = '<i class="pstatus">' + "by " * 100_000
    assert read_wording(head + long + "</i>") is not None
