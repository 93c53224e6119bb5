"""The addresses that readers ask for where the forum once was → our pages."""

from __future__ import annotations

import sqlite3

from archive.crawl.media import file_name
from archive.reading.forums import get_forum
from archive.reading.lookup import NUMBERED, MissingError, find_row
from archive.reading.rows import fetch_column
from archive.reading.thread import count_posts
from archive.reading.thread_lists import page_count
from archive.web import paths
from archive.web.counts import posts_per_page
from archive.web.links import page_of_target, plain_address
from archive.web.media import kept_media
from archive.web.values import PageRequest, PageResponse, Redirect
from scraper.addresses.target import Target
from scraper.addresses.urls import absolute, base_of, parse_url, pid_of


def old_address(request: PageRequest) -> PageResponse:
    """An address as the forum had it, answered by where we have the page. Raises
    MissingError where we have not."""
    target = parse_url(request.url)
    if target and target.kind == "attachment":
        return _file(request, target)
    if target is None or target.kind == "other":
        target = _subject(request)
    if target.kind in ("index", "category", "feed"):
        return Redirect(location=_front_page(request))
    if target.kind in ("ratings", "comments"):
        target = Target("post", target.id)

    pid = pid_of(request.url)
    for site_id in _sites(request):
        if pid and find_row(request.conn, "post", site_id, pid):
            return Redirect(location=paths.numbered("post", site_id, pid))
        if _has(request.conn, site_id, target):
            return Redirect(location=_located(request.conn, site_id, target))
    raise MissingError(target.kind if target.kind in NUMBERED else "page")


def _subject(request: PageRequest) -> Target:
    """What an address is about that is none of a page we keep, such as one for writing a reply."""
    tid = request.number("tid") or request.number("ptid")
    if tid:
        return Target("thread", tid)
    fid = request.number("fid")
    if fid:
        return Target("board", fid)
    raise MissingError("page")


def _file(request: PageRequest, target: Target) -> PageResponse:
    for site_id in _sites(request):
        forum = get_forum(request.conn, site_id)
        href = target.name or request.url.lstrip("/")
        name = file_name(target.id, absolute(forum.base_url, href))
        kept = kept_media(request.conn, site_id, [name])
        if name in kept:
            return Redirect(location=kept[name])
    raise MissingError("file")


def _front_page(request: PageRequest) -> str:
    sites = _sites(request)
    return paths.forum(sites[0]) if len(sites) == 1 else "/"


def _located(conn: sqlite3.Connection, site_id: int, target: Target) -> str:
    """Where we have a thread, board, member or post that is here."""
    if target.kind == "thread" and target.id and target.uid:
        address = paths.thread(site_id, target.id)
        user_id = find_row(conn, "user", site_id, target.uid)
        return f"{address}?by={user_id}" if user_id else address
    if target.kind == "thread" and target.id and target.last:
        page = _last_page(conn, site_id, target.id)
        return paths.thread(site_id, target.id, page=page)
    if target.kind == "user" and target.id is None:
        return paths.named(site_id, target.name)
    return page_of_target(site_id, target) or "/"


def _last_page(conn: sqlite3.Connection, site_id: int, tid: int) -> int:
    thread_id = find_row(conn, "thread", site_id, tid)
    if thread_id is None:
        return 1
    count = count_posts(conn, thread_id)
    return page_count(count, posts_per_page(conn, site_id))


def _sites(request: PageRequest) -> list[int]:
    """The forums that an address may mean: the one that was at this host and folder, else all."""
    sql = "SELECT address, site_id FROM site_addresses ORDER BY site_id"
    known = request.conn.execute(sql).fetchall()
    asked = plain_address(base_of(request.origin + request.url))
    exact = [site_id for address, site_id in known if address == asked]
    if exact:
        return _unique(exact)

    folder = _folder(asked)
    alike = [site_id for address, site_id in known if _folder(address) == folder]
    others = fetch_column(request.conn, "SELECT id FROM sites ORDER BY id")
    return _unique([*alike, *others])


def _folder(address: str) -> str:
    _, _, folder = address.partition("/")
    return folder


def _unique(numbers: list[int]) -> list[int]:
    return list(dict.fromkeys(numbers))


def _has(conn: sqlite3.Connection, site_id: int, target: Target) -> bool:
    if target.kind == "user" and target.name:
        return True
    if target.id is None:
        return False
    if target.kind in ("board", "thread", "post", "user"):
        return find_row(conn, target.kind, site_id, target.id) is not None
    return False
