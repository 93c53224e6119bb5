"""A body as text that turns back into the very same bytes: what is changed in it changes
nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scraper.markup.decode import decode

_CODECS: Final = {
    "utf-8": "utf-8",
    "gb18030": "gb18030",
    "big5-hkscs": "big5hkscs",
    "utf-16": "utf-16",
}
_ANY_BYTES: Final = "latin-1"


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a body, and how to make bytes of it. `codec` is the page's own, but where
    its bytes are so damaged that they would not come back."""

    text: str
    codec: str

    @property
    def is_faithful(self) -> bool:
        """Whether its characters are those of the page."""
        return self.codec != _ANY_BYTES

    def encoded(self, text: str) -> bytes:
        """The bytes of a changed text."""
        errors = "strict" if self.codec == _ANY_BYTES else "surrogateescape"
        return text.encode(self.codec, errors)


def source_of(body: bytes, content_type: str) -> Source:
    """A body as text."""
    _, encoding = decode(body, content_type)
    codec = _CODECS[encoding]
    for errors in ("strict", "surrogateescape"):
        try:
            text = body.decode(codec, errors)
            if text.encode(codec, errors) == body:
                return Source(text, codec)
        except UnicodeError:
            continue
    return Source(body.decode(_ANY_BYTES), _ANY_BYTES)
