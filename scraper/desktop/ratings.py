"""Ratings (评分) and comments (点评) below a post."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.dates import Clock
from scraper.html import attr, classes, printed_time, words
from scraper.records import Comment, Rating
from scraper.urls import parse_url

_SCORE = re.compile(r"^([+-])\s*(\d+)$")
_POSTED = re.compile(r"\s*(?:发表于|發表於|發表于|posted on)[^发發]*$", re.I)


def read_ratings(box: LexborNode) -> tuple[Rating, ...]:
    """The rows of `table.ratl`, one a person; or the pictures of a short list (`ul` whose items carry a `tip`)."""
    credits = [words(cell) for cell in box.css("tr:first-child th")[1:]]
    rows = [_rating(row, credits) for row in box.css('tr[id^="rate_"]')]
    return tuple(rows) or tuple(_tipped(item) for item in box.css("li [tip], li[tip]"))


def _rating(row: LexborNode, credits: list[str]) -> Rating:
    cells = row.css("td")
    author, uid = user_of(cells[0]) if cells else ("", None)
    score, credit = None, ""
    for at, cell in enumerate(cells[1:-1]):
        if found := _SCORE.match(words(cell).replace(" ", "")):
            score = int(found[1] + found[2])
            credit = re.sub(r"[\s+\-\d]+$", "", credits[at]) if at < len(credits) else ""
            break
    return Rating(author=author, uid=uid, score=score, credit=credit, reason=words(cells[-1]) if len(cells) > 1 else "")


def _tipped(item: LexborNode) -> Rating:
    """`<p tip="<strong>reason</strong>&nbsp;<em class='xi1'>威望 + 5</em>">` around a small picture."""
    author, uid = user_of(item)
    tip = re.sub(r"<[^>]+>|&nbsp;", " ", attr(item, "tip"))
    found = re.search(r"(\S+)\s*([+-])\s*(\d+)", tip)
    return Rating(author=author, uid=uid, score=int(found[2] + found[3]) if found else None,
                  credit=found[1] if found else "", reason=(tip[: found.start()] if found else tip).strip())


def user_of(cell: LexborNode) -> tuple[str, int | None]:
    """The last named link to a member in a cell: name and uid."""
    name, uid = "", None
    for link in cell.css("a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "user":
            name, uid = words(link) or name, target.id if isinstance(target.id, int) else uid
    return name or words(cell), uid


def read_comment(box: LexborNode, clock: Clock) -> Comment | None:
    """One `div.pstl`; None for the row of the averages of all comments."""
    said = box.css_first(".psti")
    if said is None or "cl" not in classes(box):
        return None
    author, uid = user_of(box.css_first(".psta") or box)
    stamp = said.css_first("span.xg1")
    printed = words(stamp)
    text = words(said)
    text = text[: -len(printed)].rstrip() if printed and text.endswith(printed) else _POSTED.sub("", text)
    return Comment(author=author, uid=uid, posted_at=clock.parse(printed_time(stamp)), text=text)
