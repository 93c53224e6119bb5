"""The front page and category pages in X3 desktop markup."""

from __future__ import annotations

from .frame import page, trail
from .model import Board, Category, Thread
from .skin import escape
from .view import View


def index_page(view: View, gid: int = 0) -> str:
    """The front page, or the one category `gid` of it."""
    forum = view.forum
    chosen = [
        category for category in forum.categories if not gid or category.gid == gid
    ]
    posts = sum(1 for _ in forum.posts())
    head = trail(view, *(escape(category.name) for category in chosen if gid))
    chart = (
        ""
        if gid
        else (
            f'<div id="chart" class="bm bw0 cl">\n<p class="chart z">今日: <em>3</em><span class="pipe">|'
            f'</span>帖子: <em>{posts}</em><span class="pipe">|</span>会员: <em>{len(forum.users)}</em>'
            "</p>\n</div>\n"
        )
    )
    body = "".join(_category(view, category) for category in chosen)
    return page(
        view,
        "pg_index",
        chosen[0].name if gid else "论坛",
        f"""{head}<div id="ct" class="wp cl">
{chart}<div class="mn">


<div class="fl bm">
{body}
</div>
</div>
</div>
""",
    )


def _category(view: View, category: Category) -> str:
    boards = [
        board
        for board in view.forum.boards
        if board.gid == category.gid and not board.parent
    ]
    icon = fold_icon(view, f"category_{category.gid}")
    return f"""<div class="bm bmw  cl">
<div class="bm_h cl">
<span class="o">
{icon}
</span>
<h2><a href="forum.php?gid={category.gid}" style="">{escape(category.name)}</a></h2>
</div>
<div id="category_{category.gid}" class="bm_c" style="">
<table cellspacing="0" cellpadding="0" class="fl_tb">
<tr>{board_rows(view, boards)}</tr>
</table>
</div>
</div>"""


def board_rows(view: View, boards: list[Board]) -> str:
    """Table rows of boards, each closed by the start of the next, as the template does it."""
    return "".join(
        _board_row(view, board) + '</tr>\n<tr class="fl_row">\n' for board in boards
    )


def _board_row(view: View, board: Board) -> str:
    skin, (threads, posts) = view.skin, view.forum.counts(board)
    link, name = skin.board(board.fid), escape(board.name)
    icon = (
        f'<a href="{link}"><img src="static/image/common/forum_new.gif" alt="{name}" /></a>'
        if skin.old
        else f'<a href="{link}" title="{name}"><svg width="31" height="29"><path fill="#fdc910" d="M31 13c0-7"/></svg></a>'
    )
    below = "".join(
        f'<a href="{skin.board(sub.fid)}" >{escape(sub.name)}</a>'
        for sub in view.forum.boards
        if sub.parent == board.fid
    )
    moderators = ", ".join(
        f'<a href="{skin.space_by_name(name)}" class="notabs" c="1">{escape(name)}</a>'
        for name in board.moderators
    )
    return f"""<td class="fl_icn" >
{icon}
</td>
<td>
<h2><a href="{link}">{name}</a><em class="xw0 xi1" title="今日"> (1)</em></h2>
{f'<p class="xg2">{escape(board.description)}</p>' if board.description else ""}\
{f"<p>子版块: {below}</p>" if below else ""}\
{f'<p>版主: <span class="xi2">{moderators}</span></p>' if moderators else ""}</td>
<td class="fl_i">
<span class="xi2">{threads}</span><span class="xg1"> / {posts}</span></td>
<td class="fl_by">
<div>
{_last_post(view, board)}
</div>
</td>
"""


def _last_post(view: View, board: Board) -> str:
    thread = view.forum.last_thread(board)
    if board.access != "open" and not view.member:
        return "私密版块"
    if thread is None:
        return "从未"
    time = view.skin.time(thread.last.posted_at, view.forum.now)
    return (
        f'<a href="forum.php?mod=redirect&amp;tid={thread.tid}&amp;goto=lastpost#lastpost" class="xi2">'
        f"{escape(thread.title)}</a> <cite>{time} {last_author(view, thread)}</cite>"
    )


def last_author(view: View, thread: Thread, card: str = "") -> str:
    """Who posted last: a link by name, without number."""
    if thread.last.anonymous:
        return "匿名"
    name = thread.last.author.name
    return f'<a href="{view.skin.space_by_name(name)}"{card}>{escape(name)}</a>'


def fold_icon(view: View, what: str) -> str:
    """The button that folds a block."""
    if view.skin.old:
        return (
            f'<img id="{what}_img" src="static/image/common/collapsed_no.gif" title="收起/展开" alt="收起/展开"'
            f" onclick=\"toggle_collapse('{what}');\" />"
        )
    return f'<em id="{what}_img" class="tg_no" title="收起/展开" onclick="toggle_collapse(\'{what}\');"></em>'
