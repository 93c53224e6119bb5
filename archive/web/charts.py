"""Draws pictures as SVG, by pygal: no script, no address outside, colours for light and dark
ground."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

import pygal
from pygal.style import Style

from archive.web.pictures import Picture, Rows, share
from archive.web.xml_text import xml_text

WIDTH: Final = 900
NARROW: Final = 600
"""Ranks are narrow enough for a phone."""
HEIGHT: Final = 360
_RANK_HEIGHT: Final = 27
_RANKS_MARGIN: Final = 70

_MAX_RANKS: Final = 20
_MAX_LABELS: Final = 24
_MAX_LABEL_CHARS: Final = 14
_ALL_LABELS: Final = 30
"""Up to so many bars have a label each, up to twice as many every third."""
_DATE_LABELS: Final = 6

_LIGHT: Final = ("#1f5fa8", "#222222", "#666666", "#d0d0d0")
_DARK: Final = ("#7fb2f0", "#e4e4e4", "#a8a8a8", "#444444")
_FONTS: Final = (
    'system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
)
_SCRIPT: Final = re.compile(rb"<script\b(?:(?!<script).)*?</script>", re.S)
_BEHIND: Final = (
    "inline:{{ id }} .text-overlay .value "
    "{ text-anchor: start; transform: translateX(6px) }"
)


def draw(picture: Picture, rows: Rows) -> bytes:
    """The picture as SVG."""
    rows = [(xml_text(label), number) for label, number in rows]
    if picture.kind == "bars":
        chart = _bars(rows)
    elif picture.kind == "ranks":
        chart = _ranks(picture, rows)
    else:
        chart = _line(rows)
    # pygal's hover texts; a picture in a page runs no script anyway
    return _SCRIPT.sub(b"", bytes(chart.render()))


def width(picture: Picture) -> int:
    """How wide the picture is."""
    return NARROW if picture.kind == "ranks" else WIDTH


def height(picture: Picture, rows: Rows) -> int:
    """How high the picture is at that width."""
    if picture.kind != "ranks":
        return HEIGHT
    shown = min(max(3, len(rows)), _MAX_RANKS)
    return _RANKS_MARGIN + _RANK_HEIGHT * shown


def _bars(rows: Rows) -> Any:
    labels = [label for label, _ in rows]
    is_crowded = len(rows) > _MAX_LABELS
    chart = _chart(
        pygal.Bar,
        rows,
        x_label_rotation=40 if is_crowded else 0,
    )
    chart.x_labels = labels
    if len(rows) > _ALL_LABELS:
        chart.x_labels_major = _major_labels(labels)
        chart.show_minor_x_labels = False
    chart.add("", [number for _, number in rows])
    return chart


def _major_labels(labels: list[str]) -> list[str]:
    """Those of many labels that there is room for."""
    if len(labels) > 2 * _ALL_LABELS:
        candidates = [label for label in labels if label.endswith("-01")]
    else:
        candidates = labels[::3]
    step = -(-len(candidates) // _MAX_LABELS)
    return candidates[::step]


def _ranks(picture: Picture, rows: Rows) -> Any:
    shown = list(reversed(rows[:_MAX_RANKS]))
    widest = max((_extra_width(label) for label, _ in shown), default=0)
    chart = _chart(
        pygal.HorizontalBar,
        shown,
        width=width(picture),
        height=height(picture, rows),
        print_values=True,
        print_values_position="top",
        show_x_labels=False,
        margin_right=110,
        margin_left=widest * 3 // 2,
        css=[*_css(), _BEHIND],
        style=_style(15),
    )

    def with_share(value: int) -> str:
        number = f"{value:,.0f}"
        if not picture.shares:
            return number
        return f"{number} · {share(value, rows)}"

    chart.x_labels = [_short(label) for label, _ in shown]
    chart.value_formatter = with_share
    chart.add("", [number for _, number in shown])
    return chart


def _line(rows: Rows) -> Any:
    """A step for each day with posts, days as far apart as they were."""
    chart = _chart(
        pygal.DateLine,
        rows,
        show_dots=False,
        margin_right=50,
    )
    points = [(date.fromisoformat(day), number) for day, number in rows]
    if points:
        chart.x_labels = _spread_days(points[0][0], points[-1][0])
    chart.x_value_formatter = lambda day: f"{day:%Y-%m-%d}"
    chart.add("", _steps(points))
    return chart


def _spread_days(first: date, last: date) -> list[date]:
    """Days at even distances, the first and the last among them."""
    whole = last - first
    days = {first + whole * part // _DATE_LABELS for part in range(_DATE_LABELS + 1)}
    return sorted(days)


def _steps(points: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """The corners of the steps that lead through the points, from 0 up."""
    corners = []
    before = 0
    for day, number in points:
        corners.append((day, before))
        corners.append((day, number))
        before = number
    return corners


def _chart(kind: Any, rows: Rows, **more: Any) -> Any:
    largest = max((number for _, number in rows), default=0)
    values = {
        "show_legend": False,
        "js": (),
        "width": WIDTH,
        "height": HEIGHT,
        "style": _style(),
        "css": _css(),
        "margin": 12,
        "explicit_size": False,
        "disable_xml_declaration": False,
        "no_data_text": "–",
        "min_scale": 3,
        "range": (0, largest or 1),
        "value_formatter": lambda value: f"{value:,.0f}",
    }
    return kind(**{**values, **more})


def _style(font_size: int = 13) -> Any:
    accent, strong, subtle, _ = _LIGHT
    return Style(
        background="transparent",
        plot_background="transparent",
        foreground=strong,
        foreground_strong=strong,
        foreground_subtle=subtle,
        colors=(accent,),
        opacity=".9",
        opacity_hover="1",
        transition="0s",
        label_font_size=font_size,
        major_label_font_size=font_size,
        value_font_size=font_size,
        value_colors=(strong,),
        font_family=_FONTS,
    )


def _css() -> list[str]:
    accent, strong, _, rule = _DARK
    dark = (
        f"{{{{ id }}}} text {{ fill: {strong} !important; }} "
        f"{{{{ id }}}} .series .line {{ stroke: {accent} !important; }} "
        f"{{{{ id }}}} .bar .reactive {{ fill: {accent} !important;"
        f" stroke: {accent} !important; }} "
        f"{{{{ id }}}} .guides .line, {{{{ id }}}} .axis .line"
        f" {{ stroke: {rule} !important; }}"
    )
    light = (
        f"{{{{ id }}}} .guides .line {{ stroke: {_LIGHT[3]} !important; }} "
        "{{ id }} .series .line { fill: none; stroke-width: 3px !important; }"
    )
    ours = f"inline:{light} @media (prefers-color-scheme: dark) {{ {dark} }}"
    return ["file://style.css", "file://graph.css", ours]


def _extra_width(label: str) -> int:
    """About how wide a label is beyond what pygal takes it for: it counts every character
    as a Latin one."""
    wide = [character for character in _short(label) if character >= "\u1100"]
    return 4 * len(wide)


def _short(label: str) -> str:
    if len(label) < _MAX_LABEL_CHARS:
        return label
    return label[: _MAX_LABEL_CHARS - 1] + "…"
