"""Reads forums and their boards out of an index, and counts what is there of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from archive.clickhouse.columns import UNDATED
from archive.clickhouse.index import Index
from archive.clickhouse.read_threads import BoardKey, key_of, newest_by_board
from archive.clickhouse.tables import named, read_rows
from archive.export.table_records import forum_of
from archive.export.tables import Values
from archive.reading.boards import MAX_DEPTH, Board, BoardNode
from archive.reading.forums import Forum, Holdings
from archive.reading.lookup import MissingError
from archive.reading.on_this_day import MAX_YEARS, Memory
from archive.reading.thread_lists import ThreadSummary
from archive.web.source import ForumList

MOST_FORUMS: Final = 200
"""So many are listed, those of the most posts."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def list_forums(index: Index) -> ForumList:
    """The forums, the one with the most posts first."""
    posts = dict(index.rows(_counted(index, "posts")))
    threads = dict(index.rows(_counted(index, "threads")))
    ids = [row[0] for row in index.rows(f"SELECT site_id FROM {named(index, 'sites')}")]

    def rank(site_id: int) -> tuple[int, int]:
        return -posts.get(site_id, 0), site_id

    listed = sorted(ids, key=rank)[:MOST_FORUMS]
    wanted = ", ".join(map(str, listed)) or "NULL"
    rows = read_rows(index, "sites", f"site_id IN ({wanted})")
    forums = {row["site_id"]: forum_of(row) for row in rows}
    here = {each: Holdings(threads.get(each, 0), posts.get(each, 0)) for each in listed}
    return ForumList([forums[each] for each in listed], here, len(ids) - len(listed))


def _counted(index: Index, table: str) -> str:
    return f"SELECT site_id, count() FROM {named(index, table)} GROUP BY site_id"


def read_forum(index: Index, forum_id: int) -> Forum:
    """One forum. Raises MissingError where there is none."""
    rows = read_rows(index, "sites", f"site_id = {forum_id}")
    if not rows:
        raise MissingError("forum")
    return forum_of(rows[0])


def holdings_by_board(index: Index, forum_id: int) -> dict[BoardKey, Holdings]:
    """What is here of each board of a forum."""
    threads = _by_board(index, "threads", forum_id)
    posts = _by_board(index, "posts", forum_id)
    return {key: Holdings(count, posts.get(key, 0)) for key, count in threads.items()}


def _by_board(index: Index, table: str, forum_id: int) -> dict[BoardKey, int]:
    rows = index.rows(
        f"""SELECT fid, board, count() FROM {named(index, table)}
        WHERE site_id = {forum_id} GROUP BY fid, board"""
    )
    counted: dict[BoardKey, int] = {}
    for fid, board, count in rows:
        key = key_of(fid, board)
        counted[key] = counted.get(key, 0) + count
    return counted


def sum_of(counted: Iterable[Holdings]) -> Holdings | None:
    """All of it; None for nothing."""
    threads = 0
    posts = 0
    for each in counted:
        threads += each.threads
        posts += each.posts
    return Holdings(threads, posts) if threads else None


class Boards:
    """The boards of a forum, in the order of their numbers."""

    def __init__(self, index: Index, forum_id: int) -> None:
        self._index = index
        self._forum_id = forum_id
        rows = read_rows(
            index,
            "boards",
            f"site_id = {forum_id}",
            "ORDER BY fid IS NULL, fid, board_id",
        )
        by_fid = {row["fid"]: row["board_id"] for row in rows if row["fid"] is not None}
        self.all = [_board(row, by_fid) for row in rows]
        self._by_id = {board.id: board for board in self.all}
        self._by_key = {key_of(board.fid, board.name): board for board in self.all}

    def get(self, board_id: int) -> Board:
        """A board. Raises MissingError where there is none."""
        if board_id not in self._by_id:
            raise MissingError("board")
        return self._by_id[board_id]

    def id_of(self, fid: int | None, name: str) -> int | None:
        """The board that a row names."""
        found = self._by_key.get(key_of(fid, name))
        return found.id if found else None

    def down_to(self, board_id: int | None) -> list[Board]:
        """A board with those above it, the topmost first."""
        found: list[Board] = []
        next_id = board_id
        while next_id is not None and len(found) < MAX_DEPTH:
            board = self.get(next_id)
            if board in found:
                break
            found.append(board)
            next_id = board.parent_id
        found.reverse()
        return found

    def tree(self) -> dict[str, list[BoardNode]]:
        """The boards by category, sub-boards within their boards."""
        made = self._nodes()
        by_category: dict[str, list[BoardNode]] = {}
        for board in self.all:
            if board.parent_id not in self._by_id:
                node = made.node(board)
                by_category.setdefault(board.category, []).append(node)
        return by_category

    def below(self, board_id: int) -> list[BoardNode]:
        """The boards right below one, without those further down."""
        nodes = self._nodes(with_children=False)
        return [
            nodes.node(board)
            for board in self.all
            if board.parent_id == board_id and board.id != board_id
        ]

    def _nodes(self, *, with_children: bool = True) -> _Nodes:
        return _Nodes(
            self.all if with_children else [],
            holdings_by_board(self._index, self._forum_id),
            newest_by_board(self._index, self._forum_id),
        )


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Makes the nodes of a tree."""

    boards: list[Board]
    here: Mapping[BoardKey, Holdings]
    newest: Mapping[BoardKey, ThreadSummary]

    def node(self, board: Board, depth: int = 0) -> BoardNode:
        """A board with those below it."""
        key = key_of(board.fid, board.name)
        children = [
            self.node(each, depth + 1)
            for each in self.boards
            if each.parent_id == board.id and each.id != board.id and depth < MAX_DEPTH
        ]
        return BoardNode(
            board=board,
            here=self.here.get(key),
            newest=self.newest.get(key),
            children=tuple(children),
        )


def _board(row: Values, by_fid: Mapping[int, int]) -> Board:
    return Board(
        id=row["board_id"],
        site_id=row["site_id"],
        fid=row["fid"],
        parent_id=by_fid.get(row["parent_fid"]),
        category=row["category"],
        name=row["name"],
        description=row["description"],
        threads=row["threads"],
        posts=row["posts"],
        moderators=row["moderators"],
        is_gone=int(row["is_gone"]),
    )


def on_this_day(index: Index, forum: Forum, now: datetime) -> list[Memory]:
    """One thread of each year that was opened on this day, as `archive.reading.on_this_day`
    has it."""
    offset = timedelta(minutes=forum.utc_offset_minutes)
    today = datetime.combine(now + offset, time(), tzinfo=UTC)
    ranges = []
    for year in range(today.year - 1, today.year - 1 - MAX_YEARS, -1):
        try:
            day = today.replace(year=year)
        except ValueError:  # the 29th of February
            continue
        begin = _seconds(day - offset)
        end = _seconds(day - offset + timedelta(days=1))
        ranges.append(f"(newest <= {-2 * begin - 1} AND newest > {-2 * end - 1})")
    rows = index.rows(
        f"""SELECT p.year, p.tid, p.thread_id, p.site_id, p.thread, p.author, p.uid
        FROM (
          SELECT toYear(addMinutes(assumeNotNull(posted_at), {forum.utc_offset_minutes}))
            AS year, tid, thread_id, site_id, thread, author, uid, post_id
          FROM {index.posts} WHERE newest != {UNDATED} AND site_id = {forum.id}
            AND opening AND ({" OR ".join(ranges)})
        ) AS p ANY LEFT JOIN (
          SELECT thread_id, ifNull(replies, 0) AS replies FROM {named(index, "threads")}
          WHERE site_id = {forum.id}
        ) AS t ON t.thread_id = p.thread_id
        ORDER BY p.year DESC, t.replies DESC, p.post_id LIMIT 1 BY p.year"""
    )
    return [Memory(*row) for row in rows]


def _seconds(moment: datetime) -> int:
    return int((moment - _EPOCH).total_seconds())
