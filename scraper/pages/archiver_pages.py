"""What archiver pages print around their content, in each generation's layout.

4.0 and 5.0: tables; 5.5 to 6.1: `archiver_…` classes; 7.0 to X3.5: `p.author` in `#content`. Source: archiver/include
of 4.1, 6.0 and 7.2, source/archiver of X. All text in them is escaped and the templates are flat, so they are read from
the source by patterns, each of bounded length.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from scraper.addresses.urls import parse_url
from scraper.core.records import BoardRow, ThreadRow
from scraper.core.site import SiteLine
from scraper.markup.flat import plain
from scraper.markup.html import number

_NAME = r"(?P<author>[^<]{0,200}|<i>[^<]{0,60}</i>)"
_TIME = r"(?P<time>[^<]{0,120}(?:<span[^<>]{0,200}>[^<]{0,80}</span>[^<]{0,80})?)"
_ROW_GAP = r"(?:\s|</?t(?:body|r|able)>){0,12}"


@dataclass(frozen=True, slots=True)
class Layout:
    """One generation's thread page: how a post begins, ends, and prints its subject."""

    head: re.Pattern[str]
    end: re.Pattern[str]
    subject: re.Pattern[str]


LAYOUTS = (
    Layout(
        re.compile(
            r'<p\b[^<>]{0,60}\bclass="?author"?[^<>]{0,60}>\s*<strong>'
            + _NAME
            + r"</strong>"
            + _TIME
            + r"</p>"
        ),
        re.compile(r'<div\b[^<>]{0,60}\bclass="?page\b'),
        re.compile(r"\s*<h3>(?P<subject>[^<]{0,1000})</h3>"),
    ),
    Layout(
        re.compile(
            r'<div class="?archiver_post"?>\s*<p>\s*<cite>'
            + _NAME
            + r"</cite>"
            + _TIME
            + r'</p>\s*<div class="?archiver_postbody"?>'
        ),
        re.compile(r"</div>"),
        re.compile(r"\s*<h2>(?P<subject>[^<]{0,1000})</h2>"),
    ),
    Layout(
        re.compile(
            r'<td class="?bold"?>'
            + _NAME
            + r'</td>\s*<td align="?right"?>'
            + _TIME
            + r"</td>"
            + _ROW_GAP
            + r"</td>"
            + _ROW_GAP
            + r'<td\b[^<>]{0,80}\bclass="?smalltxt"?[^<>]{0,40}>'
        ),
        re.compile(r"</td>"),
        re.compile(r"\s*<b>(?P<subject>(?!\*{4} )[^<]{1,1000})</b><br ?/?>\s*<br ?/?>"),
    ),
)

_TITLE = re.compile(r"<title>[^<]{0,2000}Powered by Discuz! Archiver\s*</title>", re.I)
_GENERATOR = re.compile(
    r'<meta name="?generator"? content="(Discuz! )(?:Archiver )?([^"]{1,40})"'
)
_BASE = re.compile(r'<base href="([^"<>\s]{1,500}?)(?:archiver/)?"')
_NAV = re.compile(
    r'<div id="?nav"?>(.{0,6000}?)</div>|<td\b[^<>]{0,80}\bclass="?bold"?[^<>]{0,40}>(<a.{0,6000}?)</td>',
    re.S,
)
_FULL = re.compile(
    r'<div\b[^<>]{0,60}(?:\bid="?(?:end|footer)\b|\barchiver_fullversion\b)|<td class="?bold"?><font\b'
)
_LINK = re.compile(
    r"""<a\b[^<>]{0,200}?\bhref=["']?(?P<href>[^"'<>\s]{0,500})[^<>]{0,200}>"""
    r"""(?P<name>[^<]{0,1500}(?:<(?!/?a\b)[^<]{0,300}){0,20})</a>"""
)
_ROW = re.compile(
    _LINK.pattern + r"\s{0,40}(?:<(?:em|i)>)?\((?P<replies>[^()<]{1,40})\)"
)
_HEADLINE = re.compile(r"<h1>.{0,3000}?</h1>", re.S)
_PAGES = re.compile(
    r'<div class="?(?:page|archiver_pages)"?>|<td align="?center"?><br>\s{0,9}<b>'
)
_PAGES_END = re.compile(r"</div>|</td>")
_HERE = re.compile(r"<(?:strong|b)>\[(\d{1,9})\]</(?:strong|b)>")
_THERE = re.compile(r">(\d{1,9})</a>")
_BOARDS = re.compile(
    r"<h3>(?P<category>.{0,500}?)</h3>|(?P<down><ul\b)|(?P<up></ul>)|" + _LINK.pattern,
    re.S,
)
_OWNER = re.compile(r"<h2\b[^<>]{0,100}>([^<]{1,300})'s Archiver\s*</h2>")
_LIST = re.compile(r'<ul\b[^<>]{0,80}\btype="?1')


def is_archiver(text: str) -> bool:
    """Whether a page is one of the archiver's own layouts; its notices from X on are
    ordinary pages."""
    return (
        "Discuz! Archiver" in text[:6_000] and _TITLE.search(text, 0, 6_000) is not None
    )


def breadcrumb(text: str) -> tuple[int | None, str, int]:
    """The board that the breadcrumb names last, fid and name, and where the content begins."""
    found = _NAV.search(text)
    fid, name = None, ""
    for link in _LINK.finditer(found[1] or found[2]) if found else ():
        target = parse_url(link["href"])
        if target and target.kind == "board" and target.id:
            fid, name = target.id, plain(link["name"])
    return fid, name, found.end() if found else 0


def full_version(text: str, start: int) -> tuple[str, str, int]:
    """The link to the ordinary page, at the foot: its address, the title it names, and
    where the content ends."""
    found = _FULL.search(text, start)
    if found is None:
        return "", "", len(text)
    link = _LINK.search(text, found.end(), found.end() + 4_000)
    return (
        (html.unescape(link["href"]), plain(link["name"]), found.start())
        if link
        else ("", "", found.start())
    )


def page_numbers(text: str) -> tuple[int, int]:
    """This page's number, and the last one listed: the list is a window of ten pages to
    either side."""
    start, end = _page_list(text)
    bar = text[start:end]
    here = _HERE.search(bar)
    numbers = [int(link) for link in _THERE.findall(bar)]
    at = int(here[1]) if here else 1
    return at, max([at, *numbers])


def _page_list(text: str) -> tuple[int, int]:
    """Where the list of pages stands; an empty piece at the end where there is none."""
    start = _PAGES.search(text)
    end = _PAGES_END.search(text, start.end()) if start else None
    return (start.start(), end.end()) if start and end else (len(text), len(text))


def thread_rows(content: str) -> tuple[ThreadRow, ...]:
    """The threads that a board page lists: number, title, replies (none for a pointer to a
    moved thread: `-`)."""
    rows = []
    for row in _ROW.finditer(content):
        target = parse_url(row["href"])
        if target and target.kind == "thread" and target.id:
            rows.append(
                ThreadRow(
                    tid=target.id,
                    title=plain(row["name"]),
                    replies=number(row["replies"]),
                )
            )
    return tuple(rows)


def board_rows(content: str, parent_fid: int | None = None) -> tuple[BoardRow, ...]:
    """The boards that an index page lists, or a board page above its threads; lists within
    lists are sub-boards."""
    rows: list[BoardRow] = []
    category, depth, top = "", 0, 0
    above = parent_fid
    for found in _BOARDS.finditer(content):
        if found["category"] is not None:
            category, top, above = plain(found["category"]), depth, parent_fid
        elif found["down"]:
            depth += 1
        elif found["up"]:
            depth -= 1
        elif (
            (target := parse_url(found["href"]))
            and target.kind == "board"
            and target.id not in (None, parent_fid)
        ):
            parent = above if depth > top + 1 else parent_fid
            rows.append(
                BoardRow(
                    fid=target.id,
                    name=plain(found["name"]),
                    category=category,
                    parent_fid=parent,
                )
            )
            above = above if depth > top + 1 else target.id
    return tuple(rows)


def has_thread_list(content: str) -> bool:
    """Whether a page has the list that a board page has even when it is empty."""
    return _LIST.search(content) is not None


def words_of(content: str) -> str:
    """What a page says that has neither posts nor rows: a notice."""
    content = _HEADLINE.sub("", content)
    start, end = _page_list(content)
    return plain(content[:start] + content[end:])


def site_of_archiver(text: str) -> SiteLine:
    """The forum as its archiver names it."""
    base, generator, owner = (
        _BASE.search(text, 0, 6_000),
        _GENERATOR.search(text, 0, 6_000),
        _OWNER.search(text),
    )
    nav = _NAV.search(text)
    first = _LINK.search(nav[1] or nav[2]) if nav else None
    name = owner[1] if owner else first["name"] if first else ""
    return SiteLine(
        plain(name),
        base[1] if base else "",
        generator[1] + generator[2] if generator else "",
    )
