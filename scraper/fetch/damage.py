"""Whether a page was damaged on its way: what is broken in it, compared between looks.

Forums have broken places of their own (subjects cut in the middle of a character): those
are the same at every look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from scraper.core.records import Capture
from scraper.markup.decode import decode

Breaks: TypeAlias = frozenset[str | bytes]
"""Each broken place of a page, with what stands before it: bytes for a control character,
text for bytes that mean nothing."""

_LEAST_DAMAGE: Final = 3  # fewer broken characters than this are no damage
_CONTROL_WEIGHT: Final = 3
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r")) + b"\x7f"
_CONTROL = re.compile(rb".{0,8}?[\x00-\x08\x0e-\x1f\x7f]", re.S)
_REPLACED = re.compile("[^\ufffd]{0,6}\ufffd")
_ESCAPED = re.compile("[^\udc80-\udcff]{0,6}[\udc80-\udcff]")


def breaks(capture: Capture) -> Breaks:
    """The places where a page's text is broken; none in what is no text."""
    if not _is_text(capture):
        return frozenset()

    body = capture.body
    has_controls = len(body.translate(None, _CONTROLS)) < len(body)
    controls = frozenset[str | bytes](_CONTROL.findall(body) if has_controls else ())
    try:
        body.decode("utf-8")
        return controls
    except UnicodeDecodeError:
        text, encoding = decode(body, capture.header("content-type"))

    if encoding == "utf-16":
        return frozenset()
    if encoding == "utf-8":
        # U+FFFD itself may be what a member wrote, or an earlier move of the forum did.
        escaped = body.decode("utf-8", "surrogateescape")
        return controls.union(_ESCAPED.findall(escaped))
    return controls.union(_REPLACED.findall(text))


def damage(found: Breaks) -> int:
    """How bad breaks are together: control characters are rarer in forums than half
    characters, and count threefold."""
    total = 0
    for one in found:
        total += _CONTROL_WEIGHT if isinstance(one, bytes) else 1
    return total


def sound_look(looks: Sequence[Breaks]) -> int | None:
    """The first of several looks at a page that has no damage but what other looks have,
    too; None where each has some of its own."""
    for at, found in enumerate(looks):
        others = frozenset[str | bytes]().union(*looks[:at], *looks[at + 1 :])
        if damage(found - others) < _LEAST_DAMAGE:
            return at
    return None


def _is_text(capture: Capture) -> bool:
    if capture.status >= 300:
        return False
    kind = capture.header("content-type").lower()
    if not kind or kind.startswith("text/"):
        return True
    return "xml" in kind or "json" in kind
