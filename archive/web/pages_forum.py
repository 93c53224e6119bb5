"""Pages of forums, boards and members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from archive.reading import clock
from archive.reading.forums import Forum, Holdings
from archive.reading.member_years import MemberYear
from archive.reading.members import Member, PostList
from archive.reading.thread_lists import FILTERS, SORTS, ThreadList
from archive.search.quoting import quoted
from archive.web import paths
from archive.web.addressed import forum_of, row_of
from archive.web.numbering import page_numbers
from archive.web.source import BoardThreads, ForumList
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
    """The one forum's boards; where there are several, the list of forums."""
    listed = request.source.forums()
    if len(listed.forums) == 1 and not listed.left_out:
        return _board_tree(request, listed.forums[0])
    return TemplateResponse(
        template="home.html",
        values={"lines": forum_lines(listed), "left_out": listed.left_out},
    )


def forum_lines(listed: ForumList) -> list[ForumLine]:
    """Forums as they are listed."""
    lines = []
    for forum in listed.forums:
        here = listed.here.get(forum.id)
        path = paths.forum(forum.id)
        lines.append(ForumLine(forum, here, path))
    return lines


def forum_page(request: PageRequest) -> PageResponse:
    """A forum's boards."""
    return _board_tree(request, forum_of(request))


def board_page(request: PageRequest) -> PageResponse:
    """A board's threads."""
    source = request.source
    forum = forum_of(request)
    board_id = row_of(request, forum, "board")
    sort = request.choice("sort", tuple(SORTS))
    show = request.choice("show", tuple(FILTERS))
    years = source.years_of_board(forum.id, board_id)
    year = request.number("year")
    if year not in years:
        year = 0
    asked = BoardThreads(
        sort=sort,
        show=show,
        days=clock.year(year, forum.utc_offset_minutes) if year else None,
        page=max(1, request.number("page", 1)),
    )
    threads = source.threads_of_board(forum.id, board_id, asked)
    *above, board = source.boards_down_to(forum.id, board_id)
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
            "posts_on_page": source.posts_per_page(forum.id),
            "children": source.sub_boards(forum.id, board_id),
        },
        may_load=(OWN_SCRIPT,),
    )


def member_page(request: PageRequest) -> PageResponse:
    """A member: profile, threads, posts."""
    source = request.source
    forum = forum_of(request)
    user_id = row_of(request, forum, "user")
    threads_after = request.args.get("threads", "")
    posts_after = request.args.get("posts", "")
    is_first_page = not threads_after and not posts_after
    return _person(
        request,
        forum,
        member=source.member(forum.id, user_id),
        threads=source.threads_of_member(forum.id, user_id, threads_after),
        posts=source.posts_of_member(forum.id, user_id, posts_after),
        years=source.member_years(forum, user_id) if is_first_page else (),
    )


def author_page(request: PageRequest) -> PageResponse:
    """Whoever posted under a name; the member's page where the name has a number."""
    source = request.source
    forum = forum_of(request)
    name = unquote(request.path["name"])
    after = request.args.get("posts", "")
    threads = source.threads_by_name(forum.id, name)
    posts = source.posts_by_name(forum.id, name, after)

    has_nothing = not posts.posts and not threads.threads
    if has_nothing and not after:
        uid = source.uid_of_name(forum.id, name)
        return Redirect(location=paths.numbered("user", forum.id, uid))
    member = Member(name, uid=None, gone_at=None, fields=())
    return _person(request, forum, member, threads, posts)


def _board_tree(request: PageRequest, forum: Forum) -> PageResponse:
    source = request.source
    return TemplateResponse(
        template="forum.html",
        values={
            "forum": forum,
            "tree": source.board_tree(forum.id),
            "here": source.holdings(forum.id),
            "memories": source.on_this_day(forum, request.now),
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
            "posts_on_page": request.source.posts_per_page(forum.id),
            "search_path": paths.search(query),
        },
    )
