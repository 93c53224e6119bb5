"""Where a post was written: the labels that forums print, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.html import fold
from scraper.markup.location import location_of

IP_LABELS = (
    "IP归属地:",
    "IP归属地：",
    "IP 归属地：",
    "IP属地：",
    "IP属地: ",
    "ip属地:",
    "IP属地 ",
    "IP歸屬地：",
    "IP屬地：",
    "归属地：",
    "屬地:",
    "IP:",
    "IP：",
    "IP: ",
    "IP来自：",
)
FROM_LABELS = ("来自 ", "来自: ", "来自：", "来自", "來自 ", "來自：")
PLACES = (
    "广东",
    "广东省",
    "广东省深圳市",
    "中国四川眉山",
    "北京",
    "廣東",
    "臺灣",
    "内蒙古",
    "中国香港",
    "湖北恩施州",
    "云南西双版纳",
    "河南驻马店",
    "中国 广东 深圳",
    "浙江·杭州",
    "四川 眉山",
    "新加坡",
    "美国加利福尼亚州",
    "义乌市",
)
BEFORE = (
    "",
    "发表于 2023-5-1 12:00 ",
    "發表於 3\xa0天前 ",
    "显示全部楼层 |阅读模式 ",
    "5# ",
    "[",
    "12:00",
)
AFTER = (
    "",
    " | 只看该作者",
    " 只看该作者",
    "|楼主",
    "\n回复 举报",
    ")",
    "】",
    " 电信",
    "。",
    " 张三",
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("发表于 2023-5-1 12:00 来自 北京", "北京"),
        (
            "发表于 2005-8-4 21:37:32 | 显示全部楼层 |阅读模式 来自 中国四川眉山",
            "中国四川眉山",
        ),
        ("发表于 2023-5-1 12:00:00来自 广东", "广东"),
        ("IP归属地:广东", "广东"),
        ("IP 归属地：广东", "广东"),
        ("來自 臺北市", "臺北市"),
        ("来自手机 IP属地：河北", "河北"),
        ("来自手机 | 来自 河北", "河北"),
        # the network's operator and the address are no part of the place
        ("来自: 广东省深圳市 电信", "广东省深圳市"),
        ("来自: 广东省深圳市电信ADSL", "广东省深圳市"),
        ("来自: - 广东省深圳市 联通", "广东省深圳市"),  # Discuz!'s own convertip()
        ("IP:1.2.3.*(浙江)", "浙江"),
        ("来自 1.2.*.* 浙江省", "浙江省"),
        ("IP属地：2001:db8::1 北京", "北京"),
        ("来自广东网友", "广东"),
        ("IP属地：广东网友电信", "广东"),
        ("IP属地：广东联通电信", "广东"),
        ("IP属地：广东只看该作者", "广东"),  # buttons that nothing divides from it
        # names that no list has: a label of the IP address is enough
        ("IP属地：瓦努阿图", "瓦努阿图"),
        ("IP属地: United States | 楼主", "United States"),
        ("IP属地：Singapore", "Singapore"),
    ],
)
def test_a_label_and_its_place(text: str, place: str) -> None:
    assert location_of(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "发表于 2023-5-1 12:00",
        # devices and clients
        "来自手机",
        "发表于 2023-5-1 12:00 来自手机",
        "来自 手机",
        "来自手机客户端",
        "来自: iPhone客户端",
        "来自 iPhone客户端",
        "来自: Android客户端",
        "来自: WindowsPhone",
        "来自安卓客户端",
        "来自 微信小程序",
        "来自 触屏版",
        "来自 广东手机客户端",
        "來自 手機",
        # floors, groups, sites, papers
        "顶 来自 7#",
        "顶 来自 12楼",
        "来自群组: 北京人",
        "来自 北京论坛",
        "来自 北京青年报",
        "来自 上海大学",
        "来自 广州车友会",
        # a name or a sentence, not a label
        "来自星星的你 发表于 2023-5-1 12:00",
        "来自北京的他 发表于 2023-5-1 12:00",
        "本文来自 北京",
        "VIP:广东",
        "我来自北京",
        # addresses are no places, whole or masked
        "来自:0.0.0.0",
        "IP:1.2.3.*",
        "IP: 1.2.*.*",
        "IP：127.0.0.1",
        "IP属地：2001:db8::1",
        "来自 1.2.3.4",
        # the label says that it does not say
        "IP属地：未知",
        "IP属地：保密",
        "IP：登录可见",
        "IP属地：登录后查看",
        "IP:unknown",
        "IP: 局域网",
        "IP属地：",
        "IP属地：| 楼主",
        # what is left beside the operator is no name
        "IP归属地:东广电",
        "IP属地：电信",
        "来自",
    ],
)
def test_what_is_no_location(text: str) -> None:
    assert location_of(text) == ""


@given(
    st.sampled_from(BEFORE),
    st.sampled_from(IP_LABELS + FROM_LABELS),
    st.sampled_from(PLACES),
    st.sampled_from(AFTER),
)
def test_every_label_gives_every_place_whatever_stands_around(
    before: str, label: str, place: str, after: str
) -> None:
    assert location_of(before + label + place + after) == place


@given(
    st.sampled_from(IP_LABELS + FROM_LABELS + ("",)),
    st.text(
        alphabet=st.sampled_from("广东省市来自IP:：.*1 \xa0\n手机ab|（·电信"),
        max_size=60,
    ),
)
def test_a_location_is_a_short_piece_of_the_line_and_its_own_reading(
    label: str, rest: str
) -> None:
    place = location_of(label + rest)
    assert place in fold(label + rest)
    assert place == place.strip()
    assert not any(char.isdigit() or char in "*|:\n" for char in place)
    if place:
        assert location_of("IP属地：" + place) == place


@given(st.text(max_size=200))
def test_any_text_at_all(text: str) -> None:
    place = location_of(text)
    assert not place or any(
        label in text for label in ("属地", "屬地", "来自", "來自", "P", "p")
    )


def test_long_lines_are_read_in_linear_time() -> None:
    assert location_of("来自 " * 50_000) == ""
    assert location_of("IP:" + "1." * 100_000) == ""
    assert location_of("来自 北京 " * 20_000).startswith("北京")
    assert location_of("来自 " + "省" * 100_000 + " 来自 北京") == "北京"
