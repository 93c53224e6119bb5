"""A capture made ready for parsers: decoded once, its address understood, its tree built
when first asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from selectolax.lexbor import LexborHTMLParser

from scraper.addresses.form_learning import learn
from scraper.addresses.own_forms import NO_FORMS, OwnForms, host_of
from scraper.addresses.urls import Target, parse_url
from scraper.core.records import Capture
from scraper.core.site import DEFAULT_SITE, AddressPair, Site
from scraper.markup.date_order import date_order, has_day_second
from scraper.markup.dates import Clock
from scraper.markup.decode import read_body
from scraper.markup.flat import head_end
from scraper.markup.html import tree_of
from scraper.markup.inlined import with_names
from scraper.markup.zone import parse_zone

_ZONE_CHARS = 60
# The footer (`GMT+8, 2026-11-24 05:09`) is the page's last part; scripts may follow it.
_FOOTER_CHARS = 6_000


@dataclass(frozen=True)
class Snapshot:
    """Everything a parser may look at. `fetched_at` is its only clock; `target` is None for
    a foreign address; `utf8` the text's own bytes, where the capture has it in UTF-8;
    `own_forms` the forms of addresses that the forum has for itself, as far as `site` proves
    them."""

    capture: Capture
    text: str
    encoding: str
    target: Target | None
    site: Site = DEFAULT_SITE
    utf8: bytes | None = None
    own_forms: OwnForms = NO_FORMS

    def part(self, text: str) -> Snapshot:
        """A text that this page carries, as a page of its own."""
        return replace(self, text=text, utf8=None)

    @property
    def url(self) -> str:
        """The address the page was captured from."""
        return self.capture.url

    @property
    def fetched_at(self) -> datetime:
        """When the page was captured: aware, UTC."""
        return self.capture.fetched_at

    @cached_property
    def body_tag(self) -> str:
        """The `<body …>` tag as written: it names the script and the action in X, the view
        in others."""
        start = self.head_end
        if start == len(self.text):
            return ""
        end = self.text.find(">", start)
        return self.text[start : end + 1]

    @cached_property
    def head_end(self) -> int:
        """Where the page's body begins, however long its head is; the text's length for a
        page without one."""
        return head_end(self.text)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as a tree; built once. PageError for markup beyond reason."""
        return tree_of(self.utf8 or self.text)

    @cached_property
    def clock(self) -> Clock:
        """Turns the times that this page prints into UTC, by the zone its footer names,
        else the site's.

        The clock knows the page's text, not the snapshot: in a circle with its snapshot it
        would keep the page's tree until the garbage collector came by.
        """
        footer = self._stated_zone()
        settle_order = partial(date_order, footer, self.text, self.fetched_at)
        return Clock(
            self.fetched_at,
            zone=parse_zone(footer) or self.site.zone,
            settle_order=settle_order,
            has_day_second=has_day_second(footer, self.text, self.fetched_at),
        )

    def _stated_zone(self) -> str:
        """The footer from its zone on; empty where it states none."""
        text = self.text
        footer_start = max(0, len(text) - _FOOTER_CHARS)
        at = text.rfind("GMT", footer_start)
        if at < 0:
            return ""
        return text[at : at + _ZONE_CHARS]


def take_snapshot(capture: Capture, site: Site = DEFAULT_SITE) -> Snapshot:
    """Decode a capture and read its address. Never raises: invalid bytes become U+FFFD."""
    content_type = capture.header("content-type")
    text, encoding, is_verbatim = read_body(capture.body, content_type)
    named = with_names(text)
    if named is not text:
        text = named
        is_verbatim = False
    forms = learn(site.pairs, host_of(capture.url))
    return Snapshot(
        capture=capture,
        text=text,
        encoding=encoding,
        target=forms.target(capture.url) or parse_url(capture.url),
        site=site,
        utf8=capture.body if is_verbatim else None,
        own_forms=forms,
    )


def with_pairs(snapshot: Snapshot, pairs: tuple[AddressPair, ...]) -> Snapshot:
    """The same page of a forum of whose own addresses more is known."""
    url = snapshot.url
    all_pairs = snapshot.site.pairs + pairs
    forms = learn(all_pairs, host_of(url))
    return replace(
        snapshot,
        target=forms.target(url) or parse_url(url),
        site=replace(snapshot.site, pairs=all_pairs),
        own_forms=forms,
    )
