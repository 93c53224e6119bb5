"""Posts are found month by month, whatever months they are of, in either direction."""

from __future__ import annotations

import pytest

from archive.search import chronological
from archive.search.api import Order, search
from archive.search.budget import Statement
from archive.search.chronological import rest_of_year
from archive.search.executor import look_up
from archive.search.planner import plan
from archive.search.query import parse
from archive.search.stats import IndexStats
from tests.archive_of_posts import Row, make_archive

TIMES = (
    "1999-12-31T23:59:59Z",
    "2003-01-01T00:00:00Z",
    "2003-11-02T00:00:00Z",
    "2024-05-01T00:00:00Z",
    "2024-05-31T00:00:00Z",
    "2024/06/01",
    "2024年",
    "2099-02-01T00:00:00Z",
    "no time at all",
)
"""Years apart, with things that are no times, as other programs may write them."""


@pytest.fixture(autouse=True)
def each_month_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chronological, "MANY_MONTHS", 10_000)


@pytest.mark.parametrize("limit", [1, 2, 5, 50])
@pytest.mark.parametrize("order", ["newest", "oldest"])
@pytest.mark.parametrize("is_large", [True, False])
def test_years_apart(
    order: Order, limit: int, monkeypatch: pytest.MonkeyPatch, *, is_large: bool
) -> None:
    rows = [Row(text="手机", posted_at=time) for time in (*TIMES, None)]
    conn = make_archive(":memory:", rows)
    for name in ("FEW_MATCHES", "LISTED_IN_LARGE", "COUNTED_MATCHES"):
        monkeypatch.setattr(f"archive.search.limits.{name}", 1)
    if is_large:
        monkeypatch.setattr("archive.search.limits.LARGE_POSTS", 0)
    expected = sorted(TIMES, reverse=order == "newest")
    found = search(conn, "手机", order=order, limit=limit)
    shown = [hit.posted_at for hit in found.hits]
    assert shown == [*expected, ""][:limit]


@pytest.mark.parametrize("order", ["best", "newest"])
def test_what_is_expensive_is_listed_once(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large archive; every month of the rest is asked for without it."""
    monkeypatch.setattr("archive.search.limits.LARGE_POSTS", 0)
    for name in ("LISTED_TO_RANK", "LISTED_IN_LARGE", "READ_IN_LARGE", "SMALL_POSTS"):
        monkeypatch.setattr(f"archive.search.limits.{name}", 3)
    monkeypatch.setattr("archive.search.limits.COMMON_SHARE", 2)
    rows = [
        Row(
            text=("手机" if number % 2 else "电脑")
            + ("很好" if number % 9 == 0 else "坏"),
            posted_at=f"20{number % 20:02}-05-01T00:00:00Z",
        )
        for number in range(180)
    ]
    conn = make_archive(":memory:", rows)
    root = parse("(手机 OR 电脑) 好").root
    assert root
    statements: list[Statement] = []
    asked = plan(root, IndexStats(conn))
    found = look_up(conn, asked, order, 10, 0, log=statements)
    expensive = [
        each
        for each in statements
        if any('"好" *' in str(given) for given in each.params)
    ]
    assert len(expensive) == 1
    assert found.total == 20
    assert found.is_total_exact
    assert len(found.ids) == 10
    if order == "newest":
        times = [rows[post_id - 1].posted_at or "" for post_id in found.ids]
        fitting = [row.posted_at or "" for row in rows if "很好" in row.text]
        assert times == sorted(fitting, reverse=True)[:10]


@pytest.mark.parametrize(
    ("month", "before", "behind"),
    [
        ("2024-03", ["2024-03", "2024-02", "2024-01"], 10),
        ("2024-01", ["2024-01"], 12),
        ("2024-12", ["2024-12", "2024-11"], 1),
        ("2024-13", ["2024-13"], 1),
        ("2024/05", ["2024/05"], 1),
        ("", [""], 1),
    ],
)
def test_rest_of_a_year(month: str, before: list[str], behind: int) -> None:
    earlier = list(rest_of_year(month, is_ascending=False))
    later = list(rest_of_year(month, is_ascending=True))
    assert earlier[: len(before)] == before
    assert later == sorted(set(later))
    assert len(later) == behind
    assert earlier[0] == later[0] == month
