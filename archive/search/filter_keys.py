"""The names of filters and of places where words must stand, in English and Chinese, and what
values they take."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final, Literal, cast, get_args

from archive.index.fold import normalise
from archive.search.quoting import or_quote, or_quote_chinese
from scraper.core.errors import QueryError

Scope = Literal["any", "title", "text", "quotes"]
"""Where words must stand: title or text, either, or what the post quotes."""


def by_alias(table: Mapping[str, str]) -> dict[str, str]:
    """Alias → what it stands for, of a table of aliases."""
    found: dict[str, str] = {}
    for name, aliases in table.items():
        for alias in aliases.split():
            found[alias] = name
    return found


SCOPES: Final = by_alias(
    {
        "title": "title subject intitle 标题",
        "text": "text body 正文",
        "quotes": "quote quotes 引用",
    }
)
KEYS: Final = by_alias(
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
        "thread": "thread tid 主题 主题号",
        "replies": "replies 回复 回复数 回帖",
        "views": "views 查看 浏览 浏览量",
        "has": "has 有 含",
        "is": "is 是",
    }
)
VALUES: Final = {
    "has": by_alias(
        {
            "image": "image images picture 图 图片",
            "attachment": "attachment attachments file 附件",
            "poll": "poll 投票",
            "link": "link 链接",
            "quote": "quote 引用",
        }
    ),
    "is": by_alias(
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
EXAMPLES: Final = {
    "author": "author:张三",
    "board": "board:数码",
    "site": "site:example",
    "location": "location:广东",
    "date": "date:2024-05",
    "before": "before:2024-05",
    "after": "after:2024-05",
    "since": "since:2024-05",
    "floor": "floor:1",
    "thread": "thread:480",
    "replies": "replies:10..",
    "views": "views:100..",
    "has": "has:image",
    "is": "is:op",
}
_ALL_KEYS: Final = (*KEYS, *SCOPES)
NEARLY: Final = by_alias(
    {"作者": "楼主 用户 用户名 作者名 网友 会员", "来自": "地区 地点 位置"}
)
"""Keys of no filter that people use where they mean one."""
_MISSPELT_LIKENESS: Final = 0.75
_MISSPELT_CHINESE_LIKENESS: Final = 0.5
_MOST_NEAR: Final = 3


def scope_of(key: str) -> Scope | None:
    """The scope that a key such as `title` or `标题` names."""
    name = SCOPES.get(normalise(key))
    for scope in get_args(Scope):
        if scope == name:
            return cast(Scope, scope)
    return None


def is_key(key: str) -> bool:
    """Whether the text before a colon names a filter, or where words must stand."""
    name = key.lower()
    return name in KEYS or name in SCOPES or is_scope_key(key)


def is_scope_key(key: str) -> bool:
    """Whether the key is that of `in:title`."""
    return key.lower() in ("in", "在")


def misspelt_chinese(key: str) -> list[str]:
    """The Chinese keys that are most like this one, the likest first."""
    keys = [name for name in _ALL_KEYS if not name.isascii() and len(name) > 1]
    return difflib.get_close_matches(
        key,
        keys,
        _MOST_NEAR,
        _MISSPELT_CHINESE_LIKENESS,
    )


def refuse_misspelt(key: str) -> None:
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
