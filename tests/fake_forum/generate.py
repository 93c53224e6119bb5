"""Forums of any size from a seed, for tests of crawling: the words repeat, the numbers do
not."""

from __future__ import annotations

import random
from datetime import timedelta

from .forum import Forum
from .model import Board, Category, Post, Thread, Words
from .story import NOW, USERS

WHO = (
    "隔壁食堂",
    "老王",
    "半夜的雨",
    "那把旧伞",
    "巷口的猫",
    "修了三次的钟",
    "头班轮渡",
    "阁楼上的箱子",
)
DID = (
    "又不见了",
    "终于修好了",
    "让人想起小时候",
    "比去年便宜",
    "引来一群人围观",
    "被孩子画满了星星",
    "还欠我五块钱",
)
SAID = (
    "有没有人遇到过？",
    "先占个楼。",
    "图晚上补。",
    "谢谢各位。",
    "不过也不算坏事。",
    "下次再说后续。",
)
LOCATIONS = ("广东", "四川 眉山", "浙江省杭州市", "", "香港", "日本")


def generated(
    seed: int = 1,
    boards: int = 3,
    threads: int = 30,
    replies: int = 14,
    *,
    locations: bool = False,
) -> Forum:
    """A forum of `boards` × `threads` with up to `replies` each; two in a hundred threads
    have five times as many. `locations`: posts say where they were written, most of them."""
    dice = random.Random(seed)
    forum = Forum(
        "生成的论坛",
        NOW,
        USERS,
        (Category(1, "总类"),),
        tuple(Board(10 + n, f"第{n + 1}版", 1) for n in range(boards)),
    )
    pid = 0
    for number in range(boards * threads):
        opened = NOW - timedelta(
            days=dice.randrange(1, 700), minutes=dice.randrange(1440)
        )
        count = dice.randrange(replies + 1) * (5 if dice.random() < 0.02 else 1)
        step = (NOW - opened) / (count + 2)
        posts = [
            Post(
                pid + n,
                dice.choice(USERS[:7]),
                opened + step * n,
                (_words(dice, pid + n),),
            )
            for n in range(1, count + 2)
        ]
        for post in posts if locations else ():
            post.location = LOCATIONS[post.pid % len(LOCATIONS)]
        pid += len(posts)
        tid = number + 1
        forum.threads[tid] = Thread(
            tid,
            10 + number % boards,
            f"{dice.choice(WHO)}{dice.choice(DID)}（{tid}）",
            posts,
            views=dice.randrange(5000),
        )
    return forum


def _words(dice: random.Random, pid: int) -> Words:
    said = "".join(
        f"{dice.choice(WHO)}{dice.choice(DID)}，{dice.choice(SAID)}"
        for _ in range(dice.randint(1, 4))
    )
    return Words(f"{said}\n（第{pid}号）")
