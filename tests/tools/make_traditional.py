"""Writes the interface's Chinese in traditional characters and Taiwan's words again, after
OpenCC (`pip install opencc`), into archive/web/strings_traditional.json
and archive/commands/chinese_traditional.json.

    python tests/tools/make_traditional.py
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Final

import opencc

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from archive.commands import _chinese  # noqa: E402 found by the path above
from archive.desk import strings as desk_strings  # noqa: E402 the same
from archive.web import strings as web_strings  # noqa: E402 the same
from archive.web.traditional import FILE  # noqa: E402 the same

OURS: Final = {
    "程序": "程式",
    "打印": "列印",
    "運行": "執行",
    "分割槽": "分區",  # of a forum, not of a disk
    "許可權": "權限",
}
"""What OpenCC leaves, and a reader in Taiwan says otherwise."""


FILTER: Final = re.compile(r"\w:[^\s/]")
"""Filters keep their names, which a query must have: only their characters change."""


def of_the_pages() -> str:
    """The sentences of the pages."""
    sentences = web_strings.chinese_sentences() | desk_strings.chinese_sentences()
    return catalogue(sentences)


def of_the_commands() -> str:
    """What the commands print."""
    text = _chinese.CATALOGUE.read_text("utf-8")
    return catalogue(set(json.loads(text).values()))


def catalogue(sentences: set[str]) -> str:
    """Those of the sentences that are written otherwise, as the files have them."""
    by_words = opencc.OpenCC("s2twp")
    by_characters = opencc.OpenCC("s2t")
    said: dict[str, str] = {}
    for sentence in sorted(sentences):
        if FILTER.search(sentence):
            converted = by_characters.convert(sentence)
        else:
            converted = by_words.convert(sentence)
            for word, ours in OURS.items():
                converted = converted.replace(word, ours)
        if converted != sentence:
            said[sentence] = converted
    text = json.dumps(said, ensure_ascii=False, indent=1)
    return f"{text}\n"


def main() -> None:
    """Write the files."""
    FILE.write_text(of_the_pages(), encoding="utf-8")
    _chinese.TRADITIONAL.write_text(of_the_commands(), encoding="utf-8")


if __name__ == "__main__":
    main()
