"""Posts are found month by month, whatever months they are of, in either direction."""

from __future__ import annotations

import pytest

from archive.search import chronological
from archive.search.api import Order, search
from archive.search.chronological import rest_of_year
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
