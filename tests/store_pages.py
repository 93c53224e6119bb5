"""Pages of a small thread, saved into an archive: what the tests of the store begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from archive.store.save import Saved, Store
from archive.store.stored_post import StoredPost
from scraper.core.records import Content, Page, Post, ThreadPage

AT = datetime(2024, 6, 1, tzinfo=UTC)
SEEN = "2024-06-01T00:00:00Z"
BEFORE = "2024-05-31T23:59:59Z"
AFTER = "2024-06-01T00:00:01Z"
"""Of `AT` as it is stored, a second before and a second after."""
URL = "https://a.example/forum.php?mod=viewthread&tid=7"
FIRST = Post(
    pid=101,
    floor=1,
    author="甲",
    uid=1,
    posted_at=datetime(2024, 5, 14, 13, 46, 7, tzinfo=UTC),
    html="<b>开店</b>经验",
    text="开店经验",
)
SECOND = Post(
    pid=102,
    floor=2,
    author="乙",
    uid=2,
    posted_at=datetime(2024, 5, 14, 15, 41, 30, tzinfo=UTC),
    html="学习下",
    text="学习下",
)
THREAD = ThreadPage(tid=7, fid=3, board="运营", title="淘宝开店", posts=(FIRST, SECOND))

STORED = StoredPost(
    id=1,
    thread_id=1,
    pid=None,
    floor=None,
    opening=0,
    author="甲",
    user_id=None,
    anonymous=0,
    posted_at="2024-05-14T13:46:07Z",
    subject="",
    text="话",
    withheld="",
    withheld_reason=None,
    edited_by="",
    edited_at=None,
    best_answer=0,
    side="",
    location="",
    rank=5,
    fingerprint="",
    capture_id=None,
    words_since="2024-06-01T00:00:00Z",
    words_seen_at="2024-06-01T00:00:00Z",
    first_seen_at="2024-06-01T00:00:00Z",
    last_seen_at="2024-06-01T00:00:00Z",
    gone_at=None,
)
"""A row of `posts` that a desktop page wrote."""


def page(
    content: Content,
    *,
    theme: str = "x",
    at: datetime = AT,
    url: str = URL,
    site: str = "",
    **told: Any,
) -> Page:
    """A page of the forum; `told` are further fields of `Page`."""
    return Page(
        url=url,
        captured_at=at,
        theme=theme,
        software="Discuz! X3.4",
        site_name="论坛",
        site_url=site,
        content=content,
        **told,
    )


def save(db: Database, content: Content, **options: object) -> Saved:
    return Store(db.conn).save(page(content, **options))  # type: ignore[arg-type]  # passed through to `page`


def without_pids(*posts: Post) -> tuple[Post, ...]:
    """As a print page shows posts: no number, no floor, no seconds."""
    return tuple(
        replace(
            post,
            pid=None,
            floor=None,
            uid=None,
            html="",
            posted_at=post.posted_at.replace(second=0) if post.posted_at else None,
        )
        for post in posts
    )


def rows(db: Database, columns: str, table: str = "posts") -> list[tuple[object, ...]]:
    return db.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()
