"""Two layouts print one text in two ways: only an edit mark, or the same layout captured
again, says that a post had another text before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database
from store_pages import AT, FIRST, STORED, THREAD, rows, save

from archive.store.edits import is_edited_between
from scraper.core.records import Post

LATER = AT + timedelta(hours=2)
LATEST = AT + timedelta(hours=4)
PRINTS = {
    "player": (
        "http://media.example.com/x.swf http://media.example.com/y.mp3",
        "您的浏览器不支持播放",
    ),
    "tags": ("外层开始 内层引用 外层结束", "回复嵌套[/quote]"),
    "hidden": ("[hide=d30]三十天后公开[/hide] 与", "到期"),
    "english": ("Flash: http://a.example/1.swf", "Get the player"),
    "traditional": ("影片地址 http://a.example/1.mp4", "瀏覽器太舊"),
}
"""What a poorer layout prints of a post, and what the desktop page does."""


def keep(db: Database, text: str, theme: str, at: datetime, **changes: Any) -> int:
    """Save a page of one post; the number of posts that changed."""
    post = replace(FIRST, text=text, html=text, **changes)
    return save(db, replace(THREAD, posts=(post,)), theme=theme, at=at).changed


def versions(db: Database) -> list[str]:
    return [str(text) for (text,) in rows(db, "text", "post_versions")]


@pytest.mark.parametrize("kind", PRINTS)
@pytest.mark.parametrize("theme", ["archiver", "wap", "print", "touch", "feed", "text"])
@pytest.mark.parametrize("desktop", ["x", "classic7"])
def test_another_layouts_print_is_no_edit(
    db: Database, kind: str, theme: str, desktop: str
) -> None:
    poorer, fuller = PRINTS[kind]
    keep(db, poorer, theme, AT)
    keep(db, fuller, desktop, LATER)
    changed = keep(db, poorer, theme, LATEST)
    assert versions(db) == []
    assert rows(db, "text, words_seen_at") == [(fuller, "2024-06-01T02:00:00Z")]
    assert changed == 0


@pytest.mark.parametrize("kind", PRINTS)
def test_an_older_page_of_a_fuller_layout_is_no_edit(db: Database, kind: str) -> None:
    poorer, fuller = PRINTS[kind]
    keep(db, poorer, "archiver", LATER)
    keep(db, fuller, "x", AT)
    assert versions(db) == []
    assert rows(db, "text") == [(fuller,)]


@pytest.mark.parametrize("theme", ["x", "archiver", "touch", "print"])
def test_the_same_layout_captured_again_tells_of_an_edit(
    db: Database, theme: str
) -> None:
    keep(db, "旧棚子要拆了", theme, AT)
    assert keep(db, "完全不同的话", theme, LATER) == 1
    assert versions(db) == ["旧棚子要拆了"]


def test_an_edit_between_two_desktop_pages_is_found_past_another_layout(
    db: Database,
) -> None:
    keep(db, "旧棚子要拆了", "x", AT)
    keep(db, "http://a.example/1.swf", "archiver", AT + timedelta(hours=1))
    assert keep(db, "完全不同的话", "x", LATER) == 1
    assert versions(db) == ["旧棚子要拆了"]


@pytest.mark.parametrize(
    ("theme", "later", "kept", "text"),
    [
        ("touch", "x", "旧棚子要拆了", "完全不同的话"),
        ("archiver", "x", "旧棚子要拆了", "完全不同的话"),
        ("x", "touch", "完全不同的话", "旧棚子要拆了"),
    ],
)
def test_an_edit_mark_tells_of_an_edit_between_two_layouts(
    db: Database, theme: str, later: str, kept: str, text: str
) -> None:
    edited_at = AT + timedelta(hours=1)
    keep(db, "旧棚子要拆了", theme, AT)
    keep(db, "完全不同的话", later, LATER, edited_by="甲", edited_at=edited_at)
    assert versions(db) == [kept]
    assert rows(db, "text") == [(text,)]


def test_a_mark_from_before_both_pages_tells_of_no_edit(db: Database) -> None:
    poorer, fuller = PRINTS["player"]
    keep(db, poorer, "archiver", AT)
    edited_at = AT - timedelta(days=3)
    keep(db, fuller, "x", LATER, edited_by="甲", edited_at=edited_at)
    assert versions(db) == []


@pytest.mark.parametrize(
    ("stored_mark", "mark", "seen_at", "edited"),
    [
        (None, None, "2024-06-02T00:00:00Z", False),
        (None, (2024, 6, 1, 0, 1), "2024-06-02T00:00:00Z", True),
        (None, (2024, 6, 1, 0, 0), "2024-06-02T00:00:00Z", False),
        (None, (2024, 5, 31, 0, 0), "2024-06-02T00:00:00Z", False),
        ("2024-05-31T12:00:00Z", None, "2024-05-31T11:00:00Z", True),
        ("2024-05-31T12:00:00Z", None, "2024-05-31T12:00:30Z", False),
        ("2024-05-31T12:00:00Z", None, "2024-06-02T00:00:00Z", False),
        (
            "2024-05-31T12:00:00Z",
            (2024, 5, 31, 12, 0),
            "2024-06-02T00:00:00Z",
            False,
        ),
        ("2024-05-31T12:00:00Z", (2024, 5, 31, 13, 0), "2024-06-02T00:00:00Z", True),
    ],
)
def test_what_two_marks_say(
    stored_mark: str | None,
    mark: tuple[int, int, int, int, int] | None,
    seen_at: str,
    edited: bool,
) -> None:
    edited_at = datetime(*mark, tzinfo=UTC) if mark else None
    stored = replace(STORED, edited_at=stored_mark)
    post = Post(author="甲", edited_at=edited_at)
    assert is_edited_between(stored, post, seen_at) == edited
