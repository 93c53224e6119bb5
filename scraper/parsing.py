"""A capture → a page, pure: decode, judge, let the theme that claims the page read it, name
the forum."""

from __future__ import annotations

import html
import re

from scraper.addresses.urls import base_of, parse_url
from scraper.core.errors import PageError
from scraper.core.records import Capture, Content, Page, Redirect, Unknown
from scraper.core.site import DEFAULT_SITE, Site, SiteLine
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot, take_snapshot
from scraper.themes import Theme, claims

_HEAD_CHARS, _TAIL_CHARS = 6_000, 8_000
_GENERATOR = re.compile(
    r"""<meta\s+name=["']?generator["']?\s+content=["'](Discuz![^"']*)""", re.I
)
_POWERED = re.compile(
    r"Powered by\s*(?:<[^>]*>\s*)*Discuz!(?:Archiver)?\s*(?:<[^>]*>\s*)*([XRFx]?\d[\d.]*\w*)?",
    re.I,
)
_TITLE = re.compile(r"<title>(.*?)</title>", re.I | re.S)
_TITLE_SITE = re.compile(r"(?:.* - )?\s*(.+?)\s*-\s*Powered by Discuz", re.S)
_HOME = re.compile(
    r"""(?:class="nvhm"|id="nav">\s*<a href="[^"]*")[^>]*>([^<]{1,100})</a>"""
)
_HOME_MARKS = ('class="nvhm"', 'id="nav"')
_FOOTLESS = re.compile(
    r"\s*(?:\{|(?:<\?xml[^>]*>\s*)?<rss\b)"
)  # JSON and RSS: only posts may quote a footer there


def parse_capture(capture: Capture, site: Site = DEFAULT_SITE) -> Page:
    """Parse a capture. PageError for a page of a known kind that yields nothing; what is
    not Discuz! is `Unknown`."""
    return parse_snapshot(take_snapshot(capture, site))


def parse_snapshot(page: Snapshot) -> Page:
    """Parse a snapshot: as `parse_capture`."""
    theme, content = _content(page)
    line = theme.site(page.text) if theme and theme.site else SiteLine()
    text = "" if _FOOTLESS.match(page.text) else page.text
    return Page(
        url=page.url,
        captured_at=page.fetched_at,
        theme=theme.name if theme else "",
        encoding=page.encoding,
        software=line.software or software(text),
        site_name=line.name or site_name(text),
        site_url=base_of(page.url) if page.target else line.url,
        content=content,
    )


def _content(page: Snapshot) -> tuple[Theme | None, Content]:
    status = page.capture.status
    if 300 <= status < 400 and (location := page.capture.header("location")):
        return None, _redirect(location)
    failures = []
    for theme in claims(page):
        try:
            return theme, theme.read(page)
        except PageError as error:  # a skin may keep a template's marks and nothing else of it: the next may know more
            failures.append(error)
        except (
            Exception
        ) as error:  # a fault of ours on a page never seen: named, and the page is kept
            failures.append(_fault(theme, error))
    if failures:
        raise failures[0]
    return None, Unknown(message=_why_unknown(page))


def _fault(theme: Theme, error: Exception) -> PageError:
    fault = PageError(
        f"the {theme.name} reader broke on this page ({type(error).__name__}: {str(error)[:200]})"
    )
    fault.__cause__ = error
    return fault


def _redirect(location: str) -> Redirect:
    target = parse_url(location)
    ids = {"thread": "tid", "board": "fid", "post": "pid"}
    named = (
        {ids[target.kind]: target.id}
        if target and target.kind in ids and isinstance(target.id, int)
        else {}
    )
    if target and target.tid:
        named["tid"] = target.tid
    return Redirect(
        location=location,
        tid=named.get("tid"),
        fid=named.get("fid"),
        pid=named.get("pid"),
    )


def _why_unknown(page: Snapshot) -> str:
    if not page.capture.body:
        return f"an empty answer (status {page.capture.status})"
    if "\0" in page.text[:1024] or page.text.count("�", 0, 4096) > 200:
        return "not text"
    if page.capture.status >= 400:
        return f"status {page.capture.status}, and not a page of Discuz!"
    if "discuz" in page.text.lower():
        return "a page of Discuz! that no theme claims"
    return "not a page of Discuz!"


def software(text: str) -> str:
    """`Discuz! X3.4`, from the generator or the footer; empty where neither names it."""
    if found := _GENERATOR.search(text, 0, _HEAD_CHARS):
        return fold(found[1])
    at = len(text)
    while (
        at := text.rfind("owered by", max(0, len(text) - _TAIL_CHARS), at)
    ) > 0:  # a title may say it as well
        if found := _POWERED.match(text, at - 1):
            return f"Discuz! {found[1] or ''}".strip()
    return ""


def site_name(text: str) -> str:
    """The forum's name: from the breadcrumb's first entry, else the title; empty where the
    page tells neither."""
    start = next((at for mark in _HOME_MARKS if (at := text.find(mark)) >= 0), -1)
    if start >= 0 and (found := _HOME.match(text, start)):
        return fold(html.unescape(found[1]))
    title = _TITLE.search(text, 0, _HEAD_CHARS)
    found = _TITLE_SITE.search(title[1]) if title else None
    return fold(html.unescape(found[1])) if found else ""
