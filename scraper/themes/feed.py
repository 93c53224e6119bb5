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

_OPENING = re.compile(
    r"^\s*+(?:<(?:\?xml|!DOCTYPE)\b[^>]{0,500}>\s*+){0,4}<rss\b", re.I
)
_REFUSAL_CHARS: Final = 200
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_LINE = re.compile(r"<br ?/?>|\n")


def _recognise(page: Snapshot) -> int:
    target = page.target
    asked = target is not None and target.kind == "feed"
    if asked and _refusal(page):
        return CERTAIN
    if not _OPENING.match(page.text):
        return 0
    if asked:
        return CERTAIN
    return CERTAIN if "Discuz!" in _head(page.text) else 0


def _head(text: str) -> str:
    """What a feed says of the forum, before its first thread."""
    head, _, _ = text.partition("<item>")
    return head


def _refusal(page: Snapshot) -> str:
    """What forum_rss says in plain words where there is no such board (`Specified forum not
    found`)."""
    if len(page.text) > _REFUSAL_CHARS or "<" in page.text:
        return ""
    return fold(page.text)


def _read(page: Snapshot) -> FeedPage | Notice:
    refusal = _refusal(page)
    if refusal:
        return Notice(
            reason=reason_of(refusal),
            message=refusal,
        )

    head, *items = page.text.split("<item>")
    if not items and "</channel>" not in head:
        raise PageError("a feed that is cut before its first thread")

    threads = []
    for item in items:
        row = _row(item, page)
        if row is not None:
            threads.append(row)
    if items and not threads:
        raise PageError("a feed without a single thread that could be read")
    return FeedPage(threads=tuple(threads))


def _row(source: str, page: Snapshot) -> ThreadRow | None:
    item, _, _ = source.partition("</item>")
    target = parse_url(_field(item, "link"))
    if target is None or target.kind != "thread":
        return None
    if target.id is None:
        return None

    return ThreadRow(
        tid=target.id,
        title=fold(_field(item, "title")),
        author=fold(_field(item, "author")),
        created_on=_day(_field(item, "pubDate"), page),
        excerpt=_excerpt(item),
    )


def _excerpt(item: str) -> str:
    description = _field(item, "description")
    lines = map(plain, _LINE.split(description))
    return "\n".join(filter(None, lines))


def _day(printed: str, page: Snapshot) -> date | None:
    """The day in the forum's zone of a time that is printed in UTC."""
    moment = page.clock.parse(printed)
    if moment is None:
        return None
    local = moment.astimezone(page.site.zone)
    return local.date()


def _field(source: str, name: str) -> str:
    """The content of the first element of a name, unescaped as XML; empty where there is none."""
    content = _between(source, f"<{name}>", f"</{name}>").strip()
    if content.startswith(_CDATA):
        return _between(content, _CDATA, _CDATA_END)
    return html.unescape(content)


def _between(source: str, begin: str, end: str) -> str:
    """What stands between two marks, or from the first to the end; empty without the first."""
    _, _, rest = source.partition(begin)
    content, _, _ = rest.partition(end)
    return content


def _site(text: str) -> SiteLine:
    """The forum as the feed's picture names it; 6.0 to X3.5 name no version."""
    picture = _between(_head(text), "<image>", "</image>")
    url = _field(picture, "link")
    if url and not url.endswith("/"):
        url += "/"
    return SiteLine(
        name=fold(_field(picture, "title")),
        url=url,
    )


THEME = Theme("feed", _recognise, _read, _site)
