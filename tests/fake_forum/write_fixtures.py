"""Writes the pages of `fixtures/` from the invented forums: `python -m
fake_forum.write_fixtures DIR` (from tests/).

Pages and what is known of their capture are written; the expected records come from `pytest
--accept` and a reader.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import TypeAlias

from .forum import Forum
from .model import User
from .plain import print_text
from .site import Answer, Site
from .skin import Skin
from .story import QING, qingshi
from .story_gbk import BASE, laohuai
from .view import View

X3 = {
    "index": "forum.php",
    "category": "forum.php?gid=4",
    "board-1": "forum.php?mod=forumdisplay&fid=2",
    "board-2": "forum.php?mod=forumdisplay&fid=2&page=2",
    "board-subboards": "forum.php?mod=forumdisplay&fid=5",
    "thread-radio": "forum.php?mod=viewthread&tid=110&extra=page%3D1",
    "thread-withheld": "forum.php?mod=viewthread&tid=120",
    "thread-poll": "forum.php?mod=viewthread&tid=130",
    "thread-poll-ended": "forum.php?mod=viewthread&tid=131",
    "thread-jammer": "forum.php?mod=viewthread&tid=140",
    "thread-long-1": "forum.php?mod=viewthread&tid=150",
    "thread-long-3": "forum.php?mod=viewthread&tid=150&page=3",
    "thread-one-author": "forum.php?mod=viewthread&tid=150&authorid=3",
    "thread-moved": "forum.php?mod=viewthread&tid=160",
    "thread-closed": "forum.php?mod=viewthread&tid=111",
    "notice-not-found": "forum.php?mod=viewthread&tid=404",
    "notice-forbidden": "forum.php?mod=viewthread&tid=122",
    "notice-read-level": "forum.php?mod=viewthread&tid=121",
    "notice-login": "forum.php?mod=forumdisplay&fid=9",
    "notice-password": "forum.php?mod=forumdisplay&fid=8",
}
X3_GBK = {
    "index": "forum.php",
    "board": "forum-10-1.html",
    "thread-chess": "thread-1-1-1.html",
    "thread-poll": "thread-2-1-1.html",
    "thread-closed": "thread-3-1-1.html",
    "notice-not-found": "thread-99-1-1.html",
}
PRINT = {"radio": 110, "withheld": 120, "long": 150}
ARCHIVER = {
    "index": "archiver/",
    "board": "archiver/?fid-2.html",
    "board-3": "archiver/?fid-2.html&page=3",
    "thread-radio": "archiver/?tid-110.html",
    "thread-withheld": "archiver/?tid-120.html",
    "thread-long-2": "archiver/?tid-150.html&page=2",
}


Taken: TypeAlias = tuple[str, str, Forum, Answer]


def captures() -> Iterator[Taken]:
    """`THEME/NAME`, address, forum and answer of every page."""
    qing, huai = qingshi(), laohuai()
    utf8 = Site(qing, Skin("https://bbs.qingshixiang.example/"))
    gbk = Site(huai, Skin(BASE, "X3.4", "gbk", rewritten=True, guests_see_files=True))
    yield from _ask(utf8, "x3", X3)
    yield from _ask(
        utf8,
        "x3",
        {
            "member-radio": "forum.php?mod=viewthread&tid=110",
            "member-hidden": "forum.php?mod=viewthread&tid=120",
        },
        QING,
    )
    yield from _ask(replace(utf8, closed=True), "x3", {"notice-closed": "forum.php"})
    yield from _ask(gbk, "x3_gbk", X3_GBK)
    link = "forum.php?mod=viewthread&action=printable&tid="
    yield from _ask(
        utf8, "print", {name: f"{link}{tid}" for name, tid in PRINT.items()}
    )
    yield from _ask(gbk, "print", {"chess-gbk": f"{link}1"})
    yield from _ask(utf8, "archiver", ARCHIVER)
    yield from _ask(gbk, "archiver", {"thread-chess-gbk": "archiver/?tid-1.html"})
    absolute = replace(utf8, skin=replace(utf8.skin, relative_dates=False))
    for name in ("radio", "long"):
        text = print_text(View(qing, absolute.skin), qing.threads[PRINT[name]])
        yield (
            f"print_text/{name}",
            "",
            qing,
            Answer(200, text.encode(), "text/plain; charset=utf-8"),
        )


def _ask(
    site: Site, theme: str, links: dict[str, str], member: User | None = None
) -> Iterator[Taken]:
    cookies = {
        f"{site.skin.prefix}lastvisit": "1",
        **(site.login(member) if member else {}),
    }
    for name, link in links.items():
        yield (
            f"{theme}/{name}",
            site.skin.base + link,
            site.forum,
            site.respond("/" + link, cookies),
        )


def write(folder: Path) -> None:
    """Write every page, and beside it what is known of its capture; expectations that stand
    there are kept."""
    for name, url, forum, answer in captures():
        page = folder / f"{name}.{'txt' if name.startswith('print_text') else 'html'}"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(answer.body)
        beside = page.with_suffix(".json")
        known = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
        now = f"{forum.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        capture = {
            "url": url or f"file:///{page.name}",
            "fetched_at": now,
            "content_type": answer.content_type,
        } | ({"status": answer.status} if answer.status != 200 else {})
        beside.write_text(
            json.dumps({**known, "capture": capture}, ensure_ascii=False, indent=1)
            + "\n",
            "utf-8",
        )


if __name__ == "__main__":
    write(Path(sys.argv[1]))
