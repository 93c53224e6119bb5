"""Quotes: who is quoted, which post, and the quoted words, in each generation's form.

6.0: `原帖由 <i>X</i> 于 T 发表` before the words; 7.x: `X 发表于 T` after them; X1.5: before
them, the post linked by an arrow; X2 and later: before them, itself the link
(`goto=findpost&pid=`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from scraper.addresses.urls import parse_url
from scraper.core.records import Quote
from scraper.markup.dates import Clock
from scraper.markup.html import fold
from scraper.markup.line_times import around_time, last_time
from scraper.markup.wording import Wording

_TIME = r"[0-9一-鿿].{3,40}?"
_HEADS = (
    re.compile(
        r"^(?:引用[:：]?\s*+)?原帖由\s*+(?P<author>.+)(?<=\s)"
        rf"[于於]\s*+(?P<time>{_TIME})\s*+(?:发表|發表)\s*+$"
    ),
    re.compile(
        rf"^(?P<author>.+?)(?:发表于|發表於|發表于|发布于|發布於)\s*+(?P<time>{_TIME})\s*+$"
    ),
    re.compile(r"^posted by (?P<author>.+?) (?:at|on) (?P<time>.{6,40})$", re.I),
    re.compile(
        r"^(?P<author>.+?) (?:posted on|posted at|wrote at) (?P<time>.{6,40})$", re.I
    ),
)
# Longer lines are words; the patterns would need the square of their length.
_HEAD_CHARS = 300
_LABEL_CHARS = 30
_LABEL = re.compile(r"^(?:引用|引言|quote)\s*[:：]?$", re.I)


def make_quote(
    text: str,
    links: list[str],
    clock: Clock,
    *,
    marked: Sequence[str] = (),
    wording: Wording | None = None,
) -> Quote:
    """A quote from the words of its block, one line a line, and the addresses in it.

    `marked`: lines that their markup makes the head, in whatever language; `wording`: the
    page's own words, where they are not Chinese.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    if lines and _LABEL.match(lines[0].strip()):
        del lines[0]
    pid = _linked_post(links)
    author, posted_at = _take_head(lines, clock)
    if posted_at is None and marked and pid is not None:
        author, posted_at = _take_marked(lines, marked, clock, wording)
    words = "\n".join(lines)
    return Quote(
        pid=pid,
        author=author,
        posted_at=posted_at,
        text=words.strip(),
    )


def is_free_part(quote: Quote, text: str) -> bool:
    """Whether a block of a post for sale is what anybody may read of it (`[free]`), which
    buyers see in the markup of a quote.

    `text`: the words of the block, by which old templates label a quote.
    """
    if quote.author or quote.pid is not None:
        return False
    first_line = text.strip().partition("\n")[0]
    return _LABEL.match(first_line.strip()) is None


def _take_head(lines: list[str], clock: Clock) -> tuple[str, datetime | None]:
    """Author and time of the head line, which is taken out of the lines; it is the first or
    the last of them."""
    if not lines:
        return "", None
    for at in (0, -1):
        head = _read_head(lines[at], clock)
        if head is not None:
            del lines[at]
            return head
    return "", None


def _take_marked(
    lines: list[str],
    marked: Sequence[str],
    clock: Clock,
    wording: Wording | None,
) -> tuple[str, datetime | None]:
    """Author and time of the head line by its markup; the author is empty where the page
    does not tell which of its words are the name."""
    for at in (0, -1):
        line = fold(lines[at]) if lines else ""
        head = _marked_head(line, marked)
        if around_time(head) is None:
            continue
        posted_at = clock.parse(last_time(head))
        if posted_at is None:
            continue
        del lines[at]
        author = wording.quoted_author(head) if wording else ""
        return author, posted_at
    return "", None


def _marked_head(line: str, marked: Sequence[str]) -> str:
    """The head that a line is, or ends with below a label (`Quote: `); empty for none."""
    for head in marked:
        label = line.removesuffix(head)
        if label != line and len(label) <= _LABEL_CHARS:
            return head
    return ""


def _linked_post(links: list[str]) -> int | None:
    for link in links:
        target = parse_url(link)
        if target is not None and target.kind == "post":
            return target.id
    return None


def _read_head(line: str, clock: Clock) -> tuple[str, datetime] | None:
    """Author and time of a head line; None for a line of the quoted words."""
    line = line.strip()
    if len(line) > _HEAD_CHARS:
        return None
    for pattern in _HEADS:
        found = pattern.match(line)
        if found is None:
            continue
        posted_at = clock.parse(found["time"])
        if posted_at is not None:
            return found["author"].strip(), posted_at
    return None
