"""Pages of pictures: each with its statement, its numbers, and both to take away."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from urllib.parse import urlencode

from archive.web import paths, read_forum, read_thread
from archive.web.ask import Answer, Ask, File, MissingError, PageRequest
from archive.web.cache import PATIENCE_S, kept, remembered
from archive.web.pictures import (
    GROWTH,
    PICTURES,
    Picture,
    draw,
    height,
    picture,
    rows_of,
    share,
    width,
)
from archive.web.strings import text

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture in its page. `rows`: (label, number, share); None while they are counted
    for the first time."""

    picture: Picture
    rows: list[tuple[str, int, str]] | None
    words: str
    width: int
    height: int
    image: str
    table: str
    csv: str
    json: str


def pictures(ask: Ask) -> Answer:
    """A forum's pictures."""
    forums = read_forum.forums(ask.conn)
    if not forums:
        raise MissingError("no_forum")
    site = next((each for each in forums if each.id == ask.number("site")), forums[0])
    frames = [_frame(ask, each, site=site.id) for each in PICTURES]
    return PageRequest(
        template="pictures.html",
        values={"forum": site, "forums": forums, "frames": frames, "thread": None},
    )


def growth(ask: Ask) -> Answer:
    """How a thread grew."""
    about = read_thread.about(ask.conn, ask.number("thread"))
    site = read_forum.forum(ask.conn, about.site_id)
    frames = [_frame(ask, GROWTH, thread=about.id)]
    return PageRequest(
        template="pictures.html",
        values={"forum": site, "forums": [], "frames": frames, "thread": about},
    )


def image(ask: Ask) -> Answer:
    """A picture itself."""
    which = picture(ask.path["name"])
    if which is None:
        raise MissingError("no_page")
    name = "thread" if which is GROWTH else "site"
    rows = _rows(ask, which, {name: ask.number(name)})
    headers = {"Cache-Control": "max-age=60"}
    drawn = (
        remembered(ask.conn, f"drawn {ask.url}", lambda: draw(which, rows or []))
        if rows
        else draw(which, [])
    )
    return File(
        body=drawn, content_type="image/svg+xml", policy=_POLICY, headers=headers
    )


def _frame(ask: Ask, which: Picture, **params: int) -> Frame:
    address = f"/pictures/{which.name}.svg?" + urlencode(params)
    table, csv, json = (
        paths.sql(ask.database, which.sql, shape, **params)
        for shape in ("", ".csv", ".json")
    )
    found = _rows(ask, which, params)
    rows = found or []
    shown = [
        (label, number, share(number, rows) if which.shares else "")
        for label, number in rows
    ]
    return Frame(
        which,
        None if found is None else shown,
        _words(ask, which, rows),
        width(which),
        height(which, rows),
        address,
        table,
        csv,
        json,
    )


def _words(ask: Ask, which: Picture, rows: list[tuple[str, int]]) -> str:
    """The picture in a sentence, for those who do not see it."""
    title = text(f"picture_{which.name}", ask.language)
    if not rows:
        return title
    most = max(rows, key=lambda each: each[1])
    values = {
        "n": f"{len(rows):,}",
        "first": rows[0][0],
        "last": rows[-1][0],
        "label": most[0],
        "most": f"{most[1]:,}",
    }
    return f"{title}: " + text(
        "picture_ranks" if which.kind == "ranks" else "picture_times",
        ask.language,
        **values,
    )


def begin(conn: sqlite3.Connection) -> None:
    """Begin to count for all pictures, before anybody looks at them."""
    for forum in read_forum.forums(conn):
        for each in PICTURES:
            _counted(conn, each, {"site": forum.id}, 0)


def _rows(
    ask: Ask, which: Picture, params: dict[str, int]
) -> list[tuple[str, int]] | None:
    if which is GROWTH:
        return rows_of(ask.conn, which, **params)
    return _counted(ask.conn, which, params, PATIENCE_S / len(PICTURES))


def _counted(
    conn: sqlite3.Connection, which: Picture, params: dict[str, int], patience_s: float
) -> list[tuple[str, int]] | None:
    return kept(
        conn,
        f"{which.name} {params}",
        lambda own: rows_of(own, which, **params),
        None,
        patience_s,
    )
