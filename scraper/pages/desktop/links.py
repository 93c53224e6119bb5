"""Links of a page by what they lead to, in any of a forum's forms of addresses."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from scraper.addresses.urls import Kind, Target, parse_url
from scraper.markup.html import attr


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
