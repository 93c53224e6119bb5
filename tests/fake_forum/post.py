"""One post of an X3 desktop thread page: `div#post_N` with its author, head, message and
what hangs under it."""

from __future__ import annotations

from .extras import comments, files, poll, ratings, tags
from .message import desktop, why
from .model import Post, Thread
from .skin import escape
from .view import View


def post(view: View, thread: Thread, one: Post, floor: int, page: int) -> str:
    """The post's block. Anonymous and deleted authors have no card; a withheld post has no
    `#postmessage_N`."""
    sign = one.author.signature
    stamp = (
        '<div id="threadstamp"><img src="static/image/stamp/001.gif" title="精华" /></div>\n'
        * (floor == 1 and thread.digest > 0)
    )
    return f"""<div id="post_{one.pid}" >{stamp}<table id="pid{one.pid}" class="plhin" summary="pid{one.pid}" \
cellspacing="0" cellpadding="0">
<tr>
 <td class="pls" rowspan="2">
<div id="favatar{one.pid}" class="pls cl favatar">
{_author(view, one)}</div>
</td>
<td class="plc">
<div class="pi">
{_head(view, thread, one, floor, page)}
</div><div class="pct"><div class="pcb">
{_message(view, thread, one, floor)}</div>
</div>

</td></tr>
<tr><td class="plc plm">
{f'<div class="sign" style="max-height:100px;">{sign}</div>' if sign and not one.anonymous and not one.notice else ""}
</td>
</tr>
<tr id="_postposition{one.pid}"></tr>
<tr>
<td class="pls"></td>
<td class="plc" style="overflow:visible;">
<div class="po hin">
<div class="pob cl">
<em>
<a class="fastre" href="forum.php?mod=post&amp;action=reply&amp;fid={thread.fid}&amp;tid={thread.tid}&amp;\
repquote={one.pid}&amp;extra=&amp;page={page}" onclick="showWindow('reply', this.href)">回复</a>
</em>
</div>
</div>
</td>
</tr>
</table>
</div>"""


def _author(view: View, one: Post) -> str:
    if one.anonymous:
        return '<div class="pi">\n匿名</div>\n'
    name, uid = escape(one.author.name), one.author.uid
    if one.author.deleted:
        return f'<div class="pi">\n{name} <em>该用户已被删除</em>\n</div>\n'
    link = view.skin.space(uid)
    return f"""<div class="pi">
<div class="authi"><a href="{link}" target="_blank" class="xw1">{name}</a>
</div>
</div>
<div class="p_pop blk bui card_gender_0" id="userinfo{one.pid}" style="display: none; margin-top: -11px;">
<div class="i y">
<div>
<strong><a href="{link}" target="_blank" class="xi2">{name}</a></strong>
<em>当前离线</em>
</div>
</div>
</div>
<div>
<div class="avatar" onmouseover="showauthor(this, 'userinfo{one.pid}')"><a href="{link}" class="avtm" target="_blank">\
<img src="{view.skin.base}uc_server/avatar.php?uid={uid}&size=middle" class="user_avatar"></a></div>
</div>
<p><em><a href="home.php?mod=spacecp&amp;ac=usergroup&amp;gid=12" target="_blank">{escape(one.author.group)}</a></em></p>
"""


def _head(view: View, thread: Thread, one: Post, floor: int, page: int) -> str:
    skin = view.skin
    link = f"forum.php?mod=redirect&goto=findpost&ptid={thread.tid}&pid={one.pid}"
    if floor == 1:
        link = (
            skin.thread(thread.tid)
            if skin.rewritten
            else f"forum.php?mod=viewthread&tid={thread.tid}"
        )
    who, only = (
        ("匿名&nbsp;\n", "")
        if one.anonymous
        else (
            "",
            f"""<span class="pipe">|</span>
<a href="forum.php?mod=viewthread&amp;tid={thread.tid}&amp;page={page}&amp;authorid={one.author.uid}" rel="nofollow">\
只看该作者</a>
""",
        )
    )
    return f"""<strong>
<a href="{link}"   id="postnum{one.pid}" onclick="setCopy(this.href, '帖子地址复制成功');return false;">
{skin.floor(floor)}</a>
</strong>
<div class="pti">
<div class="pdbt">
</div>
<div class="authi">
<img class="authicn vm" id="authicon{one.pid}" src="static/image/common/online_member.gif" />
{who}<em id="authorposton{one.pid}">发表于 {skin.time(one.posted_at, view.forum.now, seconds=True)}</em>
{only}</div>
</div>"""


def _message(view: View, thread: Thread, one: Post, floor: int) -> str:
    if one.notice:
        return f'<div class="locked">{why(one.notice)}</div>\n'
    subject = f"<h2>{escape(one.subject)}</h2>\n" if one.subject and floor > 1 else ""
    box = "pcbs" if floor == 1 and thread.poll else "t_fsz"
    return f"""{subject}<div class="{box}"><table cellspacing="0" cellpadding="0"><tr><td class="t_f" \
id="postmessage_{one.pid}">
{desktop(view, thread, one)}</td></tr></table>
{files(view, one)}{poll(thread, one.pid) if floor == 1 and thread.poll else ""}
{tags(thread) if floor == 1 else ""}
</div>
<div id="comment_{one.pid}" class="cm">
{comments(view, one)}</div>
{ratings(view, thread, one)}"""
