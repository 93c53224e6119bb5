"""The addresses in a forum's posts → our pages, or the addresses themselves."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from archive.reading.forums import Forum
from archive.reading.lookup import NUMBERED
from archive.reading.rows import fetch_column
from archive.reading.thread_lists import PAGE_ROWS
from archive.store.own_addresses import read_pairs
from archive.web import paths
from scraper.addresses.form_learning import learn
from scraper.addresses.link_reader import own_forms_read
from scraper.addresses.own_forms import NO_FORMS, OwnForms, host_of
from scraper.addresses.target import Target
from scraper.addresses.urls import absolute, base_of, parse_url, pid_of

THREADS_ON_PAGE: Final = 20
"""As Discuz! is shipped; its pages of boards are shorter than ours."""
_ADDRESSES: Final = "SELECT address FROM site_addresses WHERE site_id = ?"


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses in one forum's posts. `addresses` are those of the forum itself;
    `on_page` are the posts (pid → row) that a link can jump to at once; `own_forms` are the
    forms of addresses that the forum has for itself."""

    forum: Forum
    addresses: frozenset[str]
    on_page: Mapping[int, int]
    own_forms: OwnForms = NO_FORMS

    def resolve(self, href: str) -> str:
        """What to link to: a place on the page, a page of ours, or the address itself."""
        with own_forms_read(self.own_forms, self.forum.base_url):
            return self._resolve(href)

    def _resolve(self, href: str) -> str:
        address = absolute(self.forum.base_url, href)
        if address.startswith("mailto:"):
            return address
        forum_address = plain_address(base_of(address))
        if forum_address not in self.addresses:
            return address

        target = parse_url(address)
        pid = pid_of(address)
        if pid is None and target is not None and target.kind == "post":
            pid = target.id
        if pid is not None:
            if pid in self.on_page:
                return f"#p{self.on_page[pid]}"
            return paths.numbered("post", self.forum.id, pid)
        if target is None:
            return address
        return page_of_target(self.forum.id, target) or address


def links_of(
    conn: sqlite3.Connection, forum: Forum, on_page: Mapping[int, int]
) -> Links:
    """The links of a forum's posts."""
    known = fetch_column(conn, _ADDRESSES, forum.id)
    own = plain_address(forum.base_url)
    pairs = read_pairs(conn, forum.id)
    return Links(
        forum=forum,
        addresses=frozenset([*known, own]),
        on_page=on_page,
        own_forms=learn(pairs, host_of(forum.base_url)),
    )


def page_of_target(site_id: int, target: Target) -> str | None:
    """Our page for what an address of the forum's is about; None where we have no such."""
    if target.kind in ("index", "category"):
        return paths.forum(site_id)
    if target.kind not in NUMBERED:
        return None
    if not target.id:
        is_named = target.kind == "user" and target.name
        return paths.named(site_id, target.name) if is_named else None

    if target.kind == "thread":
        return paths.thread(site_id, target.id, page=target.page)
    address = paths.numbered(target.kind, site_id, target.id)
    if target.kind == "board":
        page = _our_page_of_board(target.page)
        return f"{address}?page={page}" if page > 1 else address
    return address


def plain_address(address: str) -> str:
    """An address as `site_addresses` has it: without scheme and www."""
    _, _, rest = address.partition("://")
    return rest.removeprefix("www.")


def _our_page_of_board(page: int) -> int:
    """Which page of ours holds the last thread of a page of the forum's."""
    threads_before_end = page * THREADS_ON_PAGE
    return -(-threads_before_end // PAGE_ROWS)
