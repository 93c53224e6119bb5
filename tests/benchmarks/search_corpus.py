"""An invented forum of any size for measuring the search: the same seed gives the same posts.

Words of one to four characters are drawn by Zipf's law (the commonest are real ones: 的 了
是 我们 没有 …), and each word has its usual followers, as in real talk; a fifth of the
posts is in traditional characters; English, model numbers and emoji stand between. Threads
are stored one after the other, as a crawl stores them: rows do not follow the time.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from archive.index.fold import variants

COMMON = (
    *"的了是我不在有就也都他这说要去你会着看好和人那还很到上吧吗呢啊把被给对从再又",
    "一个",
    "我们",
    "没有",
    "什么",
    "自己",
    "可以",
    "这个",
    "就是",
    "知道",
    "现在",
    "时候",
    "问题",
    "大家",
    "因为",
    "所以",
    "但是",
    "如果",
    "已经",
    "可能",
    "觉得",
    "手机",
    "电脑",
    "学习",
    "工作",
    "喜欢",
    "开始",
    "朋友",
    "今天",
    "东西",
    "需要",
    "发现",
    "软件",
    "网络",
    "图书馆",
    "消费者",
    "为什么",
    "不知道",
    "怎么样",
    "头发",
    "干净",
    "里面",
)
LATIN = (
    "iPhone",
    "Windows",
    "Python",
    "the",
    "of",
    "and",
    "CPU",
    "GPU",
    "app",
    "VIP",
    "QQ",
    "OK",
    "RTX4090",
    "i7",
    "C++",
    ".NET",
    "usb3.0",
    "mp3",
    "4090",
    "2023",
    "15",
    "100",
    "3.5",
)
ENDS = "，，，，，，。。。！？\n"
FOLLOWERS = 50
STRAY = 0.05
"""How often a word is followed by one that is not among its usual followers."""
START = datetime(2010, 1, 1, tzinfo=UTC)
EMOJI = "😂👍🎉❤🤔"


@dataclass(frozen=True, slots=True)
class BenchPost:
    """A row of `posts`, and the thread and board it is in (numbers from 1)."""

    thread: int
    board: int
    author: str
    posted_at: str
    subject: str
    text: str


class Corpus:
    """Posts of an invented forum."""

    def __init__(self, seed: int = 1, words: int = 6_000) -> None:
        self.random = random.Random(seed)
        self.words = [*COMMON, *LATIN, *self._invented(words)]
        self._weights = list(
            accumulate(1 / (rank + 15) ** 0.95 for rank in range(len(self.words)))
        )
        self._followers: dict[str, list[str]] = {}
        reverse: dict[int, str] = {}
        for char, simple in variants().items():
            if "\u4e00" <= char <= "\u9fff":
                reverse.setdefault(ord(simple), char)
        self._traditional = reverse
        self.made = 0
        self._last_thread = 0

    def posts(self, count: int) -> Iterator[BenchPost]:
        """Posts up to the `count`th, thread by thread, over fifteen years."""
        while self.made < count:
            yield from self.thread(count - self.made)

    def thread(self, most: int) -> list[BenchPost]:
        """The next thread, of so many posts at most."""
        self._last_thread += 1
        length = min(most, min(300, int(self.random.paretovariate(1.2) * 4)))
        time = START + timedelta(minutes=self.random.randrange(15 * 525_960))
        board = int(self.random.paretovariate(1)) % 30 + 1
        posts: list[BenchPost] = []
        for floor in range(length):
            time += timedelta(minutes=self.random.expovariate(1 / 300))
            subject = "" if floor else self._subject()
            author = f"用户{int(self.random.paretovariate(0.7)) % 20_000}"
            post = BenchPost(
                self._last_thread,
                board,
                author,
                time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                subject,
                self.text(),
            )
            posts.append(post)
        self.made += length
        return posts

    def _subject(self) -> str:
        words = self._draw(self.random.randint(3, 9))
        return "".join(words)

    @property
    def state(self) -> bytes:
        """How far it has come; for `go_on` of another with the same seed."""
        random_state = self.random.getstate()
        state = (random_state, self._followers, self.made, self._last_thread)
        return pickle.dumps(state)

    def go_on(self, state: bytes) -> None:
        """Go on behind the last thread of another."""
        random_state, self._followers, self.made, self._last_thread = pickle.loads(
            state
        )
        self.random.setstate(random_state)

    def text(self) -> str:
        """Words of one post, 20–400 characters, shorter ones oftener."""
        length = int(20 + 380 * self.random.random() ** 2)
        out: list[str] = []
        size = 0
        while size < length:
            piece = self._clause()
            out.append(piece)
            size += len(piece)
        text = "".join(out)[:length]
        return text.translate(self._traditional) if self.random.random() < 0.2 else text

    def _clause(self) -> str:
        words = "".join(self._said(self.random.randint(2, 9)))
        if self.random.random() < 0.03:
            words += self.random.choice(EMOJI)
        return words + self.random.choice(ENDS)

    def _said(self, count: int) -> list[str]:
        """Words that follow each other; the earlier of a word's followers the oftener."""
        out = self._draw(1)
        number = self.random.random
        while len(out) < count:
            if number() < STRAY:
                out += self._draw(1)
                continue
            followers = self._followers.get(out[-1]) or self._followers.setdefault(
                out[-1], self._draw(FOLLOWERS)
            )
            out.append(followers[int(FOLLOWERS * number() ** 1.6)])
        return out

    def _draw(self, count: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self._weights, k=count)

    def _invented(self, count: int) -> Iterator[str]:
        """Words over the 3,755 commonest characters (GB 2312, level 1), some characters
        commoner than others."""
        rows = (
            bytes((high, low))
            for high in range(0xB0, 0xD8)
            for low in range(0xA1, 0xFF)
        )
        chars = [char for row in rows if (char := row.decode("gb2312", "ignore"))]
        self.random.shuffle(chars)
        weights = list(accumulate(1 / (rank + 20) for rank in range(len(chars))))
        for _ in range(count):
            length = self.random.choices((1, 2, 3, 4), (4, 70, 16, 10))[0]
            yield "".join(self.random.choices(chars, cum_weights=weights, k=length))
