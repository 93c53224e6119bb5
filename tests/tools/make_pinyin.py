"""Make archive/search/pinyin.txt: which Chinese characters are read as which syllable.

    pip install pypinyin==0.55.0
    python tests/tools/make_pinyin.py

The table is kept in the repository, so that pypinyin is needed by this script alone: the
search needs the characters of a syllable, not the reading of a text. Source: the readings of
single characters of pypinyin (https://github.com/mozillazg/python-pinyin, MIT), of which the
usual two are taken, for the characters of GB 2312: simplified, as the search folds all.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from pypinyin import __version__  # type: ignore[import-not-found]  # needed by this script alone
from pypinyin.constants import PINYIN_DICT  # type: ignore[import-not-found]  # the same

TARGET = Path(__file__).resolve().parents[2] / "archive" / "search" / "pinyin.txt"
READINGS = 2
HEAD = f"""\
# Syllables of Mandarin, and the characters that are read so: common ones, a blank, and others
# (the two levels of GB 2312). Made by tests/tools/make_pinyin.py from the readings of
# pypinyin {__version__} (MIT, https://github.com/mozillazg/python-pinyin).
"""


def level(char: str) -> int:
    """1 or 2, as GB 2312 has the character; 0 where it has not."""
    try:
        first, *_ = char.encode("gb2312")
    except UnicodeEncodeError:
        return 0
    return 1 if first < 0xD8 else 2


def plain(reading: str) -> str:
    """A syllable without its tone; `v` for ü, as people type it."""
    parts = unicodedata.normalize("NFD", reading)
    umlauts = parts.replace("u\u0308", "v")
    letters = [char for char in umlauts if not unicodedata.combining(char)]
    return "".join(letters)


def main() -> None:
    """Write the table, one line for each syllable."""
    common: dict[str, str] = {}
    others: dict[str, str] = {}
    for code, readings in sorted(PINYIN_DICT.items()):
        char = chr(code)
        table = {1: common, 2: others}.get(level(char))
        if table is None:
            continue
        syllables = map(plain, readings.split(",")[:READINGS])
        for syllable in dict.fromkeys(syllables):
            if syllable.isascii() and set(syllable) & set("aeiouv"):
                table[syllable] = table.get(syllable, "") + char
    lines = [
        f"{syllable} {common.get(syllable, '')} {others.get(syllable, '')}\n"
        for syllable in sorted({*common, *others})
    ]
    TARGET.write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
