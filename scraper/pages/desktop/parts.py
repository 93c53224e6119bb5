"""The parts of a post, each with a reader of its own that a theme may replace.

    BYLINES = replace(DESKTOP_PARTS, author=read_byline)
    read_thread(page, parts=BYLINES)

A reader is given where the parts of the post stand (`PostNodes`, of which `table` holds
everything) and what holds for the page (`PageContext`); it never raises for what it does
not find.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias, TypeVar

from selectolax.lexbor import LexborNode

from scraper.core.records import Comment, Poll, Rating
from scraper.markup.floors import floor_of
from scraper.markup.html import attr, words
from scraper.markup.text import Message, plain_text, read_message
from scraper.markup.withheld import tells_a_price
from scraper.pages.desktop import polls, ratings
from scraper.pages.desktop.authors import read_author
from scraper.pages.desktop.location import read_location
from scraper.pages.desktop.nodes import (
    PageContext,
    PostNodes,
    first_child,
    outermost,
)
from scraper.pages.person import Person

_T = TypeVar("_T")
PartReader: TypeAlias = Callable[[PostNodes, PageContext], _T]
"""Reads one part of a post."""


def read_floor(nodes: PostNodes, context: PageContext) -> int | None:
    """The floor's number; None for a word of the forum's own."""
    return floor_of(nodes.floor)


def read_time(nodes: PostNodes, context: PageContext) -> datetime | None:
    """When the post was made, in UTC. A relative time has the exact one in a title; where
    the poster was may follow it."""
    return context.clock.parse(_printed_time(nodes))


def _printed_time(nodes: PostNodes) -> str:
    time = nodes.printed_time
    if time is None:
        return ""
    if time.is_text_node:
        text = time.text_content or ""
        return text.strip()
    for child in time.iter():
        exact = attr(child, "title")
        if exact:
            return exact
    return words(time)


def read_subject(nodes: PostNodes, context: PageContext) -> str:
    """The post's own subject, above its message."""
    return _first_words(nodes.headings)


def read_body(nodes: PostNodes, context: PageContext) -> Message | None:
    """The message; None where the page has none."""
    if nodes.message is None:
        return None
    boxes = outermost(nodes.locked)
    return read_message(
        nodes.message,
        context.clock,
        context.unescape,
        is_for_sale=tells_a_price(boxes),
        wording=context.wording,
    )


def read_signature(nodes: PostNodes, context: PageContext) -> str:
    """The author's signature."""
    if nodes.signature is None:
        return ""
    return plain_text(nodes.signature, context.clock)


def read_ratings(nodes: PostNodes, context: PageContext) -> tuple[Rating, ...]:
    """The ratings that the page shows of the post, from the first box that has any."""
    for box in nodes.ratings:
        found = ratings.read_ratings(box, context.clock)
        if found:
            return found
    return ()


def read_comments(nodes: PostNodes, context: PageContext) -> tuple[Comment, ...]:
    """The comments that the page shows of the post, from the first box that has any."""
    for box in nodes.comments:
        found = ratings.read_comments(box, context.clock)
        if found:
            return found
    return ()


def read_poll(nodes: PostNodes, context: PageContext) -> Poll | None:
    """The poll of an opening post."""
    for form in nodes.polls:
        poll = polls.read_poll(form)
        if poll is not None:
            return poll
    return None


def read_side(nodes: PostNodes, context: PageContext) -> str:
    """The side that a post of a debate takes, beside the head line.

    X: `div.pdbt label.pdbts a.v`; 7.x: `span.debatevote label`. A prize that a reply won
    has such a label, too (`checkrush`).
    """
    label = _label_of_head_line(nodes.time)
    if label is None:
        return ""
    is_vote = "debatevote" in attr(label, "class")
    if label.tag != "label" and not is_vote:
        return ""
    link = label.css_first("a.v, label a")
    is_prize = "checkrush" in attr(link, "href")
    return words(link) if not is_prize else ""


def _label_of_head_line(time: LexborNode | None) -> LexborNode | None:
    """The first element in the first box of the line that the time stands in."""
    if time is None or time.parent is None:
        return None
    line = time.parent.parent
    if line is None:
        return None
    box = first_child(line)
    return first_child(box) if box is not None else None


def read_tags(opening: PostNodes | None) -> tuple[str, ...]:
    """The thread's tags, below the opening post."""
    if opening is None:
        return ()
    for box in opening.tags:
        tags = _tags_in(box)
        if tags:
            return tags
    return ()


def _tags_in(box: LexborNode) -> tuple[str, ...]:
    tags = []
    for link in box.css("a"):
        above = link.parent
        if above is not None and above.tag == "span":
            # no tag: it edits them
            continue
        tag = attr(link, "title") or words(link)
        if tag:
            tags.append(tag)
    return tuple(tags)


def read_moderation(opening: PostNodes | None) -> str:
    """What moderators did with the thread, as printed below the opening post."""
    if opening is None:
        return ""
    return _first_words(opening.moderation)


def _first_words(boxes: list[LexborNode]) -> str:
    for box in boxes:
        text = words(box)
        if text:
            return text
    return ""


@dataclass(frozen=True, slots=True)
class PostParts:
    """A reader for each part of a post; `dataclasses.replace` makes a set with others."""

    author: PartReader[Person] = read_author
    floor: PartReader[int | None] = read_floor
    posted_at: PartReader[datetime | None] = read_time
    subject: PartReader[str] = read_subject
    message: PartReader[Message | None] = read_body
    signature: PartReader[str] = read_signature
    ratings: PartReader[tuple[Rating, ...]] = read_ratings
    comments: PartReader[tuple[Comment, ...]] = read_comments
    poll: PartReader[Poll | None] = read_poll
    side: PartReader[str] = read_side
    location: PartReader[str] = read_location


DESKTOP_PARTS = PostParts()
"""The readers for the templates that Discuz! came with, 6.0 to X3.5."""
