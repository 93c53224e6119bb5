"""Answers to scripts: windows of ratings, comments and voters, posts by themselves; never
taken for a whole thread."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from corpus import FIXTURES
from hypothesis import given
from hypothesis import strategies as st
from outcomes import outcome

from scraper.core.errors import PageError
from scraper.core.records import Capture, Content, Notice, Other, PostExtras, ThreadPage
from scraper.parsing import parse_capture

AT = datetime(2024, 5, 20, 13, 30, tzinfo=UTC)
BASE = "https://bbs.example.net/"
FOLDER = FIXTURES / "ajax"
ANSWERS = sorted(FOLDER.glob("*.txt"))
RATING = (
    "<tr><td>威望 <span class='bold'>+5</span> 点</td><td><a href='space.php?uid=2'>甲</a></td><td>{}</td>"
    "<td>好</td></tr>"
)


def xml(inner: str) -> str:
    """An answer to a script."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n<root><![CDATA[{inner}]]></root>'


def read(source: str, link: str) -> Content:
    """What an answer says."""
    return parse_capture(
        Capture(BASE + link, AT, source.encode("utf-8", "replace"))
    ).content


@pytest.mark.parametrize(
    "box",
    ["<table class='list'>{}</table>", "<div class='mainbox'><table>{}</table></div>"],
)
@pytest.mark.parametrize(
    "frame", ["{}", '<html><body id="nv_forum" class="pg_misc">{}</body></html>']
)
def test_ratings_as_a_window_and_as_a_page(box: str, frame: str) -> None:
    inner = frame.format(box.format(RATING.format("2010-1-12 08:25"))).replace("'", '"')
    link = "misc.php?action=viewratings&tid=1&pid=102"
    for source in (inner, xml(inner)):
        said = read(source, link)
        assert isinstance(said, PostExtras)
        rating = said.ratings[0]
        assert (said.tid, said.pid) == (1, 102)
        assert (
            rating.author,
            rating.uid,
            rating.score,
            rating.credit,
            rating.reason,
        ) == ("甲", 2, 5, "威望", "好")
        assert rating.rated_at == datetime(2010, 1, 12, 0, 25, tzinfo=UTC)


def test_posts_of_a_script_are_not_the_thread() -> None:
    source = (FOLDER / "post.txt").read_text("utf-8")
    said = read(source, "forum.php?mod=viewthread&tid=71&viewpid=9102")
    assert isinstance(said, ThreadPage)
    assert said.filtered
    assert (said.tid, said.title) == (71, "")
    whole = read(source, "forum.php?mod=viewthread&tid=71&inajax=1")
    assert isinstance(whole, ThreadPage)
    assert not whole.filtered


def test_a_notice_in_a_window_stays_a_notice() -> None:
    said = read(
        xml('<div class="c altw"><div class="alert_error">没有权限</div></div>'),
        "forum.php?mod=misc&action=viewratings&tid=1&pid=2&inajax=1",
    )
    assert isinstance(said, Notice)
    assert said.reason == "forbidden"


def test_an_answer_that_says_nothing_to_keep() -> None:
    assert isinstance(
        read(xml("<p>1</p>"), "forum.php?mod=ajax&action=forumchecknew&inajax=1"), Other
    )


@pytest.mark.parametrize("action", ["viewratings", "viewvote", "commentmore"])
def test_a_window_with_nothing_in_it_is_an_error(action: str) -> None:
    with pytest.raises(PageError):
        read(
            xml("<p>?</p>"), f"forum.php?mod=misc&action={action}&tid=1&pid=2&inajax=1"
        )


@pytest.mark.parametrize(
    ("hook", "location"),
    [
        ('<span class="xg1">IP归属地:广东</span>', "广东"),
        ("来自 湖北省武汉市", "湖北省武汉市"),
        ('<span class="xg1">来自手机</span>', ""),
        ('<span class="xg1">注册于 2011-1-1</span>', ""),
        ("", ""),
    ],
)
def test_what_plugins_print_in_the_head_of_a_previewed_post(
    hook: str, location: str
) -> None:
    source = (FOLDER / "preview-locations.txt").read_text("utf-8")
    first = '<span class="xg1">IP归属地:广东</span>'
    member = (
        '<a href="home.php?mod=space&amp;uid=22" target="_blank" class="xi2">阿满</a>'
    )
    assert source.count(first) == source.count(member) == 1
    for author in (member, "匿名"):
        changed = source.replace(first, hook).replace(member, author)
        said = read(changed, "forum.php?mod=viewthread&tid=77&from=preview&inajax=1")
        assert isinstance(said, ThreadPage)
        post = said.posts[0]
        assert post.location == location
        assert post.posted_at == datetime(2024, 5, 18, 14, 10, tzinfo=UTC)
        who = ("阿满", 22, False) if author == member else ("", None, True)
        assert (post.author, post.uid, post.anonymous) == who


@given(st.sampled_from(ANSWERS), st.data())
def test_an_answer_cut_anywhere_is_read_or_a_page_error(
    path: Path, data: st.DataObject
) -> None:
    source = path.read_bytes().decode("gb18030" if "gbk" in path.stem else "utf-8")
    at = data.draw(st.integers(0, len(source)))
    inserted = data.draw(
        st.sampled_from(
            ["", "]]>", "<td>", "<table id='pid9'>", "<dl class='bbda'>", "</div>" * 9]
        )
    )
    action = data.draw(
        st.sampled_from(
            ["misc&action=viewratings", "misc&action=viewvote", "viewthread&viewpid=9"]
        )
    )
    for garbled in (source[:at], source[:at] + inserted + source[at:]):
        link = f"{BASE}forum.php?mod={action}&tid=7&pid=9&inajax=1"
        outcome(Capture(link, AT, garbled.encode("utf-8", "replace")))
