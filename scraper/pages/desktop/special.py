"""What a thread is besides a discussion: poll, reward, debate, activity or trade, and its
named details.

X puts the message of such a thread in `div.pcbs` where a plain one has `div.t_fsz`, 7.x in
`div.specialmsg` where a plain one has `div.t_msgfontfix`; 6.0 names the thread's box
(`div.specialthread.pollthread`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

from scraper.core.records import Field
from scraper.markup.html import ancestor, attr, classes, fold, next_element, words

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
_REWARD = re.compile(r"((?:悬赏|懸賞)[^\d\s:：]{0,2})\s*+[:：]?\s*+(.+)")
_STATE = re.compile(r"\[\s*([^\s\-\]]{2,10})")
_BEFORE_NAME = re.compile(r"\s(?=[^\s\d:：]{2,8}\s?[:：])")


def is_plain(message: LexborNode | None) -> bool:
    """Whether a message stands in the box that only plain threads have."""
    if message is None:
        return False
    box = ancestor(message, "div", levels=6)
    if box is None:
        return False
    names = classes(box)
    return any(name in _PLAIN for name in names)


def special_of(box: LexborNode) -> str:
    """`poll reward debate activity trade`, by the first post's own blocks; empty for a
    plain thread."""
    named = _NAMED.search(attr(box, "class"))
    if named:
        return named[1]
    for mark in box.css(_MARKS):
        if mark.tag == "form":
            return "poll"
        for name in classes(mark):
            if name in _KINDS:
                return _KINDS[name]
    return ""


def details(box: LexborNode, special: str) -> tuple[Field, ...]:
    """The named details of a thread that is not plain, and its sorted information (分类信息)."""
    fields = list(_sorted_information(box))
    reader = _READERS.get(special)
    if reader is not None:
        fields += reader(box)
    return tuple(fields)


def _sorted_information(box: LexborNode) -> Iterator[Field]:
    for table in box.css("div.typeoption"):
        for row in table.css("tr"):
            name = row.css_first("th")
            value = words(row.css_first("td"))
            yield from _pair(name, value)
        yield from _defined(table)


def _activity(box: LexborNode) -> Iterator[Field]:
    table = box.css_first("div.spi, div.activity, div.special_activity")
    if table is not None:
        yield from _defined(table)


def _defined(box: LexborNode) -> Iterator[Field]:
    for name in box.css("dt"):
        value = next_element(name)
        if value is None or value.tag != "dd":
            continue
        yield from _pair(name, words(value))


def _trade(box: LexborNode) -> Iterator[Field]:
    """Each article: its name with its price, then what is said of it."""
    for article in box.css("div.trdl"):
        name = article.css_first("h4")
        price = words(article.css_first("div.z, .mtn"))
        yield from _pair(name, price)
        yield from _defined(article)


def _reward(box: LexborNode) -> Iterator[Field]:
    """X: `悬赏<cite>30</cite>金钱<em>已解决</em>`; 7.x: `悬赏金额: <strong>50
    元金钱</strong>`; 6.0: all in a label."""
    head = box.css_first(".rsld, .rusld, .reward_price")
    if head is None:
        head = box.css_first("td.postcontent > label")
    state = words(box.css_first(".rsld em, .rusld em, .re_solved, .re_unsolved"))

    text = words(head).removesuffix(state)
    found = _REWARD.search(text)
    if found:
        name, value = found.groups()
        name = name.rstrip(":：")
        yield Field(name=name, value=fold(value))
    elif text:
        yield Field(name="悬赏", value=text)

    if not state:
        in_brackets = _STATE.search(text)
        state = in_brackets[1] if in_brackets else ""
    if state:
        yield Field(name="状态", value=state)


def _debate(box: LexborNode) -> Iterator[Field]:
    """X: the time and the umpire in one line, each side's view under a head with its votes."""
    line = words(box.css_first(".dtm"))
    for part in _BEFORE_NAME.split(line):
        part = part.replace("：", ":", 1)
        name, _, value = part.partition(":")
        name = name.strip()
        value = value.strip()
        if value:
            yield Field(name=name, value=value)
    for point in box.css(".point"):
        side = point.css_first("strong")
        view = words(point.css_first("p"))
        yield from _pair(side, view)
    for paragraph in box.css("#umpirepoint > p"):
        yield from _judgement(paragraph)


def _judgement(paragraph: LexborNode) -> Iterator[Field]:
    """The umpire's words: who won, why, who spoke best."""
    label = paragraph.css_first("label, strong")
    if label is not None and label.tag == "label":
        verdict = words(label)
        yield Field(name="裁判评判", value=verdict)
        return
    text = words(paragraph)
    text = text.removeprefix(words(label))
    text = text.lstrip(" :：")
    yield from _pair(label, text)


def _pair(name: LexborNode | None, value: str) -> Iterator[Field]:
    label = words(name)
    label = label.rstrip(":：").strip()
    if label and value:
        yield Field(name=label, value=value)


_READERS: dict[str, Callable[[LexborNode], Iterator[Field]]] = {
    "reward": _reward,
    "debate": _debate,
    "activity": _activity,
    "trade": _trade,
}
