"""A search that is ended early: it waits for a slow disk, shows a part that is right, and
says so in every door."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from archive.cli import cli
from archive.search import budget
from archive.search.api import Order, search
from archive.search.budget import BoundedConnection
from archive.search.facets import count_facets
from archive.search.hints import hints
from archive.search.post_filter import PostReader
from archive.search.query import parse
from tests.archive_of_posts import Row, make_archive

ORDERS: tuple[Order, ...] = ("best", "newest", "oldest")
QUERIES = (
    "手机",
    "编",
    "手机 -猫",
    "手机 作者:甲",
    "(猫 OR 手机) 编",
    "作者:乙",
    "编*",
)


@pytest.fixture(scope="module")
def conn() -> sqlite3.Connection:
    random = Random(5)
    rows = [
        Row(
            text="，".join(random.choices(("手机", "编", "猫", "天气"), k=3)),
            author=random.choice("甲乙"),
            posted_at=f"20{10 + number % 9}-05-01T00:00:00Z",
        )
        for number in range(120)
    ]
    return make_archive(":memory:", rows)


def slow(conn: sqlite3.Connection, wait_s: float) -> Iterator[int]:
    """Rows for each of which the processor waits, as for a disk."""
    conn.create_function("wait", 0, lambda: time.sleep(wait_s))
    numbers = "WITH n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 40)"
    with BoundedConnection(conn) as bounded:
        for (number,) in bounded.rows(
            f"{numbers} SELECT x FROM n WHERE wait() IS NULL"
        ):
            yield number
        assert bounded.was_stopped == bounded.is_late


def test_waiting_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 1)
    monkeypatch.setattr(budget, "MAX_CPU_S", 0.3)
    conn = sqlite3.connect(":memory:")
    assert len(list(slow(conn, 0.02))) == 40
    monkeypatch.setattr(budget, "MAX_S", 0.1)
    assert 0 < len(list(slow(conn, 0.02))) < 40


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("order", ORDERS)
def test_whenever_the_time_is_over_the_answer_is_a_part_that_says_so(
    conn: sqlite3.Connection, query: str, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = search(conn, query, order=order, limit=500)
    right = {hit.post_id for hit in whole.hits}
    assert whole.is_total_exact
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 20)
    stopped_empty = 0
    for looks in range(0, 400, 13):
        over_at = count()
        clock = lambda: 0.0 if next(over_at) <= looks else 1e9  # noqa: B023, E731
        monkeypatch.setattr(budget, "monotonic", clock)
        found = search(conn, query, order=order, limit=500)
        ids = {hit.post_id for hit in found.hits}
        assert ids <= right
        if ids == right and not found.was_stopped:
            assert found.total == len(right)
            continue
        assert found.was_stopped
        assert not found.is_total_exact
        assert found.total <= len(right)
        assert "late" in {notice.kind for notice in found.notices}
        stopped_empty += not ids
    assert stopped_empty, "the first looks are before anything is found"


def test_no_door_says_that_nothing_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "forum.db"
    make_archive(path, [Row(text="编")] * 30).close()
    monkeypatch.setattr(budget, "_STEPS_BETWEEN_LOOKS", 1)
    monkeypatch.setattr(budget, "MAX_S", -1.0)
    said = run(path, "编", "--order", "newest")
    assert said.return_value == 1
    assert "stopped before it found anything: there may be posts" in said.stderr
    assert "nothing found" not in said.stderr
    assert "name an author" not in said.stderr

    pytest.importorskip("datasette")
    from tests.web_client import pages_of

    pages = pages_of(path)
    page = pages.get("/search", {"q": "编"}, accept_language="en")
    assert "stopped before it found anything: there may be posts" in page.text
    assert "Nothing" not in page.text
    feed = pages.get("/search.atom", {"q": "编"}, accept_language="en")
    assert "stopped early" in feed.text


def test_counts_of_a_part_are_marked_in_every_door(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "forum.db"
    conn = make_archive(path, [Row(text="手机 的", floor=1)] * 90)
    monkeypatch.setattr("archive.search.facets.COUNTED_POSTS", 40)
    monkeypatch.setattr("archive.search.facets.READ_POSTS", 30)
    sample = count_facets(conn, parse("手机"))
    assert (sample.posts, sample.part, sample.is_total_exact) == (40, "sample", False)
    newest = count_facets(conn, parse("楼层:1"))
    assert (newest.posts, newest.part, newest.total) == (30, "newest", 90)
    conn.close()

    said = run(path, "手机", "--counts", "--json")
    assert '"posts": 40, "counted": "sample", "of": 41, "or_more": true' in said.stdout
    assert "counted are 40 of them, a sample from all of the archive" in said.stderr
    said = run(path, "楼层:1", "--counts", "--json")
    assert '"posts": 30, "counted": "newest", "of": 90, "or_more": false' in said.stdout
    assert "counted are the newest 30 of them" in said.stderr

    pytest.importorskip("datasette")
    from tests.web_client import pages_of

    pages = pages_of(path)
    page = pages.get("/search", {"q": "手机"}, accept_language="en")
    assert "a sample of 40 of these posts" in page.text
    page = pages.get("/search", {"q": "楼层:1"}, accept_language="zh-CN")
    assert "最新的 30 个帖子" in page.text


def run(path: Path, *words: str) -> Result:
    argv = ["search", str(path), *words]
    return CliRunner().invoke(cli, argv, standalone_mode=False)


def test_reading_posts_ends_with_the_time_of_the_search(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(number, 0.0, None) for number in range(1, 121)]
    with BoundedConnection(conn) as bounded:
        assert len(list(PostReader(bounded).texts(rows))) == 120
        assert not bounded.was_stopped
    monkeypatch.setattr(budget, "MAX_CPU_S", -1.0)
    with BoundedConnection(conn) as bounded:
        assert list(PostReader(bounded).texts(rows)) == []
        assert bounded.was_stopped
        assert not bounded.is_late
    monkeypatch.setattr(budget, "MAX_S", -1.0)
    with BoundedConnection(conn) as bounded:
        assert bounded.is_spent
        assert bounded.is_late


def test_searches_for_one_page_share_their_time(conn: sqlite3.Connection) -> None:
    rows = [(number, 0.0, None) for number in range(1, 121)]

    def read() -> int:
        with BoundedConnection(conn) as bounded:
            count = len(list(PostReader(bounded).texts(rows)))
            assert bounded.was_stopped == (count < len(rows))
            return count

    with budget.shared_time():
        assert (read(), read()) == (120, 120)
    with budget.shared_time(-1.0):
        assert (read(), read()) == (0, 0)
    assert read() == 120


def test_a_page_whose_time_is_over_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("datasette")
    from tests.web_client import pages_of

    path = tmp_path / "forum.db"
    make_archive(path, [Row(text=f"手机 {number}") for number in range(90)]).close()
    asked = {"q": "手 -没有"}
    whole = pages_of(path).get("/search", asked, accept_language="en")
    assert "stopped early" not in whole.text
    monkeypatch.setattr("archive.web.pages_search.shared_time", spent)
    page = pages_of(path).get("/search", asked, accept_language="en")
    assert page.status_code == 200
    assert "stopped early" in page.text


def spent() -> AbstractContextManager[None]:
    """Time for a page that is over when it begins."""
    return budget.shared_time(-1.0)


def test_a_word_that_a_post_repeats_weighs_as_one_that_stands_once() -> None:
    """Where no post has all words: which of them have some, and their order."""
    rows = [
        Row(text="手机，" * 40_000 + "编 手机"),
        Row(text="手机 编 天气"),
        Row(text="天气很好，手机"),
    ]
    conn = make_archive(":memory:", rows)
    found = search(conn, "手机 天气 编程语言")
    assert found.is_partial
    assert {hit.post_id for hit in found.hits} >= {2, 3}


def test_words_are_proposed_from_the_beginning_of_a_long_post() -> None:
    """Posts of 250,000 characters that repeat what stands beside the wrong character."""
    conn = make_archive(":memory:", [Row(text="极速退款，" * 50_000)] * 4)
    found = search(conn, "极速腿款")
    assert found.is_partial
    meant = [each.meant for each in hints(conn, found.query)]
    assert meant == [("极速退款",)]
