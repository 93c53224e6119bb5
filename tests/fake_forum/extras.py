"""What hangs under a message on an X3 desktop page: attachments, poll, tags, comments
(点评), ratings (评分)."""

from __future__ import annotations

from collections.abc import Sequence

from .message import download, placed
from .model import File, Post, Rating, Thread
from .skin import day, escape
from .view import View


def files(view: View, post: Post) -> str:
    """The attachments that do not stand in the text; for those who may not see any, an
    invitation to log in."""
    if post.files and not view.sees_files:
        return _LOG_IN
    rest = [file for file in post.files if file.aid not in placed(post.parts)]
    if not rest:
        return ""
    return (
        '<div class="pattl">\n'
        + "".join(_image(post, f) if f.image else _document(post, f) for f in rest)
        + "</div>\n"
    )


_LOG_IN = """<div class="attach_nopermission attach_tips">
<div>
<h3><strong>本帖子中包含更多资源</strong></h3>
<p>您需要 <a href="member.php?mod=logging&amp;action=login" onclick="showWindow('login', this.href);return false;">登录</a> \
才可以下载或查看，没有账号？<a href="member.php?mod=register" title="注册账号">立即注册</a> </p>
</div>
<span class="atips_close" onclick="this.parentNode.style.display='none'">&#215;</span>
</div>
"""


def _image(post: Post, file: File) -> str:
    name, address = escape(file.name), f"data/attachment/{file.path}"
    return f"""
<ignore_js_op>

<dl class="tattl attm">
<dt></dt>
<dd>

<p class="mbn">
<a href="{download(file)}&amp;nothumb=yes" onmouseover="showMenu({{'ctrlid':this.id,'pos':'12'}})" id="aid{file.aid}" \
class="xw1" target="_blank">{name}</a>
<em class="xg1">({file.size}, 下载次数: {file.downloads})</em>
</p>
<div class="tip tip_4" id="aid{file.aid}_menu" style="display: none" disautofocus="true">
<div>
<p>
<a href="{download(file)}&amp;nothumb=yes" target="_blank">下载附件</a>

</p>
<p>
<span class="y">{day(post.posted_at)} {post.posted_at:%H:%M} 上传</span>
</p>
</div>
<div class="tip_horn"></div>
</div>

<div class="mbn savephotop">

<img id="aimg_{file.aid}" aid="{file.aid}" src="static/image/common/none.gif" zoomfile="{address}" file="{address}" \
class="zoom" onclick="zoom(this, this.src, 0, 0, 0)" width="320" alt="{name}" title="{name}" w="320" />

</div>

</dd>
</dl>

</ignore_js_op>
"""


def _document(post: Post, file: File) -> str:
    price = (
        f'\n售价: <strong>{file.price} 金钱</strong> &nbsp;[<a href="forum.php?mod=misc&amp;action=viewattachpayments'
        f'&amp;aid={file.aid}" onclick="showWindow(\'attachpay\', this.href)" target="_blank">记录</a>]\n'
        if file.price
        else ""
    )
    return f"""
<ignore_js_op>
<dl class="tattl">
<dt>
<img src="static/image/filetype/zip.gif" border="0" class="vm" alt="" />
</dt>
<dd>
<p class="attnm">

<a href="{download(file)}" onmouseover="showMenu({{'ctrlid':this.id,'pos':'12'}})" id="aid{file.aid}" target="_blank">\
{escape(file.name)}</a>

<div class="tip tip_4" id="aid{file.aid}_menu" style="display: none" disautofocus="true">
<div class="tip_c">
<p class="y">{day(post.posted_at)} {post.posted_at:%H:%M} 上传</p>
<p>点击文件名下载附件</p>

</div>
<div class="tip_horn"></div>
</div>
</p>
<p>{file.size}, 下载次数: {file.downloads}</p>
<p>
{price}
</p>


</dd>
</dl>
</ignore_js_op>
"""


def poll_form(thread: Thread, pid: int) -> str:
    """The form of a poll, with the votes."""
    poll = thread.poll
    assert poll is not None
    several = poll.max_choices > 1
    kind = (
        f"多选投票</strong>: ( 最多可选 {poll.max_choices} 项 )"
        if several
        else "单选投票</strong>"
    )
    total = sum(votes for _, votes in poll.options) or 1
    rows = "".join(
        f"""<tr>
<td class="pvt">
<label for="option_{n}">{n}. &nbsp;{escape(text)}</label>
</td>
<td class="pvts"></td>
</tr>

<tr>
<td>
<div class="pbg">
<div class="pbr" style="width: {round(100 * votes / total)}%; background-color:#E92725"></div>
</div>
</td>
<td>{100 * votes / total:.2f}% <em style="color:#E92725">({votes})</em></td>
</tr>
"""
        for n, (text, votes) in enumerate(poll.options, 1)
    )
    ended = '<p class="ptmr"><strong>投票已经结束</strong></p>\n' if poll.ended else ""
    return f"""
<form id="poll" name="poll" method="post" autocomplete="off" action="forum.php?mod=misc&amp;action=votepoll&amp;\
fid={thread.fid}&amp;tid={thread.tid}&amp;pollsubmit=yes&amp;quickforward=yes" onsubmit="if($('post_{pid}')) \
{{ajaxpost('poll', 'post_{pid}', 'post_{pid}');return false}}">
<input type="hidden" name="formhash" value="0a1b2c3d" />
<div class="pinf">
<strong>{kind}, 共有 {poll.voters} 人参与投票
</div>

{ended}
<div class="pcht">

<table summary="poll panel" cellspacing="0" cellpadding="0" width="100%">
{rows}<tr>
<td colspan="2">
您所在的用户组没有投票权限
</td>
</tr>
</table>

</div>
</form>
"""


def tags(thread: Thread) -> str:
    """The thread's tags."""
    if not thread.tags:
        return ""
    links = ", ".join(
        f'<a title="{escape(tag)}" href="misc.php?mod=tag&amp;id={n}" target="_blank">{escape(tag)}</a>'
        for n, tag in enumerate(thread.tags, 1)
    )
    return f'<div class="ptg mbm mtn">\n{links}</div>\n'


def comments(view: View, thread: Thread, post: Post) -> str:
    """The newest comments, and the way to the others."""
    if not post.comments:
        return ""
    shown = view.forum.comments_shown
    rows = "".join(
        f"""<div class="pstl xs1 cl">
<div class="psta vm">
<a href="{view.skin.space(said.user.uid)}" c="1"><img src="{view.skin.base}uc_server/avatar.php?uid={said.user.uid}\
&size=small" class="user_avatar"></a>
<a href="{view.skin.space(said.user.uid)}" class="xi2 xw1">{escape(said.user.name)}</a>
</div>
<div class="psti">
{escape(said.text)}&nbsp;
<span class="xg1">
发表于 {view.skin.time(said.posted_at, view.forum.now)}</span>
</div>
</div>
"""
        for said in post.comments[:shown]
    )
    more = (
        f"""<div class="pgs mbm mtn cl"><div class="pg"><a href="javascript:;" class="nxt" \
onclick="ajaxget('forum.php?mod=misc&action=commentmore&tid={thread.tid}&pid={post.pid}&page=2', \
'comment_{post.pid}')">下一页</a></div></div>"""
        if len(post.comments) > shown
        else ""
    )
    return f"""<h3 class="psth xs1"><span class="icon_ring vm"></span>点评</h3>
{rows}{more}"""


def ratings(view: View, thread: Thread, post: Post) -> str:
    """The table of ratings, one row a person, one column a credit: of those who rated last,
    what each gave in all."""
    if not post.ratings:
        return f'\n<div id="post_rate_div_{post.pid}"></div>\n</div>\n'
    link = f"forum.php?mod=misc&amp;action=viewratings&amp;tid={thread.tid}&amp;pid={post.pid}"
    credits = list(dict.fromkeys(rating.credit for rating in post.ratings))
    heads = "".join(
        f'<th class="xw1" width="80">{credit} <i><span class="xi1">{_sum(post.ratings, credit):+d}</span></i></th>\n'
        for credit in credits
    )
    people: dict[int, list[Rating]] = {}
    for rating in reversed(post.ratings):
        people.setdefault(rating.user.uid, []).append(rating)
    shown = list(people.values())[: view.forum.ratings_shown]
    rows = "".join(_rating_row(view, post, given, credits) for given in shown)
    return f"""
<h3 class="psth xs1"><span class="icon_ring vm"></span>评分</h3>
<dl id="ratelog_{post.pid}" class="rate">
<dd style="margin:0">
<div id="post_rate_{post.pid}"></div>
<table class="ratl">
<tr>
<th class="xw1" width="120"><a href="{link}" onclick="showWindow('viewratings', this.href)" title="查看全部评分"> 参与人数 \
<span class="xi1">{len(people)}</span></a></th>{heads}<th>
<a href="javascript:;" onclick="toggleRatelogCollapse('ratelog_{post.pid}', this);" class="y xi2 op">收起</a>
<i class="txt_h">理由</i>
</th>
</tr>
<tbody class="ratl_l">{rows}</tbody>
</table>
<p class="ratc">
<a href="{link}" onclick="showWindow('viewratings', this.href)" title="查看全部评分" class="xi2">查看全部评分</a>
</p>
</dd>
</dl>
</div>
"""


def _rating_row(
    view: View, post: Post, given: Sequence[Rating], credits: list[str]
) -> str:
    user = given[0].user
    link, name = view.skin.space(user.uid), escape(user.name)
    reason = next((rating.reason for rating in given if rating.reason), "")
    cells = "".join(_score_cell(given, credit) for credit in credits)
    return f"""<tr id="rate_{post.pid}_{user.uid}">
<td>
<a href="{link}" target="_blank"><img src="{view.skin.base}uc_server/avatar.php?uid={user.uid}&size=small" \
class="user_avatar"></a> <a href="{link}" target="_blank">{name}</a>
</td>{cells}<td class="xg1">{escape(reason)}</td>
</tr>
"""


def _score_cell(given: Sequence[Rating], credit: str) -> str:
    if all(rating.credit != credit for rating in given):
        return '<td class="xg1"></td>\n'
    score = _sum(given, credit)
    if score > 0:
        return f'<td class="xi1"> + {score}</td>\n'
    return f'<td class="xg1">{score}</td>\n'


def _sum(ratings: Sequence[Rating], credit: str) -> int:
    return sum(rating.score for rating in ratings if rating.credit == credit)
