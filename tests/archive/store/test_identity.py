"""Which stored post a printed one is, where pages print neither its number nor its time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from archive.schema import open_archive
from archive.store.save import Store
from scraper.core.records import Page, Post, ThreadPage

AT = datetime(2024, 6, 1, tzinfo=UTC)
NUMBERED = (
    Post(
        pid=101,
        floor=1,
        author="甲",
        uid=1,
        posted_at=datetime(2024, 5, 14, 13, 46, 7, tzinfo=UTC),
        text="开店经验",
    ),
    Post(
        pid=102,
        floor=2,
        author="乙",
        uid=2,
        posted_at=datetime(2024, 5, 31, 15, 41, 30, tzinfo=UTC),
        text="学习下",
    ),
    Post(
        pid=103,
        floor=3,
        author="乙",
        uid=2,
        posted_at=datetime(2024, 5, 31, 16, 41, 30, tzinfo=UTC),
        text="再学习",
    ),
)
ROUGH = tuple(replace(post, pid=None, posted_at=None) for post in NUMBERED)


def stored(path: Path, *pages: tuple[Post, ...]) -> list[tuple[object, ...]]:
    """The posts of an archive after some pages of one thread were saved."""
    db = open_archive(path)
    for posts in pages:
        content = ThreadPage(tid=7, fid=3, title="淘宝开店", posts=posts)
        Store(db.conn).save(
            Page(
                url="https://a.example/forum.php?mod=viewthread&tid=7",
                captured_at=AT,
                theme="touch",
                software="Discuz! X3.1",
                site_name="论坛",
                content=content,
            )
        )
    rows = db.execute(
        "SELECT pid, floor, posted_at, text FROM posts ORDER BY floor"
    ).fetchall()
    db.close()
    return [tuple(row) for row in rows]


def test_posts_of_old_touch_pages_are_the_numbered_ones(tmp_path: Path) -> None:
    expected = [
        (post.pid, post.floor, f"{post.posted_at:%Y-%m-%dT%H:%M:%SZ}", post.text)
        for post in NUMBERED
    ]
    assert stored(tmp_path / "rough-first.db", ROUGH, NUMBERED) == expected
    assert stored(tmp_path / "rough-last.db", NUMBERED, ROUGH) == expected
    assert stored(tmp_path / "rough-twice.db", ROUGH, ROUGH, NUMBERED) == expected


def test_other_words_are_another_post(tmp_path: Path) -> None:
    other = (replace(ROUGH[1], text="别的话"),)
    assert len(stored(tmp_path / "other.db", NUMBERED, other)) == 4
