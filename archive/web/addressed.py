"""What an address of ours names: its forum, and the row of its board, thread, post or member."""

from __future__ import annotations

from archive.reading.forums import Forum, get_forum
from archive.reading.lookup import Kind, MissingError, find_row, has_row
from archive.web.values import PageRequest


def forum_of(request: PageRequest) -> Forum:
    """The forum. Raises MissingError where there is none."""
    site_id = int(request.path["site"])
    return get_forum(request.conn, site_id)


def row_of(request: PageRequest, forum: Forum, kind: Kind) -> int:
    """The row that the number in the address stands for, `228` or `~17`. Raises
    MissingError where there is none."""
    conn = request.conn
    number = request.path["number"]
    value = int(number.removeprefix("~"))
    if number.startswith("~"):
        row_id = value if has_row(conn, kind, forum.id, value) else None
    else:
        row_id = find_row(conn, kind, forum.id, value)
    if row_id is None:
        raise MissingError(kind)
    return row_id
