"""Ratings (评分) and comments (点评) below a post of the touch layout (X3.5)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, repeat

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import parse_url
from scraper.core.records import Comment, Rating
from scraper.markup.dates import Clock
from scraper.markup.html import attr, elements, words
from scraper.markup.text import plain_text
from scraper.pages.handheld.post_header import certain_time, own_words, person_of
from scraper.pages.person import Person

_SCORE = re.compile(r"^([+-])\s*(\d{1,9})$")
_CREDIT_AND_SCORE = re.compile(r"^(.*?)\s?([+-])\s?(\d{1,9})")
_LEAST_CELLS = 3  # member, at least one credit, reason


def read_ratings(box: LexborNode) -> tuple[Rating, ...]:
    """The rows below the head line, one a person; or the pictures of the short list
    (`ratelogon` off)."""
    credit_names: list[str] = []
    found: list[Rating] = []
    for row in box.css("li"):
        cells = [child for child in elements(row) if child.tag == "div"]
        if len(cells) < _LEAST_CELLS:
            rating = _pictured(row)
            if rating is not None:
                found.append(rating)
            continue

        person = person_of(cells[0])
        if person.name:
            rating = _rating(person, cells, credit_names)
            found.append(rating)
        else:
            credit_names = [own_words(cell) for cell in cells[1:-1]]
    return tuple(found)


def _rating(person: Person, cells: list[LexborNode], credit_names: list[str]) -> Rating:
    """A row of the table: member, scores by credit, reason. The first score is kept."""
    _, *scores, reason = cells
    rating = Rating(
        author=person.name,
        uid=person.uid,
        reason=words(reason),
    )
    credits = chain(credit_names, repeat(""))
    for cell, credit in zip(scores, credits, strict=False):
        found = _SCORE.match(words(cell))
        if found:
            sign, digits = found.groups()
            return replace(
                rating,
                score=int(sign + digits),
                credit=credit,
            )
    return rating


def _pictured(row: LexborNode) -> Rating | None:
    """`<a class="murl"><p>name</p></a> <p>威望 + 5 点</p>`."""
    lines = row.css("p")
    uid = _linked_uid(row)
    if not lines or uid is None:
        return None

    name, *figures = lines
    rating = Rating(
        author=words(name),
        uid=uid,
    )
    for line in figures:
        found = _CREDIT_AND_SCORE.match(words(line))
        if found:
            credit, sign, digits = found.groups()
            return replace(
                rating,
                score=int(sign + digits),
                credit=credit,
            )
    return rating


def _linked_uid(row: LexborNode) -> int | None:
    """The member that the first link to a profile leads to."""
    for link in row.css("a"):
        target = parse_url(attr(link, "href"))
        if target and target.kind == "user":
            return target.id
    return None


def read_comment(box: LexborNode, clock: Clock) -> Comment | None:
    """One `div#commentdetail_N`; None for one without words."""
    message = box.css_first("li.mtxt")
    if message is None:
        return None

    person = person_of(box.css_first("li.mtit .z"))
    stamp = box.css_first("li.mtime")
    printed_time = own_words(stamp) if stamp is not None else ""
    return Comment(
        author=person.name,
        uid=person.uid,
        text=plain_text(message, clock),
        posted_at=certain_time(printed_time, clock),
    )
