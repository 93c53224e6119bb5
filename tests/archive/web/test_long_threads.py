"""Threads of very long posts: a page shows as much as it has room for, says what is left out,
and leads to the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("datasette")

from archive.schema import transaction
from archive.web.shown_posts import MOST_CHARS, PART_CHARS
from tests.archive_of_posts import Row, make_archive
from tests.web_client import Pages, pages_of

POSTS = 9
LONG = 390_000


def pages_with(path: Path, piece: str) -> Pages:
    """A thread of long posts that consist of pieces of markup, behind a short one."""
    text = "字" * LONG + "末"
    rows = [Row(text="短", opening=True, floor=1)]
    rows += [Row(text=text, floor=number + 2) for number in range(POSTS)]
    conn = make_archive(path, rows)
    html = piece * (LONG // len(piece)) + "末"
    with transaction(conn):
        conn.execute("UPDATE posts SET html = ? WHERE floor > 1", (html,))
    conn.close()
    return pages_of(path)


@pytest.mark.parametrize(
    "piece",
    ["字", "<b>字</b>", '<img src="a.jpg">', "<table><tr><td>字</td></tr></table>"],
)
def test_long_posts_are_shown_in_part(tmp_path: Path, piece: str) -> None:
    pages = pages_with(tmp_path / "forum.db", piece)
    page = pages.get("/f/1/thread/1", accept_language="en").text
    fit = MOST_CHARS // LONG
    assert page.count("末</div>") == fit
    assert page.count("This post is too long for the page") == POSTS - fit
    assert page.count('<article class="post"') == POSTS + 1
    assert "字" * PART_CHARS in page


def test_what_is_left_out_is_a_link_away(tmp_path: Path) -> None:
    pages = pages_with(tmp_path / "forum.db", "字")
    page = pages.get("/f/1/thread/1", accept_language="zh").text
    assert "此帖太长" in page
    assert 'href="/forum/posts/4"' in page
    assert "字" * LONG + "末" in pages.get("/forum/posts/4").text


def test_a_short_thread_is_whole(tmp_path: Path) -> None:
    make_archive(tmp_path / "forum.db", [Row(text="字" * 5_000)] * 10).close()
    page = pages_of(tmp_path / "forum.db").get("/f/1/thread/1").text
    assert page.count("字" * 5_000) == 10
    assert "此帖太长" not in page
