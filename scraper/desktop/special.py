"""What a thread is besides a discussion: poll, reward, debate, activity or trade, and its named details."""

from __future__ import annotations

from selectolax.lexbor import LexborNode

from scraper.html import classes, next_element, words
from scraper.records import Field

_KINDS = {
    "pcht": "poll", "pollpanel": "poll", "pollchart": "poll", "rwd": "reward", "rwdn": "reward", "rusld": "reward",
    "rsld": "reward", "reward": "reward", "rewardpost": "reward", "specialthread_3": "reward", "act": "activity",
    "activity": "activity", "ds": "debate", "dr": "debate", "debate": "debate", "trdb": "trade", "trdc": "trade",
    "trdl": "trade",
}
_MARKS = ", ".join(["form#poll", *(f"div.{name}" for name in _KINDS)])


def special_of(post: LexborNode) -> str:
    """`poll reward debate activity trade`, by the first post's own blocks; empty for a plain thread."""
    for mark in post.css(_MARKS):
        kind = "poll" if mark.tag == "form" else next((_KINDS[name] for name in classes(mark) if name in _KINDS), "")
        if kind:
            return kind
    return ""


def thread_fields(post: LexborNode) -> tuple[Field, ...]:
    """Sorted information (分类信息) as name–value pairs, then the details of an activity."""
    pairs: list[Field | None] = []
    for box in post.css("div.typeoption, div.spi"):
        pairs += (_pair(row.css_first("th"), row.css_first("td")) for row in box.css("tr"))
        for item in box.css("dt"):
            value = next_element(item)
            if value is not None and value.tag == "dd":
                pairs.append(_pair(item, value))
    return tuple(pair for pair in pairs if pair)


def _pair(name: LexborNode | None, value: LexborNode | None) -> Field | None:
    label = words(name).rstrip(":：").strip()
    content = words(value)
    return Field(name=label, value=content) if label and content else None
