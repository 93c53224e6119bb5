"""What the pictures show: each a statement over the archive, and how its rows are drawn."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind = Literal["bars", "ranks", "line"]
Rows: TypeAlias = Sequence[tuple[str, int]]
"""What a picture shows: labels with numbers."""

MAX_ROWS: Final = 600
"""A picture shows so many values at the most, the newest."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. `sql` takes `:site`, that of a thread `:thread`; its rows are (label,
    number). `shares`: the numbers are parts of a whole, and are shown as such, too.
    `is_timeline`: its right end is the newest.
    """

    name: str
    kind: Kind
    sql: str
    shares: bool = False
    is_timeline: bool = False


_ZONE: Final = """(
  SELECT utc_offset_minutes || ' minutes' FROM sites WHERE id = :site
)"""
_HOURS: Final = """hours(hour, n) AS (
  SELECT substr(posted_at, 1, 13), count(*) FROM posts WHERE site_id = :site GROUP BY 1
)"""
MONTHS: Final = Picture(
    "months",
    "bars",
    f"""WITH RECURSIVE
{_HOURS},
months(month, n) AS (
  SELECT CASE length(hour)
    WHEN 13 THEN strftime('%Y-%m', hour || ':00', {_ZONE})
    ELSE substr(hour, 1, 7) END, sum(n)
  FROM hours WHERE hour IS NOT NULL GROUP BY 1
),
all_months(month) AS (
  SELECT min(month) FROM months
  UNION ALL SELECT strftime('%Y-%m', month || '-01', '+1 month') FROM all_months
  WHERE month < (SELECT max(month) FROM months) LIMIT 2400
)
SELECT month, coalesce(n, 0) AS posts FROM all_months LEFT JOIN months USING (month)
WHERE month IS NOT NULL ORDER BY month""",
    is_timeline=True,
)
BOARDS: Final = Picture(
    "boards",
    "ranks",
    """SELECT b.name AS board, sum(n) AS posts
FROM (SELECT thread_id, count(*) AS n FROM posts GROUP BY 1) p
JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id
WHERE t.site_id = :site GROUP BY b.id ORDER BY 2 DESC""",
    shares=True,
)
HOURS: Final = Picture(
    "hours",
    "bars",
    f"""WITH RECURSIVE
{_HOURS},
day(hour) AS (SELECT 0 UNION ALL SELECT hour + 1 FROM day WHERE hour < 23),
counted(hour, n) AS (
  SELECT strftime('%H', hour || ':00', {_ZONE}) + 0, sum(n)
  FROM hours WHERE length(hour) = 13 GROUP BY 1
)
SELECT printf('%02d', hour) AS hour, coalesce(n, 0) AS posts
FROM day LEFT JOIN counted USING (hour) ORDER BY 1""",
)
AUTHORS: Final = Picture(
    "authors",
    "ranks",
    """SELECT coalesce(u.name, p.author) AS author, count(*) AS posts
FROM posts p LEFT JOIN users u ON u.id = p.user_id
WHERE p.site_id = :site AND p.author <> ''
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20""",
)
GROWTH: Final = Picture(
    "growth",
    "line",
    """SELECT substr(posted_at, 1, 10) AS day, sum(count(*)) OVER (
  ORDER BY substr(posted_at, 1, 10)) AS posts
FROM posts WHERE thread_id = :thread AND posted_at IS NOT NULL GROUP BY 1 ORDER BY 1""",
    is_timeline=True,
)
PICTURES: Final = (MONTHS, BOARDS, HOURS, AUTHORS)
"""Those of a forum."""


def find_picture(name: str) -> Picture | None:
    """The picture of that name."""
    for picture in (*PICTURES, GROWTH):
        if picture.name == name:
            return picture
    return None


def read_rows(
    conn: sqlite3.Connection, picture: Picture, **params: int
) -> list[tuple[str, int]]:
    """What it shows: labels with numbers, the newest MAX_ROWS of them."""
    found = []
    rows = conn.execute(picture.sql, params)
    for label, number in rows:
        found.append((str(label), int(number)))
    return found[-MAX_ROWS:]


def share(number: int, rows: Rows) -> str:
    """A number as a part of all: `41.6 %`."""
    total = sum(each for _, each in rows)
    if not total:
        return ""
    percent = 100 * number / total
    return f"{percent:.1f} %"
