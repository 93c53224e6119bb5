"""The invented forum 老槐树下: X3.4 in GBK, in a subdirectory, with characters that GBK lacks."""

from __future__ import annotations

from datetime import datetime

from .forum import ZONE, Forum
from .model import (
    Board,
    Category,
    File,
    Inline,
    Poll,
    Post,
    Quoted,
    Rating,
    Smiley,
    Thread,
    User,
    Words,
)
from .story import at

HUAI = User(1, "槐叔", "管理员", "<i>树大招风</i>")
ZHEN = User(2, "陳鎮", "版主")
LONG = User(3, "龙門飛甲")
EURO = User(4, "café€")
BASE = "http://bbs.laohuaishu.example/bbs/"


def laohuai() -> Forum:
    """Two boards, one of them with a thread whose words GBK cannot hold."""
    boards = (
        Board(
            10,
            "树荫下",
            1,
            description="下棋、摇扇、吹牛",
            moderators=("陳鎮",),
            types=((1, "象棋"), (2, "掌故")),
        ),
        Board(11, "跳蚤市场", 1),
    )
    forum = Forum(
        "老槐树下",
        datetime(2013, 3, 20, 9, 0, tzinfo=ZONE),
        (HUAI, ZHEN, LONG, EURO),
        (Category(1, "树下"),),
        boards,
    )
    for thread in (_chess(), _poll(), _flea()):
        forum.threads[thread.tid] = thread
    return forum


def _chess() -> Thread:
    return Thread(
        1,
        10,
        "残局求解：红先胜",
        [
            Post(
                11,
                HUAI,
                at("2013-01-12 08:20:37"),
                (
                    Words(
                        "红方：帅五平四 车一进三 ♥\n黑方：將5进1 卒３平４\n此局名「七星聚會」，生僻字：㐂 𠮷 😀"
                    ),
                    Smiley(1, "smile.gif"),
                    Words("\n"),
                    Inline(9),
                ),
                files=(
                    File(9, "棋盘.jpg", "98.2 KB", 3, "forum/201301/12/0820qipan.jpg"),
                ),
                ratings=(Rating(ZHEN, 5, "精品文章"),),
                edited_at=at("2013-01-12 08:30:00"),
                edited_by="槐叔",
            ),
            Post(
                12,
                LONG,
                at("2013-01-12 09:03:44"),
                (
                    Quoted(11, "槐叔", at("2013-01-12 08:20"), "此局名「七星聚會」"),
                    Words("炮二平五，当头一炮。"),
                ),
            ),
            Post(
                13,
                EURO,
                at("2013-01-13 00:20:37"),
                (Words("和棋，别争了。茶钱算我的 €5。"),),
                subject="Re: 和棋",
            ),
        ],
        type="象棋",
        views=1880,
        digest=2,
    )


def _poll() -> Thread:
    return Thread(
        2,
        10,
        "村口那棵树几岁了",
        [
            Post(21, ZHEN, at("2013-02-01 20:00:00"), (Words("县志说光绪年间就有。"),)),
        ],
        poll=Poll((("一百岁", 3), ("三百岁 & 以上", 8)), voters=11),
        type="掌故",
        sticky=1,
        views=99,
    )


def _flea() -> Thread:
    return Thread(
        3,
        11,
        "出竹躺椅一张",
        [
            Post(
                31,
                LONG,
                at("2013-03-19 18:00:00"),
                (Words("八成新，蚊子咬过三个洞。"),),
            ),
            Post(32, HUAI, at("2013-03-19 23:10:00"), (Words("留给我。"),)),
        ],
        views=7,
        closed=True,
    )
