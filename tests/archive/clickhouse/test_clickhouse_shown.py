"""What a search shows of a post is one column, made of others; an older index is given it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")

from archive.clickhouse.api import search
from archive.clickhouse.ddl import statements
from archive.clickhouse.engine import Engine
from archive.clickhouse.index import Index
from archive.clickhouse.load import load
from archive.clickhouse.shown import READ, Shown, shown_of
from archive.corpus.outputs import Output
from archive.schema import transaction
from archive.search.context import Order
from scraper.core.errors import InputError
from tests.archive_of_posts import Row, insert, make_archive
from tests.clickhouse_index import engine_in, exported

POSTS = 90
TEXT = 'Sagte "ja" \\ nein/doch\n第二行\t😀 手机'


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    rows = [
        Row(
            text=TEXT,
            subject="标题",
            author="李'四\"",
            posted_at=f"2024-05-01T00:{number // 60:02}:{number % 60:02}Z",
        )
        for number in range(POSTS)
    ]
    conn = make_archive(tmp_path / "forum.db", rows)
    with transaction(conn):
        insert(conn, "quotes", post_id=2, position=1, text="引\n用")
    conn.close()
    tables = exported(tmp_path / "forum.db", tmp_path / "tables")
    with engine_in(tmp_path / "index") as opened:
        load(opened, Output(str(tables)))
        yield opened


def test_texts_of_any_kind_come_back_as_they_were(engine: Engine) -> None:
    rows = engine.rows(f"SELECT {READ} FROM posts ORDER BY post_id LIMIT 2")
    first, second = (shown_of(*row) for row in rows)
    assert isinstance(first, Shown)
    assert first.text == second.text == TEXT
    assert (first.subject, first.posted_at) == ("标题", "2024-05-01T00:00:00Z")
    assert (first.quoted, second.quoted) == ("", "引\n用")
    assert "李'四\"" in first.values


@pytest.mark.parametrize("order", ["newest", "oldest", "best"])
@pytest.mark.parametrize(("limit", "offset"), [(20, 0), (70, 0), (20, 60)])
def test_posts_read_where_they_are_found_or_later_are_the_same(
    engine: Engine, order: Order, limit: int, offset: int
) -> None:
    index = Index(engine)
    found = search(index, "手机", order=order, limit=limit, offset=offset)
    every = search(index, "手机", order=order, limit=POSTS)
    assert list(found.hits) == list(every.hits)[offset : offset + limit]
    assert all(hit.author == "李'四\"" for hit in found.hits)


def test_an_older_index_says_so_and_is_given_what_it_lacks(engine: Engine) -> None:
    before = search(Index(engine), "手机", order="newest")
    assert before.hits
    engine.run("ALTER TABLE posts DROP COLUMN shown")
    # as a process that opens the index later sees it
    vars(engine).pop("tables")
    with pytest.raises(InputError, match="`corpus index` adds what it lacks"):
        search(Index(engine), "手机")
    for statement in statements():
        engine.run(statement)
    vars(engine).pop("tables")
    assert search(Index(engine), "手机", order="newest").hits == before.hits
