"""Of two forums at one address, one after the other, the pages show which is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_pages import page
from web_client import Pages, pages_of

from archive.schema import open_archive
from archive.store.save import Store
from scraper.core.records import Post, ThreadPage

GONE = "This forum is gone: another one has been at its address since"
OLD = Post(
    pid=50,
    floor=1,
    author="老",
    uid=1,
    posted_at=datetime(2014, 3, 1, tzinfo=UTC),
    html="旧的话",
    text="旧的话",
)
NEW = replace(
    OLD,
    author="新",
    uid=2,
    posted_at=datetime(2023, 9, 1, tzinfo=UTC),
    html="新的话",
    text="新的话",
)


def save(store: Store, post: Post, title: str, seen_at: datetime) -> None:
    thread = ThreadPage(tid=5, fid=2, board="车间", title=title, posts=(post,))
    store.save(page(thread, at=seen_at))


def make_one(store: Store) -> None:
    save(store, OLD, "蒸汽机", datetime(2015, 1, 1, tzinfo=UTC))


def make_two(store: Store) -> None:
    make_one(store)
    save(store, NEW, "手机", datetime(2024, 1, 1, tzinfo=UTC))


def make_two_backwards(store: Store) -> None:
    save(store, NEW, "手机", datetime(2024, 1, 1, tzinfo=UTC))
    make_one(store)


def pages(folder: Path, make: Callable[[Store], None]) -> Pages:
    database = folder / "forum.db"
    conn = open_archive(database).conn
    make(Store(conn))
    conn.close()
    return pages_of(database)


@pytest.mark.parametrize("make", [make_two, make_two_backwards])
def test_the_list_and_the_forum_say_which_is_gone(
    tmp_path: Path, make: Callable[[Store], None]
) -> None:
    reader = pages(tmp_path, make)
    shown = reader.get("/", accept_language="en").text
    assert shown.count("tag gone") == 1
    assert f"{GONE} 2024-01-01" in shown
    of_each = [
        reader.get(f"/f/{number}", accept_language="en").text for number in (1, 2)
    ]
    assert sorted(GONE in text for text in of_each) == [False, True]


def test_a_forum_alone_is_there(tmp_path: Path) -> None:
    reader = pages(tmp_path, make_one)
    assert "tag gone" not in reader.get("/", accept_language="en").text
