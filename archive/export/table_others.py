"""The tables of threads, boards, members and forums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from archive.export.job import ChosenThread, Job
from archive.export.table_posts import PLACE, POSTS, QUOTES, place_of
from archive.export.tables import (
    Column,
    Table,
    Values,
    moment_of,
    stated_time,
    with_time,
)
from archive.reading.boards import Board, boards_of_forum
from archive.reading.chosen import chosen_members
from archive.reading.members import get_member

_NAMED: Final = (
    Column("name", "text", "label as printed"),
    Column("value", "text", "value as printed"),
)
_THREAD_COLUMNS: Final = (
    *PLACE,
    Column("fid", "number", "the forum's number of the board"),
    Column("title", "text", "title"),
    Column("type", "text", "type within its board (主题分类)"),
    Column("special", "text", "poll, reward, debate, activity or trade"),
    Column("author", "text", "who opened it; empty for an anonymous one"),
    Column("uid", "number", "the forum's number of who opened it"),
    *stated_time("created_at", "when it was opened"),
    Column("replies", "number", "replies that the forum states"),
    Column("views", "number", "views that the forum states"),
    *stated_time("last_post_at", "time of the last reply that the forum states"),
    Column("last_author", "text", "author of that reply"),
    Column("posts_here", "number", "posts of it that were exported"),
    Column("sticky", "number", "above 0 where it is kept on top (置顶)"),
    Column("digest", "number", "above 0 where it is marked as excellent (精华)"),
    Column("closed", "flag", "whether it takes no more replies"),
    Column("moved_to", "number", "thread (tid) that this pointer leads to"),
    Column("price", "number", "price of reading it, in the forum's credits"),
    Column("read_level", "number", "reading permission that it asks for"),
    Column("last_seen_at", "time", "when a page last showed it"),
    Column("gone_at", "time", "when a page said that it is no longer there"),
    Column("url", "text", "its public address"),
    Column("tags", "texts", "tags (标签)"),
    Column("fields", "rows", "what it states as names and values (分类信息)", _NAMED),
)
_BOARD_COLUMNS: Final = (
    Column("site_id", "number", "number of the forum in the archive"),
    Column("site", "text", "name of the forum, else its address"),
    Column("fid", "number", "the forum's number of the board"),
    Column("board_id", "number", "row of the board in the archive"),
    Column("parent_fid", "number", "the forum's number of the board above it"),
    Column("category", "text", "category that it is listed under"),
    Column("name", "text", "name"),
    Column("description", "text", "what the forum says of it"),
    Column("threads", "number", "threads that the forum states"),
    Column("posts", "number", "posts that the forum states"),
    Column("moderators", "text", "names of its moderators, divided by commas"),
    Column("is_gone", "flag", "whether a page no longer showed it"),
)
_USER_COLUMNS: Final = (
    Column("site_id", "number", "number of the forum in the archive"),
    Column("site", "text", "name of the forum, else its address"),
    Column("uid", "number", "the forum's number of the member"),
    Column("name", "text", "name as last seen"),
    Column("posts_here", "number", "posts of the member that were exported"),
    Column("gone_at", "time", "when a page said that there is no such member"),
    Column("fields", "rows", "what the profile states as names and values", _NAMED),
)
_SITE_COLUMNS: Final = (
    Column("site_id", "number", "number of the forum in the archive"),
    Column("site", "text", "name of the forum, else its address"),
    Column("base_url", "text", "its address"),
    Column("software", "text", "what it runs, as it says"),
    Column("utc_offset_minutes", "number", "its clock, minutes ahead of UTC"),
    Column("gone_at", "time", "when another forum was found at its address"),
)
_SAME_IN_SUMMARY: Final = (
    "title",
    "type",
    "special",
    "author",
    "uid",
    "replies",
    "views",
    "last_author",
    "sticky",
    "digest",
    "moved_to",
)
_SAME_IN_BOARD: Final = (
    "fid",
    "category",
    "name",
    "description",
    "threads",
    "posts",
    "moderators",
)
_SITES_OF_THREADS: Final = """SELECT DISTINCT site_id FROM threads
  WHERE id IN (SELECT value FROM json_each(?)) ORDER BY site_id"""
_ROWS_AT_ONCE: Final = 500


def _threads(job: Job) -> Iterator[list[Values]]:
    rows = []
    threads = job.threads(
        counted=False,
        with_empty=True,
    )
    for chosen in threads:
        rows.append(_thread_values(chosen))
        if len(rows) == _ROWS_AT_ONCE:
            yield rows
            rows = []
    yield rows


def _thread_values(chosen: ChosenThread) -> Values:
    values = place_of(chosen)
    values["fid"] = chosen.fid
    summary = chosen.summary
    thread = chosen.thread
    for name in _SAME_IN_SUMMARY:
        values[name] = getattr(summary, name)
    with_time(values, "created_at", summary.created_at)
    with_time(values, "last_post_at", summary.last_post_at)
    values["posts_here"] = len(chosen.post_ids)
    values["closed"] = bool(summary.closed)
    values["price"] = thread.price
    values["read_level"] = thread.read_level
    values["last_seen_at"] = moment_of(thread.last_seen_at)
    values["gone_at"] = moment_of(thread.gone_at)
    values["url"] = chosen.url
    values["tags"] = list(chosen.tags)
    values["fields"] = _named(chosen.fields)
    return values


def _boards(job: Job) -> Iterator[list[Values]]:
    """The boards of the threads that were chosen; all of a forum's where nothing less than
    the forum was."""
    wanted = set[int | None]()
    forums = set[int]()
    threads = job.threads(
        counted=False,
        with_empty=True,
    )
    for chosen in threads:
        forums.add(chosen.forum.id)
        wanted.add(chosen.thread.board_id)

    for forum_id in sorted(forums):
        boards = boards_of_forum(job.conn, forum_id)
        yield _board_rows(job, boards, wanted)


def _board_rows(
    job: Job, boards: Sequence[Board], wanted: Collection[int | None]
) -> list[Values]:
    """The wanted ones of a forum's boards, or all."""
    fids: dict[int | None, int | None] = {}
    for board in boards:
        fids[board.id] = board.fid
    rows = []
    for board in boards:
        if not job.choice.has_whole_forums and board.id not in wanted:
            continue
        row = _board_values(job, board)
        row["parent_fid"] = fids.get(board.parent_id)
        rows.append(row)
    return rows


def _board_values(job: Job, board: Board) -> Values:
    forum = job.forums[board.site_id]
    values: Values = {
        "site_id": forum.id,
        "site": forum.title,
        "board_id": board.id,
        "is_gone": bool(board.is_gone),
    }
    for name in _SAME_IN_BOARD:
        values[name] = getattr(board, name)
    return values


def _users(job: Job) -> Iterator[list[Values]]:
    """The members who wrote what was chosen."""
    rows = []
    members = chosen_members(job.conn, job.choice)
    for site_id, user_id, posts in members:
        member = get_member(job.conn, user_id)
        forum = job.forums[site_id]
        row: Values = {
            "site_id": forum.id,
            "site": forum.title,
            "uid": member.uid,
            "name": member.name,
            "posts_here": posts,
            "gone_at": moment_of(member.gone_at),
            "fields": _named(member.fields),
        }
        rows.append(row)
        if len(rows) == _ROWS_AT_ONCE:
            yield rows
            rows = []
    yield rows


def _sites(job: Job) -> Iterator[list[Values]]:
    """The forums of the threads that were chosen."""
    wanted = job.conn.execute(_SITES_OF_THREADS, (str(list(job.thread_ids)),))
    rows = []
    for (forum_id,) in wanted:
        forum = job.forums[forum_id]
        row: Values = {
            "site_id": forum.id,
            "site": forum.title,
            "base_url": forum.base_url,
            "software": forum.software,
            "utc_offset_minutes": forum.utc_offset_minutes,
            "gone_at": moment_of(forum.gone_at),
        }
        rows.append(row)
    yield rows


def _named(pairs: tuple[tuple[Any, Any], ...]) -> list[Values]:
    rows = []
    for name, value in pairs:
        row = {
            "name": name,
            "value": value,
        }
        rows.append(row)
    return rows


TABLES: Final = (
    POSTS,
    Table("threads", "threads, a row each", _THREAD_COLUMNS, _threads),
    Table("boards", "boards, a row each", _BOARD_COLUMNS, _boards),
    Table("users", "members who wrote, a row each", _USER_COLUMNS, _users),
    Table("sites", "forums, a row each", _SITE_COLUMNS, _sites),
    QUOTES,
)
"""All tables, in the order in which they are written."""
