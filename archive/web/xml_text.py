"""Strangers' words as XML can hold them: for feeds and pictures."""

from __future__ import annotations

import re
from typing import Final

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What is in no document of XML 1.0, not even as a reference."""


def xml_text(value: object) -> str:
    """A text without the characters that XML cannot hold; not escaped."""
    return _NOT_XML.sub("", str(value))
