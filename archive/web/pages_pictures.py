"""Pages of pictures: each with its statement, its numbers, and both to take away."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from archive.reading.forums import Forum, get_forum, list_forums
from archive.reading.lookup import MissingError
from archive.reading.thread import get_thread
from archive.web import charts, paths
from archive.web.cache import PATIENCE_S, kept, remembered
from archive.web.pictures import (
    GROWTH,
    PICTURES,
    Picture,
    Rows,
    find_picture,
    read_rows,
    share,
)
from archive.web.strings import text
from archive.web.values import (
    ArchiveRequest,
    FileResponse,
    PageResponse,
    TemplateResponse,
)

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture in its page. `rows`: (label, number, share); None while they are counted
    for the first time. `words` say it to those who do not see it; `image` is its address,
    `table`, `csv` and `json` are those of its numbers."""

    picture: Picture
    rows: list[tuple[str, int, str]] | None
    words: str
    width: int
    height: int
    image: str
    table: str
    csv: str
    json: str


def pictures_page(request: ArchiveRequest) -> PageResponse:
    """A forum's pictures."""
    forums = list_forums(request.conn)
    if not forums:
        raise MissingError("forum")
    forum = _chosen(forums, request.number("site"))
    params = {"site": forum.id}
    frames = [_frame(request, picture, params) for picture in PICTURES]
    return TemplateResponse(
        template="pictures.html",
        values={
            "forum": forum,
            "forums": forums,
            "frames": frames,
            "thread": None,
        },
    )


def growth_page(request: ArchiveRequest) -> PageResponse:
    """How a thread grew."""
    thread = get_thread(request.conn, request.number("thread"))
    frame = _frame(request, GROWTH, {"thread": thread.id})
    return TemplateResponse(
        template="pictures.html",
        values={
            "forum": get_forum(request.conn, thread.site_id),
            "forums": [],
            "frames": [frame],
            "thread": thread,
        },
    )


def image(request: ArchiveRequest) -> PageResponse:
    """A picture itself."""
    picture = find_picture(request.path["name"])
    if picture is None:
        raise MissingError("page")
    name = "thread" if picture is GROWTH else "site"
    rows = _rows(request, picture, {name: request.number(name)})
    return FileResponse(
        body=_drawn(request, picture, rows or []),
        content_type="image/svg+xml",
        policy=_POLICY,
        headers={"Cache-Control": "max-age=60"},
    )


def begin_counting(conn: sqlite3.Connection) -> None:
    """Begin to count for all pictures, before anybody looks at them."""
    for forum in list_forums(conn):
        for picture in PICTURES:
            _counted(conn, picture, {"site": forum.id}, patience_s=0)


def _chosen(forums: list[Forum], forum_id: int) -> Forum:
    for forum in forums:
        if forum.id == forum_id:
            return forum
    return forums[0]


def _drawn(request: ArchiveRequest, picture: Picture, rows: Rows) -> bytes:
    def draw() -> bytes:
        return charts.draw(picture, rows)

    if not rows:  # perhaps not counted yet
        return draw()
    return remembered(request.conn, f"drawn {request.url}", draw)


def _frame(request: ArchiveRequest, picture: Picture, params: dict[str, int]) -> Frame:
    def data(shape: str) -> str:
        database = request.database
        return paths.sql(database, picture.sql, shape, **params)

    found = _rows(request, picture, params)
    rows = found or []
    shown = _with_shares(picture, rows)
    return Frame(
        picture=picture,
        rows=None if found is None else shown,
        words=_words(request, picture, rows),
        width=charts.width(picture),
        height=charts.height(picture, rows),
        image=paths.own(f"/pictures/{picture.name}.svg?{urlencode(params)}"),
        table=data(""),
        csv=data(".csv"),
        json=data(".json"),
    )


def _with_shares(picture: Picture, rows: Rows) -> list[tuple[str, int, str]]:
    shown = []
    for label, number in rows:
        part = share(number, rows) if picture.shares else ""
        shown.append((label, number, part))
    return shown


def _words(request: ArchiveRequest, picture: Picture, rows: Rows) -> str:
    """The picture in a sentence, for those who do not see it."""
    title = text(f"picture_{picture.name}", request.language)
    if not rows:
        return title
    key = "picture_ranks" if picture.kind == "ranks" else "picture_times"
    largest_label, largest = max(rows, key=lambda row: row[1])
    sentence = text(
        key,
        request.language,
        n=f"{len(rows):,}",
        first=rows[0][0],
        last=rows[-1][0],
        label=largest_label,
        most=f"{largest:,}",
    )
    return f"{title}: {sentence}"


def _rows(
    request: ArchiveRequest, picture: Picture, params: dict[str, int]
) -> Rows | None:
    """What it shows; None while that is counted for the first time."""
    if picture is GROWTH:
        return read_rows(request.conn, picture, **params)
    return _counted(
        request.conn,
        picture,
        params,
        patience_s=PATIENCE_S / len(PICTURES),
    )


def _counted(
    conn: sqlite3.Connection,
    picture: Picture,
    params: dict[str, int],
    patience_s: float,
) -> Rows | None:
    def count(own: sqlite3.Connection) -> Rows:
        return read_rows(own, picture, **params)

    return kept(
        conn,
        f"{picture.name} {params}",
        count,
        default=None,
        patience_s=patience_s,
    )
