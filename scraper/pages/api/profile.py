"""The JSON of a member (module `profile`), its fields named as profile pages name them."""

from __future__ import annotations

from typing import Final

from scraper.core.errors import PageError
from scraper.core.records import Field, ProfilePage
from scraper.markup.snapshot import Snapshot
from scraper.pages.api.values import Map, ident, mapping, moment, words

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


def read_profile(answer: Map, variables: Map, page: Snapshot) -> ProfilePage:
    """Read a member's page; PageError where it tells no member."""
    space = mapping(variables.get("space"))
    uid, name = ident(space.get("uid")), words(space.get("username"))
    if uid is None and not name:
        raise PageError("a profile in JSON of no member")
    told = ((label, words(space.get(key))) for key, label in _PROFILE)
    times = ((label, _when(space.get(key), page)) for key, label in _TIMES)
    group = ("用户组", words(mapping(space.get("group")).get("grouptitle")))
    fields = tuple(
        Field(name=label, value=value)
        for label, value in (group, *times, *told)
        if value
    )
    return ProfilePage(uid=uid, name=name, fields=fields)


def _when(value: object, page: Snapshot) -> str:
    """A time as printed; a unix time (version 1) as pages print one, in the forum's zone."""
    seconds = moment(value)
    return (
        f"{seconds.astimezone(page.site.zone):%Y-%m-%d %H:%M}"
        if seconds
        else words(value)
    )
