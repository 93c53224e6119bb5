"""The filters of a query, in English and Chinese: their names, what values they take, what
they mean.

    author:NAME 作者:张三        board:NAME 版块:数码 (or its number)      site:NAME 站点:
    date:2024 2024-05 2024-05-17 2024-05..2024-07 日期:2024年5月           after:2024-05 之后:  before:2024-05 之前:
    floor:1 floor:2..10 楼层:    has:image attachment poll link quote      有:图 附件 投票 链接 引用
    is:op withheld edited gone anonymous digest   是:主楼 隐藏 编辑 删除 匿名 精华
    in:title text quotes   在:标题 正文 引用

Dates are days of the forum's own clock. `before` and `after` leave the named day, month or
year itself out, so that
`after:2024` begins with 2025. A name with `*` at its end stands for all names that begin so.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

from scraper.core.errors import QueryError

Scope = Literal["any", "title", "text", "quotes"]
"""Where words must stand: title or text, either, or what the post quotes."""

Name = Literal["author", "board", "site", "date", "floor", "has", "is"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a post other than its words.

    `value` for author, board, site, has, is. `low` and `high` for floor (inclusive, whole numbers) and for date (days
    of the forum's clock, `high` excluded); None is open.
    """

    name: Name
    value: str = ""
    low: date | int | None = None
    high: date | int | None = None


_SCOPES: dict[str, Scope] = {
    "title": "title",
    "subject": "title",
    "intitle": "title",
    "标题": "title",
    "text": "text",
    "body": "text",
    "正文": "text",
    "quote": "quotes",
    "quotes": "quotes",
    "引用": "quotes",
}
_NAMES: dict[str, str] = {
    "author": "author",
    "user": "author",
    "by": "author",
    "作者": "author",
    "发帖人": "author",
    "board": "board",
    "forum": "board",
    "版块": "board",
    "板块": "board",
    "版": "board",
    "site": "site",
    "站点": "site",
    "论坛": "site",
    "站": "site",
    "date": "date",
    "日期": "date",
    "时间": "date",
    "before": "before",
    "之前": "before",
    "早于": "before",
    "after": "after",
    "since": "since",
    "之后": "after",
    "晚于": "after",
    "floor": "floor",
    "楼层": "floor",
    "楼": "floor",
    "has": "has",
    "有": "has",
    "含": "has",
    "is": "is",
    "是": "is",
}
_VALUES: dict[str, dict[str, str]] = {
    "has": {
        "image": "image",
        "images": "image",
        "picture": "image",
        "图": "image",
        "图片": "image",
        "attachment": "attachment",
        "attachments": "attachment",
        "file": "attachment",
        "附件": "attachment",
        "poll": "poll",
        "投票": "poll",
        "link": "link",
        "链接": "link",
        "quote": "quote",
        "引用": "quote",
    },
    "is": {
        "op": "op",
        "主楼": "op",
        "楼主": "op",
        "主题": "op",
        "withheld": "withheld",
        "hidden": "withheld",
        "隐藏": "withheld",
        "屏蔽": "withheld",
        "edited": "edited",
        "编辑": "edited",
        "编辑过": "edited",
        "gone": "gone",
        "deleted": "gone",
        "删除": "gone",
        "anonymous": "anonymous",
        "匿名": "anonymous",
        "digest": "digest",
        "精华": "digest",
    },
}
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)")
_RANGE = re.compile(r"\.\.\.?|…|~|～|至")


def scope_of(key: str) -> Scope | None:
    """The place that a key such as `title` or `标题` names."""
    return _SCOPES.get(key.lower())


def is_place_key(key: str) -> bool:
    """Whether the key is that of `in:title`."""
    return key.lower() in ("in", "在")


def place(key: str, value: str) -> Scope:
    """The place that all words of the query are looked for in. Raises QueryError where
    `value` names none."""
    if scope := scope_of(value):
        return scope
    raise _no_value(key, value, _SCOPES)


def read_filter(key: str, value: str) -> Filter | None:
    """A filter, or None where `key` is none and the whole is words (`http://…`, `3:1`).

    Raises QueryError where the key is nearly that of a filter, or where its value means nothing.
    """
    name = _NAMES.get(key.lower())
    if name is None:
        _doubt(key)
        return None
    if not (value := value.strip()):
        raise QueryError(
            f"{key}: has no value: write for example {_EXAMPLES[name]}",
            f"{key}: 后面没有内容；请写成例如 {_EXAMPLES[name]}",
        )
    if name in ("author", "board", "site"):
        return Filter(cast(Name, name), value)
    value = unicodedata.normalize("NFKC", value)
    if name in _VALUES:
        return Filter(cast(Name, name), _known_value(key, name, value))
    return _floor(key, value) if name == "floor" else _dates(key, name, value)


_EXAMPLES = {
    "author": "author:张三",
    "board": "board:数码",
    "site": "site:example",
    "date": "date:2024-05",
    "before": "before:2024-05",
    "after": "after:2024-05",
    "since": "since:2024-05",
    "floor": "floor:1",
    "has": "has:image",
    "is": "is:op",
}


def _doubt(key: str) -> None:
    """Take a key for a misspelt filter where it is a long Latin word one slip away from one."""
    if len(key) < 4 or not key.isascii() or not key.isalpha():
        return
    names = [name for name in (*_NAMES, *_SCOPES) if name.isascii() and len(name) > 3]
    if near := difflib.get_close_matches(key.lower(), names, 1, 0.75):
        raise QueryError(
            f'{key}: is no filter; did you mean {near[0]}: ? To search for the word, quote it: "{key}:"',
            f'没有 {key}: 这个条件；是不是 {near[0]}: ？要搜索这个词，请加引号："{key}:"',
        )


def meant_filter(text: str) -> str:
    """`版块:数码` for `版快:数码`: words that were perhaps meant as a filter; empty for others.

    A Chinese key of two characters is too near to any word for an error: it is proposed
    where nothing is found.
    """
    key, colon, value = text.replace("：", ":").partition(":")
    names = [
        name for name in (*_NAMES, *_SCOPES) if not name.isascii() and len(name) > 1
    ]
    near = (
        difflib.get_close_matches(key, names, 1, 0.5)
        if colon and value and len(key) > 1
        else []
    )
    return f"{near[0]}:{value}" if near and near[0] != key else ""


def _known_value(key: str, name: str, value: str) -> str:
    known = _VALUES[name]
    if found := known.get(value.lower()):
        return found
    raise _no_value(key, value, known)


def _floor(key: str, value: str) -> Filter:
    parts = _RANGE.split(value)
    if (
        len(parts) > 2
        or not all(part.isdecimal() or not part for part in parts)
        or value in ("..", "...")
    ):
        raise QueryError(
            f"{key}:{value} is no floor; write {key}:1 or {key}:2..10",
            f"{key}:{value} 不是楼层；请写成 {key}:1 或 {key}:2..10",
        )
    low, high = (int(part[:9]) if part else None for part in (parts[0], parts[-1]))
    return Filter("floor", value, low, high)


def _dates(key: str, name: str, value: str) -> Filter:
    parts = _RANGE.split(value) if name == "date" else [value]
    if len(parts) > 2 or not any(parts):
        raise _no_date(key, value)
    (first, _), (_, last) = (
        _span(key, part) if part else (None, None) for part in (parts[0], parts[-1])
    )
    if name == "before":
        return Filter("date", value, None, first)
    if name == "after":
        return Filter("date", value, last, None)
    return Filter("date", value, first, None if name == "since" else last)


def _span(key: str, text: str) -> tuple[date | None, date | None]:
    """The first day of a year, month or day as written, and the day after its last."""
    match = _DATE.fullmatch(text)
    if not match:
        raise _no_date(key, text)
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
        if day:
            return first, first + timedelta(days=1)
        return first, date(first.year + 1, 1, 1) if not month or month == 12 else date(
            first.year, month + 1, 1
        )
    except (ValueError, OverflowError):
        raise _no_date(key, text) from None


def _no_date(key: str, value: str) -> QueryError:
    return QueryError(
        f"{key}:{value} is no date; write {key}:2024, {key}:2024-05 or {key}:2024-05-17",
        f"{key}:{value} 不是日期；请写成 {key}:2024、{key}:2024-05 或 {key}:2024-05-17",
    )


def _no_value(key: str, value: str, known: Iterable[str]) -> QueryError:
    return QueryError(
        f"{key}:{value} means nothing; {key}: takes {', '.join(known)}",
        f"{key}:{value} 没有意义；{key}: 后面可以是 {'、'.join(known)}",
    )
