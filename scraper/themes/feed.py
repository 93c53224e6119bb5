"""RSS feeds (`mod=rss`, `rss.php`; forum_rss of 6.0 to X3.5): the newest threads, their
openings cut at some 150 signs.

Read by its marks, never by an XML parser: up to X2 the forum's name stands there with a
bare `&`, which no such parser takes, and what is never expanded holds no entity bomb.
"""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Final

from scraper.addresses.urls import parse_url
from scraper.core.errors import PageError
from scraper.core.records import FeedPage, Notice, ThreadRow
from scraper.core.site import SiteLine
from scraper.markup.flat import plain
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot
from scraper.themes import CERTAIN, Theme
from scraper.themes.notice import reason_of

_OPENING = re.compile(r"\s*(?:<(?:\?xml|!DOCTYPE)\b[^>]{0,500}>\s*){0,4}<rss\b", re.I)
_HEAD_CHARS: Final = 4_000
_REFUSAL_CHARS: Final = 200
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_LINE = re.compile(r"<br ?/?>|\n")


def _recognise(page: Snapshot) -> int:
    asked = page.target is not None and page.target.kind == "feed"
    if asked and _refusal(page):
        return CERTAIN
    if not _OPENING.match(page.text):
        return 0
    return CERTAIN if asked or "Discuz!" in page.text[:_HEAD_CHARS] else 0


def _refusal(page: Snapshot) -> str:
    """What forum_rss says in plain words where there is no such board (`Specified forum not
    found`)."""
    return (
        "" if len(page.text) > _REFUSAL_CHARS or "<" in page.text else fold(page.text)
    )


def _read(page: Snapshot) -> FeedPage | Notice:
    if refusal := _refusal(page):
        return Notice(reason=reason_of(refusal), message=refusal)
    head, *items = page.text.split("<item>")
    found = [_row(item.partition("</item>")[0], page) for item in items]
    threads = tuple(row for row in found if row)
    if items and not threads:
        raise PageError("a feed without a single thread that could be read")
    if not items and "</channel>" not in head:
        raise PageError("a feed that is cut before its first thread")
    return FeedPage(threads=threads)


def _row(item: str, page: Snapshot) -> ThreadRow | None:
    target = parse_url(_field(item, "link"))
    if target is None or target.kind != "thread" or not isinstance(target.id, int):
        return None
    said = "\n".join(
        filter(None, (plain(line) for line in _LINE.split(_field(item, "description"))))
    )
    return ThreadRow(
        tid=target.id,
        title=fold(_field(item, "title")),
        author=fold(_field(item, "author")),
        created_on=_day(_field(item, "pubDate"), page),
        excerpt=said,
    )


def _day(printed: str, page: Snapshot) -> date | None:
    """The day in the forum's zone of a time that is printed in UTC."""
    moment = page.clock.parse(printed)
    return moment.astimezone(page.site.zone).date() if moment else None


def _field(source: str, name: str) -> str:
    """The content of the first element of a name, unescaped as XML; empty where there is none."""
    content = source.partition(f"<{name}>")[2].partition(f"</{name}>")[0].strip()
    if content.startswith(_CDATA):
        return content.removeprefix(_CDATA).partition(_CDATA_END)[0]
    return html.unescape(content)


def _site(text: str) -> SiteLine:
    """The forum as the feed's picture names it; 6.0 to X3.5 name no version."""
    picture = text[:_HEAD_CHARS].partition("<image>")[2].partition("</image>")[0]
    url = _field(picture, "link")
    return SiteLine(
        name=fold(_field(picture, "title")),
        url=url if not url or url.endswith("/") else url + "/",
    )


THEME = Theme("feed", _recognise, _read, _site)
