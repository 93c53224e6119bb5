"""The windows of a post on an X3 forum: all its ratings (rate_view), a page of its comments
(comment_more)."""

from __future__ import annotations

from . import notices
from .frame import page
from .model import Comment, Post, Rating, Thread
from .skin import escape
from .view import View, pages, turned

CLOSED = "点评功能已关闭"
NO_RATINGS = "抱歉，指定帖子在近一年内没有评分记录"


def xml(view: View, markup: str) -> str:
    """An answer to a script (`inajax=1`)."""
    charset = "gbk" if view.skin.charset == "gbk" else "utf-8"
    return (
        f'<?xml version="1.0" encoding="{charset}"?>\n<root><![CDATA[{markup}]]></root>'
    )


def notice(words: str) -> str:
    """`showmessage()` in a window."""
    return f"""<h3 class="flb"><em>提示信息</em><span><a href="javascript:;" class="flbc" \
onclick="hideWindow('');" title="关闭">关闭</a></span></h3>
<div class="c altw">
<div class="alert_error">{words}<script type="text/javascript" reload="1">if(typeof errorhandle_=='function') \
{{errorhandle_('{words}', {{}});}}</script></div>
</div>
"""


def comments(view: View, thread: Thread, post: Post, number: int) -> str:
    """A page of a post's comments, newest first, as many as the thread's page shows."""
    size = view.forum.comments_shown
    last = pages(len(post.comments), size)
    turn = turned(view.forum, number, len(post.comments), size, past_end=last)
    first = (turn.shown - 1) * size if turn.number == number else len(post.comments)
    rows = "".join(_comment(view, said) for said in post.comments[first : first + size])
    head = '<h3 class="psth cm">点评</h3>\n' if rows else ""
    link = f"forum.php?mod=misc&action=commentmore&tid={thread.tid}&pid={post.pid}"
    pager = _pager(link, number, turn.total)
    return f'{head}{rows}<div class="pgs mbm cl">{pager}</div>'


def _comment(view: View, said: Comment) -> str:
    picture = f"{view.skin.base}uc_server/avatar.php?uid={said.user.uid}&size=small"
    name = f"""<a href="{view.skin.space(said.user.uid)}" class="xi2 xw1">{escape(said.user.name)}</a>"""
    in_picture, in_words = ("", name) if view.skin.old else (f"&nbsp;\n{name}\n", "")
    return f"""<div class="pstl">
<div class="psta"><img src="{picture}" />{in_picture}</div>
<div class="psti">
{in_words}&nbsp;{escape(said.text)}&nbsp;
<span class="xg1">
发表于 {view.skin.time(said.posted_at, view.forum.now)}</span>
</div>
</div>
"""


def _pager(link: str, number: int, total: int) -> str:
    if total < 2:
        return ""
    entries = "".join(
        f"<strong>{n}</strong>"
        if n == number
        else f'<a href="{link}&amp;page={n}">{n}</a>'
        for n in sorted({*range(1, min(total, 10) + 1), number, total})
    )
    return f'<div class="pg">{entries}<label><span title="共 {total} 页"> / {total} 页</span></label></div>'


def ratings(view: View, post: Post) -> str:
    """All ratings of a post, newest first, one credit a row."""
    rows = "".join(_rating(view, rating) for rating in reversed(post.ratings))
    return f"""<div class="f_c">
<h3 class="flb">
<em id="return_viewratings">查看全部评分</em>
<span></span>
</h3>
<div class="c floatwrap">
<table class="list" cellspacing="0" cellpadding="0">
<thead>
<tr>
<td>积分</td>
<td>用户名</td>
<td>时间</td>
<td>理由</td>
</tr>
</thead>{rows}</table>
</div>
</div>
<div class="o pns">
总计:&nbsp;威望 {sum(rating.score for rating in post.ratings):+d} 点 &nbsp;
</div>
"""


def _rating(view: View, rating: Rating) -> str:
    forum = view.forum
    return f"""<tr>
<td>{rating.credit} {rating.score:+d} 点</td>
<td><a href="{view.skin.space(rating.user.uid)}">{escape(rating.user.name)}</a></td>
<td>{view.skin.time(rating.rated_at or forum.now, forum.now)}</td>
<td>{escape(rating.reason)}</td>
</tr>
"""


def as_page(view: View, markup: str) -> str:
    """A window as a page of its own, for who asks without `inajax`."""
    return page(view, "pg_misc", "评分", f'<div id="ct" class="wp cl">{markup}</div>\n')


def window(view: View, query: dict[str, str]) -> str | None:
    """What a window's address answers, as the viewer may see it; None for another address,
    or a post that is not there."""
    action, is_script = query.get("action", ""), bool(query.get("inajax"))
    if action not in ("commentmore", "viewratings"):
        return None
    try:
        thread, post = view.forum.find(int(query.get("pid", "0")))
    except (KeyError, ValueError):
        return None
    if query.get("tid") != str(thread.tid):
        return None

    refusal = ""
    if not view.forum.readable(thread, member=view.member is not None):
        refusal = notices.FORBIDDEN
    elif action == "commentmore" and not is_script:
        refusal = CLOSED
    elif action == "viewratings" and not post.ratings:
        refusal = NO_RATINGS
    if refusal:
        return (
            xml(view, notice(refusal)) if is_script else notices.notice(view, refusal)
        )

    if action == "commentmore":
        return xml(view, comments(view, thread, post, int(query.get("page", "1"))))
    markup = ratings(view, post)
    return xml(view, markup) if is_script else as_page(view, markup)
