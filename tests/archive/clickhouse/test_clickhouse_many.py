"""Where posts are many: what is ranked, what is counted, and that the index is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("chdb", reason="no chdb: extra `cluster`")
pytest.importorskip("fsspec", reason="no fsspec: extra `cluster`")
from archive.clickhouse import windows
from archive.clickhouse.api import search
from archive.clickhouse.filters import tree_sql
from archive.clickhouse.index import COUNTED, MOST_BEGINNINGS, Index
from archive.clickhouse.load import load
from archive.clickhouse.look_up import RANKED
from archive.corpus.outputs import Output
from archive.search.context import Order
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


@pytest.mark.parametrize("order", ["newest", "oldest", "best"])
@pytest.mark.parametrize(
    "query",
    [
        "手机",
        "手机很好",
        "手机 OR 编号",
        "手机 -w7x",
        "编号w7*",
        "手机 日期:2001",
        "是:主楼",
        "没有",
    ],
)
def test_the_first_are_the_same_from_a_part_of_the_posts(
    index: Index, monkeypatch: pytest.MonkeyPatch, query: str, order: Order
) -> None:
    """Where posts are very many, parts of them are looked through first."""
    pages = [(0, 20), (0, 3), (37, 10), (400, 50), (POSTS - 5, 20)]

    def found() -> list[tuple[list[int], int]]:
        answers = []
        for offset, limit in pages:
            page = search(
                Index(index.node.engine),
                query,
                limit=limit,
                offset=offset,
                order=order,
            )
            answers.append(([hit.post_id for hit in page.hits], page.total))
        return answers

    of_all = found()
    monkeypatch.setattr(windows, "_MANY_POSTS", 0)
    assert found() == of_all


@pytest.mark.parametrize("is_oldest", [False, True])
@pytest.mark.parametrize(
    ("query", "wanted", "parts"),
    [
        ("手机", 20, 1),  # an eighth of all posts has enough
        ("手机", 200, 0),
        ("编号", 3, 2),
        ("手机很好", 20, 1),
        ("手机 OR 编号", 20, 1),
        ("手机 日期:2001", 1, 0),  # the newest are not of those days
        ("w7x", 1, 0),  # too rare
        ("楼层:>0", 1, 0),  # the text index tells nothing of it
    ],
)
def test_the_rarer_the_wider_is_the_part(
    index: Index,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    wanted: int,
    parts: int,
    *,
    is_oldest: bool,
) -> None:
    root = parse(query).root
    assert root
    fitting = tree_sql(root, index)
    assert list(windows.windows(index, fitting, wanted, is_oldest=is_oldest)) == []
    monkeypatch.setattr(windows, "_MANY_POSTS", 0)
    narrowed = list(windows.windows(index, fitting, wanted, is_oldest=is_oldest))
    assert len(narrowed) == parts
    counts = [index.count(each, most=POSTS)[0] for each in narrowed]
    assert counts == sorted(counts)
    assert all(2 * wanted <= count < POSTS // 4 for count in counts)
