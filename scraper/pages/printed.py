"""What print pages share, as HTML or as plain text: the labels of a post's head, and the
forum's closing line.

    欢迎光临 NAME (http://host/bbs/)        Powered by Discuz! X3.4

Source: viewthread_printable.htm of 4.1 to X3.5. The template writes the parentheses itself,
so the address is certain.
"""

from __future__ import annotations

import html
import re
from typing import Final

from scraper.core.site import SiteLine
from scraper.markup.flat import head_end, search_from
from scraper.markup.html import fold

AUTHOR: Final = r"(?:作者|Author|Posted by)"
TIME: Final = r"(?:时间|時間|Time|Date)"
SUBJECT: Final = r"(?:标题|標題|主题|主題|Subject|Title)"
PRINT_LINK: Final = r"\[(?:打印本页|打印本頁|列印本頁|列印本页|Print(?: this page)?)\]"
WELCOME: Final = r"(?:欢迎光临|歡迎光臨|Welcome to)"

_TOP_CHARS: Final = 8_000
_TAIL_CHARS: Final = 4_000
_WELCOME_LINE = re.compile(
    r"(?:^|>)[ \t\xa0]*+"
    + WELCOME
    + r"[ \t\xa0]++(?P<name>[^\n]{0,300}?)\((?P<url>https?://[^()\s]{1,500})\)",
    re.M | re.I,
)
_ANY_LINE = re.compile(
    r"<td>\s*+(?P<name>[^<\n]{1,300}?)\((?P<url>https?://[^()\s<]{1,500})\)\s*+</td>"
)
_HEADING = re.compile(r"<h1>([^<]{1,300})</h1>")
_FIRST_LINE = re.compile(
    r"\s{0,100}(?!"
    + SUBJECT
    + r"[:：])(?=\S)([^<\n]{1,300})\n\s{0,100}"
    + SUBJECT
    + r"[:：]"
)
_POWERED = re.compile(r"!(?<=Powered by Discuz!)\s*(?P<version>[XRF]?\d[\w.]*)?", re.I)
_ADDRESS: Final = "://"


def site_of_print(text: str) -> SiteLine:
    """The forum of a print page, from its markup or from its plain text; empty where the
    closing line is missing."""
    tail = text[-_TAIL_CHARS:]
    name = url = ""
    line = _last_welcome(tail) or _last(_ANY_LINE, tail)
    if line:
        name = line["name"].rstrip()
        url = html.unescape(line["url"])
        url = url.removesuffix("/") + "/"
    end = head_end(text) + _TOP_CHARS
    heading = _FIRST_LINE.match(text, 0, end)
    if heading is None:
        heading = search_from("<h1>", _HEADING, text, end=end)
    if heading:
        name = heading[1]
    return SiteLine(
        name=fold(html.unescape(name)),
        url=url,
        software=_software(tail),
    )


def _last_welcome(tail: str) -> re.Match[str] | None:
    """The last line that welcomes: few have an address, which is found far sooner."""
    lines = tail.split("\n")
    for line in reversed(lines):
        if _ADDRESS not in line:
            continue
        found = _last(_WELCOME_LINE, line)
        if found is not None:
            return found
    return None


def _software(tail: str) -> str:
    powered = _last(_POWERED, tail)
    if powered is None:
        return ""
    version = powered["version"] or ""
    return f"Discuz! {version}".strip()


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    last = None
    for found in pattern.finditer(text):
        last = found
    return last
