"""The interface's Chinese in traditional characters, for readers in Taiwan and Hong Kong:
a list made by `tests/tools/make_traditional.py`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("strings_traditional.json")


def traditional(sentence: str) -> str:
    """A sentence of the interface; as it is where it is written alike."""
    return _sentences().get(sentence, sentence)


@cache
def _sentences() -> dict[str, str]:
    found: dict[str, str] = json.loads(FILE.read_text("utf-8"))
    return found
