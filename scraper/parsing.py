"""Bytes and an address in, a page out: decode, ask the themes who can read it, name the
forum."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

from scraper.addresses.urls import (
    base_of,
    leads_to_login,
    leads_to_no_thread,
    parse_url,
)
from scraper.census import counts, warnings
from scraper.core.errors import PageError
from scraper.core.records import (
    BoardPage,
    Capture,
    Content,
    FieldCount,
    Notice,
    Page,
    PageWarning,
    Redirect,
    ThreadPage,
    Unknown,
)
from scraper.core.site import DEFAULT_SITE, Site, SiteLine
from scraper.learning import read_and_learn
from scraper.markup.circumstances import hides_files, is_saved_copy, reader_uid
from scraper.markup.flat import find_name, head_end
from scraper.markup.html import fold
from scraper.markup.length import refuse_length
from scraper.markup.snapshot import Snapshot, take_snapshot
from scraper.pages.stated_base import stated_base
from scraper.themes import Theme, claims
from scraper.themes.notice import LOGIN_WANTED

_TAIL_CHARS = 8_000
_LEAD_CHARS = 100  # as far as a tag begins before the name in it
_GENERATOR = re.compile(
    r"""<meta\s+name=["']?generator["']?\s+content=["'](Discuz![^"']*)""", re.I
)
_POWERED = re.compile(
    r"Powered by\s*+(?:<[^<>]*+>\s*+)*+Discuz!(?:Archiver)?\s*+(?:<[^<>]*+>\s*+)*+"
    r"([XRFx]?\d[\d.]*\w*)?",
    re.I,
)
_TITLE = re.compile(r"<title>", re.I)
_TITLE_CLOSE = re.compile(r"</title>", re.I)
_TITLE_END = "Powered by Discuz"
_HOME = re.compile(
    r"""(?:class="nvhm"|id="nav">\s{0,99}<a href="[^"]{0,500}")[^>]{0,500}>([^<]{1,100})</a>"""
)
_HOME_MARKS = ('class="nvhm"', 'id="nav"')
# JSON and RSS have no footer: only posts may quote one there.
_FOOTLESS = re.compile(r"^\s*+(?:\{|(?:<\?xml[^>]*+>\s*+)?<rss\b)")

_NOT_NAMED = SiteLine()

_FAULT_CHARS = 200
_BINARY_PROBE_CHARS = 4096
_BROKEN_CHARS_MAX = 200


def parse(
    body: bytes,
    url: str,
    *,
    fetched_at: datetime | None = None,
    content_type: str | None = None,
) -> Page:
    """What a page of a Discuz! forum says. Never touches the network.

    `body` is the answer's body with no transfer or content coding left, `url` its address.
    `fetched_at` (aware; now, where absent) is what relative times such as `5 分钟前` are
    counted back from: give the time of the capture for a page saved earlier.
    `content_type` is the HTTP header, where known; most pages tell their encoding without.

    `page.content` is one of `ThreadPage`, `BoardPage`, `IndexPage`, `Notice`, …; what is no
    page of Discuz! is `Unknown`. Raises PageError for a page of a known kind that no
    reader could read, ValueError for a `fetched_at` without a time zone.

    A page that is known together with its status, its headers or the forum's settings:
    `parse_capture`.
    """
    if fetched_at is None:
        fetched_at = datetime.now(UTC)
    if fetched_at.tzinfo is None:
        raise ValueError("fetched_at has no time zone: give an aware datetime")

    headers = (("Content-Type", content_type),) if content_type else ()
    capture = Capture(
        url=url,
        fetched_at=fetched_at.astimezone(UTC),
        body=body,
        headers=headers,
    )
    return parse_capture(capture)


def parse_capture(capture: Capture, site: Site = DEFAULT_SITE) -> Page:
    """Parse a capture: as `parse`, with the answer's status and headers, and the settings
    of its forum."""
    return parse_snapshot(take_snapshot(capture, site))


def parse_snapshot(snapshot: Snapshot) -> Page:
    """Parse a snapshot: as `parse_capture`, for callers who look at the snapshot, too."""
    refuse_length(snapshot.text)
    return read_and_learn(snapshot, _page_of)


def _page_of(snapshot: Snapshot) -> Page:
    theme, content = _read_content(snapshot)
    forum = _forum_of(snapshot, theme)
    if theme is None:
        counted: tuple[FieldCount, ...] = ()
        lost: tuple[PageWarning, ...] = ()
    else:
        counted = counts(content, theme.prints)
        lost = warnings(snapshot, content, counted)
    is_thread = isinstance(content, ThreadPage)
    return Page(
        url=snapshot.url,
        captured_at=snapshot.fetched_at,
        theme=theme.name if theme else "",
        encoding=snapshot.encoding,
        software=forum.software,
        site_name=forum.name,
        site_url=forum.url,
        warnings=lost,
        counts=counted,
        reader_uid=reader_uid(snapshot.text) if is_thread else None,
        hides_files=is_thread and hides_files(snapshot.text),
        is_saved_copy=is_thread and is_saved_copy(snapshot.text),
        content=content,
    )


def _forum_of(snapshot: Snapshot, theme: Theme | None) -> SiteLine:
    """The forum as the theme reads it from the page, else as pages of any theme name it."""
    text = snapshot.text
    line = _NOT_NAMED
    if theme is not None and theme.site is not None:
        line = theme.site(text)
    url = line.url
    if snapshot.target is not None:
        url = base_of(snapshot.url)
    elif not url:
        url = _stated_address(snapshot)
    if _FOOTLESS.match(text):
        return SiteLine(
            name=line.name,
            url=url,
            software=line.software,
        )
    return SiteLine(
        name=line.name or site_name(text),
        url=url,
        software=line.software or software(text),
    )


def _stated_address(snapshot: Snapshot) -> str:
    """The forum's address as a page states it whose own address tells none; empty for one
    of elsewhere."""
    stated = stated_base(snapshot.text)
    return stated if stated and snapshot.url.startswith(stated) else ""


def _read_content(snapshot: Snapshot) -> tuple[Theme | None, Content]:
    """The first theme that can read a page, and what it read; no theme for redirects and
    unknown pages."""
    location = snapshot.capture.header("location")
    if 300 <= snapshot.capture.status < 400 and location:
        return None, _redirect(snapshot.url, location)

    failures = []
    for theme in claims(snapshot):
        try:
            return theme, _read_by(theme, snapshot)
        except PageError as error:
            # A skin may keep a template's marks and nothing else of it: the next theme may
            # know more.
            failures.append(error)
        except Exception as error:
            # A fault of ours on a page never seen before: named, and the page is kept.
            failures.append(_fault(theme, error))

    if failures:
        raise failures[0]
    return None, Unknown(message=_why_unknown(snapshot))


def _read_by(theme: Theme, snapshot: Snapshot) -> Content:
    """What a theme reads. PageError for a board without rows that does not say which board
    it is, by number and name: a notice in a form of its own is no empty board."""
    content = theme.read(snapshot)
    if not isinstance(content, BoardPage) or content.threads or content.boards:
        return content
    if content.fid is None or not content.name:
        raise PageError("a board page without rows and without its own number and name")
    return content


def _fault(theme: Theme, error: Exception) -> PageError:
    what = f"{type(error).__name__}: {str(error)[:_FAULT_CHARS]}"
    fault = PageError(f"the {theme.name} reader broke on this page ({what})")
    fault.__cause__ = error
    return fault


def _redirect(url: str, location: str) -> Redirect | Notice:
    if leads_to_no_thread(url, location):
        return Notice(reason="not_found", message=f"redirected to {location}")
    if leads_to_login(location):
        return LOGIN_WANTED

    target = parse_url(location)
    if target is None:
        return Redirect(location=location)

    own_tid = target.id if target.kind == "thread" else None
    return Redirect(
        location=location,
        tid=target.tid or own_tid,
        fid=target.id if target.kind == "board" else None,
        pid=target.id if target.kind == "post" else None,
    )


def _why_unknown(snapshot: Snapshot) -> str:
    status = snapshot.capture.status
    text = snapshot.text
    if not snapshot.capture.body:
        return f"an empty answer (status {status})"
    if "\0" in text[:1024]:
        return "not text"
    if text.count("\ufffd", 0, _BINARY_PROBE_CHARS) > _BROKEN_CHARS_MAX:
        return "not text"
    if status >= 400:
        return f"status {status}, and not a page of Discuz!"
    if "discuz" in text.lower():
        return "a page of Discuz! that no theme claims"
    return "not a page of Discuz!"


def software(text: str) -> str:
    """`Discuz! X3.4`, from the generator or the footer; empty where neither names it."""
    end = head_end(text)
    generator = _generator(text, end)
    if generator:
        return fold(generator[1])

    # The footer is the last that says it: a thread's title may say it as well. The pages of
    # some layouts say it in their own title only.
    tail = max(0, len(text) - _TAIL_CHARS)
    return _powered_by(text, tail, len(text)) or _powered_by(text, 0, end)


def _generator(text: str, end: int) -> re.Match[str] | None:
    """The generator in a page's head, looked for where its word stands."""
    at = find_name("enerator", text, end)
    if at < 0:
        return None
    start = max(0, at - _LEAD_CHARS)
    return _GENERATOR.search(text, start, end)


def _powered_by(text: str, start: int, end: int) -> str:
    """The software that a part of a page names last."""
    at = text.rfind("owered by", start, end)
    while at > 0:
        powered = _POWERED.match(text, at - 1)
        if powered:
            return f"Discuz! {powered[1] or ''}".strip()
        at = text.rfind("owered by", start, at)
    return ""


def site_name(text: str) -> str:
    """The forum's name: from the breadcrumb's first entry, else the title; empty where the
    page tells neither."""
    home = _home_link(text)
    if home:
        return fold(html.unescape(home[1]))

    end = head_end(text)
    start = find_name("<title>", text, end)
    if start < 0:
        return ""
    title = _TITLE.match(text, start, end)
    if title is None:
        return ""
    close = _TITLE_CLOSE.search(text, title.end(), end)
    if close is None:
        return ""
    return _site_of_title(text[title.end() : close.start()])


def _site_of_title(title: str) -> str:
    """`甲乙论坛` of `标题 - 版块 - 甲乙论坛 - Powered by Discuz!`."""
    before, mark, _ = title.rpartition(_TITLE_END)
    before = before.rstrip()
    if not mark or not before.endswith("-"):
        return ""
    before = before.removesuffix("-").rstrip()
    name = before.rpartition(" - ")[2]
    return fold(html.unescape(name))


def _home_link(text: str) -> re.Match[str] | None:
    """The breadcrumb's first entry, at the first mark of a breadcrumb that there is."""
    for mark in _HOME_MARKS:
        at = text.find(mark)
        if at >= 0:
            return _HOME.match(text, at)
    return None
