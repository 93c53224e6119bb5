"""Addresses of what a message plays: objects, frames, and the scripts that X writes players with.

X: `AC_FL_RunContent(…, 'src', encodeURI('http://…'), …)`, `detectPlayer("mp4_x", "mp4",
"http://…", …)`; 6.0 and 7.x: `<object>` with `<param name="url">` and an `<embed>`
(discuzcode: parsemedia, parseflv).
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.markup.html import attr

_PLAYERS = ("AC_FL_RunContent", "detectPlayer", "player(")
_ADDRESS = re.compile(r"""['"]((?:https?:|mms:|rtsp:|ftp:)?//[^'"\s]{3,2000})['"]""")
_WITH_SOURCES_INSIDE = frozenset({"object", "audio", "video"})
_FIELDS = frozenset({"url", "src", "movie", "filename"})


def addresses_in_script(script: LexborNode) -> list[str]:
    """The addresses that a player's script names; none for another script."""
    text = script.text()
    for player in _PLAYERS:
        if player in text:
            return _ADDRESS.findall(text)
    return []


def media_address(node: LexborNode) -> str:
    """Where an element plays from: `src`, `data`, a `param` or `source` within; empty where
    it does not say."""
    own = attr(node, "src") or attr(node, "data")
    if own or node.tag not in _WITH_SOURCES_INSIDE:
        return own
    for inner in node.css("param, source, embed"):
        field = attr(inner, "name").lower()
        if inner.tag == "param" and field not in _FIELDS:
            continue
        found = attr(inner, "value") or attr(inner, "src")
        if found:
            return found
    return ""
