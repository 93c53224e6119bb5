"""One post of an X3 desktop thread page: `div#post_N` with its author, head, message and
what hangs under it."""

from __future__ import annotations

from .extras import comments, files, poll_form, ratings, tags
from .message import desktop, why
from .model import Post, Thread
from .skin import escape
from .view import View


def post_block(view: View, thread: Thread, post: Post, floor: int, page: int) -> str:
    """The post's block. Anonymous and deleted authors have no card; a withheld post has no
    `#postmessage_N`."""
    sign = post.author.signature
    stamp = (
        '<div id="threadstamp"><img src="static/image/stamp/001.gif" title="精华" /></div>\n'
        * (floor == 1 and thread.digest > 0)
    )
    return f"""<div id="post_{post.pid}" >{stamp}<table id="pid{post.pid}" class="plhin" summary="pid{post.pid}" \
cellspacing="0" cellpadding="0">
<tr>
 <td class="pls" rowspan="2">
<div id="favatar{post.pid}" class="pls cl favatar">
{_author(view, post)}</div>
</td>
<td class="plc">
<div class="pi">
{_head(view, thread, post, floor, page)}
</div><div class="pct"><div class="pcb">
{_message(view, thread, post, floor)}</div>
</div>

</td></tr>
<tr><td class="plc plm">
{_location_box(view, post)}{f'<div class="sign" style="max-height:100px;">{sign}</div>' if sign and not post.anonymous and not post.notice else ""}
</td>
</tr>
<tr id="_postposition{post.pid}"></tr>
<tr>
<td class="pls"></td>
<td class="plc" style="overflow:visible;">
<div class="po hin">
<div class="pob cl">
<em>
<a class="fastre" href="forum.php?mod=post&amp;action=reply&amp;fid={thread.fid}&amp;tid={thread.tid}&amp;\
repquote={post.pid}&amp;extra=&amp;page={page}" onclick="showWindow('reply', this.href)">回复</a>
</em>
</div>
</div>
</td>
</tr>
</table>
</div>"""


def _author(view: View, post: Post) -> str:
    if post.anonymous:
        return '<div class="pi">\n匿名</div>\n'
    name, uid = escape(post.author.name), post.author.uid
    if post.author.deleted:
        return f'<div class="pi">\n{name} <em>该用户已被删除</em>\n</div>\n'
    link = view.skin.space(uid)
    return f"""<div class="pi">
<div class="authi"><a href="{link}" target="_blank" class="xw1">{name}</a>
</div>
</div>
<div class="p_pop blk bui card_gender_0" id="userinfo{post.pid}" style="display: none; margin-top: -11px;">
<div class="i y">
<div>
<strong><a href="{link}" target="_blank" class="xi2">{name}</a></strong>
<em>当前离线</em>
</div>
</div>
</div>
<div>
<div class="avatar" onmouseover="showauthor(this, 'userinfo{post.pid}')"><a href="{link}" class="avtm" target="_blank">\
<img src="{view.skin.base}uc_server/avatar.php?uid={uid}&size=middle" class="user_avatar"></a></div>
</div>
<p><em><a href="home.php?mod=spacecp&amp;ac=usergroup&amp;gid=12" target="_blank">{escape(post.author.group)}</a></em></p>
"""


def _head(view: View, thread: Thread, post: Post, floor: int, page: int) -> str:
    skin = view.skin
    link = f"forum.php?mod=redirect&goto=findpost&ptid={thread.tid}&pid={post.pid}"
    if floor == 1:
        link = (
            skin.thread(thread.tid)
            if skin.rewritten
            else f"forum.php?mod=viewthread&tid={thread.tid}"
        )
    who, only = (
        ("匿名&nbsp;\n", "")
        if post.anonymous
        else (
            "",
            f"""<span class="pipe">|</span>
<a href="forum.php?mod=viewthread&amp;tid={thread.tid}&amp;page={page}&amp;authorid={post.author.uid}" rel="nofollow">\
只看该作者</a>
""",
        )
    )
    return f"""<strong>
<a href="{link}"   id="postnum{post.pid}" onclick="setCopy(this.href, '帖子地址复制成功');return false;">
{skin.floor(floor)}</a>
</strong>
<div class="pti">
<div class="pdbt">
</div>
<div class="authi">
<img class="authicn vm" id="authicon{post.pid}" src="static/image/common/online_member.gif" />
{who}<em id="authorposton{post.pid}">发表于 {skin.time(post.posted_at, view.forum.now, seconds=True)}</em>
{_location_label(view, post)}{only}</div>
</div>"""


def _location_label(view: View, post: Post) -> str:
    """`IP归属地:广东` beside the time (the hook viewthread_postheader)."""
    label = view.skin.location_label
    if not label or not post.location:
        return ""
    return f'<span class="pipe">|</span><span class="xg1">{label}{escape(post.location)}</span>\n'


def _location_box(view: View, post: Post) -> str:
    """The box of X itself below the message (viewthread_node)."""
    if view.skin.location_label or not post.location:
        return ""
    return f'<div class="mobile-location">{escape(post.location)}</div>\n'


def _message(view: View, thread: Thread, post: Post, floor: int) -> str:
    if post.notice:
        return f'<div class="locked">{why(post.notice)}</div>\n'
    subject = f"<h2>{escape(post.subject)}</h2>\n" if post.subject and floor > 1 else ""
    box = "pcbs" if floor == 1 and thread.poll else "t_fsz"
    return f"""{subject}<div class="{box}"><table cellspacing="0" cellpadding="0"><tr><td class="t_f" \
id="postmessage_{post.pid}">
{desktop(view, thread, post)}</td></tr></table>
{files(view, post)}{poll_form(thread, post.pid) if floor == 1 and thread.poll else ""}
{tags(thread) if floor == 1 else ""}
</div>
<div id="comment_{post.pid}" class="cm">
{comments(view, thread, post)}</div>
{ratings(view, thread, post)}"""
