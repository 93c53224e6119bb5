"""What a reader should know of an answer to a search: what was cut short, what was left
out; in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "outdated",
    "long",
    "wordless",
    "stopped",
    "late",
    "ranked",
    "newest",
    "scanned",
    "some_words",
]
STOPS: Final[frozenset[Kind]] = frozenset({"stopped", "late"})
"""What says that a search was ended before it had looked everywhere."""

_TEXTS: Final[dict[Kind, tuple[str, str]]] = {
    "outdated": (
        "索引由其他版本生成，可能漏掉帖子：请对存档运行 discuz-archive reindex",
        "the index was made by another version and may miss posts: "
        "run discuz-archive reindex on the archive",
    ),
    "long": (
        "搜索词太长，只用了开头部分",
        "only the beginning of the query was used: it is longer than fits",
    ),
    "wordless": (
        "搜索词中没有可以查找的字",
        "there is no word in the query to look for",
    ),
    "stopped": (
        "查找的工作太多，已提前停止，可能漏掉帖子",
        "stopped early, so posts may be missing: this query takes too much work",
    ),
    "late": (
        "等待磁盘太久，已提前停止，可能漏掉帖子；再搜一次会看得更远",
        "stopped early, so posts may be missing: the disk took too long; "
        "the same search looks further when it is run again",
    ),
    "ranked": (
        "约有 {} 个帖子含有这些词；符合的帖子中只有最新的 {} 个（{} 以来）"
        "按相关度排序，其余按时间排序",
        "about {} posts have the words; of those that fit the newest {}, since {}, are ranked",
    ),
    "newest": (
        "符合的帖子中只有最新的 {} 个（{} 以来）按相关度排序，其余按时间排序",
        "of the posts that fit the newest {}, since {}, are ranked, others go by time",
    ),
    "scanned": ("只查看了 {} 个帖子", "looked through {} posts only"),
    "some_words": (
        "没有帖子含有所有这些词；下面的帖子含有其中一部分，词越少见、越多越靠前",
        "no post has all of these words; those shown have some, the rarest and most first",
    ),
}


@dataclass(frozen=True, slots=True)
class SearchNotice:
    """One thing to know. `values`: its numbers and times, in the order of the sentence."""

    kind: Kind
    values: tuple[int | str, ...] = ()

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: Literal["zh", "en"]) -> str:
        """The sentence, its numbers with commas."""
        chinese, english = _TEXTS[self.kind]
        sentence = chinese if language == "zh" else english
        shown = (
            f"{value:,}" if isinstance(value, int) else value for value in self.values
        )
        return sentence.format(*shown)
