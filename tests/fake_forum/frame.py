"""What stands around every X3 desktop page, much shortened: head, header, footer; and its
page list."""

from __future__ import annotations

from datetime import datetime, timedelta

from .skin import escape
from .view import View


def page(
    view: View, kind: str, title: str, body: str, canonical: str = "", board: str = ""
) -> str:
    """A whole page. `kind` is its body class (`pg_index`, `pg_viewthread` …), `board` the
    fid that its feed is of."""
    return (
        _head(view, title, canonical, board)
        + _header(view, kind)
        + body
        + _footer(view)
    )


def _head(view: View, title: str, canonical: str, board: str) -> str:
    skin, name = view.skin, view.forum.name
    start = (
        _XHTML.format(charset=skin.charset)
        if skin.old
        else _HTML5.format(charset=skin.charset)
    )
    link = (
        f'<link href="{skin.base}{canonical}" rel="canonical" />\n' if canonical else ""
    )
    feed = (
        f'<link rel="alternate" type="application/rss+xml" title="{name} - {title.split(" - ")[0]}"'
        f' href="{skin.base}forum.php?mod=rss&fid={board}&amp;auth=0" />\n'
        if board
        else ""
    )
    words = escape(title.split(" - ")[0])
    return f"""{start}<title>{title} -  {name} -  Powered by Discuz!</title>
{link}<meta name="keywords" content="{words}" />
<meta name="description" content="{words} ,{name}" />
<meta name="generator" content="Discuz! {skin.version}" />
<meta name="author" content="Discuz! Team and Comsenz UI Team" />
<base href="{skin.base}" /><link rel="stylesheet" type="text/css" href="data/cache/style_1_common.css?q1" />\
<script type="text/javascript">var STYLEID = '1', STATICURL = 'static/', VERHASH = 'q1', charset = '{skin.charset}', \
discuz_uid = '{view.member.uid if view.member else 0}', cookiepre = '{skin.prefix}', cookiepath = '/', \
attackevasive = '0', REPORTURL = '{view.report_url}', SITEURL = '{skin.base}', JSPATH = 'data/cache/';</script>
<meta name="application-name" content="{name}" />
<link rel="archives" title="{name}" href="{skin.base}archiver/" />
{feed}</head>

"""


_HTML5 = """<!DOCTYPE html>
<html>
<head>
<meta charset="{charset}" />
<meta name="renderer" content="webkit" />
"""
_XHTML = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" \
"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset={charset}" />
"""


def _header(view: View, kind: str) -> str:
    name, member = view.forum.name, view.member
    if member:
        who = (
            f'<div id="um">\n<p>\n<strong class="vwmy"><a href="{view.skin.space(member.uid)}" target="_blank"'
            f' title="访问我的空间">{escape(member.name)}</a></strong>\n<span class="pipe">|</span>'
            '<a href="member.php?mod=logging&amp;action=logout&amp;formhash=0a1b2c3d">退出</a>\n</p>\n</div>'
        )
    else:
        who = (
            '<form method="post" autocomplete="off" id="lsform" action="member.php?mod=logging&amp;action=login&amp;'
            'loginsubmit=yes&amp;infloat=yes&amp;lssubmit=yes" onsubmit="return lsSubmit();">\n'
            '<input type="text" name="username" id="ls_username" class="px vm" />\n'
            '<input type="hidden" name="formhash" value="0a1b2c3d" />\n</form>'
        )
    return f"""<body id="nv_forum" class="{kind}" onkeydown="if(event.keyCode==27) return false;">
<div id="append_parent"></div><div id="ajaxwaitid"></div>
<div id="hd">
<div class="wp">
<div class="hdc cl"><h2><a href="./" title="{name}"><img src="static/image/common/logo.png" alt="{name}" /></a></h2>{who}
</div>
<div id="nv">
<ul><li class="a" id="mn_forum" ><a href="forum.php" hidefocus="true" title="BBS"  >论坛<span>BBS</span></a></li></ul>
</div>
</div>
</div>

<div id="wp" class="wp">
"""


def _zone(now: datetime) -> str:
    """`GMT+8`, `GMT-3.5`, or `GMT` alone, as X prints the zone of its clock."""
    offset = now.utcoffset() or timedelta()
    hours = offset.total_seconds() / 3600
    return f"GMT{hours:+g}" if hours else "GMT"


def _footer(view: View) -> str:
    skin, now = view.skin, view.forum.now
    home = "http://www.discuz.net" if skin.old else "https://www.discuz.vip/"
    return f"""	</div>
<div id="ft" class="wp cl">
<div id="flk" class="y">
<p>
<a href="archiver/" >Archiver</a><span class="pipe">|</span><a href="forum.php?showmobile=yes" >手机版</a>\
<span class="pipe">|</span><strong><a href="{skin.base}" target="_blank">{view.forum.name}</a></strong>
</p>
<p class="xs0">
{_zone(now)}, {now.year}-{now.month}-{now.day} {now:%H:%M}<span id="debuginfo">
, Processed in 0.023517 second(s), 5 queries
.
</span>
</p>
</div>
<div id="frt">
<p>Powered by <strong><a href="{home}" target="_blank">Discuz!</a></strong> <em>{skin.version}</em></p>
</div></div>
</body>
</html>
"""


def trail(view: View, *steps: str) -> str:
    """The path from the front page to this page. `steps`: links in HTML."""
    name = view.forum.name
    rest = "".join(f" <em>&rsaquo;</em> {step}" for step in steps)
    return f"""<div id="pt" class="bm cl">
<div class="z">
<a href="./" class="nvhm" title="首页">{name}</a><em>&raquo;</em><a href="forum.php">论坛</a>{rest}
</div>
</div>
"""


def page_list(link: str, rewritten: str, current: int, total: int) -> str:
    """`div.pg` as `multi()` makes it: ten numbers and the last. `link` lacks its page;
    `rewritten` has `{}` for it."""
    if total < 2:
        return ""

    def to(number: int) -> str:
        return rewritten.format(number) if rewritten else f"{link}&amp;page={number}"

    first = max(1, min(current - 2, total - 9))
    window = range(first, min(total, first + 9) + 1)
    out = (
        [f'<a href="{to(current - 1)}" class="prev">&nbsp;&nbsp;</a>']
        if current > 1
        else []
    )
    if first > 1:
        out.append(f'<a href="{to(1)}" class="first">1 ...</a>')
    out += [
        f"<strong>{n}</strong>" if n == current else f'<a href="{to(n)}">{n}</a>'
        for n in window
    ]
    if window[-1] < total:
        out.append(f'<a href="{to(total)}" class="last">... {total}</a>')
    jump = f"{link}&amp;page='+this.value;; doane(event);"
    out.append(
        '<label><input type="text" name="custompage" class="px" size="2" title="输入页码，按回车快速跳转"'
        f' value="{current}" onkeydown="if(event.keyCode==13) {{window.location=\'{jump}}}" />'
        f'<span title="共 {total} 页"> / {total} 页</span></label>'
    )
    if current < total:
        out.append(f'<a href="{to(current + 1)}" class="nxt">下一页</a>')
    return f'<div class="pg">{"".join(out)}</div>'
