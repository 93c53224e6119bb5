"""The addresses that readers ask for where the forum once was → our pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

from archive.reading.forums import get_forum
from archive.reading.lookup import NUMBERED, MissingError, find_row
from archive.reading.rows import fetch_column
from archive.reading.thread import count_posts
from archive.reading.thread_lists import page_count
from archive.store.own_addresses import read_pairs
from archive.store.shown_files import file_name
from archive.web import paths
from archive.web.counts import posts_per_page
from archive.web.kept_media import kept_media
from archive.web.links import page_of_target, plain_address
from archive.web.pages_forum import home_page
from archive.web.values import (
    ArchiveRequest,
    PageRequest,
    PageResponse,
    Redirect,
    TemplateResponse,
)
from scraper.addresses.form_learning import learn
from scraper.addresses.target import Target
from scraper.addresses.urls import absolute, base_of, parse_url, pid_of

_FRONT_PAGES: Final = ("index", "category", "feed")
_ADDRESSES: Final = "SELECT address, site_id FROM site_addresses ORDER BY site_id"
_SITES_WITH_FORMS: Final = "SELECT DISTINCT site_id FROM own_addresses ORDER BY 1"
_SITES: Final = "SELECT id FROM sites ORDER BY id"
_SEVERAL: Final = 300
"""The status for several answers to one question (RFC 9110, 15.4.1)."""


def front_page(request: ArchiveRequest) -> PageResponse:
    """The first page; `/?tid-228.html` is an old address."""
    has_query = "?" in request.url
    if has_query and not request.args.get("home"):
        try:
            return old_address(request)
        except MissingError:
            pass
    return home_page(request)


def old_address(request: ArchiveRequest) -> PageResponse:
    """An address as the forum had it, answered by where we have the page. Raises
    MissingError where we have not."""
    target = _target(request)
    if target.kind == "attachment":
        return _file(request, target)
    if target.kind in _FRONT_PAGES:
        front_page = _front_page(request)
        return Redirect(location=front_page)

    locations = _locations(request, target)
    if len(locations) == 1:
        (location,) = locations.values()
        return Redirect(location=location)
    if locations:
        return _choices(request.conn, locations)
    is_ours = target.kind in NUMBERED
    raise MissingError(target.kind if is_ours else "page")


def _locations(request: ArchiveRequest, target: Target) -> dict[int, str]:
    """Where we have what an address shows, by the forums that it may mean."""
    pid = pid_of(request.url)
    found = {}
    for site_id in _sites(request):
        location = _location(request.conn, site_id, target, pid)
        if location is not None:
            found[site_id] = location
    return found


def _choices(conn: sqlite3.Connection, locations: Mapping[int, str]) -> PageResponse:
    """The page that offers what several forums have under one address."""
    choices = []
    for site_id, location in locations.items():
        choices.append((get_forum(conn, site_id), location))
    return TemplateResponse(
        template="which.html",
        values={"choices": choices},
        status=_SEVERAL,
    )


def no_page(request: PageRequest) -> PageResponse:
    """What stands where a page of ours could, and is none. Always raises MissingError."""
    raise MissingError("page")


def _target(request: ArchiveRequest) -> Target:
    """What an address shows, or is about. Raises MissingError where it says neither."""
    target = parse_url(request.url) or _own_target(request)
    if target is None or target.kind == "other":
        return _subject(request)
    if target.kind in ("ratings", "comments"):
        return Target("post", target.id)
    return target


def _own_target(request: ArchiveRequest) -> Target | None:
    """What an address shows by the form that a forum had for itself."""
    for site_id in fetch_column(request.conn, _SITES_WITH_FORMS):
        pairs = read_pairs(request.conn, site_id)
        target = learn(pairs).target(request.url)
        if target is not None:
            return target
    return None


def _subject(request: ArchiveRequest) -> Target:
    """What an address is about that is none of a page we keep, such as one for writing a
    reply."""
    tid = request.number("tid")
    if not tid:
        tid = request.number("ptid")
    if tid:
        return Target("thread", tid)
    fid = request.number("fid")
    if fid:
        return Target("board", fid)
    raise MissingError("page")


def _file(request: ArchiveRequest, target: Target) -> PageResponse:
    conn = request.conn
    href = target.name or request.url.lstrip("/")
    for site_id in _sites(request):
        forum = get_forum(conn, site_id)
        address = absolute(forum.base_url, href)
        name = file_name(target.id, address)
        kept = kept_media(conn, site_id, [name])
        if name in kept:
            return Redirect(location=kept[name])
    raise MissingError("file")


def _front_page(request: ArchiveRequest) -> str:
    sites = _sites(request)
    if len(sites) != 1:
        return paths.own("/")
    return paths.forum(sites[0])


def _location(
    conn: sqlite3.Connection, site_id: int, target: Target, pid: int | None
) -> str | None:
    """Where we have what an address shows, if this forum has it: `pid` is the post that it
    leads to."""
    if pid and find_row(conn, "post", site_id, pid):
        return paths.numbered("post", site_id, pid)
    if target.kind == "user" and target.name:
        return paths.named(site_id, target.name)
    if target.id is None:
        return None
    if target.kind == "thread":
        return _thread_location(conn, site_id, target.id, target)
    if target.kind not in ("board", "post", "user"):
        return None
    if find_row(conn, target.kind, site_id, target.id) is None:
        return None
    return page_of_target(site_id, target)


def _thread_location(
    conn: sqlite3.Connection, site_id: int, tid: int, target: Target
) -> str | None:
    """The page of a thread that an address names: by number, the last, one author's."""
    thread_id = find_row(conn, "thread", site_id, tid)
    if thread_id is None:
        return None
    address = paths.thread(site_id, tid)
    if target.uid:
        user_id = find_row(conn, "user", site_id, target.uid)
        return f"{address}?by={user_id}" if user_id else address
    if not target.last:
        return page_of_target(site_id, target)

    count = count_posts(conn, thread_id)
    per_page = posts_per_page(conn, site_id)
    last_page = page_count(count, per_page)
    return paths.thread(site_id, tid, page=last_page)


def _sites(request: ArchiveRequest) -> list[int]:
    """The forums that an address may mean: the one that was at this host and folder, else all."""
    url = request.origin + request.url
    asked = plain_address(base_of(url))
    folder = _folder(asked)
    exact = []
    alike = []
    for address, site_id in request.conn.execute(_ADDRESSES):
        if address == asked:
            exact.append(site_id)
        if _folder(address) == folder:
            alike.append(site_id)
    if exact:
        return _unique(exact)
    others = fetch_column(request.conn, _SITES)
    return _unique([*alike, *others])


def _folder(address: str) -> str:
    _, _, folder = address.partition("/")
    return folder


def _unique(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))
