"""What archiver pages print around their content, in each generation's layout.

4.0 and 5.0: tables; 5.5 to 6.1: `archiver_…` classes; 7.0 to X3.5: `p.author` in
`#content`. Source: archiver/include of 4.1, 6.0 and 7.2, source/archiver of X. All text in
them is escaped and the templates are flat, so they are read from the source by patterns,
each of bounded length.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from scraper.addresses.urls import parse_url
from scraper.core.records import BoardRow, ThreadRow
from scraper.core.site import SiteLine
from scraper.markup.flat import head_end, plain, search_from
from scraper.markup.html import number
from scraper.markup.snapshot import Snapshot

_NAME = r"(?P<author>[^<]{0,200}|<i>[^<]{0,60}</i>)"
_TIME = r"(?P<time>[^<]{0,120}(?:<span[^<>]{0,200}>[^<]{0,80}</span>[^<]{0,80})?)"
_FOOT_CHARS = 4_000
_BOLD_SUBJECT = (
    r"\s{0,40}<b>(?P<subject>(?!\*{4} )[^<]{1,1000})</b><br ?/?>\s*+<br ?/?>"
)
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
        re.compile(r"\s{0,40}<h3>(?P<subject>[^<]{0,1000})</h3>"),
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
        re.compile(r"\s{0,40}<h2>(?P<subject>[^<]{0,1000})</h2>"),
    ),
    Layout(  # 5.0
        re.compile(
            r'<div class="?subtable altbg1"?>\s*<span class="?right"?>'
            + _TIME
            + r"</span>\s*<b>"
            + _NAME
            + r'</b>\s*</div>\s*<div class="?subtable altbg2 t_msg\b[^<>]{0,100}>'
        ),
        re.compile(r"</div>"),
        re.compile(_BOLD_SUBJECT),
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
        re.compile(_BOLD_SUBJECT),
    ),
)

_TITLE = re.compile(r"<title>((?:(?!</title>).)*+)", re.I | re.S)
_TITLE_END = "powered by discuz! archiver"
_POWERED = re.compile(r"Discuz! (?:\w{1,6}(?:\.\w{1,6})? )?Archiver</")
_GENERATOR = re.compile(
    r'<meta name="?generator"? content="(Discuz! )(?:Archiver )?([^"]{1,40})"'
)
_BASE = re.compile(r'<base href="([^"<>\s]{1,500}?)(?:archiver/)?"')
_NAV = re.compile(
    r'<div id="?nav"?>((?:(?!<div id="?nav).){0,6000}?)</div>'
    r'|<td\b[^<>]{0,80}\bclass="?bold"?[^<>]{0,40}>(<a(?:(?!<td).){0,6000}?)</td>'
    r'|<div class="?subtable bold altbg1"?>(<a(?:(?!<div class="?sub).){0,6000}?)</div>',
    re.S,
)
_FULL = re.compile(
    r'<div\b[^<>]{0,60}(?:\bid="?(?:end|footer)\b|\barchiver_fullversion\b)'
    r'|<(?:td|div) class="?(?:subtable )?bold"?><font\b'
)
_LINK = re.compile(
    r"""<a\b[^<>]{0,200}?\bhref=["']?(?P<href>[^"'<>\s]{0,500})[^<>]{0,200}>"""
    r"""(?P<name>[^<]{0,1500}(?:<(?!/?a\b)[^<]{0,300}){0,20})</a>"""
)
_ROW = re.compile(
    _LINK.pattern + r"\s{0,40}(?:<(?:em|i)>)?\((?P<replies>[^()<]{1,40})\)"
)
_HEADLINE = re.compile(r"<h1>(?:(?!<h1>).){0,3000}?</h1>", re.S)
_PAGES = re.compile(
    r'<div class="?(?:page|archiver_pages)"?>|<td align="?center"?><br>\s{0,9}<b>'
    r"|<br>\s{0,9}<b>[^<>]{1,20}</b>\s{0,9}(?:<b>\[\d{1,9}\]</b>|<a href=[^<>]{1,500}>\d)"
)
_PAGES_END = re.compile(r"</div>|</td>|<div\b")
_HERE = re.compile(r"<(?:strong|b)>\[(\d{1,9})\]</(?:strong|b)>")
_THERE = re.compile(r">(\d{1,9})</a>")
# What all of these begin with stands before them: `re` leaps to it.
_BOARDS = re.compile(
    r"<(?:h3>(?P<category>.{0,500}?)</h3>|(?P<down>ul\b)|(?P<up>/ul>)|"
    + _LINK.pattern.removeprefix("<")
    + ")",
    re.S,
)
_OWNED = "'s Archiver"
_OWNER = re.compile(r"<h2\b[^<>]{0,100}>([^<]{1,300})'s Archiver\s*</h2>")
_LIST = re.compile(r'<ul\b[^<>]{0,80}\btype="?1')


def is_archiver(page: Snapshot) -> bool:
    """Whether a page is one of the archiver's own layouts; its notices from X on are
    ordinary pages.

    Its title says so, or its foot where the owner took that out of the title.
    """
    text = page.text
    if text.find("Discuz! Archiver", 0, page.head_end) >= 0:
        return _title(page).endswith(_TITLE_END)
    if page.target is None or page.target.view != "archiver":
        return False
    foot_start = max(page.head_end, len(text) - _FOOT_CHARS)
    return _POWERED.search(text, foot_start) is not None


def _title(page: Snapshot) -> str:
    """The page's title in lower case; it may hold anything, `<` as well."""
    found = _TITLE.search(page.text, 0, page.head_end)
    if found is None:
        return ""
    title = found[1].lower()
    return title.rstrip()


def breadcrumb(text: str) -> tuple[int | None, str, int]:
    """The board that the breadcrumb names last, fid and name, and where the content begins."""
    found = _NAV.search(text)
    if found is None:
        return None, "", 0

    fid, name = None, ""
    bar = found[1] or found[2] or found[3]
    for link in _LINK.finditer(bar):
        linked_fid = _fid_of(link["href"])
        if linked_fid:
            fid = linked_fid
            name = plain(link["name"])
    return fid, name, found.end()


def full_version(text: str, start: int) -> tuple[str, str, int]:
    """The link to the ordinary page, at the foot: its address, the title it names, and
    where the content ends."""
    found = _FULL.search(text, start)
    if found is None:
        return "", "", len(text)
    after = found.end()
    link = _LINK.search(text, after, after + _FOOT_CHARS)
    if link is None:
        return "", "", found.start()
    address = html.unescape(link["href"])
    title = plain(link["name"])
    return address, title, found.start()


def page_numbers(text: str) -> tuple[int, int]:
    """This page's number, and the last one listed: the list is a window of ten pages to
    either side."""
    start, end = _page_list(text)
    bar = text[start:end]
    found = _HERE.search(bar)
    here = int(found[1]) if found else 1
    numbers = map(int, _THERE.findall(bar))
    return here, max([here, *numbers])


def _page_list(text: str) -> tuple[int, int]:
    """Where the list of pages stands; an empty piece at the end where there is none."""
    nowhere = len(text), len(text)
    start = _PAGES.search(text)
    if start is None:
        return nowhere
    end = _PAGES_END.search(text, start.end())
    if end is None:
        return nowhere
    return start.start(), end.end()


def thread_rows(content: str) -> tuple[ThreadRow, ...]:
    """The threads that a board page lists: number, title, replies (none for a pointer to a
    moved thread: `-`)."""
    rows = []
    for row in _ROW.finditer(content):
        target = parse_url(row["href"])
        if target is None or target.kind != "thread":
            continue
        if not target.id:
            continue
        thread = ThreadRow(
            tid=target.id,
            title=plain(row["name"]),
            replies=number(row["replies"]),
        )
        rows.append(thread)
    return tuple(rows)


def board_rows(content: str, parent_fid: int | None = None) -> tuple[BoardRow, ...]:
    """The boards that an index page lists, or a board page above its threads; lists within
    lists are sub-boards."""
    rows: list[BoardRow] = []
    category = ""
    depth = 0
    category_depth = 0
    last_board_fid = parent_fid
    for found in _BOARDS.finditer(content):
        if found["category"] is not None:
            category = plain(found["category"])
            category_depth = depth
            last_board_fid = parent_fid
            continue
        if found["down"]:
            depth += 1
            continue
        if found["up"]:
            depth -= 1
            continue

        fid = _fid_of(found["href"])
        if fid is None or fid == parent_fid:
            continue
        is_sub_board = depth > category_depth + 1
        row = BoardRow(
            fid=fid,
            name=plain(found["name"]),
            category=category,
            parent_fid=last_board_fid if is_sub_board else parent_fid,
        )
        rows.append(row)
        if not is_sub_board:
            last_board_fid = fid
    return tuple(rows)


def _fid_of(href: str) -> int | None:
    target = parse_url(href)
    if target is None or target.kind != "board":
        return None
    return target.id


def has_thread_list(content: str) -> bool:
    """Whether a page has the list that a board page has even when it is empty."""
    return _LIST.search(content) is not None


def words_of(content: str) -> str:
    """What a page says that has neither posts nor rows: a notice."""
    content = _HEADLINE.sub("", content)
    start, end = _page_list(content)
    before = content[:start]
    after = content[end:]
    return plain(before + after)


def site_of_archiver(text: str) -> SiteLine:
    """The forum as its archiver names it."""
    end = head_end(text)
    base = search_from("<base", _BASE, text, end=end)
    generator = search_from("<meta name", _GENERATOR, text, end=end)
    return SiteLine(
        plain(_site_name(text)),
        base[1] if base else "",
        generator[1] + generator[2] if generator else "",
    )


def _site_name(text: str) -> str:
    owner = None
    if _OWNED in text:
        owner = _OWNER.search(text)
    if owner:
        return owner[1]
    bar = _NAV.search(text)
    if bar is None:
        return ""
    first = _LINK.search(bar[1] or bar[2] or bar[3])
    return first["name"] if first else ""
