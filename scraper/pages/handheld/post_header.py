"""What stands above a post on a hand-held page: who wrote it, and when, as far as the page
is certain of it."""

from __future__ import annotations

import re
from datetime import datetime

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import Target, parse_url
from scraper.markup.dates import Clock
from scraper.markup.html import attr, fold, words
from scraper.markup.location import location_of
from scraper.markup.withheld import is_anonymous
from scraper.pages.person import ANONYMOUS, Person

_ROUNDED = re.compile(
    r"(?:\d|半)\s*(?:天|日|[个個]?小[时時]|分[钟鐘]?|days?|hours?|hrs?|min(?:ute)?s?)"
    r"(?:\(s\))?\s*(?:前|ago|before)|half\b",
    re.I,
)


def person_of(box: LexborNode | None) -> Person:
    """The author that a box names.

    The templates link a member to the profile and a guest to nowhere, write a deleted
    account's name before an `em`, and an anonymous member's stand-in (a word of the forum's
    own) bare. A plugin may print a location in an `em`, too.
    """
    if box is None:
        return Person()

    link = box.css_first("a")
    if link is not None:
        return linked_person(link)

    name = own_words(box)
    if not name:
        return Person()

    if is_anonymous(name) or not _has_note_of_deletion(box):
        return ANONYMOUS
    return Person(name)


def _has_note_of_deletion(box: LexborNode) -> bool:
    note = box.css_first("em")
    if note is None:
        return False
    return not location_of(words(note))


def linked_person(link: LexborNode) -> Person:
    """The member whose profile a link leads to. Nobody is told by a guest's link, nor by
    that of a stand-in for an anonymous member, which moderators see linked."""
    name = words(link)
    target = parse_url(attr(link, "href"))
    if target is None or target.kind != "user":
        return ANONYMOUS
    if is_anonymous(name):
        return ANONYMOUS
    return Person(name, target.id or None)


def id_of(target: Target | None, kind: str) -> int | None:
    """The number of a thing that an address stands for; None where it is of another kind."""
    if target is None or target.kind != kind:
        return None
    return target.id


def own_words(node: LexborNode) -> str:
    """A node's own words, without those of its elements."""
    return fold(" ".join(own_texts(node)))


def own_texts(node: LexborNode) -> list[str]:
    """The texts that stand directly in a node, white space kept."""
    texts = []
    child = node.first_child
    while child is not None:
        if child.is_text_node:
            texts.append(child.text_content or "")
        child = child.next
    return texts


def time_of(line: LexborNode | None, clock: Clock) -> datetime | None:
    """The time that stands directly in a line, or in the title of a relative one; None
    where it is only rough."""
    if line is None:
        return None

    for text in own_texts(line):
        printed = text.strip()
        if printed:
            return certain_time(printed, clock)

    for span in line.css("span[title]"):
        found = clock.parse(attr(span, "title"))
        if found:
            return found
    return None


def certain_time(text: str, clock: Clock) -> datetime | None:
    """A printed time; None for one that the page rounds (`3 天前`, `2 小时前`): touch pages
    keep the exact one back."""
    is_absolute = text[:4].isdigit()
    if not is_absolute and _ROUNDED.search(text):
        return None
    return clock.parse(text)
