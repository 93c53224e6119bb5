"""Ratings (评分) and comments (点评) below a post of the touch layout (X3.5)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import Comment, Rating
from scraper.markup.dates import Clock
from scraper.markup.html import elements, words
from scraper.markup.text import plain_text
from scraper.pages.handheld.heads import certain_time, own_words, person_of

_SCORE = re.compile(r"^([+-])\s*(\d{1,9})$")
_TITLED_SCORE = re.compile(r"^(.*?)\s*([+-])\s*(\d{1,9})")


def read_ratings(box: LexborNode) -> tuple[Rating, ...]:
    """The rows below the head line, one a person; or the pictures of the short list
    (`ratelogon` off)."""
    head, found = [""], []
    for row in box.css("li"):
        cells = [child for child in elements(row) if child.tag == "div"]
        if len(cells) < 3:
            if short := _short(row):
                found.append(short)
        elif (person := person_of(cells[0])).name:
            found.append(
                _rating(
                    person.name, person.uid, [words(cell) for cell in cells[1:]], head
                )
            )
        else:
            head = [own_words(cell) for cell in cells[1:-1]]
    return tuple(found)


def _rating(
    author: str, uid: int | None, cells: list[str], credits: list[str]
) -> Rating:
    for at, cell in enumerate(cells[:-1]):
        if found := _SCORE.match(cell):
            return Rating(
                author=author,
                uid=uid,
                score=int(found[1] + found[2]),
                reason=cells[-1],
                credit=credits[at] if at < len(credits) else "",
            )
    return Rating(author=author, uid=uid, reason=cells[-1])


def _short(row: LexborNode) -> Rating | None:
    """`<a class="murl"><p>name</p></a> <p>威望 + 5 点</p>`."""
    lines = [words(line) for line in row.css("p")]
    uid = next(
        (
            target.id
            for link in row.css("a")
            if (target := parse_url(link.attributes.get("href") or ""))
            and target.kind == "user"
        ),
        None,
    )
    if not lines or uid is None:
        return None
    found = next(
        (hit for line in lines[1:] if (hit := _TITLED_SCORE.match(line))), None
    )
    return Rating(
        author=lines[0],
        uid=uid,
        score=int(found[2] + found[3]) if found else None,
        credit=found[1] if found else "",
    )


def read_comment(box: LexborNode, clock: Clock) -> Comment | None:
    """One `div#commentdetail_N`; None for one without words."""
    said = box.css_first("li.mtxt")
    if said is None:
        return None
    author = box.css_first("li.mtit .z")
    person = person_of(author)
    stamp = box.css_first("li.mtime")
    return Comment(
        author=person.name,
        uid=person.uid,
        text=plain_text(said, clock),
        posted_at=certain_time(own_words(stamp), clock) if stamp is not None else None,
    )
