"""How a forum looks: version, encoding, settings that change its pages; times and links as
printed."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

FLOORS = {1: "楼主", 2: "沙发", 3: "板凳", 4: "地板"}


@dataclass(frozen=True, slots=True)
class Skin:
    """`base`: the forum's own address with a final slash; `rewritten`: `thread-1-1-1.html`
    for `forum.php?…`. `location_label`: what stands before the location beside a post's
    time, as plugins print it; empty for X's own box of the place that a phone sent."""

    base: str
    version: str = "X3.5"
    charset: str = "utf-8"
    rewritten: bool = False
    relative_dates: bool = True
    seconds: bool = True
    guests_see_files: bool = False
    location_label: str = ""
    prefix: str = "Qsx1_2132_"

    @property
    def old(self) -> bool:
        """X3.4 and before: XHTML, pictures for icons, floors as numbers."""
        return self.version < "X3.5"

    def encode(self, text: str) -> bytes:
        """A page as bytes; what the charset lacks becomes `&#N;`."""
        return text.encode(
            "gbk" if self.charset == "gbk" else "utf-8", "xmlcharrefreplace"
        )

    def thread(self, tid: int, page: int = 1, extra: str = "") -> str:
        """A link to a thread, as in an href."""
        if self.rewritten:
            return f"thread-{tid}-{page}-{extra.rpartition('%3D')[2] or 1}.html"
        return f"forum.php?mod=viewthread&amp;tid={tid}&amp;extra={extra}" + (
            f"&amp;page={page}" if page > 1 else ""
        )

    def board(self, fid: int, page: int = 1) -> str:
        """A link to a board, as in an href: Discuz! does not escape the first ampersand of
        these."""
        if self.rewritten:
            return f"forum-{fid}-{page}.html"
        return f"forum.php?mod=forumdisplay&fid={fid}" + (
            f"&amp;page={page}" if page > 1 else ""
        )

    def space(self, uid: int) -> str:
        """A link to a member, by number."""
        return (
            f"space-uid-{uid}.html"
            if self.rewritten
            else f"home.php?mod=space&amp;uid={uid}"
        )

    def space_by_name(self, name: str) -> str:
        """A link to a member, by name in the page's own charset."""
        coded = quote(
            name.encode("gbk" if self.charset == "gbk" else "utf-8", "replace"), safe=""
        )
        return (
            f"space-username-{coded}.html"
            if self.rewritten
            else f"home.php?mod=space&username={coded}"
        )

    def floor(self, number: int) -> str:
        """A floor as the head of a post prints it."""
        if self.old:
            return f"<em>{number}</em><sup>#</sup>"
        return FLOORS.get(number, f"<em>{number}</em><sup>#</sup>")

    def time(self, at: datetime, now: datetime, seconds: bool = False) -> str:
        """A time as `dgmdate(…, 'u')` prints it: recent ones in words, with the exact one
        in `title`."""
        exact = (
            f"{day(at)} {at:%H:%M:%S}"
            if seconds and self.seconds
            else f"{day(at)} {at:%H:%M}"
        )
        words = in_words(at, now) if self.relative_dates else ""
        return f'<span title="{exact}">{words}</span>' if words else exact

    def day(self, on: date, at: datetime, now: datetime) -> str:
        """The day a thread was opened, in a list."""
        words = in_words(at, now) if self.relative_dates else ""
        return f'<span title="{day(on)}">{words}</span>' if words else day(on)


def day(on: date) -> str:
    """A day as PHP's `Y-n-j` prints it."""
    return f"{on.year}-{on.month}-{on.day}"


def in_words(at: datetime, now: datetime) -> str:
    """`5&nbsp;分钟前`, `昨天&nbsp;08:20`, … for the last seven days; empty for older times."""
    passed, midnight = now - at, now.replace(hour=0, minute=0, second=0, microsecond=0)
    if at >= midnight:
        minutes = int(passed.total_seconds()) // 60
        if minutes >= 60:
            return f"{minutes // 60}&nbsp;小时前"
        if minutes > 30:
            return "半小时前"
        return (
            f"{minutes}&nbsp;分钟前"
            if minutes
            else f"{max(1, passed.seconds)}&nbsp;秒前"
        )
    for days, name in ((1, "昨天"), (2, "前天")):
        if at >= midnight - timedelta(days=days):
            return f"{name}&nbsp;{at:%H:%M}"
    return (
        f"{(midnight - at).days + 1}&nbsp;天前"
        if at >= midnight - timedelta(days=7)
        else ""
    )


def escape(text: str) -> str:
    """Text as Discuz! writes it: `&`, `<`, `>` and the double quote."""
    return html.escape(text, quote=False).replace('"', "&quot;")
