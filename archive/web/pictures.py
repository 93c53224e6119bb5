"""What the pictures show: each a statement over the archive, its title, and how its rows are drawn."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from typing import Any, Final, Literal

import pygal
from pygal.style import Style

Kind = Literal["bars", "ranks", "line"]

MOST_ROWS: Final = 600
_SCRIPT: Final = re.compile(rb"<script\b.*?</script>", re.S)
_ZONE = "printf('%+d minutes', (SELECT utc_offset_minutes FROM sites WHERE id = :site))"
_HOURS = "SELECT substr(posted_at, 1, 13) AS hour, count(*) AS n FROM posts WHERE posted_at IS NOT NULL{} GROUP BY 1"
_ONLY = " AND site_id = :site"
_LIGHT = ("#1f5fa8", "#222222", "#666666", "#d0d0d0")
_DARK = ("#7fb2f0", "#e4e4e4", "#a8a8a8", "#444444")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. `sql` takes `:site`, that of a thread `:thread`; its rows are (label, number)."""

    name: str
    kind: Kind
    sql: str


PICTURES: Final = tuple(Picture(*each) for each in (
    ("months", "bars", f"""SELECT strftime('%Y-%m', hour || ':00', {_ZONE}) AS month, sum(n) AS posts
FROM ({_HOURS.format(_ONLY)}) GROUP BY 1 ORDER BY 1"""),
    ("boards", "ranks", """SELECT b.name AS board, sum(n) AS posts
FROM (SELECT thread_id, count(*) AS n FROM posts GROUP BY 1) p
JOIN threads t ON t.id = p.thread_id JOIN boards b ON b.id = t.board_id
WHERE t.site_id = :site GROUP BY b.id ORDER BY 2 DESC LIMIT 20"""),
    ("hours", "bars", f"""SELECT strftime('%H', hour || ':00', {_ZONE}) AS hour, sum(n) AS posts
FROM ({_HOURS.format(_ONLY)}) GROUP BY 1 ORDER BY 1"""),
    ("authors", "ranks", """SELECT u.name AS author, n AS posts
FROM (SELECT user_id, count(*) AS n FROM posts WHERE user_id IS NOT NULL GROUP BY 1) p
JOIN users u ON u.id = p.user_id WHERE u.site_id = :site ORDER BY 2 DESC, 1 LIMIT 20"""),
))  # fmt: skip
GROWTH: Final = Picture("growth", "line", """SELECT substr(posted_at, 1, 10) AS day, sum(count(*)) OVER (
  ORDER BY substr(posted_at, 1, 10)) AS posts
FROM posts WHERE thread_id = :thread AND posted_at IS NOT NULL GROUP BY 1 ORDER BY 1""")


def picture(name: str) -> Picture | None:
    """The picture of that name."""
    return next((each for each in (*PICTURES, GROWTH) if each.name == name), None)


def rows_of(conn: sqlite3.Connection, which: Picture, **params: int) -> list[tuple[str, int]]:
    """Its data: labels with numbers, the newest MOST_ROWS of them."""
    return [(str(row[0]), int(row[1])) for row in conn.execute(which.sql, params)][-MOST_ROWS:]


def draw(which: Picture, rows: list[tuple[str, int]], title: str) -> bytes:
    """The picture as SVG: no script, no address outside, its own colours for light and dark ground."""
    chart = _chart(which, rows, title)
    values = [number for _, number in rows]
    if which.kind == "ranks":
        rows, values = rows[::-1], values[::-1]
        chart.height = 90 + 26 * max(3, len(rows))
    chart.x_labels = [_short(label) for label, _ in rows]
    if which.kind != "ranks" and len(rows) > 30:
        step = -(-len(rows) // 18)
        chart.x_labels_major = [label for label, _ in rows][::step]
        chart.show_minor_x_labels = False
    chart.add("", values)
    return _SCRIPT.sub(b"", bytes(chart.render()))  # pygal's hover texts; a picture in a page runs no script anyway


def _chart(which: Picture, rows: list[tuple[str, int]], title: str) -> Any:
    kinds = {"bars": pygal.Bar, "ranks": pygal.HorizontalBar, "line": pygal.Line}
    return kinds[which.kind](
        title=title, show_legend=False, js=(), width=900, height=380, style=_style(), css=_css(), explicit_size=False,
        disable_xml_declaration=False, no_data_text="–", x_label_rotation=40 if len(rows) > 12 else 0,
        print_values=which.kind == "ranks", margin=12, min_scale=3, fill=which.kind == "line", show_dots=len(rows) < 60,
        range=(0, max((number for _, number in rows), default=1) or 1), value_formatter=lambda value: f"{value:,.0f}",
    )


def _style() -> Any:
    return Style(
        background="transparent", plot_background="transparent", foreground=_LIGHT[1], foreground_strong=_LIGHT[1],
        foreground_subtle=_LIGHT[2], colors=(_LIGHT[0],), opacity=".9", opacity_hover="1", title_font_size=18,
        label_font_size=13, major_label_font_size=13, value_font_size=12, value_colors=(_LIGHT[1],),
        font_family='system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
    )


def _css() -> list[str]:
    accent, strong, _, rule = _DARK
    dark = (
        f"{{{{ id }}}} text {{ fill: {strong} !important; }} "
        f"{{{{ id }}}} .series .line {{ stroke: {accent} !important; }} "
        f"{{{{ id }}}} .reactive {{ fill: {accent} !important; stroke: {accent} !important; }} "
        f"{{{{ id }}}} .guides .line, {{{{ id }}}} .axis .line {{ stroke: {rule} !important; }}"
    )
    return ["file://style.css", "file://graph.css", f"inline:@media (prefers-color-scheme: dark) {{ {dark} }}"]


def _short(label: str) -> str:
    return label if len(label) < 18 else label[:17] + "…"
