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
_HUES: Final = (  # up to so many degrees
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
_BLACK: Final = 0.08
_DARK_GREY: Final = 0.3
_WHITE: Final = 0.95
"""Lightness below, up to and above which a colour is shown as the text's own."""
_GREY: Final = 0.12
"""Saturation below which a colour is a grey."""
_HEX: Final = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.I)
_RGB: Final = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})", re.I)


def colour_class(value: str) -> str:
    """The class for a colour as HTML or CSS writes it; empty for black, white and what is
    no colour."""
    value = value.strip().lower()
    name = _NAMES.get(value)
    if name:
        return f"ink-{name}"
    rgb = _rgb(value)
    return _nearest(*rgb) if rgb else ""


def _rgb(value: str) -> tuple[int, int, int] | None:
    """The red, green and blue of `#f00`, `#ff0000` or `rgb(255, 0, 0)`, each up to 255."""
    hexadecimal = _HEX.fullmatch(value)
    if hexadecimal:
        digits = hexadecimal[1]
        if len(digits) == 3:
            digits = "".join(2 * digit for digit in digits)
        red, green, blue = bytes.fromhex(digits)
        return red, green, blue

    decimal = _RGB.match(value)
    if decimal is None:
        return None
    red, green, blue = (min(255, int(part)) for part in decimal.groups())
    return red, green, blue


def _nearest(red: int, green: int, blue: int) -> str:
    hue, lightness, saturation = rgb_to_hls(red / 255, green / 255, blue / 255)
    if lightness < _BLACK or lightness > _WHITE:
        return ""
    if saturation < _GREY:
        return "ink-grey" if lightness > _DARK_GREY else ""
    for end, name in _HUES:
        if hue * 360 < end:
            return f"ink-{name}"
    return ""
