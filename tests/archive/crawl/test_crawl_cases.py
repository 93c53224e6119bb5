"""Forums of ../shared that behave as reports say: closed in the owner's own words, a portal at
the front."""

from __future__ import annotations

from pathlib import Path

import pytest
from crawling import Runner
from raw_server import Raw, answer, serve_raw

HTML = "Content-Type: text/html; charset=utf-8"
FORUM = "forum.php"
BOARD = "forum.php?mod=forumdisplay&fid=2"
THREAD = "forum.php?mod=viewthread&tid=11"
CLOSED_PATHS = (
    "",
    FORUM,
    BOARD,
    THREAD,
    "forum.php?mod=viewthread&tid=1",
    "home.php?mod=space&uid=1",
)


def put_up(raw: Raw, folder: Path, front: str) -> None:
    """Serve the case's forum of one thread with one of its pages at the bare address."""
    for path, name in (
        ("", front),
        (FORUM, "index"),
        (BOARD, "board"),
        (THREAD, "thread"),
    ):
        page = (folder / f"{name}.html").read_text("utf-8")
        page = page.replace("http://bbs.example.com/", raw.url)
        raw.answers[f"/{path}"] = answer(page.encode(), HTML)


def test_a_portal_at_the_front(shared: Path, runner: Runner) -> None:
    with serve_raw() as raw:
        put_up(raw, shared / "cases/crawl/portal-as-front-page", "portal")
        ran = runner.run(raw.url)
    assert ran.stopped == [""]
    assert (ran.totals.boards, ran.totals.threads, ran.totals.new) == (1, 1, 2)


@pytest.mark.parametrize("words", ["", "论坛搬走了，请稍后再来", "站长出海，归期未定"])
def test_closed_in_any_words(shared: Path, runner: Runner, words: str) -> None:
    page = (shared / "cases/crawl/closed-own-words/input.html").read_text("utf-8")
    page = page.replace(
        "本站数据迁移，预计12小时后恢复", words or "本站数据迁移，预计12小时后恢复"
    )
    with serve_raw() as raw:
        for path in CLOSED_PATHS:
            raw.answers[f"/{path}"] = answer(page.encode(), HTML)
        ran = runner.run(raw.url)
        assert ran.stopped[0].startswith("closed: ")
        assert len(raw.paths()) <= 4
        assert runner.rows("SELECT * FROM frontier") == []

        put_up(raw, shared / "cases/crawl/portal-as-front-page", "index")
        assert runner.run(raw.url).totals.new == 2
