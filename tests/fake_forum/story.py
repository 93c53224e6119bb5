"""The invented forum 青石巷: few boards, and threads that show everything a page can carry. Always the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from .forum import ZONE, Forum
from .message import AUTHOR_ONLY
from .model import (
    Board,
    Category,
    Code,
    Comment,
    File,
    Hidden,
    Inline,
    Link,
    Picture,
    Poll,
    Post,
    Quoted,
    Rating,
    Smiley,
    Styled,
    Thread,
    User,
    Words,
)

NOW = datetime(2024, 5, 20, 21, 30, tzinfo=ZONE)
AMAN = User(
    1,
    "阿满",
    "管理员",
    '<b>巷口开了十年的茶摊</b>，<a href="https://tea.example/" target="_blank">来坐坐</a>',
)
TAN = User(2, "卖炭翁", "版主")
YU = User(3, "小雨点", "新手上路")
ZHOU = User(4, "老周修表", "金牌会员", "修得了表，修不了时间")
QING = User(5, "青团Mochi")
LEE = User(6, "Mr.Lee <1988>")
GAO = User(7, "髙橋&𠮷田")
SUO = User(8, "蓑衣客", deleted=True)
AD = User(9, "发财大师", banned=True)
PERCENT = User(10, "100%棉")
USERS = (AMAN, TAN, YU, ZHOU, QING, LEE, GAO, SUO, AD, PERCENT)
TEA_TYPES = ((11, "闲聊"), (12, "求助"), (13, "晒图"))


def at(text: str) -> datetime:
    """`2024-05-01 08:20[:05]` in the forum's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def qingshi() -> Forum:
    """The forum at its first moment, with eight threads a page so that boards have several."""
    boards = (
        Board(
            2,
            "茶摊",
            1,
            description='喝茶闲聊，"天南海北"都行',
            moderators=("卖炭翁", "老周修表"),
            types=TEA_TYPES,
        ),
        Board(3, "公告栏", 1),
        Board(8, "密室", 1, description="知道口令的进", access="password"),
        Board(9, "会员内院", 1, access="members"),
        Board(
            5,
            "修理铺",
            4,
            description="钟表、收音机、自行车 & 其他",
            moderators=("老周修表",),
        ),
        Board(6, "收音机角", 4, parent=5, description="短波、中波、调频"),
        Board(7, "菜谱抄本", 4, description="本版有干扰码", jammer=True),
    )
    forum = Forum(
        "青石巷",
        NOW,
        USERS,
        (Category(1, "巷口闲话"), Category(4, "手艺人")),
        boards,
        threads_per_page=8,
        posts_per_page=10,
    )
    for thread in (
        *_rules(),
        *_radio(),
        *_withheld(),
        *_poll(),
        _recipe(),
        _tower(),
        *_others(),
    ):
        forum.threads[thread.tid] = thread
    return forum


def _rules() -> tuple[Thread, ...]:
    rules = Thread(
        101,
        3,
        "青石巷公约（请先读我）",
        [
            Post(
                1001,
                AMAN,
                at("2023-12-31 23:59:58"),
                (
                    Words("一、好好说话。\n二、不发广告。\n三、"),
                    Styled(
                        '<font color="#ff0000"><strong>修坏了不许赖老周</strong></font>',
                        "修坏了不许赖老周",
                    ),
                    Words("。"),
                ),
            ),
            Post(1002, ZHOU, at("2024-01-01 08:00:00"), (Words("第三条好。"),)),
        ],
        sticky=3,
        views=888,
    )
    tea = Thread(
        102,
        2,
        "本周茶单：明前龙井与陈皮",
        [
            Post(
                1003,
                TAN,
                at("2024-05-13 07:05:30"),
                (Words("周一龙井，周三陈皮，周五随缘。"),),
            ),
        ],
        sticky=1,
        views=66,
        type="闲聊",
    )
    return rules, tea


def _radio() -> tuple[Thread, ...]:
    first = Post(
        1010,
        YU,
        at("2024-05-18 20:15:42"),
        (
            Words(
                "外公留下的红灯牌收音机，昨晚开机只剩沙沙声。\n\n调谐指针能走，指示灯也亮，就是一个台都收不到。"
            ),
            Smiley(2, "sad.gif"),
            Words("\n先上图：\n"),
            Inline(501),
            Words("\n还有一张底板的，放在附件里。求各位师傅把把脉！"),
        ),
        files=(
            File(
                501,
                "红灯711正面.jpg",
                "120.56 KB",
                31,
                "forum/202405/18/201501hongdeng.jpg",
            ),
            File(
                502, "底板&线路.png", "1.44 MB", 12, "forum/202405/18/201502diban.png"
            ),
            File(503, "原理图.zip", "2.24 MB", 7, price=5),
        ),
        edited_at=at("2024-05-18 20:31:00"),
        edited_by="小雨点",
        ratings=(
            Rating(ZHOU, 5, "原创内容"),
            Rating(TAN, 2),
            Rating(LEE, -1, "图太大", "金钱"),
        ),
        comments=(
            Comment(QING, at("2024-05-19 07:30:00"), "外公的眼光真好"),
            Comment(PERCENT, at("2024-05-18 22:02:00"), "同款！<前面板>一模一样"),
        ),
    )
    asked = "指示灯也亮，就是一个台都收不到。"
    answer = "先别拆。量一下B+电压，应在 220V±10%。低于 180V 多半是滤波电容漏了。"
    posts = [
        first,
        Post(
            1011,
            ZHOU,
            at("2024-05-18 21:03:10"),
            (Quoted(1010, "小雨点", at("2024-05-18 20:15"), asked), Words(answer)),
        ),
        Post(
            1012,
            LEE,
            at("2024-05-18 23:40:00"),
            (
                Words("顺手写了个小程序，照色环算阻值：\n"),
                Code(
                    'COLORS = "黑棕红橙黄绿蓝紫灰白"\n\ndef ohms(a, b, c):\n    if a < 0 and b > 9:\n        return None  # 不认识\n'
                    "    return (a * 10 + b) * 10 ** c"
                ),
                Words("\n用法见 "),
                Link("https://code.example/ohms?lang=zh&v=2", "我的笔记"),
                Words("。"),
            ),
        ),
        Post(
            1013,
            YU,
            at("2024-05-19 09:12:07"),
            (
                Quoted(
                    1011,
                    "老周修表",
                    at("2024-05-18 21:03"),
                    "先别拆。量一下B+电压，应在 220V±10%。 ...",
                ),
                Words("量了，165V！是不是就是电容？"),
                Picture("https://img.example/meter.jpg"),
            ),
        ),
        Post(
            1014,
            ZHOU,
            at("2024-05-19 09:40:00"),
            (
                Words("清单：\n"),
                Styled(
                    "<ul><li>电解电容 10μF/450V 两只<li>松香、焊锡</ul>",
                    "电解电容 10μF/450V 两只\n松香、焊锡",
                ),
                Styled(
                    '<table cellspacing="0" class="t_table" ><tr><td>位置</td><td>耐压</td></tr><tr><td>C12</td>'
                    "<td>450V</td></tr></table>",
                    "位置 耐压\nC12 450V",
                ),
            ),
        ),
        Post(
            1015,
            QING,
            at("2024-05-20 12:00:00"),
            (Words("前排围观，坐等开声。"),),
            subject="Re: 加油",
        ),
        Post(
            1016,
            YU,
            at("2024-05-20 21:08:00"),
            (
                Words(
                    "修好了！！第一个收到的是评弹，外婆听得眼睛红了。谢谢老周，谢谢大家。"
                ),
            ),
        ),
    ]
    solved = Thread(
        110,
        6,
        "红灯711只剩沙沙声，求师傅把脉",
        posts,
        digest=1,
        views=1024,
        tags=("电子管", "修复"),
    )
    parts = Thread(
        111,
        5,
        "拆机零件清单",
        [
            Post(
                1020,
                ZHOU,
                at("2024-04-02 10:00:00"),
                (Words("抽屉里翻出来的，谁要自取。"),),
            ),
            Post(
                1021,
                GAO,
                at("2024-04-02 11:22:33"),
                (Words("那只 6P1 还在吗？我从𠮷祥寺带了羊羹来换。"),),
            ),
        ],
        views=75,
        closed=True,
    )
    return solved, parts


def _withheld() -> tuple[Thread, ...]:
    posts = [
        Post(
            1030,
            TAN,
            at("2024-03-08 19:00:00"),
            (
                Words("猜猜巷子尽头那扇门后面是什么。"),
                Hidden("是老周的猫。"),
                Words("\n答对有茶喝。"),
            ),
        ),
        Post(
            1031,
            QING,
            at("2024-03-08 19:20:00"),
            (Words("我不说我是谁，但我见过那只猫。"),),
            anonymous=True,
        ),
        Post(1032, SUO, at("2024-03-09 06:10:00"), (Words("此号已弃。"),)),
        Post(1033, AD, at("2024-03-09 07:00:00"), (Words("加我领红包。"),)),
        Post(
            1034,
            LEE,
            at("2024-03-09 12:30:00"),
            (Words("门后面当然是……"),),
            withheld="该帖被管理员或版主屏蔽",
        ),
        Post(
            1035,
            YU,
            at("2024-03-09 13:00:00"),
            (Words("只给楼主看：真的是猫吗？"),),
            withheld=AUTHOR_ONLY,
        ),
        Post(
            1036,
            PERCENT,
            at("2024-03-10 08:08:08"),
            (
                Quoted(
                    1031,
                    "匿名",
                    at("2024-03-08 19:20"),
                    "我不说我是谁，但我见过那只猫。",
                ),
                Words("那就是青团。"),
            ),
        ),
    ]
    return (
        Thread(120, 2, "巷子尽头那扇门", posts, views=321, type="闲聊"),
        Thread(
            121,
            2,
            "只给老街坊看",
            [Post(1040, AMAN, at("2024-02-10 00:00:00"), (Words("新年好。"),))],
            read_level=50,
        ),
        Thread(
            122,
            9,
            "内院夜谈",
            [Post(1041, AMAN, at("2024-02-11 22:00:00"), (Words("关起门来说话。"),))],
        ),
        Thread(
            123,
            8,
            "口令换了",
            [
                Post(
                    1042, TAN, at("2024-02-12 22:00:00"), (Words("新口令在茶壶底下。"),)
                )
            ],
        ),
    )


def _poll() -> tuple[Thread, ...]:
    outing = Poll(
        (
            ("去水乡看龙舟", 9),
            ("上山采艾草 & 菖蒲", 6),
            ("在家包粽子", 13),
            ("加班", 0),
        ),
        voters=17,
        max_choices=2,
    )
    tofu = Poll((("甜", 21), ("咸", 22)), voters=43, ended=True)
    return (
        Thread(
            130,
            2,
            "端午去哪儿？",
            [
                Post(
                    1050,
                    QING,
                    at("2024-05-17 18:00:00"),
                    (Words("巷子里一起去，车费均摊。"),),
                ),
                Post(
                    1051,
                    PERCENT,
                    at("2024-05-17 18:30:00"),
                    (Words("投了包粽子，我带糯米。"),),
                ),
            ],
            poll=outing,
            views=143,
            type="闲聊",
        ),
        Thread(
            131,
            2,
            "豆腐脑甜咸大战",
            [
                Post(1052, LEE, at("2024-01-20 08:00:00"), (Words("不许打架。"),)),
            ],
            poll=tofu,
            views=999,
            closed=True,
        ),
    )


def _recipe() -> Thread:
    return Thread(
        140,
        7,
        "外婆的梅干菜扣肉",
        [
            Post(
                1060,
                QING,
                at("2024-05-11 11:11:11"),
                (
                    Words(
                        "五花肉一斤半，梅干菜二两。\n一、冷水下锅，焯水十分钟；\n二、抹老抽，煎到皮起泡；\n三、切片，码碗，上锅蒸两小时。\n趁热倒扣，香到隔壁。"
                    ),
                ),
            ),
            Post(
                1061,
                AMAN,
                at("2024-05-12 12:00:00"),
                (Words("蒸的时候加一勺黄酒。\n别问我怎么知道的。"),),
            ),
        ],
        views=58,
    )


def _tower() -> Thread:
    foods = (
        "葱油拌面",
        "腌笃鲜",
        "蟹粉小笼",
        "生煎",
        "糟卤毛豆",
        "咸肉菜饭",
        "鳝丝面",
        "荠菜馄饨",
        "酒酿圆子",
        "油墩子",
        "锅贴",
    )
    who = (AMAN, TAN, YU, ZHOU, QING, LEE, PERCENT)
    start = at("2024-04-20 12:00:03")
    posts = [Post(1100, AMAN, start, (Words("今天吃了什么，一人说一句，不许跑题。"),))]
    posts += [
        Post(
            1100 + n,
            who[n % 7],
            start + timedelta(hours=5 * n, seconds=n),
            (Words(f"第{n}顿：{foods[n % 11]}。"),),
        )
        for n in range(1, 24)
    ]
    return Thread(150, 2, "【长楼】今天吃了什么", posts, views=2333, type="闲聊")


def _others() -> tuple[Thread, ...]:
    moved = Thread(
        160,
        5,
        "自行车链条总掉",
        [
            Post(
                1200,
                PERCENT,
                at("2024-05-15 10:00:00"),
                (Words("上坡必掉，师傅看看。"),),
            ),
            Post(
                1201, ZHOU, at("2024-05-15 10:30:00"), (Words("飞轮磨平了，换一个。"),)
            ),
        ],
        views=40,
    )
    pointer = Thread(161, 2, "自行车链条总掉", [moved.first], moved_to=160)
    names = (
        "雨天的屋檐",
        "谁家的收音机在放评弹",
        "寻猫：三花，左耳缺角",
        "巷口路灯又坏了",
        "桂花开了吗",
        "旧书换茶叶",
        "求一把竹椅的修法",
        "清晨的豆浆摊",
        "夜里两点的脚步声",
        "拍到一只翠鸟",
        "河埠头的石阶",
        "晒晒阳台的薄荷",
    )
    small = [
        Thread(
            170 + n,
            2,
            name,
            [
                Post(
                    1300 + 2 * n,
                    USERS[n % 7],
                    at("2024-04-01 09:00:00") + timedelta(days=2 * n, minutes=37 * n),
                    (Words(f"{name}。\n说来话长，先占个座。"),),
                ),
                Post(
                    1301 + 2 * n,
                    USERS[(n + 3) % 7],
                    at("2024-04-01 21:00:00") + timedelta(days=2 * n, minutes=11 * n),
                    (Words(f"听楼主讲「{name[:4]}」。"),),
                ),
            ],
            type=TEA_TYPES[n % 3][1],
            views=10 * n + 3,
        )
        for n, name in enumerate(names)
    ]
    return moved, pointer, *small
