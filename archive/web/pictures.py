"""What the pictures show: each a statement over the archive, its title, and how its rows
are drawn."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

import pygal
from pygal.style import Style

Kind = Literal["bars", "ranks", "line"]

MOST_ROWS: Final = 600
_SCRIPT: Final = re.compile(rb"<script\b.*?</script>", re.S)
_ZONE = "(SELECT utc_offset_minutes || ' minutes' FROM sites WHERE id = :site)"
_LIGHT = ("#1f5fa8", "#222222", "#666666", "#d0d0d0")
_DARK = ("#7fb2f0", "#e4e4e4", "#a8a8a8", "#444444")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. `sql` takes `:site`, that of a thread `:thread`; its rows are (label,
    number). `shares`: the numbers are parts of a whole, and are shown as such, too.
    """

    name: str
    kind: Kind
    sql: str
    shares: bool = False


PICTURES: Final = tuple(
    Picture(*each)
    for each in (
        (
            "months",
            "bars",
            f"""WITH RECURSIVE
hours(hour, n) AS (SELECT substr(posted_at, 1, 13), count(*) FROM posts WHERE site_id = :site GROUP BY 1),
months(month, n) AS (
  SELECT CASE length(hour) WHEN 13 THEN strftime('%Y-%m', hour || ':00', {_ZONE}) ELSE substr(hour, 1, 7) END, sum(n)
  FROM hours WHERE hour IS NOT NULL GROUP BY 1
),
all_months(month) AS (
  SELECT min(month) FROM months
  UNION ALL SELECT strftime('%Y-%m', month || '-01', '+1 month') FROM all_months
  WHERE month < (SELECT max(month) FROM months) LIMIT 2400
)
SELECT month, coalesce(n, 0) AS posts FROM all_months LEFT JOIN months USING (month)
WHERE month IS NOT NULL ORDER BY month""",
        ),
        (
            "boards",
            "ranks",
            """SELECT b.name AS board, sum(n) AS posts
FROM (SELECT thread_id, count(*) AS n FROM posts GROUP BY 1) p
JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id
WHERE t.site_id = :site GROUP BY b.id ORDER BY 2 DESC""",
            True,
        ),
        (
            "hours",
            "bars",
            f"""WITH RECURSIVE
hours(hour, n) AS (SELECT substr(posted_at, 1, 13), count(*) FROM posts WHERE site_id = :site GROUP BY 1),
day(hour) AS (SELECT 0 UNION ALL SELECT hour + 1 FROM day WHERE hour < 23),
counted(hour, n) AS (
  SELECT strftime('%H', hour || ':00', {_ZONE}) + 0, sum(n) FROM hours WHERE length(hour) = 13 GROUP BY 1
)
SELECT printf('%02d', hour) AS hour, coalesce(n, 0) AS posts FROM day LEFT JOIN counted USING (hour) ORDER BY 1""",
        ),
        (
            "authors",
            "ranks",
            """SELECT coalesce(u.name, p.author) AS author, count(*) AS posts
FROM posts p LEFT JOIN users u ON u.id = p.user_id
WHERE p.site_id = :site AND p.author <> ''
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20""",
        ),
    )
)
GROWTH: Final = Picture(
    "growth",
    "line",
    """SELECT substr(posted_at, 1, 10) AS day, sum(count(*)) OVER (
  ORDER BY substr(posted_at, 1, 10)) AS posts
FROM posts WHERE thread_id = :thread AND posted_at IS NOT NULL GROUP BY 1 ORDER BY 1""",
)
HEIGHT: Final = 360
_MOST_BARS: Final = 20
_BEHIND: Final = "inline:{{ id }} .text-overlay .value { text-anchor: start; transform: translateX(6px) }"


def picture(name: str) -> Picture | None:
    """The picture of that name."""
    return next((each for each in (*PICTURES, GROWTH) if each.name == name), None)


def rows_of(
    conn: sqlite3.Connection, which: Picture, **params: int
) -> list[tuple[str, int]]:
    """Its data: labels with numbers, the newest MOST_ROWS of them."""
    return [(str(row[0]), int(row[1])) for row in conn.execute(which.sql, params)][
        -MOST_ROWS:
    ]


def draw(which: Picture, rows: list[tuple[str, int]]) -> bytes:
    """The picture as SVG: no script, no address outside, its own colours for light and dark
    ground."""
    drawn = {"bars": _bars, "ranks": _ranks, "line": _line}[which.kind](which, rows)
    return _SCRIPT.sub(
        b"", bytes(drawn.render())
    )  # pygal's hover texts; a picture in a page runs no script anyway


def width(which: Picture) -> int:
    """How wide the picture is: ranks are narrow enough for a phone."""
    return 600 if which.kind == "ranks" else 900


def height(which: Picture, rows: list[tuple[str, int]]) -> int:
    """How high the picture is at that width."""
    return (
        70 + 27 * min(max(3, len(rows)), _MOST_BARS)
        if which.kind == "ranks"
        else HEIGHT
    )


def share(number: int, rows: list[tuple[str, int]]) -> str:
    """A number as a part of all: `41.6 %`."""
    total = sum(each for _, each in rows)
    return f"{100 * number / total:.1f} %" if total else ""


def _bars(which: Picture, rows: list[tuple[str, int]]) -> Any:
    labels = [label for label, _ in rows]
    chart = _chart(pygal.Bar, rows, x_label_rotation=40 if len(rows) > 24 else 0)
    chart.x_labels = labels
    if len(rows) > 30:
        wide = (
            [label for label in labels if label.endswith("-01")]
            if len(rows) > 60
            else labels[::3]
        )
        chart.x_labels_major = wide[:: -(-len(wide) // 24)]
        chart.show_minor_x_labels = False
    chart.add("", [number for _, number in rows])
    return chart


def _ranks(which: Picture, rows: list[tuple[str, int]]) -> Any:
    shown = rows[:_MOST_BARS][::-1]
    chart = _chart(
        pygal.HorizontalBar,
        shown,
        width=width(which),
        height=height(which, rows),
        print_values=True,
        print_values_position="top",
        show_x_labels=False,
        margin_right=110,
        css=[*_css(), _BEHIND],
        style=_style(15),
        margin_left=max((_width(label) for label, _ in shown), default=0) * 3 // 2,
    )
    chart.x_labels = [_short(label) for label, _ in shown]
    chart.value_formatter = lambda value: (
        f"{value:,.0f}" + (f" · {share(value, rows)}" if which.shares else "")
    )
    chart.add("", [number for _, number in shown])
    return chart


def _line(which: Picture, rows: list[tuple[str, int]]) -> Any:
    """A step for each day with posts, days as far apart as they were."""
    points = [(date.fromisoformat(day), number) for day, number in rows]
    steps = [(points[0][0], 0)] if points else []
    for day, number in points:
        steps += [(day, steps[-1][1]), (day, number)]
    chart = _chart(pygal.DateLine, rows, show_dots=False, margin_right=50)
    if points:
        first, whole = points[0][0], points[-1][0] - points[0][0]
        chart.x_labels = sorted({first + whole * part // 6 for part in range(7)})
    chart.x_value_formatter = lambda day: f"{day:%Y-%m-%d}"
    chart.add("", steps)
    return chart


def _chart(kind: Any, rows: list[tuple[str, int]], **more: Any) -> Any:
    values = {
        "show_legend": False,
        "js": (),
        "width": 900,
        "height": HEIGHT,
        "style": _style(),
        "css": _css(),
        "margin": 12,
        "explicit_size": False,
        "disable_xml_declaration": False,
        "no_data_text": "–",
        "min_scale": 3,
        "range": (0, max((number for _, number in rows), default=1) or 1),
        "value_formatter": lambda value: f"{value:,.0f}",
    }
    return kind(**{**values, **more})


def _style(font_size: int = 13) -> Any:
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=_LIGHT[1],
        foreground_strong=_LIGHT[1],
        foreground_subtle=_LIGHT[2],
        colors=(_LIGHT[0],),
        opacity=".9",
        opacity_hover="1",
        transition="0s",
        label_font_size=font_size,
        major_label_font_size=font_size,
        value_font_size=font_size,
        value_colors=(_LIGHT[1],),
        font_family='system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
    )


def _css() -> list[str]:
    accent, strong, _, rule = _DARK
    dark = (
        f"{{{{ id }}}} text {{ fill: {strong} !important; }} "
        f"{{{{ id }}}} .series .line {{ stroke: {accent} !important; }} "
        f"{{{{ id }}}} .bar .reactive {{ fill: {accent} !important; stroke: {accent} !important; }} "
        f"{{{{ id }}}} .guides .line, {{{{ id }}}} .axis .line {{ stroke: {rule} !important; }}"
    )
    light = (
        f"{{{{ id }}}} .guides .line {{ stroke: {_LIGHT[3]} !important; }} "
        "{{ id }} .series .line { fill: none; stroke-width: 3px !important; }"
    )
    ours = f"inline:{light} @media (prefers-color-scheme: dark) {{ {dark} }}"
    return ["file://style.css", "file://graph.css", ours]


def _width(label: str) -> int:
    """About how wide a label is beyond what pygal takes it for: it counts every character
    as a Latin one."""
    return sum(4 for each in _short(label) if each >= "\u1100")


def _short(label: str) -> str:
    return label if len(label) < 14 else label[:13] + "…"
