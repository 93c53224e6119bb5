"""A thread's page in X3 desktop markup."""

from __future__ import annotations

from .frame import page, page_list, trail
from .model import Post, Thread
from .post import post_block
from .skin import escape
from .view import View, pages, turned


def thread_page(
    view: View,
    thread: Thread,
    number: int = 1,
    author_uid: int = 0,
    newest_first: bool = False,
) -> str:
    """A page of posts; past the end it is the last one. `author_uid` keeps one author's
    posts, floors counted anew."""
    size = view.forum.posts_per_page
    posts = [
        post
        for post in thread.posts
        if not author_uid or (post.author.uid == author_uid and not post.anonymous)
    ]
    floors = {post.pid: floor for floor, post in enumerate(posts, 1)}
    if newest_first:
        posts = [posts[0], *reversed(posts[1:])]
    last = pages(len(posts), size)
    turn = turned(view.forum, number, len(posts), size, past_end=last)
    number = max(1, turn.shown)
    shown = "".join(
        post_block(view, thread, post, floors[post.pid], number)
        for post in posts[(number - 1) * size : number * size]
    )
    filters = (f"&amp;authorid={author_uid}" if author_uid else "") + (
        "&amp;ordertype=1" if newest_first else ""
    )
    pattern = (
        f"thread-{thread.tid}-{{}}-1.html"
        if view.skin.rewritten and not filters
        else ""
    )
    paging = page_list(
        f"forum.php?mod=viewthread&tid={thread.tid}&amp;extra={filters}",
        pattern,
        turn.number,
        turn.total,
    )
    return _whole(view, thread, number, paging, shown)


def _whole(view: View, thread: Thread, number: int, paging: str, posts: str) -> str:
    board = view.forum.board(thread.fid)
    assert board is not None
    category = next(
        category for category in view.forum.categories if category.gid == board.gid
    )
    own = (
        f"thread-{thread.tid}-1-1.html"
        if view.skin.rewritten
        else f"forum.php?mod=viewthread&tid={thread.tid}"
    )
    board_link = f'<a href="{_escaped(view.skin.board(board.fid))}">'
    head = trail(
        view,
        f'<a href="forum.php?gid={board.gid}">{escape(category.name)}</a>',
        f"{board_link}{escape(board.name)}</a>",
        f'<a href="{own.replace("&", "&amp;")}">{escape(thread.title)}</a>',
    )
    title = thread.title if number == 1 else f"{thread.title} - 第{number}页"
    return page(
        view,
        "pg_viewthread",
        f"{escape(title)} - {board.name}",
        f"""
<script type="text/javascript">var fid = parseInt('{thread.fid}'), tid = parseInt('{thread.tid}');</script>

{head}
<div id="ct" class="wp cl">
<div id="pgt" class="pgs mbm cl ">
<div class="pgt">{paging}</div>
<span class="y pgb">{board_link}返回列表</a></span>
</div>

<div id="postlist" class="pl bm">
{_title(view, thread)}
{posts}<div id="postlistreply" class="pl"><div id="post_new" class="viewthread_table" style="display: none"></div></div>
</div>

<div class="pgs mtm mbm cl">
{paging}<span class="pgb y">{board_link}返回列表</a></span>
</div>

<div id="f_pst" class="pl bm bmw">
<form method="post" autocomplete="off" id="fastpostform" action="forum.php?mod=post&amp;action=reply&amp;fid={thread.fid}&amp;tid={thread.tid}&amp;extra=&amp;replysubmit=yes&amp;infloat=yes&amp;handlekey=fastpost" onSubmit="return fastpostvalidate(this)">
<div class="pt hm">
您需要登录后才可以回帖 <a href="member.php?mod=logging&amp;action=login" onclick="showWindow('login', this.href)" class="xi2">登录</a> | <a href="member.php?mod=register" class="xi2">立即注册</a>
</div>
</form>
</div>
</div>
""",
        canonical=own,
    )


def _escaped(link: str) -> str:
    return link.replace("&amp;", "&").replace("&", "&amp;")


def _title(view: View, thread: Thread) -> str:
    board = view.forum.board(thread.fid)
    assert board is not None
    numbers = {name: number for number, name in board.types}
    kind = (
        f'<a href="forum.php?mod=forumdisplay&amp;fid={thread.fid}&amp;filter=typeid&amp;typeid={numbers[thread.type]}">'
        f"[{escape(thread.type)}]</a>\n"
        if thread.type in numbers
        else ""
    )
    closed = ""
    if thread.closed and view.returning:
        closed = (
            '&nbsp;<img src="static/image/common/locked.gif" alt="关闭" title="关闭" class="vm" />\n'
            if view.skin.old
            else '&nbsp;<i class="fico-lock fc-s" title="关闭"></i>\n'
        )
    link = (
        view.skin.thread(thread.tid)
        if view.skin.rewritten
        else f"forum.php?mod=viewthread&amp;tid={thread.tid}"
    )
    return f"""<table cellspacing="0" cellpadding="0">
<tr>
<td class="pls ptn pbn">
<div class="hm ptn">
<span class="xg1">查看:</span> <span class="xi1">{thread.views}</span><span class="pipe">|</span>\
<span class="xg1">回复:</span> <span class="xi1">{len(thread.posts) - 1}</span>
</div>
</td>
<td class="plc ptm pbn vwthd">
<div class="y">
<a href="forum.php?mod=viewthread&amp;action=printable&amp;tid={thread.tid}" title="打印" target="_blank">打印</a>
<a href="forum.php?mod=redirect&amp;goto=nextoldset&amp;tid={thread.tid}" title="上一主题">上一主题</a>
<a href="forum.php?mod=redirect&amp;goto=nextnewset&amp;tid={thread.tid}" title="下一主题">下一主题</a>
</div>
<h1 class="ts">
{kind}<span id="thread_subject">{escape(thread.title)}</span>
</h1>
<span class="xg1">
{closed}<a href="{link}" onclick="return copyThreadUrl(this, '{view.forum.name}')" >[复制链接]</a>
</span>
</td>
</tr>
</table>
"""


def page_of(view: View, thread: Thread, target: Post) -> int:
    """Which page of the thread a post is on."""
    return thread.posts.index(target) // view.forum.posts_per_page + 1
