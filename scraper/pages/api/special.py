"""What a JSON thread is besides a discussion: poll, trade, reward, activity, debate; its
named details.

The details are named as desktop pages name them, for the JSON has only the columns of the database.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from scraper.core.records import Field, Poll, PollOption
from scraper.pages.api.values import (
    Map,
    count,
    flag,
    ident,
    mapping,
    moment,
    number,
    rows,
    string,
    words,
)

_SPECIALS: Final = {1: "poll", 2: "trade", 3: "reward", 4: "activity", 5: "debate"}
_ACTIVITY: Final = (("cost", "每人花销"), ("allapplynum", "已报名人数"))
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
_UNITS: Final = {"cost": " 元", "allapplynum": " 人"}


def special_of(row: Map) -> str:
    """The kind of a thread by its number; empty for a plain one."""
    return _SPECIALS.get(number(row.get("special")) or 0, "")


def read_poll(value: object, now: datetime) -> Poll | None:
    """A poll from `special_poll`; None where it has no options. `now`: when the answer was
    captured."""
    poll = mapping(value)
    options = tuple(
        PollOption(
            text=words(row.get("polloption")),
            votes=count(row.get("votes")),
            percent=_percent(row),
        )
        for row in rows(poll.get("polloptions"))
    )
    ends = moment(poll.get("expirations"))
    return (
        Poll(
            options=options,
            voters=count(poll.get("voterscount")),
            multiple=flag(poll.get("multiple")),
            ended=ends is not None and ends <= now,
        )
        if options
        else None
    )


def best_pid(variables: Map) -> int | None:
    """The post that a reward thread's author chose."""
    return ident(
        mapping(mapping(variables.get("special_reward")).get("bestpost")).get("pid")
    )


def thread_fields(variables: Map, hooked: bool = False) -> tuple[Field, ...]:
    """Sorted information (分类信息), then the details of an activity, a debate, a reward, goods.

    `hooked`: the sides' views of a debate are escaped twice, as messages are.
    """
    sorts = [
        (
            words(row.get("title")),
            f"{words(row.get('value'))} {words(row.get('unit'))}".strip(),
        )
        for row in rows(mapping(variables.get("threadsortshow")).get("optionlist"))
    ]
    found = (
        *sorts,
        *_activity(mapping(variables.get("special_activity"))),
        *_debate(mapping(variables.get("special_debate")), hooked),
        ("悬赏", words(mapping(variables.get("special_reward")).get("rewardprice"))),
        *(_goods(row) for row in rows(variables.get("special_trade"))),
    )
    return tuple(
        Field(name=name, value=value) for name, value in found if name and value
    )


def _percent(row: Map) -> float | None:
    try:
        share = float(string(row.get("percent")))
    except ValueError:
        return None
    return share if 0 <= share <= 100 else None


def _debate(values: Map, hooked: bool) -> list[tuple[str, str]]:
    return _named(
        {
            key: string(value).replace("&amp;", "&") if hooked else value
            for key, value in values.items()
        },
        _DEBATE,
    )


def _named(values: Map, names: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    told = [(key, label, words(values.get(key))) for key, label in names]
    return [
        (label, value + _UNITS.get(key, ""))
        for key, label, value in told
        if value not in ("", "0")
    ]


def _activity(values: Map) -> list[tuple[str, str]]:
    begins, ends = words(values.get("starttimefrom")), words(values.get("starttimeto"))
    times = f"{begins} 至 {ends}" if begins and ends not in ("", "0") else begins
    gender = number(values.get("gender"))
    return [
        ("活动类型", words(values.get("class"))),
        ("开始时间", times),
        ("活动地点", words(values.get("place"))),
        ("性别", _GENDERS.get(gender, "") if gender is not None else ""),
        *_named(values, _ACTIVITY),
    ]


def _goods(row: Map) -> tuple[str, str]:
    price = words(row.get("price"))
    return words(row.get("subject")), f"{price} 元" if price else ""
