"""The filters of a query, in English and Chinese: their names, what values they take, what
they mean.

    author:NAME 作者:张三        board:NAME 版块:数码 (or its number)    site:NAME 站点:
    location:NAME 来自:广东      floor:1 floor:2..10 楼层:
    date:2024 2024-05 2024-05-17 2024-05..2024-07 日期:2024年5月
    after:2024-05 之后:          before:2024-05 之前:
    has:image attachment poll link quote            有:图 附件 投票 链接 引用
    is:op withheld edited gone anonymous digest     是:主楼 隐藏 编辑 删除 匿名 精华
    in:title text quotes                            在:标题 正文 引用

Dates are days of the forum's own clock. `before` and `after` leave the named day, month or
year itself out, so that `after:2024` begins with 2025. A name with `*` behind it stands
for all names that begin so.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, cast, get_args

from archive.search.days import no_date, read_days
from archive.search.quoting import filter_text, or_quote, or_quote_chinese
from scraper.core.errors import QueryError

Scope = Literal["any", "title", "text", "quotes"]
"""Where words must stand: title or text, either, or what the post quotes."""

Name = Literal["author", "board", "site", "location", "date", "floor", "has", "is"]
_DateKey = Literal["date", "before", "after", "since"]


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on a post other than its words.

    `value` for author, board, site, location, has, is; `is_prefix`: the name begins so.
    `low` and `high` for floor (inclusive, whole numbers) and for date (days of the forum's
    clock, `high` excluded); None is open. `typed` is the piece of the query that says it.
    """

    name: Name
    value: str = ""
    low: date | int | None = None
    high: date | int | None = None
    is_prefix: bool = False
    typed: str = field(default="", compare=False)


def _by_alias(table: Mapping[str, str]) -> dict[str, str]:
    """Alias → what it stands for, of a table of aliases."""
    found: dict[str, str] = {}
    for name, aliases in table.items():
        for alias in aliases.split():
            found[alias] = name
    return found


_SCOPES: Final = _by_alias(
    {
        "title": "title subject intitle 标题",
        "text": "text body 正文",
        "quotes": "quote quotes 引用",
    }
)
_KEYS: Final = _by_alias(
    {
        "author": "author user by 作者 发帖人",
        "board": "board forum 版块 板块 版",
        "site": "site 站点 论坛 站",
        "location": "location 来自 归属地 属地 IP属地 ip属地",
        "date": "date 日期 时间",
        "before": "before 之前 早于",
        "after": "after 之后 晚于",
        "since": "since",
        "floor": "floor 楼层 楼",
        "has": "has 有 含",
        "is": "is 是",
    }
)
_VALUES: Final = {
    "has": _by_alias(
        {
            "image": "image images picture 图 图片",
            "attachment": "attachment attachments file 附件",
            "poll": "poll 投票",
            "link": "link 链接",
            "quote": "quote 引用",
        }
    ),
    "is": _by_alias(
        {
            "op": "op 主楼 楼主 主题",
            "withheld": "withheld hidden 隐藏 屏蔽",
            "edited": "edited 编辑 编辑过",
            "gone": "gone deleted 删除",
            "anonymous": "anonymous 匿名",
            "digest": "digest 精华",
        }
    ),
}
_EXAMPLES: Final = {
    "author": "author:张三",
    "board": "board:数码",
    "site": "site:example",
    "location": "location:广东",
    "date": "date:2024-05",
    "before": "before:2024-05",
    "after": "after:2024-05",
    "since": "since:2024-05",
    "floor": "floor:1",
    "has": "has:image",
    "is": "is:op",
}
_ALL_KEYS: Final = (*_KEYS, *_SCOPES)
_NEARLY: Final = _by_alias(
    {"作者": "楼主 用户 用户名 作者名 网友 会员", "来自": "地区 地点 位置"}
)
"""Keys of no filter that people use where they mean one."""
_RANGE: Final = re.compile(r"\.\.\.?|…|~|～|至")
_MISSPELT_LIKENESS: Final = 0.75
_MISSPELT_CHINESE_LIKENESS: Final = 0.5
_MOST_DIGITS: Final = 9


def scope_of(key: str) -> Scope | None:
    """The scope that a key such as `title` or `标题` names."""
    name = _SCOPES.get(key.lower())
    for scope in get_args(Scope):
        if scope == name:
            return cast(Scope, scope)
    return None


def is_key(key: str) -> bool:
    """Whether the text before a colon names a filter, or where words must stand."""
    name = key.lower()
    return name in _KEYS or name in _SCOPES or is_scope_key(key)


def is_scope_key(key: str) -> bool:
    """Whether the key is that of `in:title`."""
    return key.lower() in ("in", "在")


def read_scope(key: str, value: str) -> Scope:
    """The scope of all words of the query. Raises QueryError where `value` names none."""
    scope = scope_of(value)
    if scope is None:
        raise _no_value(key, value, _SCOPES)
    return scope


def read_filter(
    key: str, value: str, *, is_prefix: bool = False, typed: str = ""
) -> Filter | None:
    """A filter, or None where `key` is none and the whole is words (`http://…`, `3:1`).

    Raises QueryError where the key is nearly that of a filter, or where its value means nothing.
    """
    name = _KEYS.get(key.lower())
    if name is None:
        _refuse_misspelt(key)
        return None
    value = value.strip()
    if not value and not is_prefix:
        raise QueryError(
            f"{key}: has no value: write for example {_EXAMPLES[name]}. {or_quote(key)}",
            f"{key}: 后面没有内容；请写成例如 {_EXAMPLES[name]}。{or_quote_chinese(key)}",
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
    """A filter whose value is one of a few, a date or a floor."""
    match name:
        case "has" | "is":
            return Filter(name, _known_value(key, name, value))
        case "date" | "before" | "after" | "since":
            return _dates(key, name, value)
    return _floor(key, value)


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
    near = _NEARLY.get(key) or _misspelt_chinese(key)
    if not near or near == key:
        return ""
    try:
        is_filter = scope_of(near) or read_filter(near, value)
    except QueryError:
        return ""
    return filter_text(near, value) if is_filter else ""


def _misspelt_chinese(key: str) -> str:
    """The Chinese key that is most like this one; empty for none."""
    keys = [name for name in _ALL_KEYS if not name.isascii() and len(name) > 1]
    near = difflib.get_close_matches(key, keys, 1, _MISSPELT_CHINESE_LIKENESS)
    return near[0] if near else ""


def _refuse_misspelt(key: str) -> None:
    """Take a key for a misspelt filter where it is a long Latin word one slip away from one."""
    if not _is_long_latin(key):
        return
    keys = [name for name in _ALL_KEYS if _is_long_latin(name)]
    near = difflib.get_close_matches(
        key.lower(),
        keys,
        1,
        _MISSPELT_LIKENESS,
    )
    if not near:
        return
    raise QueryError(
        f"{key}: is no filter; did you mean {near[0]}: ? {or_quote(key)}",
        f"没有 {key}: 这个条件；是不是 {near[0]}: ？{or_quote_chinese(key)}",
    )


def _is_long_latin(key: str) -> bool:
    return len(key) > 3 and key.isascii() and key.isalpha()


def _known_value(key: str, name: str, value: str) -> str:
    known = _VALUES[name]
    found = known.get(value.lower())
    if found is None:
        raise _no_value(key, value, known)
    return found


def _floor(key: str, value: str) -> Filter:
    parts = _RANGE.split(value)
    if not _are_bounds(parts):
        raise QueryError(
            f"{key}:{value} is no floor; write {key}:1 or {key}:2..10. {or_quote(key)}",
            f"{key}:{value} 不是楼层；请写成 {key}:1 或 {key}:2..10。{or_quote_chinese(key)}",
        )
    low = _whole(parts[0])
    high = _whole(parts[-1])
    return Filter("floor", value, low, high)


def _are_bounds(parts: list[str]) -> bool:
    """Whether these are one number, or two of which one may be left out."""
    numbers = [part for part in parts if part]
    if not numbers or len(parts) > 2:
        return False
    return all(number.isdecimal() for number in numbers)


def _whole(digits: str) -> int | None:
    """A number as written, of which no more digits are read than any floor has."""
    return int(digits[:_MOST_DIGITS]) if digits else None


def _dates(key: str, name: _DateKey, value: str) -> Filter:
    parts = _RANGE.split(value) if name == "date" else [value]
    if len(parts) > 2 or not any(parts):
        raise no_date(key, value)
    first_day, _ = read_days(key, parts[0])
    _, day_after = read_days(key, parts[-1])
    match name:
        case "before":
            return Filter("date", value, None, first_day)
        case "after":
            return Filter("date", value, day_after, None)
        case "since":
            return Filter("date", value, first_day, None)
        case "date":
            return Filter("date", value, first_day, day_after)


def _no_value(key: str, value: str, known: Iterable[str]) -> QueryError:
    return QueryError(
        f"{key}:{value} means nothing; {key}: takes {', '.join(known)}. {or_quote(key)}",
        f"{key}:{value} 没有意义；{key}: 后面可以是 {'、'.join(known)}。{or_quote_chinese(key)}",
    )
