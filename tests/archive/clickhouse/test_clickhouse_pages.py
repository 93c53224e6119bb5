"""The pages over an index: the same as over the archive whose tables it holds, but for what
only captures tell."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
from archive.clickhouse.bounded import BoundedEngine
from archive.clickhouse.engine import Engine
from archive.clickhouse.load import load
from archive.clickhouse.remembered import Remembered
from archive.clickhouse.source import IndexSource
from archive.corpus.outputs import Output
from archive.reading.forums import Forum
from archive.reading.lookup import MissingError
from archive.reading.member_years import MemberYear
from archive.schema import open_archive
from archive.web import pages_forum, pages_search, pages_thread
from archive.web.archive_source import ArchiveSource
from archive.web.index_server import application
from archive.web.source import ForumList, Offers, Source, TooSlowError
from archive.web.templates import render
from archive.web.values import PageRequest, Redirect
from scraper.core.closing import Closing
from scraper.core.errors import StorageError
from tests.clickhouse_index import engine_in, exported

NOW = datetime(2025, 5, 17, 3, tzinfo=UTC)
SORTS = ("reply", "start", "replies", "views")
SHOWS = ("all", "digest", "poll", "gone")
QUESTIONS = (
    "收音机",
    "旧 收音机",
    "有:图",
    "没有这个词",
    "作者:没有",
    "电池 OR 天线",
    "-的",
)


class LikeAnIndex(ArchiveSource):
    """An archive that offers what an index does, and tells what tables tell."""

    @property
    def offers(self) -> Offers:
        return Offers(data=False, versions=False, similar=False, spelling=False)

    def forum(self, forum_id: int) -> Forum:
        forum = ArchiveSource.forum(self, forum_id)
        return replace(forum, first_seen_at="", last_seen_at="")

    def forums(self) -> ForumList:
        listed = ArchiveSource.forums(self)
        forums = [self.forum(each.id) for each in listed.forums]
        return replace(listed, forums=forums)

    def posts_per_page(self, forum_id: int) -> int:
        return 10

    def member_years(self, forum: Forum, user_id: int) -> Sequence[MemberYear]:
        return ()


@dataclass(frozen=True, slots=True)
class Both:
    """An archive, and an index of its tables."""

    conn: sqlite3.Connection
    engine: Engine

    @property
    def index(self) -> IndexSource:
        """The index for one page."""
        return IndexSource(BoundedEngine(self.engine, 60))

    def assert_same(self, page: Any, path: dict[str, str], /, **args: str) -> str:
        """Ask both for a page; what both answer."""
        one = shown(page, LikeAnIndex(self.conn), path, args)
        assert shown(page, self.index, path, args) == one, (path, args)
        return one


def shown(page: Any, source: Source, path: dict[str, str], args: dict[str, str]) -> str:
    """A page as a reader gets it; rows of members are other numbers in an index."""
    request = PageRequest(source=source, path=path, args=args, now=NOW)
    try:
        answer = page(request)
    except MissingError as error:
        return f"no {error.kind}"
    if isinstance(answer, Redirect):
        return answer.location
    return re.sub(r"by=\d+", "by=N", render(answer, request))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The demo's forums."""
    folder = tmp_path_factory.mktemp("pages")
    argv = [sys.executable, "-m", "archive", "demo", str(folder)]
    subprocess.run(argv, check=True, capture_output=True, timeout=300)
    db = folder / "demo.db"
    conn = open_archive(db, create=False).conn
    with engine_in(folder / "chdb") as engine:
        load(engine, Output(str(exported(db, folder / "tables"))))
        yield Both(conn, engine)


def numbered(kind: str, row: Sequence[Any]) -> dict[str, str]:
    """The values in the address of a board, thread, post or user."""
    site_id, number, row_id = row
    name = f"~{row_id}" if number is None else str(number)
    return {"site": str(site_id), "kind": kind, "number": name}


def test_forums_and_boards(both: Both) -> None:
    assert "<table" in both.assert_same(pages_forum.home_page, {})
    for (site_id,) in both.conn.execute("SELECT id FROM sites"):
        both.assert_same(pages_forum.forum_page, {"site": str(site_id)})
    boards = both.conn.execute("SELECT site_id, fid, id FROM boards").fetchall()
    for row in boards:
        path = numbered("board", row)
        for sort in SORTS:
            both.assert_same(pages_forum.board_page, path, sort=sort)
        for show in SHOWS[1:]:
            both.assert_same(pages_forum.board_page, path, show=show, page="2")
        both.assert_same(pages_forum.board_page, path, year="2024")
    nothing = {"site": "1", "kind": "board", "number": "999999"}
    assert both.assert_same(pages_forum.board_page, nothing) == "no board"
    nothing = {"site": str(2**63 - 1), "kind": "board", "number": "1"}
    assert both.assert_same(pages_forum.board_page, nothing) == "no forum"


def test_threads_and_where_their_posts_are(both: Both) -> None:
    threads = both.conn.execute("SELECT site_id, tid, id FROM threads").fetchall()
    for row in threads:
        path = numbered("thread", row)
        both.assert_same(pages_thread.thread_page, path)
    longest = "SELECT site_id, tid, id FROM threads ORDER BY replies DESC LIMIT 6"
    for row in both.conn.execute(longest).fetchall():
        path = numbered("thread", row)
        for args in ({"page": "2"}, {"order": "newest"}, {"only": "pictures"}):
            both.assert_same(pages_thread.thread_page, path, **args)
        for to in ("2", "last", "2024-05-18", "2012", "99"):
            both.assert_same(pages_thread.jump_page, path, to=to)
    some = "SELECT site_id, pid, id FROM posts WHERE id % 3 = 0"
    for site_id, pid, row_id in both.conn.execute(some).fetchall():
        both.assert_same(
            pages_thread.post_page, numbered("post", (site_id, pid, row_id))
        )
    any_row = "SELECT site_id, NULL, id FROM posts LIMIT 1"
    by_row = numbered("post", both.conn.execute(any_row).fetchone())
    assert "#p" in both.assert_same(pages_thread.post_page, by_row)


def test_members_and_names(both: Both) -> None:
    users = both.conn.execute("SELECT site_id, uid, id FROM users").fetchall()
    for row in users:
        both.assert_same(pages_forum.member_page, numbered("user", row))
    names = both.conn.execute("SELECT DISTINCT site_id, author FROM posts").fetchall()
    for site_id, name in names:
        if name:
            path = {"site": str(site_id), "name": name}
            both.assert_same(pages_forum.author_page, path)


@pytest.mark.parametrize("query", QUESTIONS)
def test_searches_with_their_counts_and_feeds(both: Both, query: str) -> None:
    for order in ("best", "newest", "oldest", "replies", "views"):
        for hits in ("post", "thread"):
            both.assert_same(
                pages_search.search_page,
                {},
                q=query,
                order=order,
                list=hits,
            )
    both.assert_same(pages_search.search_feed, {}, q=query)


def test_a_page_that_takes_too_long_is_given_up(both: Both) -> None:
    with pytest.raises(TooSlowError):
        BoundedEngine(both.engine, 0).rows("SELECT 1")
    with pytest.raises(TooSlowError):
        BoundedEngine(both.engine, 0.3).rows(
            "SELECT sum(cityHash64(number)) FROM numbers(100000000000)"
        )
    answer = answered(both.engine, limit_s=0)
    assert answer.status_code == 503
    assert "查询超过了时限" in answer.text


def test_an_engine_that_does_not_answer_is_said(both: Both) -> None:
    answer = answered(Silent())
    assert answer.status_code == 503
    assert "索引暂时没有回答" in answer.text
    assert "secret" not in answer.text


def test_pages_change_nothing(both: Both) -> None:
    bounded = BoundedEngine(both.engine, 60)
    with pytest.raises(StorageError, match="only read"):
        bounded.run("DROP TABLE posts")
    with pytest.raises(StorageError, match="only read"):
        bounded.insert("posts", None)


class Silent(Closing):
    """An engine that is gone."""

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(self.rows("SELECT name FROM system.tables"))

    @property
    def memory(self) -> Remembered:
        return Remembered()

    def rows(self, sql: str, **_: float) -> list[list[Any]]:
        raise StorageError("http://me:secret@host: no route")

    def run(self, sql: str) -> None:
        raise StorageError("gone")

    def insert(self, table: str, batch: Any) -> None:
        raise StorageError("gone")

    def close(self) -> None:
        """Nothing is open."""


def answered(engine: Engine, limit_s: float = 60) -> httpx.Response:
    """A search over an engine, as the server answers it: nothing of that is remembered."""

    @contextmanager
    def open_source() -> Iterator[Source]:
        with BoundedEngine(engine, limit_s) as bounded:
            yield IndexSource(bounded)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application(open_source))
        async with httpx.AsyncClient(transport=transport) as client:
            return await client.get("http://127.0.0.1/search?q=-没有")

    return asyncio.run(ask())
