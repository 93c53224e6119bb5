"""Desktop thread pages in the markup of each generation, for tests to read."""

from __future__ import annotations

from datetime import UTC, datetime

from scraper.core.records import Capture, Post, ThreadPage
from scraper.parsing import parse_capture

AT = datetime(2026, 1, 2, tzinfo=UTC)
X = '<body id="nv_forum" class="pg_viewthread">'
SEVEN = '<head><title>论坛 - Powered by Discuz!</title></head><body id="viewthread">'
SIX = (
    '<head><meta name="generator" content="Discuz! 6.0.0" /></head><body onkeydown="x"><div class="wrap">'
    '<div class="mainbox viewthread"><h1><a href="forumdisplay.php?fid=10&amp;filter=type&amp;typeid=1">[原创]'
    "</a> 题</h1>"
)


def thread(
    markup: str, url: str = "https://bbs.example.net/forum.php?mod=viewthread&tid=1"
) -> ThreadPage:
    """What a thread page says."""
    content = parse_capture(Capture(url, AT, markup.encode())).content
    assert isinstance(content, ThreadPage)
    return content


def x_post(
    pid: int,
    body: str,
    side: str = '<div class="authi"><a href="home.php?mod=space&amp;uid=5">甲</a></div>',
    head: str = "",
    floor: str = "1#",
    line: str = "",
) -> str:
    """A post in the markup of X."""
    return (
        f'<div id="post_{pid}"><table id="pid{pid}" class="plhin"><tr><td class="pls" rowspan="2">{side}</td>'
        '<td class="plc">'
        f'<div class="pi"><strong><a id="postnum{pid}">{floor}</a></strong><div class="pti"><div '
        f'class="pdbt">{line}</div>'
        f'<div class="authi">{head}<em id="authorposton{pid}">发表于 2012-3-4 05:06:07</em><span '
        'class="pipe">|</span>'
        f'<a href="forum.php?mod=viewthread&amp;tid=1&amp;page=1&amp;authorid=77">只看该作者</a></div></div></div>'
        f'<div class="pct"><div class="pcb">{body}</div></div></td></tr><tr><td class="plc plm"><div '
        'class="sign">签名档</div>'
        "</td></tr></table></div>"
    )


def words(pid: int, text: str = "话", box: str = "t_fsz") -> str:
    """A message in the markup of X."""
    return f'<div class="{box}"><table><tr><td class="t_f" id="postmessage_{pid}">{text}</td></tr></table></div>'


def only(page: ThreadPage) -> Post:
    """The one post of a page."""
    assert len(page.posts) == 1
    return page.posts[0]


def six_post(pid: int, cite: str, body: str) -> str:
    """A post in the markup of 6.0."""
    return (
        f'<table id="pid{pid}"><tr><td class="postauthor"><cite>{cite}</cite></td><td class="postcontent"><div '
        'class="postinfo">'
        f'<strong id="postnum_{pid}">3<sup>#</sup></strong><em>大</em> <em>小</em> 发表于 2010-1-12 08:20&nbsp;'
        '<a href="viewthread.php?tid=1&amp;page=1&amp;authorid=77">只看该作者</a></div><div '
        f'class="postmessage">{body}</div>'
        '<div class="signatures">签名档</div></td></tr></table>'
    )
