"""A member's threads, as `home.php?mod=space&do=thread` lists them to other members."""

from __future__ import annotations

from .frame import page
from .model import Thread, User
from .skin import escape
from .view import View, turned

_ROWS = 20


def threads_of(view: View, user: User, number: int = 1) -> str:
    """The threads that a member has opened, newest first, twenty a page."""
    own = [
        thread
        for thread in view.forum.threads.values()
        if not thread.moved_to
        and thread.first.author == user
        and not thread.first.anonymous
    ]
    own.sort(key=lambda thread: thread.tid, reverse=True)
    turn = turned(view.forum, number, len(own), _ROWS, past_end=number)
    first = (turn.shown - 1) * _ROWS if turn.shown * _ROWS < len(own) + _ROWS else 0
    rows = "".join(_row(view, thread) for thread in own[first : first + _ROWS])
    link = f"home.php?mod=space&amp;uid={user.uid}"
    return page(
        view,
        "pg_space",
        f"{escape(user.name)}的主题",
        f"""<div id="pt" class="bm cl">
<div class="z">
<a href="./" class="nvhm" title="首页">{view.forum.name}</a> <em>&rsaquo;</em>
<a href="{link}">{escape(user.name)}</a> <em>&rsaquo;</em>
<a href="{link}&amp;do=thread&amp;view=me">帖子</a>
</div>
</div>
<div id="uhd">
<h2 class="mt">
{escape(user.name)}</h2>
</div>
<div id="ct" class="ct1 wp cl">
<div class="mn">
<div class="tl">
<form method="post" autocomplete="off" name="delform" id="delform" action="home.php?mod=space&amp;do=thread">
<table cellspacing="0" cellpadding="0">
<tr class="th">
<td class="icn">&nbsp;</td>
<th>主题</th>
<td class="frm">版块</td>
<td class="num">回复/查看</td>
<td class="by"><cite>最后发帖</cite></td>
</tr>
{rows}</table>
</form>
{_further(user, number, turn.total)}</div>
</div>
</div>
""",
    ).replace('id="nv_forum"', 'id="nv_home"')


def _further(user: User, number: int, total: int) -> str:
    """The pager, where there is a next page (home_space_thread.htm, `$multi`)."""
    if number >= total:
        return ""
    link = f"home.php?mod=space&amp;uid={user.uid}&amp;do=thread&amp;view=me&amp;from=space&amp;page={number + 1}"
    return f"""<div class="pgs cl mtm"><div class="pg"><strong>{number}</strong><a href="{link}">{number + 1}</a>\
<a href="{link}" class="nxt">下一页</a></div></div>
"""


def _row(view: View, thread: Thread) -> str:
    board = view.forum.board(thread.fid)
    assert board is not None
    link, last = f"forum.php?mod=viewthread&amp;tid={thread.tid}", thread.last
    return f"""<tr>
<td class="icn">
<a href="{link}&amp;highlight=" title="新窗口打开" target="_blank">
<i class="fico-thread fic6 fc-n"></i>
</a>
</td>
<th>
<a href="{link}" target="_blank" >{escape(thread.title)}</a>
</th>
<td>
<a href="forum.php?mod=forumdisplay&amp;fid={thread.fid}" class="xg1" target="_blank">{escape(board.name)}</a>
</td>

<td class="num">
<a href="{link}" class="xi2" target="_blank">{len(thread.posts) - 1}</a>
<em>{thread.views}</em>
</td>

<td class="by">
<cite><a href="{view.skin.space_by_name(last.author.name)}" target="_blank">{escape(last.author.name)}</a></cite>
<em><a href="forum.php?mod=redirect&amp;tid={thread.tid}&amp;goto=lastpost#lastpost" target="_blank">\
{view.skin.time(last.posted_at, view.forum.now)}</a></em>
</td>
</tr>
"""
