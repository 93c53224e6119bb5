"""The JSON of a member (module `profile`), its fields named as profile pages name them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scraper.core.errors import PageError
from scraper.core.records import Field, ProfilePage
from scraper.markup.snapshot import Snapshot
from scraper.pages.api.values import JsonMap

_TIMES: Final = (
    ("regdate", "注册时间"),
    ("lastvisit", "最后访问"),
    ("lastactivity", "上次活动时间"),
    ("lastpost", "上次发表时间"),
)
_PROFILE: Final = (
    ("customstatus", "自定义头衔"),
    ("credits", "积分"),
    ("threads", "主题数"),
    ("posts", "回帖数"),
    ("friends", "好友数"),
    ("site", "个人主页"),
    ("bio", "自我介绍"),
    ("interest", "兴趣爱好"),
    ("sightml", "个人签名"),
)


def read_profile(answer: JsonMap, variables: JsonMap, page: Snapshot) -> ProfilePage:
    """Read a member's page; PageError where it tells no member."""
    space = variables.map("space")
    uid = space.ident("uid")
    name = space.words("username")
    if uid is None and not name:
        raise PageError("a profile in JSON of no member")

    fields = []
    for label, value in _named_values(space, page):
        if value:
            field = Field(
                name=label,
                value=value,
            )
            fields.append(field)
    return ProfilePage(
        uid=uid,
        name=name,
        fields=tuple(fields),
    )


def _named_values(space: JsonMap, page: Snapshot) -> Iterator[tuple[str, str]]:
    group = space.map("group")
    yield "用户组", group.words("grouptitle")
    for key, label in _TIMES:
        yield label, _printed_time(space, key, page)
    for key, label in _PROFILE:
        yield label, space.words(key)


def _printed_time(space: JsonMap, key: str, page: Snapshot) -> str:
    """A time as printed; a unix time (version 1) as pages print one, in the forum's zone."""
    exact = space.moment(key)
    if exact is None:
        return space.words(key)
    local = exact.astimezone(page.site.zone)
    return f"{local:%Y-%m-%d %H:%M}"
