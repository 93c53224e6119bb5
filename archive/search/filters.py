"""The filters of a query, in English and Chinese: their names, what values they take, what
they mean.

    author:NAME 作者:张三        board:NAME 版块:数码 (or its number)    site:NAME 站点:
    location:NAME 来自:广东      floor:1 floor:2..10 楼层:
    thread:480 主题:480          replies:>10 回复:   views:>100 查看: (of the thread)
    date:2024 2024-05 2024-05-17 2024-05..2024-07 日期:2024年5月
    date:yesterday last-week last-3-months 日期:昨天 上周 5月 近三个月
    after:2024-05 之后:          before:2024-05 之前:
    has:image attachment poll link quote            有:图 附件 投票 链接 引用
    is:op withheld edited gone anonymous digest     是:主楼 隐藏 编辑 删除 匿名 精华
    in:title text quotes                            在:标题 正文 引用

Dates are days of the forum's own clock, 昨天 and such counted from the time of asking.
`before` and `after` leave the named day, month or year itself out, so that `after:2024`
begins with 2025. A name with `*` behind it stands for all names that begin so.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from archive.index.fold import normalise
from archive.search.days import AskedDays, Span, read_dates
from archive.search.filter_keys import (
    EXAMPLES,
    KEYS,
    NEARLY,
    SCOPES,
    VALUES,
    Scope,
    misspelt_chinese,
    refuse_misspelt,
    scope_of,
)
from archive.search.number_ranges import read_range, read_thread
from archive.search.quoting import filter_text, or_quote, or_quote_chinese
from scraper.core.errors import QueryError

Name = Literal[
    "author",
    "board",
    "site",
    "location",
    "date",
    "floor",
    "thread",
    "replies",
    "views",
    "has",
    "is",
]


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a post other than its words.

    `value` for author, board, site, location, has, is, and the number of a thread;
    `is_prefix`: the name begins so. `low` and `high` for floor, replies, views (inclusive,
    whole numbers) and for date (days of the forum's clock, `high` excluded); None is open.
    `asked`: the same for dates that count from the day of asking. `typed` is the piece of the
    query that says it.
    """

    name: Name
    value: str = ""
    low: date | int | None = None
    high: date | int | None = None
    is_prefix: bool = False
    asked: AskedDays | None = None
    typed: str = field(default="", compare=False)

    def asked_at(self, now: datetime | None) -> Filter:
        """The same with the time at which it is asked."""
        if self.asked is None:
            return self
        asked = replace(
            self.asked,
            now=now,
        )
        return replace(
            self,
            asked=asked,
        )

    def days(self, utc_offset_minutes: int) -> Span:
        """The days of a date, on a forum whose clock is so many minutes ahead."""
        if self.asked:
            return self.asked.at(utc_offset_minutes)
        return _day(self.low), _day(self.high)

    def days_anywhere(self) -> Span:
        """Days that hold those of every forum."""
        if self.asked:
            return self.asked.anywhere()
        return _day(self.low), _day(self.high)


def _day(value: date | int | None) -> date | None:
    return value if isinstance(value, date) else None


def read_scope(key: str, value: str) -> Scope:
    """The scope of all words of the query. Raises QueryError where `value` names none."""
    scope = scope_of(value)
    if scope is None:
        raise _no_value(key, value, SCOPES)
    return scope


def read_filter(
    key: str, value: str, *, is_prefix: bool = False, typed: str = ""
) -> Filter | None:
    """A filter, or None where `key` is none and the whole is words (`http://…`, `3:1`).

    Raises QueryError where the key is nearly that of a filter, or where its value means nothing.
    """
    name = KEYS.get(key.lower())
    if name is None:
        refuse_misspelt(key)
        return None
    value = value.strip()
    if not value and not is_prefix:
        raise QueryError(
            f"{key}: has no value: write for example {EXAMPLES[name]}. {or_quote(key)}",
            f"{key}: 后面没有内容；请写成例如 {EXAMPLES[name]}。{or_quote_chinese(key)}",
        )
    match name:
        case "author" | "board" | "site" | "location":
            return Filter(
                name,
                value,
                is_prefix=is_prefix,
                typed=typed,
            )
    value = unicodedata.normalize("NFKC", value)
    value += "*" if is_prefix else ""
    return replace(
        _without_name(key, name, value),
        typed=typed,
    )


def _without_name(key: str, name: str, value: str) -> Filter:
    """A filter whose value is one of a few, a date or a number."""
    match name:
        case "has" | "is":
            return Filter(name, _known_value(key, name, value))
        case "date" | "before" | "after" | "since":
            (low, high), asked = read_dates(key, name, value)
            return Filter(
                "date",
                value,
                low,
                high,
                asked=asked,
            )
        case "thread":
            return Filter("thread", read_thread(key, value))
        case "floor" | "replies" | "views":
            low_number, high_number = read_range(key, value)
            return Filter(
                name,
                value,
                low_number,
                high_number,
            )
    raise AssertionError(name)


def no_words(key: str, typed: str) -> QueryError:
    """What to say of `标题:` with nothing behind it that can be looked for."""
    return QueryError(
        f"{typed} has no word to look for: write for example {key}:手机. {or_quote(key)}",
        f"{typed} 后面没有可以查找的字；请写成例如 {key}:手机。{or_quote_chinese(key)}",
    )


def meant_filter(text: str) -> str:
    """`版块:数码` for `版快:数码`: words that were perhaps meant as a filter; empty for others.

    A Chinese key of two characters is too near to any word for an error: it is proposed
    where nothing is found. What is proposed is never an error itself.
    """
    key, _, value = text.replace("：", ":").partition(":")
    if len(key) < 2 or not value:
        return ""
    near = [NEARLY[key]] if key in NEARLY else misspelt_chinese(key)
    if key in near:
        return ""
    for name in near:
        if _is_filter(name, value):
            return filter_text(name, value)
    return ""


def _is_filter(key: str, value: str) -> bool:
    """Whether a key and a value make a filter, or words with a place, and no error."""
    if scope_of(key):
        return True
    try:
        return read_filter(key, value) is not None
    except QueryError:
        return False


def _known_value(key: str, name: str, value: str) -> str:
    known = VALUES[name]
    found = known.get(normalise(value))
    if found is None:
        raise _no_value(key, value, known)
    return found


def _no_value(key: str, value: str, known: Iterable[str]) -> QueryError:
    return QueryError(
        f"{key}:{value} means nothing; {key}: takes {', '.join(known)}. {or_quote(key)}",
        f"{key}:{value} 没有意义；{key}: 后面可以是 {'、'.join(known)}。{or_quote_chinese(key)}",
    )
