"""The plain text of a print page, as text extractions of web crawls (WET records) and `Save
as text` leave it.

Labels and values stand on lines of their own, or on one line. Only a label of the author
*and* one of the time with a time after it begin a post: a line of a message that merely
looks like a label stays in the message. Prints no tid: the forum is known by the closing
line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.core.errors import PageError
from scraper.core.records import Post, ThreadPage
from scraper.markup.bbcode import take_attachments, tidy
from scraper.markup.edit_mark import take_edit_mark
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot
from scraper.markup.withheld import is_anonymous, withheld_reason
from scraper.pages import layouts
from scraper.pages.archiver_text import take_quotes
from scraper.pages.heads import with_ends
from scraper.pages.printed import (
    AUTHOR,
    PRINT_LINK,
    SUBJECT,
    TIME,
    WELCOME,
    site_of_print,
)
from scraper.themes import LIKELY, Theme

_SPACE = r"[ \t\xa0\u3000]"
_GAP = rf"{_SPACE}{{0,20}}(?:\n{_SPACE}{{0,20}}){{0,3}}"
_WHEN = r"(?=[^\n]{0,20}\d|[^\n]{0,2}[半昨今前刚剛])[^\n]{2,40}?"
_HEAD = re.compile(
    rf"^{_SPACE}{{0,20}}{AUTHOR}{_SPACE}?[:：]{_GAP}(?P<author>[^\n]{{1,80}}?){_GAP}"
    rf"(?<=[\s\u3000]){TIME}{_SPACE}?[:：]{_GAP}(?P<time>{_WHEN})"
    rf"(?:{_GAP}(?<=[\s\u3000]){SUBJECT}{_SPACE}?[:：]{_GAP}(?P<subject>[^\n]{{1,300}}?))?"
    rf"{_SPACE}{{0,20}}$",
    re.M | re.I,
)
_TITLE = re.compile(
    rf"^{_SPACE}{{0,20}}{SUBJECT}{_SPACE}?[:：]{_GAP}(?P<title>[^\n]{{1,300}}?){_GAP}"
    rf"(?:{PRINT_LINK}{_SPACE}{{0,20}})?$",
    re.M | re.I,
)
_CLOSING = re.compile(
    rf"^{_SPACE}{{0,20}}(?:{WELCOME}{_SPACE}[^\n]{{0,300}}\(https?://[^\s()]{{1,500}}\)"
    rf"|Powered by Discuz![^\n]{{0,60}})",
    re.M | re.I,
)
_WITHHELD = re.compile(
    r"(?:提示|Note|Tip)[:：]\s*(?=[^\n]{0,60}?(?:屏蔽|遮蔽|banned|deleted))[^\n]{2,60}"
    r"|本主[题題]需向作者支付\s*+[^\n]{1,34}?才能[浏瀏][览覽]",
    re.I,
)
_TYPE = re.compile(r"\[([^\]]{1,40})\]")
_PRINT_LINK = re.compile(rf"(?<!\s)\s*+{PRINT_LINK}\s*+$", re.I)
_MARKUP_CHARS = 4_000


def _recognise(page: Snapshot) -> int:
    start = page.text[:_MARKUP_CHARS].lstrip()
    if start.startswith("<") or "<html" in start.lower():
        return 0
    text = _with_unix_breaks(page.text)
    for _ in _heads(text, page):
        return LIKELY
    return 0


def _with_unix_breaks(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return text.replace("\r", "\n")


def _heads(text: str, page: Snapshot) -> Iterator[re.Match[str]]:
    for head in _HEAD.finditer(text):
        if page.clock.parse(head["time"]):
            yield head


def _read(page: Snapshot) -> ThreadPage:
    text = _with_unix_breaks(page.text)
    heads = list(_heads(text, page))
    if not heads:
        raise PageError(
            "the text of a print page without a single post that could be read"
        )

    first = heads[0]
    above = text[: first.start()]
    subject = fold(first["subject"] or "")
    title, type_name = _title(above, subject)
    end = _end(text, heads[-1].end())
    posts = []
    for head, stop in with_ends(heads, end):
        source = text[head.end() : stop]
        post = _post(head, source, title, page)
        posts.append(post)
    posts = take_quotes(posts, page.clock)
    return ThreadPage(
        title=title,
        type=type_name,
        posts=tuple(posts),
    )


def _title(head: str, subject: str) -> tuple[str, str]:
    """Title, and the thread type that 6.0 and 7.x print before it; the opening post's
    subject tells them apart."""
    found = _TITLE.search(head)
    title = ""
    if found:
        title = fold(found["title"])
        title = _PRINT_LINK.sub("", title)

    before = title.removesuffix(subject).strip()
    if not subject or not before:
        return title or subject, ""
    in_brackets = _TYPE.fullmatch(before)
    if in_brackets is None:
        return title, ""
    return subject, in_brackets[1]


def _end(text: str, start: int) -> int:
    """Where the last message ends: before the forum's closing lines, of which the first
    begins the page's foot."""
    closing_lines = _CLOSING.finditer(text, start)
    ends = [found.start() for found in closing_lines]
    if not ends:
        return len(text)
    if len(ends) == 1:
        return ends[0]
    before_last, last = ends[-2:]
    between = text[before_last:last].strip()
    # A line of a message may look like the first one.
    return last if "\n" in between else before_last


def _post(head: re.Match[str], source: str, title: str, page: Snapshot) -> Post:
    author = fold(head["author"])
    subject = fold(head["subject"] or "")
    anonymous = is_anonymous(author)
    text, edited_by, edited_at = take_edit_mark(source, page.clock)
    text, attachments = take_attachments(tidy(text))
    withheld = ""
    if _WITHHELD.fullmatch(text):
        withheld = fold(text)
    return Post(
        author="" if anonymous else author,
        anonymous=anonymous,
        posted_at=page.clock.parse(head["time"]),
        subject="" if subject == title else subject,
        text="" if withheld else text,
        withheld=withheld,
        withheld_reason=withheld_reason(withheld),
        attachments=attachments,
        edited_by=edited_by,
        edited_at=edited_at,
    )


THEME = Theme("print_text", _recognise, _read, site=site_of_print, prints=layouts.PRINT)
