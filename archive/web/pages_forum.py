"""Pages of forums, boards and members."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from archive.reading import boards, clock, members, thread_lists
from archive.reading.forums import Forum, Holdings, list_forums
from archive.reading.lookup import MissingError
from archive.reading.member_years import MemberYear, member_years
from archive.reading.members import Member, PostList
from archive.reading.on_this_day import on_this_day
from archive.reading.thread_lists import FILTERS, SORTS, ThreadList
from archive.search.quoting import quoted
from archive.web import paths
from archive.web.addressed import forum_of, row_of
from archive.web.counts import forum_holdings, holdings, posts_per_page
from archive.web.numbering import page_numbers
from archive.web.old_addresses import old_address
from archive.web.values import (
    OWN_SCRIPT,
    PageRequest,
    PageResponse,
    Redirect,
    TemplateResponse,
)


@dataclass(frozen=True, slots=True)
class ForumLine:
    """A forum in a list. `here`: what the archive has of it; None while that is counted for
    the first time."""

    forum: Forum
    here: Holdings | None
    path: str


def home_page(request: PageRequest) -> PageResponse:
    """The one forum's boards; where there are several, the list of forums. `/?tid-228.html`
    is an old address."""
    has_query = "?" in request.url
    if has_query and not request.args.get("home"):
        try:
            return old_address(request)
        except MissingError:
            pass

    lines = forum_lines(request.conn)
    if len(lines) == 1:
        return _board_tree(request, lines[0].forum)
    return TemplateResponse(
        template="home.html",
        values={"lines": lines},
    )


def forum_lines(conn: sqlite3.Connection) -> list[ForumLine]:
    """The forums of an archive, as they are listed."""
    lines = []
    for forum in list_forums(conn):
        here = forum_holdings(conn, forum.id)
        path = paths.forum(forum.id)
        lines.append(ForumLine(forum, here, path))
    return lines


def forum_page(request: PageRequest) -> PageResponse:
    """A forum's boards."""
    return _board_tree(request, forum_of(request))


def board_page(request: PageRequest) -> PageResponse:
    """A board's threads."""
    conn = request.conn
    forum = forum_of(request)
    board_id = row_of(request, forum, "board")
    sort = request.choice("sort", tuple(SORTS))
    show = request.choice("show", tuple(FILTERS))
    years = thread_lists.years_of_board(conn, board_id)
    year = request.number("year")
    if year not in years:
        year = 0
    threads = thread_lists.threads_of_board(
        conn,
        board_id,
        sort=sort,
        show=show,
        days=clock.year(year, forum.utc_offset_minutes) if year else None,
        page=max(1, request.number("page", 1)),
    )
    *above, board = boards.board_with_ancestors(conn, board_id)
    return TemplateResponse(
        template="board.html",
        values={
            "forum": forum,
            "board": board,
            "above": above,
            "sort": sort,
            "show": show,
            "sorts": list(SORTS),
            "shows": list(FILTERS),
            "years": years,
            "year": year,
            "with_pictures": paths.search(f'board:"{board.name}" has:image'),
            "page": threads.page,
            "pages": threads.pages,
            "numbers": page_numbers(threads.page, threads.pages),
            "threads": threads.threads,
            "posts_on_page": posts_per_page(conn, forum.id),
            "children": boards.sub_boards(conn, board_id, holdings(conn)),
        },
        may_load=(OWN_SCRIPT,),
    )


def member_page(request: PageRequest) -> PageResponse:
    """A member: profile, threads, posts."""
    conn = request.conn
    forum = forum_of(request)
    user_id = row_of(request, forum, "user")
    threads_after = request.args.get("threads", "")
    posts_after = request.args.get("posts", "")
    is_first_page = not threads_after and not posts_after
    return _person(
        request,
        forum,
        member=members.get_member(conn, user_id),
        threads=thread_lists.threads_of_user(conn, user_id, threads_after),
        posts=members.posts_of_user(conn, user_id, posts_after),
        years=member_years(conn, user_id, forum) if is_first_page else [],
    )


def author_page(request: PageRequest) -> PageResponse:
    """Whoever posted under a name; the member's page where the name has a number."""
    conn = request.conn
    forum = forum_of(request)
    name = unquote(request.path["name"])
    after = request.args.get("posts", "")
    threads = thread_lists.threads_by_name(conn, forum.id, name)
    posts = members.posts_by_name(conn, forum.id, name, after)

    has_nothing = not posts.posts and not threads.threads
    if has_nothing and not after:
        uid = members.uid_of_name(conn, forum.id, name)
        return Redirect(location=paths.numbered("user", forum.id, uid))
    member = Member(name, uid=None, gone_at=None, fields=())
    return _person(request, forum, member, threads, posts)


def _board_tree(request: PageRequest, forum: Forum) -> PageResponse:
    conn = request.conn
    counted = holdings(conn)
    return TemplateResponse(
        template="forum.html",
        values={
            "forum": forum,
            "tree": boards.board_tree(conn, forum.id, counted),
            "here": forum_holdings(conn, forum.id),
            "memories": on_this_day(conn, forum, request.now),
        },
    )


def _person(
    request: PageRequest,
    forum: Forum,
    member: Member,
    threads: ThreadList,
    posts: PostList,
    years: Sequence[MemberYear] = (),
) -> PageResponse:
    query = f"author:{quoted(member.name)}"

    def search_in(year: int, board: str = "") -> str:
        asked = f"{query} date:{year}"
        if board:
            asked += f" board:{quoted(board)}"
        return paths.search(asked)

    return TemplateResponse(
        template="user.html",
        values={
            "forum": forum,
            "member": member,
            "threads": threads,
            "posts": posts,
            "years": years,
            "search_in": search_in,
            "posts_on_page": posts_per_page(request.conn, forum.id),
            "search_path": paths.search(query),
        },
    )
