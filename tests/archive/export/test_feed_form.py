"""An exported feed is read by those who read feeds."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from command_line import Run

from archive.export.forms import feed
from archive.schema import open_archive
from tests.archive.export.conftest import WITHHELD
from tests.archive_of_posts import insert

ATOM = "{http://www.w3.org/2005/Atom}"


def exported(call: Run, db: Path, *words: str) -> Any:
    """The feed as feedparser has it, well-formed and with all that Atom asks for."""
    feedparser = pytest.importorskip("feedparser")
    target = db.with_name("out.atom")
    code, _ = call("export", db, "--format", "feed", "--to", target, *words)
    assert code == 0
    root = ElementTree.parse(target).getroot()
    for entry in [root, *root.iter(f"{ATOM}entry")]:
        for name in ("title", "id", "updated"):
            assert entry.findtext(f"{ATOM}{name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = feedparser.parse(target.read_bytes())
    assert not parsed.bozo
    ids = [entry.id for entry in parsed.entries]
    assert len(set(ids)) == len(ids)
    return parsed


def test_a_thread_newest_first(pictured_db: Path, call: Run) -> None:
    parsed = exported(call, pictured_db, "--thread", "~1")
    assert parsed.feed.title == "收音机 <求助> · 数码 · 试论坛"
    days = [entry.published[:10] for entry in parsed.entries]
    assert days == ["2024-05-04", "2024-05-03", "2024-05-02", "2024-05-01"]
    first = parsed.entries[0]
    assert WITHHELD in first.summary
    assert first.author == "被屏蔽的人"
    assert "此帖已从论坛消失" in parsed.entries[1].summary
    last = parsed.entries[-1].summary
    assert "alert(" not in last
    assert "\x01" not in last
    assert "https://bbs.example/forum.php?mod=viewthread" in last


@pytest.mark.parametrize(
    ("words", "title", "entries"),
    [
        (("--board", "2"), "猫 · 宠物 · 试论坛", 1),
        (("--only-author", "小雨点"), "小雨点 · 收音机 <求助> · 数码 · 试论坛", 2),
        (("--site", "1"), "试论坛", 5),
        ((), "论坛存档", 6),
    ],
)
def test_what_a_feed_is_of(
    forum_db: Path, call: Run, words: tuple[str, ...], title: str, entries: int
) -> None:
    parsed = exported(call, forum_db, *words)
    assert parsed.feed.title == title
    assert len(parsed.entries) == entries


def test_of_many_posts_the_newest(forum_db: Path, call: Run) -> None:
    archive = open_archive(forum_db)
    for number in range(feed.MOST_ENTRIES):
        insert(
            archive.conn,
            "posts",
            site_id=1,
            thread_id=2,
            pid=1000 + number,
            posted_at=f"2025-01-01T00:{number // 60:02}:{number % 60:02}Z",
            text=str(number),
        )
    archive.close()
    target = forum_db.with_name("many.atom")
    _, said = call("export", forum_db, "--format", "feed", "--to", target)
    assert "older posts that the feed leaves out: 6" in said
    parsed = exported(call, forum_db)
    assert len(parsed.entries) == feed.MOST_ENTRIES
    assert parsed.entries[0].summary == str(feed.MOST_ENTRIES - 1)


def test_a_feed_is_one_file(forum_db: Path, call: Run) -> None:
    target = forum_db.with_name("folder")
    code, _ = call("export", forum_db, "--format", "feed", "--to", target)
    assert code == 3
    assert not target.exists()
