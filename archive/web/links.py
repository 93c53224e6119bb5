"""Old addresses → our pages: those that posts link to, and those that readers ask for where
the forum once was."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.crawl.media import file_name
from archive.web import paths, read_forum, read_thread
from archive.web.ask import Answer, Ask, MissingError, Moved
from archive.web.media import captures_of
from archive.web.read_forum import Forum
from scraper.addresses.target import Target
from scraper.addresses.urls import absolute, base_of, parse_url, pid_of

THREADS_ON_PAGE = 20
"""As Discuz! is shipped; its pages of boards are shorter than ours."""
_TABLES = {
    "thread": ("threads", "tid"),
    "board": ("boards", "fid"),
    "user": ("users", "uid"),
    "post": ("posts", "pid"),
}


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses in one forum's posts. `on_page` are the posts (pid → row) that a link
    can jump to at once."""

    forum: Forum
    addresses: frozenset[str]
    on_page: dict[int, int]

    def resolve(self, href: str) -> str:
        """What to link to: a place on the page, a page of ours, or the address itself."""
        address = absolute(self.forum.base_url, href)
        if address.startswith("mailto:"):
            return address
        if _plain(base_of(address)) not in self.addresses:
            return address
        pid = pid_of(address)
        if pid in self.on_page:
            return f"#p{self.on_page[pid]}"
        if pid is not None:
            return paths.item("post", self.forum.id, pid)
        target = parse_url(address)
        return (target and _path(self.forum.id, target)) or address


def links_of(conn: sqlite3.Connection, forum: Forum, on_page: dict[int, int]) -> Links:
    """The links of a forum's posts."""
    sql = "SELECT address FROM site_addresses WHERE site_id = ?"
    known = {row[0] for row in conn.execute(sql, (forum.id,))} | {
        _plain(forum.base_url)
    }
    return Links(forum, frozenset(known), on_page)


def old_address(ask: Ask) -> Answer:
    """An address as the forum had it, answered by where we have the page. MissingError
    where we have not."""
    target = parse_url(ask.url)
    if target and target.kind == "attachment":
        return _file(ask, target)
    if target is None or target.kind == "other":
        target = _about(ask)
    if target.kind in ("index", "category", "feed"):
        sites = _sites(ask)
        return Moved(
            location=paths.forum(sites[0]) if sites and len(sites) == 1 else "/"
        )
    if target.kind in ("ratings", "comments"):
        target = Target("post", target.id)
    pid = pid_of(ask.url)
    for site in _sites(ask):
        if pid and _has(ask.conn, site, Target("post", pid)):
            return Moved(location=paths.item("post", site, pid))
        if _has(ask.conn, site, target):
            return Moved(location=_located(ask, site, target))
    raise MissingError(f"no_{target.kind}" if target.kind in _TABLES else "no_page")


def _about(ask: Ask) -> Target:
    """What an address is about that is none of a page we keep, such as one for writing a reply."""
    if number := ask.number("tid") or ask.number("ptid"):
        return Target("thread", number)
    if number := ask.number("fid"):
        return Target("board", number)
    raise MissingError("no_page")


def _file(ask: Ask, target: Target) -> Answer:
    for site in _sites(ask):
        address = absolute(
            read_forum.forum(ask.conn, site).base_url,
            target.name or ask.url.lstrip("/"),
        )
        name = file_name(target.id, address)
        if here := captures_of(ask.conn, site, [name]).get(name):
            return Moved(location=here)
    raise MissingError("no_file")


def _located(ask: Ask, site: int, target: Target) -> str:
    if target.kind == "user" and target.id is None:
        return paths.author(site, target.name)
    if target.kind == "thread" and target.uid:
        row = ask.conn.execute(
            "SELECT id FROM users WHERE site_id = ? AND uid = ?", (site, target.uid)
        ).fetchone()
        return paths.item("thread", site, target.id) + (f"?by={row[0]}" if row else "")
    if target.kind == "thread" and target.last:
        row = ask.conn.execute(
            "SELECT id FROM threads WHERE site_id = ? AND tid = ?", (site, target.id)
        ).fetchone()
        per_page = read_thread.posts_on_page(ask.conn, site)
        return paths.thread(
            site, target.id, page=-(-read_thread.count(ask.conn, row[0]) // per_page)
        )
    return _path(site, target) or "/"


def _path(site: int, target: Target) -> str | None:
    if target.kind == "thread" and target.id:
        return paths.thread(site, target.id, page=target.page)
    if target.kind == "board" and target.id and target.page > 1:
        page = -(-(target.page * THREADS_ON_PAGE) // read_forum.PAGE_ROWS)
        return paths.item("board", site, target.id) + f"?page={page}" * (page > 1)
    if target.kind in _TABLES and target.id:
        return paths.item(target.kind, site, target.id)
    if target.kind == "user" and target.name:
        return paths.author(site, target.name)
    return paths.forum(site) if target.kind in ("index", "category") else None


def _sites(ask: Ask) -> list[int]:
    """The forums that an address may mean: the one that was at this host and folder, else all."""
    rows = [
        tuple(row)
        for row in ask.conn.execute(
            "SELECT address, site_id FROM site_addresses ORDER BY site_id"
        )
    ]
    here = _plain(base_of(ask.origin + ask.url))
    folder = here.partition("/")[2]
    exact = [site for address, site in rows if address == here]
    alike = [site for address, site in rows if address.partition("/")[2] == folder]
    every = [row[0] for row in ask.conn.execute("SELECT id FROM sites ORDER BY id")]
    return list(dict.fromkeys(exact)) or list(dict.fromkeys([*alike, *every]))


def _has(conn: sqlite3.Connection, site: int, target: Target) -> bool:
    if target.kind == "user" and target.name:
        return True
    if target.kind not in _TABLES or target.id is None:
        return False
    table, column = _TABLES[target.kind]
    sql = f"SELECT 1 FROM {table} WHERE site_id = ? AND {column} = ?"
    return conn.execute(sql, (site, target.id)).fetchone() is not None


def _plain(address: str) -> str:
    """An address as `site_addresses` has it: without scheme and www."""
    return address.partition("://")[2].removeprefix("www.")
