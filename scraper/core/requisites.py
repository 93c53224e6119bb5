"""What a page needs beside itself to look as it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

RequisiteKind: TypeAlias = Literal["style", "script", "picture", "font", "thumb"]
"""A style sheet, a script, a picture of the template (smilies and icons are such), a font;
or the small form of a picture of a post, which the page shows in its place."""


@dataclass(frozen=True, slots=True)
class Requisite:
    """A file that a page or style sheet needs. `url` is its full address, `stated` the same
    as it is written there; `whole` is that of the picture of which a thumb is a small form."""

    kind: RequisiteKind
    url: str
    stated: str
    whole: str = ""
    is_smiley: bool = False
