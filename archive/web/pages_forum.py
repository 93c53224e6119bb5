"""Pages of forums, boards and members."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from archive.web import paths, read_forum
from archive.web.ask import Answer, Ask, MissingError, Moved, PageRequest
from archive.web.clock import local
from archive.web.links import old_address
from archive.web.numbering import page_numbers
from archive.web.read_forum import FILTERS, SORTS, Forum
from archive.web.read_memories import on_this_day
from archive.web.sql_texts import BY_MEMBER, BY_NAME


def home(ask: Ask) -> Answer:
    """The one forum's boards; where there are several, the list of forums. `/?tid-228.html`
    is an old address."""
    if "?" in ask.url and not ask.args.get("home"):
        try:
            return old_address(ask)
        except MissingError:
            pass
    forums = read_forum.forums(ask.conn)
    if len(forums) == 1:
        return _forum(ask, forums[0])
    counts = {each.id: read_forum.totals(ask.conn, each.id) for each in forums}
    return PageRequest(
        template="home.html", values={"forums": forums, "counts": counts}
    )


def forum(ask: Ask) -> Answer:
    """A forum's boards."""
    return _forum(ask, read_forum.forum(ask.conn, ask.path["site"]))


def board(ask: Ask) -> Answer:
    """A board's threads."""
    site = read_forum.forum(ask.conn, ask.path["site"])
    row = read_forum.row_of(ask.conn, "boards", "fid", site.id, ask.path["number"])
    sort, show = ask.choice("sort", tuple(SORTS)), ask.choice("show", tuple(FILTERS))
    threads, pages = read_forum.threads_of_board(
        ask.conn, row, sort, show, max(1, ask.number("page", 1))
    )
    above = read_forum.ancestors(ask.conn, row)
    return PageRequest(
        template="board.html",
        values={
            "forum": site,
            "board": above[-1],
            "above": above[:-1],
            "sort": sort,
            "show": show,
            "sorts": list(SORTS),
            "shows": list(FILTERS),
            "page": threads.page,
            "pages": pages,
            "numbers": page_numbers(threads.page, pages),
            "threads": threads,
            "children": read_forum.children(ask.conn, row),
        },
    )


def user(ask: Ask) -> Answer:
    """A member: profile, threads, posts."""
    site = read_forum.forum(ask.conn, ask.path["site"])
    row = read_forum.row_of(ask.conn, "users", "uid", site.id, ask.path["number"])
    sql = "SELECT name, uid, gone_at, first_seen_at FROM users WHERE id = ?"
    name, uid, gone_at, _ = ask.conn.execute(sql, (row,)).fetchone()
    fields = ask.conn.execute(
        "SELECT name, value FROM user_fields WHERE user_id = ? ORDER BY position",
        (row,),
    )
    return _person(
        ask,
        site,
        {
            "name": name,
            "uid": uid,
            "gone_at": gone_at,
            "fields": fields.fetchall(),
            "threads": read_forum.threads_of_user(
                ask.conn, row, ask.args.get("threads", "")
            ),
            **_posts(ask, site, BY_MEMBER, (row,)),
        },
    )


def author(ask: Ask) -> Answer:
    """Whoever posted under a name; the member's page where the name has a number."""
    site, name = read_forum.forum(ask.conn, ask.path["site"]), unquote(ask.path["name"])
    threads = read_forum.threads_by_name(ask.conn, site.id, name)
    posts = _posts(ask, site, BY_NAME, (site.id, name))
    if not posts["posts"] and not threads.rows and not ask.args.get("posts"):
        return _member_named(ask, site, name)
    return _person(
        ask,
        site,
        {
            "name": name,
            "uid": None,
            "gone_at": None,
            "fields": [],
            "threads": threads,
            **posts,
        },
    )


def _member_named(ask: Ask, site: Forum, name: str) -> Answer:
    row = ask.conn.execute(
        "SELECT uid FROM users WHERE site_id = ? AND name = ?", (site.id, name)
    ).fetchone()
    if row is None:
        raise MissingError("no_user")
    return Moved(location=paths.item("user", site.id, row[0]))


def _forum(ask: Ask, site: Forum) -> Answer:
    return PageRequest(
        template="forum.html",
        values={
            "forum": site,
            "tree": read_forum.tree(ask.conn, site.id),
            "here": read_forum.totals(ask.conn, site.id),
            "memories": on_this_day(ask.conn, site, ask.now),
        },
    )


def _person(ask: Ask, site: Forum, values: dict[str, Any]) -> Answer:
    query = f'author:"{values["name"]}"'
    return PageRequest(
        template="user.html",
        values={"forum": site, "search_path": paths.search(query), **values},
    )


def _posts(
    ask: Ask, site: Forum, sql: str, params: tuple[int | str, ...]
) -> dict[str, Any]:
    """A page of someone's posts, newest first, behind the key of the last one."""
    time, _, number = ask.args.get("posts", "").rpartition("~")
    key = (time, int(number)) if number.isdecimal() else ("~", 0)
    rows = ask.conn.execute(sql, (*params, *key, read_forum.PAGE_ROWS + 1)).fetchall()
    shown = [
        {
            "path": paths.item("post", site.id, pid, post),
            "time": local(posted_at, site.utc_offset_minutes),
            "thread": title,
            "words": words,
            "floor": floor,
            "gone": gone,
        }
        for post, pid, posted_at, title, words, floor, gone in rows[
            : read_forum.PAGE_ROWS
        ]
    ]
    last = rows[read_forum.PAGE_ROWS - 1] if len(rows) > read_forum.PAGE_ROWS else None
    return {"posts": shown, "next_posts": f"{last[2] or ''}~{last[0]}" if last else ""}
