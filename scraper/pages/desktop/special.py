"""What a thread is besides a discussion: poll, reward, debate, activity or trade, and its
named details.

X puts the message of such a thread in `div.pcbs` where a plain one has `div.t_fsz`, 7.x in
`div.specialmsg` where a plain one has `div.t_msgfontfix`; 6.0 names the thread's box
(`div.specialthread.pollthread`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.core.records import Field
from scraper.markup.html import ancestor, classes, fold, next_element, words

_KINDS = {
    "pcht": "poll",
    "pollpanel": "poll",
    "pollchart": "poll",
    "rwd": "reward",
    "rwdn": "reward",
    "rusld": "reward",
    "rsld": "reward",
    "reward": "reward",
    "rewardpost": "reward",
    "special_reward": "reward",
    "act": "activity",
    "activity": "activity",
    "special_activity": "activity",
    "ds": "debate",
    "dr": "debate",
    "debate": "debate",
    "special_debate": "debate",
    "trdb": "trade",
    "trdc": "trade",
    "trdl": "trade",
    "special_trade": "trade",
}
_NAMED = re.compile(r"(poll|reward|debate|activity|trade)thread\b")
_MARKS = ", ".join(["form#poll", *(f"div.{name}" for name in _KINDS)])
_PLAIN = ("t_fsz", "t_msgfontfix")
_REWARD = re.compile(r"((?:悬赏|懸賞)[^\d\s:：]{0,2})\s*[:：]?\s*(.+)")

_STATE = re.compile(r"\[\s*([^\s\-\]]{2,10})")


def is_plain(message: LexborNode | None) -> bool:
    """Whether a message stands in the box that only plain threads have."""
    box = ancestor(message, "div", levels=6) if message is not None else None
    return box is not None and any(name in _PLAIN for name in classes(box))


def special_of(box: LexborNode) -> str:
    """`poll reward debate activity trade`, by the first post's own blocks; empty for a
    plain thread."""
    if named := _NAMED.search(box.attributes.get("class") or ""):
        return named[1]
    for mark in box.css(_MARKS):
        kind = (
            "poll"
            if mark.tag == "form"
            else next((_KINDS[name] for name in classes(mark) if name in _KINDS), "")
        )
        if kind:
            return kind
    return ""


def details(box: LexborNode, special: str) -> tuple[Field, ...]:
    """The named details of a thread that is not plain, and its sorted information (分类信息)."""
    readers = {
        "reward": _reward,
        "debate": _debate,
        "activity": _tabled,
        "trade": _trade,
    }
    return (*_sorted(box), *(readers[special](box) if special in readers else ()))


def _sorted(box: LexborNode) -> Iterator[Field]:
    for table in box.css("div.typeoption"):
        for row in table.css("tr"):
            yield from _pair(row.css_first("th"), words(row.css_first("td")))
        yield from _defined(table)


def _tabled(box: LexborNode) -> Iterator[Field]:
    table = box.css_first("div.spi, div.activity, div.special_activity")
    if table is not None:
        yield from _defined(table)


def _defined(box: LexborNode) -> Iterator[Field]:
    for name in box.css("dt"):
        value = next_element(name)
        if value is not None and value.tag == "dd":
            yield from _pair(name, words(value))


def _trade(box: LexborNode) -> Iterator[Field]:
    """Each article: its name with its price, then what is said of it."""
    for article in box.css("div.trdl"):
        price = article.css_first("div.z, .mtn")
        yield from _pair(article.css_first("h4"), words(price))
        yield from _defined(article)


def _reward(box: LexborNode) -> Iterator[Field]:
    """X: `悬赏<cite>30</cite>金钱<em>已解决</em>`; 7.x: `悬赏金额: <strong>50
    元金钱</strong>`; 6.0: all in a label."""
    head = box.css_first(".rsld, .rusld, .reward_price") or box.css_first(
        "td.postcontent > label"
    )
    state = box.css_first(".rsld em, .rusld em, .re_solved, .re_unsolved")
    said = words(head).removesuffix(words(state))
    if found := _REWARD.search(said):
        yield Field(name=found[1].rstrip(":："), value=fold(found[2]))
    elif said:
        yield Field(name="悬赏", value=said)
    if solved := words(state) or (_STATE.findall(said) or [""])[0]:
        yield Field(name="状态", value=solved)


def _debate(box: LexborNode) -> Iterator[Field]:
    """X: the time and the umpire in one line, each side's view under a head with its votes."""
    said = words(box.css_first(".dtm"))
    for part in re.split(r"\s(?=[^\s\d:：]{2,8}\s?[:：])", said):
        name, _, value = part.replace("：", ":", 1).partition(":")
        if value.strip():
            yield Field(name=name.strip(), value=value.strip())
    for point in box.css(".point"):
        yield from _pair(point.css_first("strong"), words(point.css_first("p")))
    for judged in box.css(
        "#umpirepoint > p"
    ):  # the umpire's: who won, why, who spoke best
        label = judged.css_first("label, strong")
        said = words(judged).removeprefix(words(label))
        if label is not None and label.tag == "label":
            yield Field(name="裁判评判", value=words(label))
        else:
            yield from _pair(label, said.lstrip(" :："))


def _pair(name: LexborNode | None, value: str) -> Iterator[Field]:
    label = words(name).rstrip(":：").strip()
    if label and value:
        yield Field(name=label, value=value)
