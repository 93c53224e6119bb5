"""A board's page in X3 desktop markup."""

from __future__ import annotations

from .frame import page, page_list, trail
from .index import board_rows, fold_icon, last_author
from .model import Board, Thread
from .skin import escape
from .view import View, pages, turned


def board_page(view: View, board: Board, number: int = 1) -> str:
    """A board's page; past the end it is the first one, as on a real forum."""
    forum, size = view.forum, view.forum.threads_per_page
    threads = forum.in_board(board.fid)
    sticky = [thread for thread in threads if thread.sticky]
    plain = threads[len(sticky) :]
    turn = turned(forum, number, len(threads), size, past_end=1)
    number = turn.shown
    shown = plain[
        max(0, (number - 1) * size - len(sticky)) : number * size - len(sticky)
    ]
    rows = [
        _thread_row(view, board, thread, number)
        for thread in (sticky if number == 1 else [])
    ]
    rows += [
        _SEPARATOR.format(fid=board.fid),
        *(_thread_row(view, board, thread, number) for thread in shown),
    ]
    pattern = f"forum-{board.fid}-{{}}.html" if view.skin.rewritten else ""
    paging = page_list(
        f"forum.php?mod=forumdisplay&fid={board.fid}", pattern, turn.number, turn.total
    )
    title = board.name if number == 1 else f"{board.name} - 第{number}页"
    return page(
        view,
        "pg_forumdisplay",
        title,
        f"""{_trail(view, board)}<div class="boardnav">
<div id="ct" class="wp cl">

<div class="mn">
{_title(view, board)}{_subboards(view, board)}<div id="pgt" class="bm bw0 pgs cl">
<span id="fd_page_top">{paging}</span>
<span class="pgb y"  ><a href="forum.php">返&nbsp;回</a></span>
</div>
{_types(board)}<div id="threadlist" class="tl bm bmw">
<div class="bm_c">
<form method="post" autocomplete="off" name="moderate" id="moderate" action="forum.php?mod=topicadmin&amp;action=moderate&amp;fid={board.fid}&amp;infloat=yes&amp;nopost=yes">
<input type="hidden" name="listextra" value="page%3D{number}" />
<table summary="forum_{board.fid}" cellspacing="0" cellpadding="0" id="threadlisttableid">
{"".join(rows)}</table><!-- end of table "forum_G[fid]" branch 1/3 -->
</form>
</div>
</div>
<div class="bm bw0 pgs cl">
<span id="fd_page_bottom">{paging}</span>
<span  class="pgb y"><a href="forum.php">返&nbsp;回</a></span>
</div>
</div>
</div>
</div>
""",
        board=str(board.fid),
    )


def _trail(view: View, board: Board) -> str:
    category = next(
        category for category in view.forum.categories if category.gid == board.gid
    )
    above = view.forum.board(board.parent)
    steps = [f'<a href="forum.php?gid={board.gid}">{escape(category.name)}</a>']
    steps += [
        f'<a href="{view.skin.board(shown.fid)}">{escape(shown.name)}</a>'
        for shown in (above, board)
        if shown
    ]
    return trail(view, *steps)


def _title(view: View, board: Board) -> str:
    return f"""<div class="bm bml pbn">
<div class="bm_h cl">
<h1 class="xs2">
<a href="{view.skin.board(board.fid).replace("&", "&amp;")}">{escape(board.name)}</a>
<span class="xs1 xw0 i">今日: <strong class="xi1">3</strong><span class="pipe">|</span>主题: <strong class="xi1">{view.forum.counts(board)[0]}</strong></span></h1>
</div>
</div>
"""


def _subboards(view: View, board: Board) -> str:
    below = [other for other in view.forum.boards if other.parent == board.fid]
    if not below:
        return ""
    return f"""<div class="bm bmw fl">
<div class="bm_h cl">
<span class="o">{fold_icon(view, f"subforum_{board.fid}")}</span>
<h2>子版块</h2>
</div>

<div id="subforum_{board.fid}" class="bm_c" style="">
<table cellspacing="0" cellpadding="0" class="fl_tb">
<tr>{board_rows(view, below)}</tr>
</table>
</div>
</div>
"""


def _types(board: Board) -> str:
    if not board.types:
        return ""
    link = f"forum.php?mod=forumdisplay&amp;fid={board.fid}"
    items = "".join(
        f'<li><a href="{link}&amp;filter=typeid&amp;typeid={number}">{escape(name)}</a></li>\n'
        for number, name in board.types
    )
    return f'<ul id="thread_types" class="ttp bm cl">\n<li id="ttp_all" class="xw1 a"><a href="{link}">全部</a></li>\n{items}</ul>\n'


def _thread_row(view: View, board: Board, thread: Thread, number: int) -> str:
    skin, own = (
        view.skin,
        f"{'stick' if thread.sticky else 'normal'}thread_{thread.tid}",
    )
    link = skin.thread(thread.moved_to or thread.tid, extra=f"page%3D{number}")
    kind = (
        "common"
        if thread.sticky
        else "lock"
        if thread.closed and view.returning
        else "common"
        if view.returning
        else "new"
    )
    author = (
        "匿名"
        if thread.first.anonymous
        else f'<a href="{skin.space(thread.first.author.uid)}" c="1">{escape(thread.first.author.name)}</a>'
    )
    replies, views = (
        ("-", "-") if thread.moved_to else (len(thread.posts) - 1, thread.views)
    )
    opened = skin.day(thread.created_on, thread.first.posted_at, view.forum.now)
    return f"""<tbody id="{own}">
<tr>
<td class="icn">
{_row_icon(view, thread, link, kind)}
</td>
<th class="{kind}">
<a href="javascript:;" id="content_{thread.tid}" class="showcontent y" title="更多操作" onclick="CONTENT_TID='{thread.tid}';\
CONTENT_ID='{own}';showMenu({{'ctrlid':this.id,'menuid':'content_menu'}})"></a>
{_row_title(view, board, thread, link, number)}</th>
<td class="by">
<cite>
{author}</cite>
<em><span>{opened}</span></em>
</td>
<td class="num"><a href="{link}" class="xi2">{replies}</a><em>{views}</em></td>
<td class="by">
<cite>{last_author(view, thread, ' c="1"')}</cite>
<em><a href="forum.php?mod=redirect&tid={thread.moved_to or thread.tid}&goto=lastpost#lastpost">\
{skin.time(thread.last.posted_at, view.forum.now)}</a></em>
</td>
</tr>
</tbody>
"""


def _row_icon(view: View, thread: Thread, link: str, kind: str) -> str:
    new = "有新回复 - " if kind == "new" else ""
    if thread.sticky:
        title = ("", "本版置顶", "分类置顶", "全局置顶")[thread.sticky] + "主题 - "
        icon = (
            f'<img src="static/image/common/pin_{thread.sticky}.gif" alt="{title[:4]}" />'
            if view.skin.old
            else f'<i class="tpin tpin{thread.sticky}"><svg width="18" height="18"><path d="M9 0l9"></path></svg></i>'
        )
        return (
            f'<a href="{link}" title="{title}新窗口打开" target="_blank">\n{icon}\n</a>'
        )
    if thread.poll:
        title, name = "投票 - ", "vote"
        icon = '<img src="static/image/common/pollsmall.gif" alt="投票" />'
    elif kind == "lock":
        title, name, icon = (
            "关闭的主题 - ",
            "lock",
            '<img src="static/image/common/folder_lock.gif" />',
        )
    else:
        title, name, icon = (
            "",
            "thread",
            f'<img src="static/image/common/folder_{kind}.gif" />',
        )
    if not view.skin.old:
        icon = f'<i class="fico-{name} fic6 fc-{"l" if new else "n"}"></i>'
    return f'<a href="{link}" title="{title}{new}新窗口打开" target="_blank">\n{icon}\n</a>'


def _row_title(view: View, board: Board, thread: Thread, link: str, number: int) -> str:
    forum = view.forum
    numbers = {name: number for number, name in board.types}
    label = (
        f'<em>[<a href="forum.php?mod=forumdisplay&fid={board.fid}&amp;filter=typeid&amp;typeid={numbers[thread.type]}">'
        f"{escape(thread.type)}</a>]</em>"
        if thread.type in numbers
        else ""
    )
    moved = "移动:" if thread.moved_to else ""
    hide = (
        f'<a href="javascript:void(0);" onclick="hideStickThread(\'{thread.tid}\')" class="closeprev y"'
        ' title="隐藏置顶帖">隐藏置顶帖</a>\n'
        if thread.sticky
        else ""
    )
    out = f'{hide}{label} {moved}<a href="{link}" onclick="atarget(this)" class="s xst">{escape(thread.title)}</a>\n'
    if any(file.image for file in thread.first.files):
        out += (
            '<img src="static/image/filetype/image_s.gif" alt="attach_img" title="图片附件" align="absmiddle" />\n'
            if view.skin.old
            else '<i class="fico-image fic4 fc-p fnmr vm" title="图片附件"></i>\n'
        )
    if thread.digest:
        out += (
            f'<img src="static/image/common/digest_{thread.digest}.gif" align="absmiddle" alt="digest"'
            f' title="精华 {thread.digest}" />\n'
            if view.skin.old
            else f'<span class="tbox tdigest">精华{thread.digest}</span>\n'
        )
    if thread.read_level:
        out += f' - [阅读权限 <span class="xw1">{thread.read_level}</span>]\n'
    total = 1 if thread.moved_to else pages(len(thread.posts), forum.posts_per_page)
    if total > 1:
        links = "".join(
            f'<a href="{view.skin.thread(thread.tid, n, f"page%3D{number}")}" onclick="atarget(this)">{n}</a>'
            for n in range(2, total + 1)
        )
        out += f'<span class="tps">&nbsp;...{links}</span>\n'
    return out


_SEPARATOR = """<tbody id="separatorline">
<tr class="ts">
<td>&nbsp;</td>
<th><a href="javascript:;" onclick="checkForumnew_btn('{fid}')" title="查看更新" class="forumrefresh">版块主题</a></th>\
<td>&nbsp;</td><td>&nbsp;</td><td>&nbsp;</td>
</tr>
</tbody>
"""
