"""Links of a page by what they lead to, in any of a forum's forms of addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import Kind, Target, parse_url
from scraper.markup.html import attr, words

_DIGITS = re.compile(r"\d+")


def target_of(link: LexborNode | None) -> Target | None:
    """What a link leads to; None for no link, and for one to no page of a forum."""
    href = attr(link, "href")
    return parse_url(href)


def target_of_kind(link: LexborNode | None, kind: Kind) -> Target | None:
    """What a link leads to, if it is of that kind."""
    target = target_of(link)
    if target is None or target.kind != kind:
        return None
    return target


def links_to(
    kind: Kind,
    box: LexborNode | None,
    selector: str = "a",
) -> Iterator[tuple[LexborNode, Target]]:
    """The links of a box that lead to a page of that kind, and what each leads to."""
    if box is None:
        return
    for link in box.css(selector):
        target = target_of_kind(link, kind)
        if target is not None:
            yield link, target


def has_number(href: str, wanted: int | None) -> bool:
    """Whether an address, of whatever form, has a number in it."""
    return wanted is not None and str(wanted) in _DIGITS.findall(href)


def crumb_of(bar: LexborNode | None, fid: int | None, tid: int | None = None) -> str:
    """The name of a board in a breadcrumb where its address has no form that is known: the
    last link with the board's number, and without the thread's."""
    name = ""
    if bar is None or fid is None:
        return name
    for link in bar.css("a"):
        href = attr(link, "href")
        is_of_thread = tid != fid and has_number(href, tid)
        if is_of_thread or not has_number(href, fid):
            continue
        if parse_url(href) is None:
            name = words(link) or name
    return name
