"""What an address of ours names: its forum, and the row of its board, thread, post or member."""

from __future__ import annotations

from typing import Final

from archive.reading.forums import Forum
from archive.reading.lookup import LAST_ROW, Kind, MissingError
from archive.web.values import PageRequest

_ORIGINALS: Final = {
    "thread": ("forum.php?mod=viewthread&tid=", "viewthread.php?tid="),
    "board": ("forum.php?mod=forumdisplay&fid=", "forumdisplay.php?fid="),
    "user": ("home.php?mod=space&uid=", "space.php?uid="),
    "post": (
        "forum.php?mod=redirect&goto=findpost&pid=",
        "redirect.php?goto=findpost&pid=",
    ),
}
"""Where forums of Discuz! X, and older ones, have what a page of ours shows, before its
number."""


def forum_of(request: PageRequest) -> Forum:
    """The forum. Raises MissingError where there is none."""
    site_id = int(request.path["site"])
    if site_id > LAST_ROW:
        raise MissingError("forum")
    return request.source.forum(site_id)


def row_of(request: PageRequest, forum: Forum, kind: Kind) -> int:
    """The row that the number in the address stands for, `228` or `~17`. Raises
    MissingError where there is none."""
    source = request.source
    number = request.path["number"]
    value = int(number.removeprefix("~"))
    if value > LAST_ROW:
        raise MissingError(kind)
    if number.startswith("~"):
        row_id = value if source.has(kind, forum.id, value) else None
    else:
        row_id = source.find(kind, forum.id, value)
    if row_id is None:
        raise MissingError(kind)
    return row_id


def original_address(forum: Forum, kind: str, number: int | None) -> str:
    """Where the forum itself has, or had, what is shown here; empty where that is not known."""
    if number is None or kind not in _ORIGINALS:
        return ""
    of_x, of_older = _ORIGINALS[kind]
    is_older = forum.software and not forum.software.startswith("Discuz! X")
    return f"{forum.base_url}{of_older if is_older else of_x}{number}"
