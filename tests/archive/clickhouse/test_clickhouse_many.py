"""Where posts are many: what is ranked, what is counted, and that the index is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
from archive.clickhouse.api import search
from archive.clickhouse.filters import tree_sql
from archive.clickhouse.index import COUNTED, MOST_BEGINNINGS, Index
from archive.clickhouse.load import load
from archive.clickhouse.look_up import RANKED
from archive.corpus.outputs import Output
from archive.search.query import parse
from tests.archive_of_posts import Row, make_archive
from tests.clickhouse_index import engine_in, exported

POSTS = MOST_BEGINNINGS + 300
BEST = 40
"""Of the posts the oldest but so many says the words of the queries most often."""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("many")
    rows = []
    for number in range(POSTS):
        day = f"{2000 + number // 300}-{number // 25 % 12 + 1:02}-{number % 25 + 1:02}"
        said = "手机很好" * (9 if number in (BEST, POSTS - BEST) else 1)
        rows.append(Row(text=f"{said}，编号w{number}x", posted_at=day))
    make_archive(folder / "forum.db", rows).close()
    tables = exported(folder / "forum.db", folder / "tables")
    with engine_in(folder / "index") as engine:
        assert load(engine, Output(str(tables))).new == POSTS
        yield Index(engine)


def test_of_many_posts_the_newest_are_ranked_and_that_is_said(index: Index) -> None:
    found = search(index, "手机很好", limit=10)
    assert found.hits[0].post_id == POSTS - BEST + 1
    assert (found.total, found.is_total_exact) == (COUNTED + 1, False)
    (notice,) = found.notices
    assert (notice.kind, notice.values[0]) == ("newest", RANKED)
    ids = []
    for offset in range(0, POSTS, 400):
        page = search(index, "手机很好", limit=400, offset=offset)
        ids += [hit.post_id for hit in page.hits]
        assert page.total >= offset + len(page.hits)
    assert sorted(ids) == list(range(1, POSTS + 1))
    by_time = search(index, "手机很好", limit=1000, order="newest")
    assert ids[RANKED:1000] == [hit.post_id for hit in by_time.hits][RANKED:]


def test_phrases_are_counted_up_to_a_bound(index: Index) -> None:
    root = parse("手机很好").root
    assert root
    assert index.count(tree_sql(root, index), most=100) == (101, False)
    root = parse("手机").root
    assert root
    assert index.count(tree_sql(root, index), most=100) == (POSTS, True)


def test_beginnings_of_more_words_than_are_asked_for(index: Index) -> None:
    assert index.words_beginning("w") is None
    assert search(index, "w*").total == COUNTED + 1
    assert len(index.words_beginning("w12") or ()) == 111
    assert search(index, "w12*").total == 111
    assert search(index, "129*").total == 11
    found = search(index, "编号w*")
    assert (found.total, found.is_total_exact) == (COUNTED + 1, False)


@pytest.mark.parametrize(
    "query",
    [
        "手机",
        "机",
        "手机 -编号",
        "作者:张三",
        "主题:1 手机",
        "是:主楼",
        "w",
        "-w",
        "129*",
    ],
)
def test_the_text_index_answers_alone(index: Index, query: str) -> None:
    root = parse(query).root
    assert root
    fitting = tree_sql(root, index)
    assert fitting.is_indexed
    plan = index.rows(f"EXPLAIN SELECT count() FROM posts WHERE {fitting.sql}")
    said = "\n".join(line for (line,) in plan)
    assert "text_index" in said or "ReadFromTextIndexCount" in said
    assert "replaceRegexpAll" not in said


def test_phrases_are_looked_for_in_posts_that_have_their_pieces(index: Index) -> None:
    root = parse("手机很好").root
    assert root
    fitting = tree_sql(root, index)
    assert not fitting.is_indexed
    plan = index.rows(f"EXPLAIN SELECT post_id FROM posts WHERE {fitting.sql}")
    said = "\n".join(line for (line,) in plan)
    assert "text_index" in said
    assert "replaceRegexpAll" not in said


@pytest.mark.parametrize(
    ("query", "is_narrowed"),
    [
        ("手机", True),
        ("手机很好", True),
        ("手机 楼层:>0", True),
        ("手机 OR 编号", True),
        ("手机 OR 楼层:>0", False),
        ("楼层:>0", False),
        ("-手机", False),
        ("楼层:>0 -手机", False),
    ],
)
def test_only_what_the_index_narrows_is_read_by_one_thread(
    index: Index, query: str, *, is_narrowed: bool
) -> None:
    """Of other posts all may have to be read."""
    root = parse(query).root
    assert root
    assert tree_sql(root, index).is_narrowed is is_narrowed
