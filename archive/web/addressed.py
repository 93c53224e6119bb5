"""What an address of ours names: its forum, and the row of its board, thread, post or member."""

from __future__ import annotations

from archive.reading.forums import Forum, get_forum
from archive.reading.lookup import Kind, MissingError, find_row, has_row
from archive.web.values import PageRequest


def forum_of(request: PageRequest) -> Forum:
    """The forum. Raises MissingError where there is none."""
    return get_forum(request.conn, int(request.path["site"]))


def row_of(request: PageRequest, forum: Forum, kind: Kind) -> int:
    """The row that the number in the address stands for, `228` or `~17`. Raises
    MissingError where there is none."""
    number = request.path["number"]
    if not number.startswith("~"):
        row_id = find_row(request.conn, kind, forum.id, int(number))
        if row_id is None:
            raise MissingError(kind)
        return row_id

    row_id = int(number.removeprefix("~"))
    if not has_row(request.conn, kind, forum.id, row_id):
        raise MissingError(kind)
    return row_id
