"""What a JSON thread is besides a discussion: poll, trade, reward, activity, debate; its
named details.

The details are named as desktop pages name them, for the JSON has only the columns of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypeAlias

from scraper.core.records import Field, Poll, PollOption
from scraper.pages.api.values import (
    JsonMap,
    string,
    words,
)

_SPECIALS: Final = {1: "poll", 2: "trade", 3: "reward", 4: "activity", 5: "debate"}
_ACTIVITY: Final = (("cost", "每人花销", " 元"), ("allapplynum", "已报名人数", " 人"))
_GENDERS: Final = {0: "不限", 1: "男", 2: "女"}
_DEBATE: Final = (
    ("affirmpoint", "正方观点"),
    ("affirmvotes", "正方票数"),
    ("negapoint", "反方观点"),
    ("negavotes", "反方票数"),
    ("endtime", "结束时间"),
    ("umpire", "裁判"),
    ("umpirepoint", "裁判观点"),
)
_UNSET: Final = ("", "0")

_NamedValues: TypeAlias = Iterator[tuple[str, str]]


def special_of(row: JsonMap) -> str:
    """The kind of a thread by its number; empty for a plain one."""
    kind = row.number("special") or 0
    return _SPECIALS.get(kind, "")


def read_poll(poll: JsonMap, now: datetime) -> Poll | None:
    """A poll from `special_poll`; None where it has no options. `now`: when the answer was
    captured."""
    options = tuple(map(_option, poll.rows("polloptions")))
    if not options:
        return None

    ends = poll.moment("expirations")
    return Poll(
        options=options,
        voters=poll.count("voterscount"),
        multiple=poll.flag("multiple"),
        ended=ends is not None and ends <= now,
    )


def _option(row: JsonMap) -> PollOption:
    return PollOption(
        text=row.words("polloption"),
        votes=row.count("votes"),
        percent=_percent(row),
    )


def _percent(row: JsonMap) -> float | None:
    try:
        share = float(row.string("percent"))
    except ValueError:
        return None
    return share if 0 <= share <= 100 else None


def best_pid(variables: JsonMap) -> int | None:
    """The post that a reward thread's author chose."""
    reward = variables.map("special_reward")
    best = reward.map("bestpost")
    return best.ident("pid")


def thread_fields(variables: JsonMap, hooked: bool = False) -> tuple[Field, ...]:
    """Sorted information (分类信息), then the details of an activity, a debate, a reward, goods.

    `hooked`: the sides' views of a debate are escaped twice, as messages are.
    """
    fields = []
    for name, value in _named_values(variables, hooked):
        if name and value:
            field = Field(
                name=name,
                value=value,
            )
            fields.append(field)
    return tuple(fields)


def _named_values(variables: JsonMap, hooked: bool) -> _NamedValues:
    sort = variables.map("threadsortshow")
    for row in sort.rows("optionlist"):
        yield row.words("title"), _with_unit(row)

    activity = variables.map("special_activity")
    yield from _activity(activity)

    debate = variables.map("special_debate")
    yield from _debate(debate, hooked)

    reward = variables.map("special_reward")
    yield "悬赏", reward.words("rewardprice")

    for goods in variables.rows("special_trade"):
        yield goods.words("subject"), _price(goods)


def _with_unit(option: JsonMap) -> str:
    value = option.words("value")
    unit = option.words("unit")
    return f"{value} {unit}".strip()


def _debate(debate: JsonMap, hooked: bool) -> _NamedValues:
    for key, label in _DEBATE:
        value = debate.get(key)
        if hooked:
            value = string(value).replace("&amp;", "&")
        printed = words(value)
        if printed not in _UNSET:
            yield label, printed


def _activity(activity: JsonMap) -> _NamedValues:
    yield "活动类型", activity.words("class")
    yield "开始时间", _period(activity)
    yield "活动地点", activity.words("place")

    gender = activity.number("gender")
    if gender is not None:
        yield "性别", _GENDERS.get(gender, "")

    for key, label, unit in _ACTIVITY:
        value = activity.words(key)
        if value not in _UNSET:
            yield label, value + unit


def _period(activity: JsonMap) -> str:
    begins = activity.words("starttimefrom")
    ends = activity.words("starttimeto")
    if not begins or ends in _UNSET:
        return begins
    return f"{begins} 至 {ends}"


def _price(goods: JsonMap) -> str:
    price = goods.words("price")
    return f"{price} 元" if price else ""
