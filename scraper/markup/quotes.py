"""Quotes: who is quoted, which post, and the quoted words, in each generation's form.

6.0: `原帖由 <i>X</i> 于 T 发表` before the words; 7.x: `X 发表于 T` after them; X1.5: before them, the post linked by
an arrow; X2 and later: before them, itself the link (`goto=findpost&pid=`).
"""

from __future__ import annotations

import re
from datetime import datetime

from scraper.addresses.urls import parse_url
from scraper.core.records import Quote
from scraper.markup.dates import Clock

_TIME = r"[0-9一-鿿].{3,40}?"
_HEADS = (
    re.compile(
        rf"^(?:引用[:：]?\s*)?原帖由\s*(?P<author>.+)\s+[于於]\s*(?P<time>{_TIME})\s*(?:发表|發表)\s*$"
    ),
    re.compile(
        rf"^(?P<author>.+?)\s*(?:发表于|發表於|發表于|发布于|發布於)\s*(?P<time>{_TIME})\s*$"
    ),
    re.compile(r"^posted by (?P<author>.+?) (?:at|on) (?P<time>.{6,40})$", re.I),
    re.compile(
        r"^(?P<author>.+?) (?:posted on|posted at|wrote at) (?P<time>.{6,40})$", re.I
    ),
)
_LABEL = re.compile(r"^(?:引用|引言|quote)\s*[:：]?$", re.I)


def make_quote(text: str, links: list[str], clock: Clock) -> Quote:
    """A quote from the words of its block, one line a line, and the addresses in it."""
    pid = next(
        (
            target.id
            for target in map(parse_url, links)
            if target and target.kind == "post"
        ),
        None,
    )
    lines = [line for line in text.split("\n") if line.strip()]
    if lines and _LABEL.match(lines[0].strip()):
        lines = lines[1:]
    author, posted_at, lines = _take_head(lines, clock)
    return Quote(
        pid=pid if isinstance(pid, int) else None,
        author=author,
        posted_at=posted_at,
        text="\n".join(lines).strip(),
    )


def _take_head(
    lines: list[str], clock: Clock
) -> tuple[str, datetime | None, list[str]]:
    for at in (0, -1):
        for pattern in _HEADS if lines else ():
            found = pattern.match(lines[at].strip())
            if found and (posted_at := clock.parse(found["time"])):
                return (
                    found["author"].strip(),
                    posted_at,
                    lines[1:] if at == 0 else lines[:-1],
                )
    return "", None, lines
