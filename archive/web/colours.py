"""Colours that posters chose, brought to the few inks of the stylesheet that are readable
on light and dark ground."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls
from typing import Final

_NAMES: Final = {
    "red": "red",
    "darkred": "red",
    "crimson": "red",
    "indianred": "red",
    "tomato": "red",
    "magenta": "pink",
    "orange": "orange",
    "darkorange": "orange",
    "sandybrown": "orange",
    "chocolate": "orange",
    "sienna": "orange",
    "yellow": "yellow",
    "gold": "yellow",
    "olive": "yellow",
    "darkolivegreen": "green",
    "green": "green",
    "darkgreen": "green",
    "lime": "green",
    "limegreen": "green",
    "yellowgreen": "green",
    "seagreen": "green",
    "palegreen": "green",
    "teal": "cyan",
    "cyan": "cyan",
    "aqua": "cyan",
    "darkslategray": "cyan",
    "mediumturquoise": "cyan",
    "paleturquoise": "cyan",
    "blue": "blue",
    "navy": "blue",
    "royalblue": "blue",
    "deepskyblue": "blue",
    "lightblue": "blue",
    "slategray": "blue",
    "darkslateblue": "blue",
    "indigo": "purple",
    "purple": "purple",
    "darkorchid": "purple",
    "plum": "purple",
    "fuchsia": "pink",
    "pink": "pink",
    "gray": "grey",
    "grey": "grey",
    "silver": "grey",
    "dimgray": "grey",
    "darkgray": "grey",
    "lightgray": "grey",
}
_HUES: Final = (
    (15, "red"),
    (42, "orange"),
    (68, "yellow"),
    (160, "green"),
    (195, "cyan"),
    (255, "blue"),
    (290, "purple"),
    (345, "pink"),
    (361, "red"),
)
_HEX: Final = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.I)
_RGB: Final = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})", re.I)


def colour_class(value: str) -> str:
    """The class for a colour as HTML or CSS writes it; empty for black, white and what is
    no colour."""
    value = value.strip().lower()
    if name := _NAMES.get(value):
        return f"ink-{name}"
    if found := _HEX.fullmatch(value):
        digits = (
            found[1] if len(found[1]) == 6 else "".join(each * 2 for each in found[1])
        )
        return _nearest(*(int(digits[at : at + 2], 16) for at in (0, 2, 4)))
    if found := _RGB.match(value):
        return _nearest(*(min(255, int(each)) for each in found.groups()))
    return ""


def _nearest(red: int, green: int, blue: int) -> str:
    hue, light, strength = rgb_to_hls(red / 255, green / 255, blue / 255)
    if light < 0.08 or light > 0.95:
        return ""
    if strength < 0.12:
        return "ink-grey" if light > 0.3 else ""
    return "ink-" + next(name for end, name in _HUES if hue * 360 < end)
